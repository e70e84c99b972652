"""Answers about risk: who answers for them in a service, what they flagged, and what was done about it."""
