"""Case-management supervision: what is brought and decided, and what was done about a reason to look at a client."""
