"""The next smaller step of a task, for somebody who is not sure of it (clinical.md A2, rows 8, 12 and 15). Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from server.assignments.rules.slots import Rhythm

SURE_ENOUGH = 7  # clinical.md A2, row 15: below this, shrink the task
STEPS = {"bigger": "usual", "usual": "small"}
MINUTES = re.compile(r"\b(\d{1,3})(?=\s*(?:min\b|mins\b|minute))", re.IGNORECASE)
FEWEST_MINUTES = 5
FROM_DAILY = 4  # times a week that follow "every day"


@dataclass(frozen=True)
class Amount:
    """How much is asked for: the size, how often, and how long in the client's words."""

    size: str
    rhythm: Rhythm
    how_long: str = ""


def smaller(amount: Amount, allowed: Collection[str]) -> Amount | None:
    """One step less: first of the size and the minutes, then of how often. None where there is nothing smaller.

    `allowed`: the kinds of rhythm the worksheet may have.
    """
    fewer_minutes = MINUTES.sub(lambda found: str(_half(int(found[1]))), amount.how_long)
    shorter = replace(amount, size=STEPS.get(amount.size, amount.size), how_long=fewer_minutes)
    if shorter != amount:
        return shorter
    fewer = _fewer(amount.rhythm, allowed)
    return None if fewer is None else replace(amount, rhythm=fewer)


def _half(minutes: int) -> int:
    """Half of it, in fives; five and less stay."""
    return max(FEWEST_MINUTES, minutes // 2 // 5 * 5) if minutes > FEWEST_MINUTES else minutes


def _fewer(rhythm: Rhythm, allowed: Collection[str]) -> Rhythm | None:
    if rhythm.kind in ("daily", "per_week") and rhythm.times > 1:
        return replace(rhythm, times=rhythm.times - 1)
    if rhythm.kind == "daily" and "per_week" in allowed:
        return Rhythm("per_week", FROM_DAILY)
    if rhythm.kind == "weekdays" and len(rhythm.weekdays) > 1:
        return replace(rhythm, weekdays=rhythm.weekdays[:-1])
    return None
