"""M1 to M4, M6, M7 and M14: how much of what was agreed was done, as counts. Pure.

What is not known is never counted as *not done* without saying so: each share exists both ways (design.md 5).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from server.engagement.rules.told import ATTEMPTED, Share, Told


def completion(told: Iterable[Told], leave_out_unknown: bool = False) -> Share:
    """M1. Done out of eligible. What is not known counts as not done, or is left out (clinical.md F2)."""
    eligible = _eligible(told, leave_out_unknown)
    return Share(sum(o.state == "done" for o in eligible), len(eligible))


def attempts(told: Iterable[Told], leave_out_unknown: bool = False) -> Share:
    """M2. Done, partly done or tried, out of eligible: the first figure shown (clinical.md F2)."""
    eligible = _eligible(told, leave_out_unknown)
    return Share(sum(o.state in ATTEMPTED for o in eligible), len(eligible))


def barriers(told: Iterable[Told]) -> list[tuple[str, int]]:
    """M14, as counts: what got in the way, most often first."""
    counted = Counter(o.barrier for o in told if o.barrier)
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


@dataclass(frozen=True)
class Figures:
    """What is known of the work of one interval."""

    told: tuple[Told, ...]

    def count(self, *states: str) -> int:
        """How many are in any of these states."""
        return sum(o.state in states for o in self.told)

    @property
    def only_said(self) -> int:
        """Attempts that were only ticked, or told, without a worksheet."""
        return sum(o.state in ATTEMPTED and o.medium == "said" for o in self.told)

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
    def not_due(self) -> int:
        return self.count("planned", "moved")

    @property
    def barriers(self) -> list[tuple[str, int]]:
        return barriers(self.told)


def _eligible(told: Iterable[Told], leave_out_unknown: bool) -> list[Told]:
    return [o for o in told if o.is_eligible and not (leave_out_unknown and o.state == "unknown")]
