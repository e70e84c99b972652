"""Who on a caseload may need their practitioner first, and why: reasons as codes, the weightiest first. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from server.caseload.rules import Interval
from server.engagement.rules import ATTEMPTED, WORTH_A_LOOK, Figures, Told

QUIET = timedelta(days=7)  # a paired phone that was not in contact for a week
FEWEST_TO_NOTICE = 3  # one interval alone says little, and two times in it nothing (clinical.md F3.2)

# The order of weight. Two intervals with nothing tried is M11's sign of disengagement (clinical.md F2).
REASONS = (
    "unreadable",
    "two_intervals_nothing",
    "nothing_tried",
    "waiting_review",
    "out_of_contact",
    "nothing_agreed",
    "no_phone",
    "no_appointment",
)


def reasons(
    *,
    figures: Figures,
    before: Figures | None,
    agreed: int,
    unreadable: int,
    waiting: int,
    paired: bool,
    last_contact: datetime | None,
    next_at: datetime | None,
    now: datetime,
) -> list[str]:
    """Why to look at this client, weightiest first; empty when nothing stands out.

    A silence that may only be a phone without signal is never called nothing tried: `unknown` is left out.
    """
    nothing = _nothing_tried(figures, 1)
    twice = nothing and before is not None and _nothing_tried(before, 1)
    found = {
        "unreadable": unreadable > 0,
        "two_intervals_nothing": twice,
        "nothing_tried": not twice and _nothing_tried(figures, FEWEST_TO_NOTICE),
        "waiting_review": waiting > 0,
        "out_of_contact": paired and (last_contact is None or now - last_contact > QUIET),
        "nothing_agreed": agreed == 0,
        "no_phone": not paired,
        "no_appointment": next_at is None,
    }
    return [code for code in REASONS if found[code]]


def weight(codes: Iterable[str]) -> int:
    """For sorting: the higher, the sooner to look."""
    return sum(1 << (len(REASONS) - 1 - REASONS.index(code)) for code in codes)


def waiting_for_review(told: Iterable[Told], reviewed_at: Mapping[str, datetime]) -> set[str]:
    """Assignments with something done, tried or said not done that nobody has looked at since, by id as text.

    By when it arrived: a phone without signal may tell on Thursday what was done before Wednesday's appointment.
    """
    return {
        o.assignment_id
        for o in told
        if o.state in WORTH_A_LOOK
        and (o.assignment_id not in reviewed_at or _known_at(o) > reviewed_at[o.assignment_id])
    }


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


def _known_at(one: Told) -> datetime:
    return one.arrived_at or one.happened_at or one.due_at


def _nothing_tried(figures: Figures, fewest: int) -> bool:
    known = [o for o in figures.told if o.is_eligible and o.state != "unknown"]
    return len(known) >= fewest and not any(o.state in ATTEMPTED for o in known)
