"""Fixtures of the staff pages, for the service page."""

from tests.dashboard.conftest import anna, ben, open_as, time

__all__ = ["anna", "ben", "open_as", "time"]
