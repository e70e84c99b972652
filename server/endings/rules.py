"""What an ending has to be: why, on which day, and for how long it can be read. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.caseload.rules import Meeting

REASONS = (
    "completed",
    "ended_early",
    "stepped_up",
    "referred_on",
    "moved_away",
    "stopped_coming",
    "no_contact",
    "other",
)
CHECK = "staying-well/monthly-check"  # what a client may go on with by themself
PLAN = "staying-well/staying-well-plan"
FEWEST_DAYS, MOST_DAYS = 0, 730  # of reading after the last day
FEWEST_FEEDBACK = 5  # answers before any is listed: with fewer, a reader could guess whose it is


def wrong_day(last_day: date, opened_on: date, met_on: Iterable[date], today: date) -> str | None:
    """What is wrong with a last day, in a sentence; None when nothing is.

    It lies within the course: not before it began or before somebody last came, and not ahead, because reminders
    stop the moment it is written down.
    """
    came = max(met_on, default=opened_on)
    if last_day > today:
        return "The last day cannot lie ahead. End the course on the day itself."
    if last_day < opened_on:
        return f"The course began later, on {opened_on.day} {opened_on:%B %Y}."
    if last_day < came:
        return f"They came to an appointment later, on {came.day} {came:%B %Y}."
    return None


def to_cancel(meetings: Iterable[Meeting], now: datetime) -> list[Meeting]:
    """The appointments still to come, which end with the course."""
    return [one for one in meetings if one.state == "planned" and one.starts_at > now]


def of_today(meetings: Iterable[Meeting], now: datetime, zone: str) -> Meeting | None:
    """The appointment that a course ends at, where nobody has said yet what became of it; `zone`: of the service.

    Of several on one day the last that has begun, or the first to come where none has: of the rest nobody is asked.
    """
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    of_it = [one for one in meetings if one.state == "planned" and one.starts_at.astimezone(here).date() == today]
    begun = [one for one in of_it if one.starts_at <= now]
    return max(begun, key=_starts_at, default=None) or min(of_it, key=_starts_at, default=None)


def _starts_at(meeting: Meeting) -> datetime:
    return meeting.starts_at


def listed_now(answers: Sequence[Any], people: Sequence[Any]) -> list[Any]:
    """Of the answers in the order they came, those that may be listed: none under five people, then five at a time.

    One by one, a reader who knows whose course ended last would know whose words are new. `people`: whose each is;
    who answered about two courses is one.
    """
    full, waiting = 0, set()
    for place, who in enumerate(people, 1):
        waiting.add(who)
        if len(waiting) == FEWEST_FEEDBACK:
            full, waiting = place, set()
    return list(answers[:full])
