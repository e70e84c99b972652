"""Weekly counts of a whole service, from the cache or from the rows: the same. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server.engagement.rules.told import Told


@dataclass(frozen=True)
class Week:
    """What practice fell due in one calendar week, by stored state (occurrences, not people).

    Counts only, and no share: the cache does not know which worksheets are for *when it happens*, so those that are
    open hold some that need not have happened (clinical.md F3.4).
    """

    monday: date
    counts: Mapping[str, int]


def weeks(rows: Iterable[tuple[date, Mapping[str, int]]]) -> list[Week]:
    """Rows of (Monday, stored state -> count), several of a week, as weeks: oldest first."""
    found: dict[date, Counter[str]] = {}
    for monday, counts in rows:
        found.setdefault(monday, Counter()).update(counts)
    return [Week(monday, {state: n for state, n in counts.items() if n}) for monday, counts in sorted(found.items())]


def weeks_of(told: Iterable[Told]) -> list[Week]:
    """The same from the rows themselves, by the day they fall due."""
    work = (o for o in told if o.practice)
    return weeks((o.due_on - timedelta(days=o.due_on.weekday()), {o.stored or o.state: 1}) for o in work)
