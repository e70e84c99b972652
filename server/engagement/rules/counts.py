"""M1 to M4, M6, M7 and M14: how much of what was agreed was done, as counts. Pure.

What is not known is never counted as *not done* without saying so: each share exists both ways (design.md 5).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from server.engagement.rules.told import ATTEMPTED, ELIGIBLE, SILENT, Share, Told

HALF = 0.5
SCORE_EDGES = (0.25, 0.5, 0.9)  # clinical.md F2, M4
INTENDED_ENOUGH = 0.5  # pre-registered: Decker 2016 (PMC5341374)


def completion(told: Iterable[Told], leave_out_unknown: bool = False, exempt_too: bool = False) -> Share:
    """M1. Done ÷ eligible (clinical.md F2). Unit: occurrences.

    What is not known counts as not done, or is left out (F3.11). `exempt_too` puts *not well enough* below the line as
    well, since exemptions make a share look better (F3.3).
    """
    below = eligible(told, leave_out_unknown, exempt_too)
    return Share(sum(o.state == "done" for o in below), len(below))


def attempts(told: Iterable[Told], leave_out_unknown: bool = False, exempt_too: bool = False) -> Share:
    """M2. Done, partly done or tried ÷ eligible: the first figure shown (clinical.md F2). Unit: occurrences."""
    below = eligible(told, leave_out_unknown, exempt_too)
    return Share(sum(o.state in ATTEMPTED for o in below), len(below))


def exemptions(told: Iterable[Told]) -> Share:
    """How much was exempt, of what was eligible or exempt: to be looked at beside M1 (clinical.md F3.3)."""
    below = eligible(told, exempt_too=True)
    return Share(sum(o.state == "exempt" for o in below), len(below))


def weighted(told: Iterable[Told], partial: float = HALF, leave_out_unknown: bool = False) -> float | None:
    """M3. Done 1, partly done `partial`, tried a half, anything else 0, ÷ eligible; 0 to 1, None over nothing.

    Sensitivity: `partial` 0, a half and 1 (clinical.md F2, F3.5).
    """
    below = eligible(told, leave_out_unknown)
    weights = {"done": 1.0, "partial": partial, "tried": HALF}
    return sum(weights.get(o.state, 0.0) for o in below) / len(below) if below else None


def interval_score(m3: float | None) -> int | None:
    """M4. M3 in five steps, 0 to 4, to set beside ratings of observers (clinical.md F2; Haller & Watzke 2021).

    0 is 0; below a quarter 1; below a half 2; below nine tenths 3; from there 4. Nothing over nothing.
    """
    if m3 is None or m3 <= 0:
        return None if m3 is None else 0
    return 1 + sum(m3 >= edge for edge in SCORE_EDGES)


def as_intended(told: Iterable[Told]) -> float | None:
    """M6. What was tried, further entries too, ÷ what was agreed; never above 1 (clinical.md F2; Sieverink 2017).

    Intended use is the count agreed with the practitioner, not *daily*: everything that fell due, exempt or not. A
    worksheet for *when it happens* has no such count and is left out, and so is what nothing happened for.
    """
    agreed = [o for o in eligible(told, exempt_too=True) if not o.when_it_happens]
    if not agreed:
        return None
    return min(1.0, sum(1 + o.extra for o in agreed if o.state in ATTEMPTED) / len(agreed))


def used_as_intended(told: Iterable[Told]) -> bool | None:
    """M6 at its threshold of a half, set down beforehand: half or more done went with better ends (Decker 2016)."""
    share = as_intended(told)
    return None if share is None else share >= INTENDED_ENOUGH


def active_days(days: Iterable[date], first: date, last: date) -> Share:
    """M7. Days with an entry of the client's own ÷ days from `first` to `last`, both counted (clinical.md F2)."""
    return Share(len({day for day in days if first <= day <= last}), max((last - first).days + 1, 0))


def active_intervals(several: Iterable["Figures"]) -> Share:
    """M7. Intervals with an attempt ÷ intervals in which something was eligible (clinical.md F2).

    One in which nothing was due says nothing about the client, and is left out.
    """
    asked = [one for one in several if one.tried.of]
    return Share(sum(one.tried.count > 0 for one in asked), len(asked))


def barriers(told: Iterable[Told]) -> list[tuple[str, int]]:
    """M14, as counts: what got in the way, most often first."""
    counted = Counter(o.barrier for o in told if o.barrier and o.practice)
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def barrier_profile(told: Iterable[Told]) -> dict[str, Share]:
    """M14. Of what was eligible and not completed, how much was put down to each barrier (clinical.md F2).

    Silence names none, so the shares do not add up to 1.
    """
    missed = [o for o in eligible(told) if o.state != "done"]
    return {code: Share(count, len(missed)) for code, count in barriers(missed)}


@dataclass(frozen=True)
class Figures:
    """What is known of the work of one interval. Every count is of practice; what asks about it stands `beside`."""

    told: tuple[Told, ...]

    @property
    def work(self) -> tuple[Told, ...]:
        """The practice among it: what every count is made of."""
        return tuple(o for o in self.told if o.practice)

    @property
    def beside(self) -> Share:
        """Check-ins and measures that were filled in, in any part, of those that fell due or were answered."""
        due = [o for o in self.told if not o.practice and o.state in ELIGIBLE]
        return Share(sum(o.state in ATTEMPTED for o in due), len(due))

    def count(self, *states: str) -> int:
        """How many times of practice are in any of these states."""
        return sum(o.state in states for o in self.work)

    @property
    def only_said(self) -> int:
        """Attempts that were only ticked, or told, without a worksheet."""
        return sum(o.state in ATTEMPTED and o.medium == "said" for o in self.work)

    @property
    def done(self) -> Share:
        return completion(self.told)

    @property
    def tried(self) -> Share:
        return attempts(self.told)

    @property
    def not_known(self) -> int:
        """Due, and no contact since that could have told."""
        return sum(o.state == "unknown" and o.is_eligible for o in self.told)

    @property
    def no_answer(self) -> int:
        """Due, the phone has been in contact, nothing was said."""
        return sum(o.state == "no_answer" and o.is_eligible for o in self.told)

    @property
    def need_not_have_happened(self) -> int:
        """For *when it happens*, due, and nothing said: below no line (clinical.md F3.4)."""
        return sum(o.state in SILENT and not o.is_eligible for o in self.work)

    @property
    def not_due(self) -> int:
        return self.count("planned", "moved")

    @property
    def barriers(self) -> list[tuple[str, int]]:
        return barriers(self.told)


def eligible(told: Iterable[Told], leave_out_unknown: bool = False, exempt_too: bool = False) -> list[Told]:
    """What belongs below the line: practice done, partial, tried, not_done, no_answer, unknown (F2; decision 007)."""
    return [
        o
        for o in told
        if (o.is_eligible and not (leave_out_unknown and o.state == "unknown"))
        or (exempt_too and o.practice and o.state == "exempt")
    ]
