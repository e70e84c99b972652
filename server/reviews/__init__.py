"""The practitioner's look at an interval's work, and the line the client sees."""
