"""Figures over a whole service: counted each hour, kept, and shown as totals with small numbers hidden."""
