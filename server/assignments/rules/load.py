"""How many times a week something is expected of one client, over everything that is agreed. Pure."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import ceil

from server.assignments.rules.slots import ONCE_LASTS, Rhythm

# Times in a week where the rhythm names no number. What is done when it happens is laid out once a week, and a time
# between appointments is about a week (slots.py); a month has a little more than four.
IN_A_WEEK = {
    "once": Fraction(1),
    "weekly": Fraction(1),
    "per_appointment": Fraction(1),
    "event": Fraction(1),
    "monthly": Fraction(1, 4),
}


def times_a_week(rhythm: Rhythm) -> Fraction:
    """How often a rhythm asks for something in a whole week."""
    if rhythm.kind == "daily":
        return Fraction(7 * rhythm.times)
    if rhythm.kind == "per_week":
        return Fraction(rhythm.times)
    if rhythm.kind == "weekdays":
        return Fraction(len(rhythm.weekdays))
    return IN_A_WEEK[rhythm.kind]


def weekly_load(rhythms: Iterable[Rhythm]) -> int:
    """Times a week over all of these, a part counted as whole (clinical.md A2, row 9: a cap warns, never blocks)."""
    return ceil(sum((times_a_week(rhythm) for rhythm in rhythms), Fraction(0)))


def last_day(rhythm: Rhythm, from_date: date, until_date: date | None) -> date | None:
    """The last day on which something can fall due; None for what goes on. Once, without an end: within its week."""
    return from_date + ONCE_LASTS if rhythm.kind == "once" and until_date is None else until_date


def goes_on(rhythm: Rhythm, from_date: date, until_date: date | None, today: date) -> bool:
    """Whether there is more of it to come by itself: not what is done once, nor what ended by its own last day."""
    return rhythm.kind != "once" and (until_date is None or until_date >= today)
