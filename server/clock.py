"""The only reader of the clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """The moment it is now, aware, in UTC."""
    return datetime.now(UTC)
