"""Measures: scores taken over a course of treatment, scored by published rules. No instrument's text is here."""
