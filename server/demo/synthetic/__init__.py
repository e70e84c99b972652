"""Whole synthetic services of any size, whose people follow published figures (docs/synthetic.md)."""

from server.demo.synthetic.filling import fill_synthetic

__all__ = ["fill_synthetic"]
