"""Benchmarks: `./run bench NAME` prints one line per figure, `name value unit`."""
