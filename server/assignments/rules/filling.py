"""A count told on paper or by phone, put on single times: which of them, and when each counts as done. Pure.

"Three of five" names no days. The earliest open times take it, done before tried before not done; a time of which the
client said anything, such as another day or something smaller, comes after those of which nothing was said. So a rate
over the interval is right, whichever days they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
ANSWER_OF = {"done": "done", "tried": "tried", "not_done": "not_today"}  # in the order in which times are given out


@dataclass(frozen=True)
class OpenTime:
    """One time of which nobody has said yet what became of it; `told`: the client said something of it all the same."""

    slot: str
    opens_on: date
    due_on: date
    due_at: datetime
    told: bool = False


def in_order(times: Iterable[OpenTime], today: date) -> list[OpenTime]:
    """Those that can have been done by today, the earliest first."""
    return sorted((one for one in times if one.opens_on <= today), key=_order)


def fill(times: Iterable[OpenTime], counts: dict[str, int], today: date) -> list[tuple[OpenTime, str]]:
    """(time, answer) for a count of each of `ANSWER_OF`. ValueError where there are fewer open times than that."""
    free = in_order(times, today)
    answers = [answer for state, answer in ANSWER_OF.items() for _ in range(counts.get(state, 0))]
    if len(answers) > len(free):
        raise ValueError("more than there are open times")
    return list(zip(free, answers, strict=False))


def on_day(times: Iterable[OpenTime], day: date) -> str | None:
    """The slot that something done on this day most likely was for: the earliest open one whose own days hold it."""
    return next((one.slot for one in in_order(times, day) if day <= one.due_on), None)


def happened_by(
    one: OpenTime, opens_at: datetime, closes_at: datetime | None, now: datetime, zone: ZoneInfo
) -> datetime:
    """The moment an answer without one counts from: noon of the last day it was for, in the interval it is about.

    Never after now or after the interval closed, and not before it opened: it counts where it was told of.
    """
    last_day = min(one.due_on, now.astimezone(zone).date())
    noon = datetime.combine(last_day, time(12), zone).astimezone(UTC)
    latest = min(moment for moment in (now, one.due_at - MINUTE, closes_at and closes_at - MINUTE) if moment)
    return max(min(noon, latest), opens_at + MINUTE).replace(second=0, microsecond=0)


def _order(one: OpenTime) -> tuple[bool, date, date, int, str]:
    number = one.slot.rpartition("#")[2]
    return one.told, one.due_on, one.opens_on, int(number) if number.isdecimal() else 0, one.slot
