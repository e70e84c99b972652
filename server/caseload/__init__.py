"""Who sees whom from when to when, and when they meet."""
