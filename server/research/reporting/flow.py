"""Who is in the bundle and how far they came: steps of which each is part of the one before."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from .drawn import flow
from .read import Person
from .shown import HIDDEN, Section, Table, spaced

TRIED = ("done", "partial", "tried")
ELIGIBLE = (*TRIED, "not_done", "no_answer", "unknown")
STEPS = (
    "In this bundle", "Had an appointment booked", "One took place", "Something was agreed", "Practice was eligible",
    "Something was tried",
)  # fmt: skip


class Flow:
    """Counts people by the furthest step they came to."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._left_out = told["left_out"]["reasons"]
        self.reached: Counter[int] = Counter()

    def see(self, person: Person) -> None:
        """One person: the steps stop at the first that they did not come to."""
        work = [one["state"] for one in person["occurrences"] if counts(one)]
        came = (
            True,
            bool(person["appointments"]),
            any(one["state"] == "attended" for one in person["appointments"]),
            bool(person["assignments"]),
            bool(work),
            any(state in TRIED for state in work),
        )
        for step, reached in enumerate(came):
            if not reached:
                break
            self.reached[step] += 1

    def section(self) -> Section:
        """The flow, and who was left out before it."""
        counts = [self.reached[at] for at in range(len(STEPS))]
        told = spaced(counts)
        gone = ["", *(f"{a - b:,}" for a, b in pairwise(counts))]
        for at, (above, here) in enumerate(pairwise(told), start=1):
            gone[at] = HIDDEN if HIDDEN in (above, here) else gone[at]
        rows = list(zip(STEPS, told, gone, strict=True))
        steps = [(name, n) for name, n, text in zip(STEPS, counts, told, strict=True) if text != HIDDEN]
        left = [(why.replace("_", " ").capitalize(), _words(n)) for why, n in self._left_out.items()]
        return Section(
            "flow", "Who is in it", "Flow of people",
            "Each step counts people, and is part of the one above it; it is hidden where few people are between it and"
            " one above. What is eligible is what M1 and M2 are out of.",
            f"{told[0]} people", flow("Flow of people", steps) if steps else "",
            (
                Table("Steps", ("Step", "People", "Less than the step above"), rows),
                Table("Not in this bundle, to the nearest 5", ("Why", "People"), left),
            ),
            (),
        )  # fmt: skip


def counts(occurrence: dict[str, str]) -> bool:
    """Whether a time is in M1 and M2: practice that was eligible; *when it happens* only if it was answered."""
    silent = occurrence["state"] in ("no_answer", "unknown")
    event = occurrence["rhythm"] == "event" and silent
    return occurrence["practice"] == "yes" and occurrence["state"] in ELIGIBLE and not event


def _words(count: str) -> str:
    return "hidden (1 to 7)" if count == "suppressed" else count
