"""The same time next week: the first week on in which nothing is booked and the clocks show that time. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.caseload.rules import Meeting
from server.caseload.written import exists

MOST_WEEKS = 26


@dataclass(frozen=True)
class SameTime:
    """The wall time that would be booked, how many weeks after the appointment it is, and why it is not the next.

    `passed`: next week's lies in the past. `booked`: there is one already on a day that was passed over.
    """

    starts_local: datetime
    weeks: int
    passed: bool
    booked: bool


def same_time(meeting: Meeting, meetings: Iterable[Meeting], now: datetime) -> SameTime | None:
    """The next time to offer after an appointment, or None where half a year holds none.

    By the clock on the wall: an appointment at 09:30 stays at 09:30 when the clocks change. A day on which this client
    has an appointment already, at whatever time, is passed over; one that was cancelled does not count.
    """
    zone = ZoneInfo(meeting.zone)
    first = meeting.starts_at.astimezone(zone).replace(tzinfo=None)
    taken = {
        one.starts_at.astimezone(zone).date() for one in meetings if one.state in ("planned", "attended", "missed")
    }
    passed = booked = False
    for weeks in range(1, MOST_WEEKS + 1):
        local = first + timedelta(weeks=weeks)
        if local.replace(tzinfo=zone) <= now:
            passed = True
        elif local.date() in taken:
            booked = True
        elif exists(local, meeting.zone):
            return SameTime(local, weeks, passed, booked)
    return None
