"""What clients do, as revisions that are kept once and never changed."""
