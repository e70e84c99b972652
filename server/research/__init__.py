"""Research bundles: what may leave, under which names, and how it is described."""
