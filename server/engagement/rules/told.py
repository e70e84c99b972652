"""One occurrence as it stands at a moment, and a share of several. Pure: every figure is made of these."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from typing import Any

ATTEMPTED = frozenset({"done", "partial", "tried"})
ANSWERED = ATTEMPTED | {"not_done", "nothing_happened", "exempt"}
ELIGIBLE = ATTEMPTED | {"not_done", "no_answer", "unknown"}
SILENT = frozenset({"no_answer", "unknown"})
WORTH_A_LOOK = ATTEMPTED | {"not_done"}  # once somebody said so
Z95 = 1.959964  # of the normal distribution, two-sided
FEWEST_FOR_A_PERCENTAGE = 8  # 3 of 5 could be 23 % or 88 % (clinical.md F3.2)


@dataclass(frozen=True)
class Told:
    """One occurrence at a moment, with what is known of it then. `when_it_happens`: falls due only if it happened."""

    assignment_id: str
    slot: str
    state: str
    due_on: date
    due_at: datetime
    happened_at: datetime | None = None
    barrier: str | None = None
    medium: str | None = None
    entered_by: str | None = None
    when_it_happens: bool = False
    agreed_at: datetime | None = None
    stored: str | None = None  # what the row says: a moved one that fell due stands as no_answer or unknown
    arrived_at: datetime | None = None  # when we got to know of it, perhaps days after it happened
    episode_id: str | None = None
    extra: int = 0  # further entries for a time that was filled already
    swapped: bool = False  # tried, with something else in the place of what was agreed
    practice: bool = True  # a check-in or a measure asks about the work and is none: shown, never counted (F3.8)

    @classmethod
    def quickly(cls, **known: Any) -> "Told":
        """One with these fields; the others stand as they do unless told. For thousands: a quarter of the time."""
        made = object.__new__(cls)
        vars(made).update(known)  # a frozen one's own way is to set each through `object`
        return made

    @property
    def counts_at(self) -> datetime:
        """The moment that decides in which interval it counts: when it was answered, or when it fell due if earlier.

        What was done before it was agreed counts from then: phones tell the minute, and somebody may add that very
        morning's. Otherwise it would lie before the first interval, and count nowhere.
        """
        if self.state in ANSWERED and self.happened_at is not None:
            return min(max(self.happened_at, self.agreed_at or self.happened_at), self.due_at)
        return self.due_at

    @property
    def is_eligible(self) -> bool:
        """Whether it belongs below the line: practice, due or answered, not exempt, not moved on, not withdrawn.

        A worksheet for *when it happens* that nobody answered is not eligible: nothing need have happened (F3.4).
        """
        return self.practice and self.state in ELIGIBLE and not (self.when_it_happens and self.state in SILENT)


@dataclass(frozen=True)
class Share:
    """So many out of so many. A percentage only where there are enough to mean something."""

    count: int
    of: int

    @property
    def percent(self) -> int | None:
        """Whole per cent, or None under eight."""
        return round(100 * self.count / self.of) if self.of >= FEWEST_FOR_A_PERCENTAGE else None

    @property
    def rate(self) -> float | None:
        """The bare ratio, for exports; None over nothing."""
        return self.count / self.of if self.of else None

    @property
    def likely(self) -> tuple[float, float] | None:
        """The 95 % interval: 3 of 5 may be 0.23 to 0.88 (clinical.md F3.2). Wilson 1927; None over nothing."""
        if not self.of:
            return None
        middle = (self.count + Z95**2 / 2) / (self.of + Z95**2)
        half = Z95 / (self.of + Z95**2) * sqrt(self.count * (self.of - self.count) / self.of + Z95**2 / 4)
        return max(middle - half, 0.0), min(middle + half, 1.0)


def state_now(stored: str, due_at: datetime, emptied_at: datetime | None, now: datetime) -> str:
    """The state at a moment, from the stored one, when it falls due and the last contact that left nothing unsent.

    planned: not due yet. no_answer: due, the phone has since synced with an empty outbox, and nothing was said.
    unknown: due, and no such contact since. Nothing stores these three: they are true only of a moment (design.md 5).
    """
    if stored not in ("open", "moved"):
        return stored
    if now < due_at:
        return "moved" if stored == "moved" else "planned"
    return "no_answer" if emptied_at is not None and emptied_at >= due_at else "unknown"


def within(told: Iterable[Told], opens_at: datetime, closes_at: datetime | None) -> list[Told]:
    """The occurrences that count in an interval: each in exactly one, and what is not due yet in the open one."""
    if closes_at is None:
        return [o for o in told if opens_at <= o.counts_at]
    return [o for o in told if opens_at <= o.counts_at < closes_at]
