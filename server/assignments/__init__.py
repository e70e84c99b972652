"""What was agreed, with its plan, and each time it falls due."""
