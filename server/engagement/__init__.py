"""Figures derived from occurrences and entries, each with its definition."""
