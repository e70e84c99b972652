"""Worksheets: definitions as data, and the pure rules that read an answer by them."""
