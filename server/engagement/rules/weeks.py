"""Weekly counts of a whole service, from the cache or from the rows: the same. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server.engagement.rules.told import ATTEMPTED, Told


@dataclass(frozen=True)
class Week:
    """What fell due in one calendar week, by stored state (occurrences, not people).

    Counts only, and no share: the cache does not know which worksheets are for *when it happens*, so `silent` holds
    some that need not have happened (clinical.md F3.4).
    """

    monday: date
    counts: Mapping[str, int]

    def count(self, *states: str) -> int:
        """How many are in any of these states."""
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def agreed(self) -> int:
        """Everything that was asked for, whatever became of it; what was withdrawn was not."""
        return sum(self.counts.values()) - self.count("withdrawn")

    @property
    def tried(self) -> int:
        return self.count(*ATTEMPTED)

    @property
    def done(self) -> int:
        return self.count("done")

    @property
    def not_done(self) -> int:
        """Somebody said so."""
        return self.count("not_done")

    @property
    def left_out(self) -> int:
        """Not well enough, or nothing happened: below no line."""
        return self.count("exempt", "nothing_happened")

    def silent(self, today: date) -> int:
        """Nobody said anything, and the week has passed; 0 while it goes on. No answer and not known in one."""
        return self.count("open", "moved") if self.monday + timedelta(days=7) <= today else 0


def weeks(rows: Iterable[tuple[date, Mapping[str, int]]]) -> list[Week]:
    """Rows of (Monday, stored state -> count), several of a week, as weeks: oldest first."""
    found: dict[date, Counter[str]] = {}
    for monday, counts in rows:
        found.setdefault(monday, Counter()).update(counts)
    return [Week(monday, {state: n for state, n in counts.items() if n}) for monday, counts in sorted(found.items())]


def weeks_of(told: Iterable[Told]) -> list[Week]:
    """The same from the rows themselves, by the day they fall due."""
    return weeks((o.due_on - timedelta(days=o.due_on.weekday()), {o.stored or o.state: 1}) for o in told)
