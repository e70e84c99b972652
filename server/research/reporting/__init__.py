"""Works out the report of a bundle from the bundle alone; every bundle holds a copy, beside `scripts/report.py`."""
