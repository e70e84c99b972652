"""Who on a caseload may need their practitioner first, and why: a list of plain rules, the weightiest first. Pure.

The page "How this list is ordered" is made from this list. Nothing is added up, shown as a number, or stored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.caseload.rules import Interval, Meeting
from server.engagement.rules import ATTEMPTED, WORTH_A_LOOK, Figures, Told

QUIET_DAYS = 7  # a paired phone that was not in contact for so long
FEWEST_TO_NOTICE = 3  # one interval alone says little, and two times in it nothing (clinical.md F3.2)


@dataclass(frozen=True)
class Facts:
    """What the rules go by, of one client at one moment."""

    figures: Figures
    before: Figures | None
    now: datetime
    agreed: int = 0
    flags: int = 0
    unreadable: int = 0
    late: int = 0  # unread past the service's reading promise
    waiting: int = 0
    paired: bool = False
    last_contact: datetime | None = None
    next_at: datetime | None = None
    interval_opened_at: datetime | None = None
    newest_waiting_at: datetime | None = None
    stopped_at: datetime | None = None  # when the last task ended


@dataclass(frozen=True)
class Reason:
    """One rule: when it holds, since when it has this time, the numbers it goes by, and what can be done about it.

    `step` leads to where the reason goes away by being dealt with, and is its own record. `answers` are recorded
    (server/supervision): they answer the reason until the next appointment, or until it begins anew. `supervised`: it
    puts a case on the agenda of supervision by itself; the others are daily work, and stand beside it there.
    """

    code: str
    holds: Callable[[Facts], bool]
    step: str
    answers: tuple[str, ...]
    since: Callable[[Facts], datetime | None] = lambda facts: None
    numbers: Mapping[str, int] = field(default_factory=dict)
    supervised: bool = False


def reasons(facts: Facts) -> list[str]:
    """Why to look at this client, weightiest first; empty when nothing stands out.

    A silence that may only be a phone without signal is never called nothing tried: `unknown` is left out.
    """
    return [one.code for one in REASONS if one.holds(facts)]


def reason(code: str) -> Reason | None:
    """The rule of this code, or None."""
    return next((one for one in REASONS if one.code == code), None)


def for_supervision(codes: Iterable[str]) -> list[str]:
    """Those of these reasons that put a case on the agenda of supervision."""
    held = set(codes)
    return [one.code for one in REASONS if one.supervised and one.code in held]


def place_in_list(codes: Iterable[str]) -> tuple[bool, ...]:
    """For sorting: whoever has a reason that stands further up comes first, whatever else there is.

    Compared rule by rule, like words in a dictionary, so that nothing is added up.
    """
    held = set(codes)
    return tuple(one.code not in held for one in REASONS)


def next_meeting(meetings: Sequence[Meeting], now: datetime) -> Meeting | None:
    """The next planned appointment; without one, the one of today that has begun and of which nothing was recorded.

    Somebody who sits in their appointment is not without one: it holds until it is recorded, or its day is over.
    """
    planned = [one for one in meetings if one.state == "planned"]
    begun = (one for one in reversed(planned) if one.starts_at <= now and _same_day(one.starts_at, now, one.zone))
    return next((one for one in planned if one.starts_at > now), None) or next(begun, None)


def _same_day(one: datetime, other: datetime, zone: str) -> bool:
    return one.astimezone(ZoneInfo(zone)).date() == other.astimezone(ZoneInfo(zone)).date()


def nothing_tried(figures: Figures, fewest: int) -> bool:
    """Whether at least so many times are known to be over, and none of them was tried."""
    known = [o for o in figures.told if o.is_eligible and o.state != "unknown"]
    return len(known) >= fewest and not any(o.state in ATTEMPTED for o in known)


def waiting_for_review(told: Iterable[Told], reviewed_at: Mapping[str, datetime]) -> set[str]:
    """Assignments with something done, tried or said not done that nobody has looked at since, by id as text.

    By when it arrived: a phone without signal may tell on Thursday what was done before Wednesday's appointment.
    """
    return {o.assignment_id for o in _unseen(told, reviewed_at)}


def newest_waiting(told: Iterable[Told], reviewed_at: Mapping[str, datetime]) -> datetime | None:
    """When the newest of the work that nobody has looked at became known; None where none waits."""
    return max((_known_at(o) for o in _unseen(told, reviewed_at)), default=None)


def to_look_at(figures: Figures, told: Iterable[Told], interval: Interval | None) -> list[Told]:
    """The work of an interval as its figures hold it, and what came too late for the one it counts in."""
    return [*figures.told, *too_late(told, interval)]


def too_late(told: Iterable[Told], interval: Interval | None) -> list[Told]:
    """What arrived in this interval, but counts in an earlier one: it was not there when that was looked at."""
    if interval is None:
        return []
    return [
        o
        for o in told
        if o.state in WORTH_A_LOOK and o.arrived_at and o.counts_at < interval.opens_at and interval.holds(o.arrived_at)
    ]


def _unseen(told: Iterable[Told], reviewed_at: Mapping[str, datetime]) -> list[Told]:
    return [
        o
        for o in told
        if o.state in WORTH_A_LOOK
        and (o.assignment_id not in reviewed_at or _known_at(o) > reviewed_at[o.assignment_id])
    ]


def _known_at(one: Told) -> datetime:
    return one.arrived_at or one.happened_at or one.due_at


def _twice(facts: Facts) -> bool:
    return nothing_tried(facts.figures, 1) and facts.before is not None and nothing_tried(facts.before, 1)


def _once(facts: Facts) -> bool:
    return not _twice(facts) and nothing_tried(facts.figures, FEWEST_TO_NOTICE)


def _out_of_contact(facts: Facts) -> bool:
    return facts.paired and (facts.last_contact is None or _quiet_since(facts) < facts.now)


def _quiet_since(facts: Facts) -> datetime | None:
    return facts.last_contact + timedelta(days=QUIET_DAYS) if facts.last_contact else None


def _interval(facts: Facts) -> datetime | None:
    return facts.interval_opened_at


TALK, SMALLER, SUPERVISION, NOTHING = "talk", "smaller", "supervision", "nothing_needed"
ANSWERS = (TALK, SMALLER, SUPERVISION, NOTHING)

# The order of weight: what somebody has to answer for; signs of disengagement (M11: two intervals in a row with nothing
# tried) and of losing touch; then work, which is looked at in the next appointment anyway; then what is often chosen.
REASONS = (
    Reason("flag_waiting", lambda f: f.flags > 0, "flag", ()),
    Reason("unreadable", lambda f: f.unreadable > 0, "unreadable", ()),
    Reason(
        "two_intervals_nothing", _twice, "task", (SMALLER, SUPERVISION, NOTHING), since=_interval,
        numbers={"intervals": 2}, supervised=True,
    ),
    Reason(
        "nothing_tried", _once, "task", (SMALLER, SUPERVISION, NOTHING), since=_interval,
        numbers={"fewest": FEWEST_TO_NOTICE}, supervised=True,
    ),
    Reason("late_reading", lambda f: f.late > 0, "review", (SUPERVISION,), supervised=True),
    Reason(
        "out_of_contact", _out_of_contact, "phone", (TALK, SUPERVISION, NOTHING), since=_quiet_since,
        numbers={"days": QUIET_DAYS}, supervised=True,
    ),
    Reason("no_appointment", lambda f: f.next_at is None, "book", (SUPERVISION, NOTHING), supervised=True),
    Reason(
        "nothing_agreed", lambda f: f.agreed == 0, "agree", (TALK, SUPERVISION, NOTHING), since=lambda f: f.stopped_at,
        supervised=True,
    ),
    Reason(
        "waiting_review", lambda f: f.waiting > 0, "review", (TALK, SUPERVISION), since=lambda f: f.newest_waiting_at,
    ),
    Reason("no_phone", lambda f: not f.paired, "invite", (TALK, SUPERVISION, NOTHING)),
)  # fmt: skip
