"""The twelve weeks a service's totals are about. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKS = 12


@dataclass(frozen=True)
class Window:
    """The last twelve whole calendar weeks, by the clock of one zone."""

    first: date  # a Monday
    after: date  # the Monday after the last of them

    @property
    def mondays(self) -> list[date]:
        """Each week's Monday, the oldest first."""
        return [self.first + timedelta(days=7 * n) for n in range(WEEKS)]


def window(zone: str, now: datetime) -> Window:
    """The twelve weeks that are over; the one that goes on would make its days ahead look undone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    this = today - timedelta(days=today.weekday())
    return Window(this - timedelta(days=7 * WEEKS), this)
