"""Practice beside what comes after it, as lagged and landmark tables: never by how much somebody did in all."""

from __future__ import annotations

from collections import Counter, defaultdict

from .change import Change
from .read import Person, measure_names, number
from .shown import HIDDEN, NONE, Section, Table, between, few, points, spaced
from .sums import Pairs

MEASURES = ("phq-9", "gad-7")
ENOUGH = 0.5  # of M2: set down beforehand, as in M6
MORE, LESS = "More than usual for them", "Less than usual for them"
HALF, UNDER = "Half or more of it tried", "Less than half"
Key = tuple[str, str, str]  # which table, measure, group


class Associated:
    """Change of the PHQ-9 and GAD-7 over an interval, and after the landmark, by practice before it."""

    def __init__(self, codes: dict[tuple[str, str], dict[str, str]]) -> None:
        self._names = measure_names(codes)
        self.pairs: dict[Key, Pairs] = defaultdict(Pairs)
        self.people: Counter[Key] = Counter()
        self.everybody = 0

    def see(self, person: Person) -> None:
        """Intervals with a score on both sides; courses with a score at the landmark and after it."""
        mine: set[Key] = set()
        for row in person["lagged"]:
            within, before, after = (number(row[name]) for name in ("m2_within", "before", "after"))
            if within and before is not None and after is not None:  # 0: neither more nor less
                mine |= self._keep("lagged", row, MORE if within > 0 else LESS, before, after)
        for row in person["landmarks"]:
            rate, then, last = (number(row[name]) for name in ("m2", "at_landmark", "last"))
            if rate is not None and then is not None and last is not None:
                mine |= self._keep("landmark", row, HALF if rate >= ENOUGH else UNDER, then, last)
        self.people.update(mine)
        self.everybody += bool(mine)

    def section(self) -> Section:
        """Two tables, no third."""
        return Section(
            "associated", "Practice, and the scores after it", "M12, landmark",
            "Lagged: each closed interval in which M2 was above or below the same person’s own mean, with the last"
            " score before it and the first from its end on. Landmark: M2 up to the third attended appointment, of"
            " those still in treatment then, with the score then and the last one after it. Whoever does much in all"
            " has stayed long: totals are compared nowhere (immortal time).",
            f"{spaced([self.everybody])[0]} people with scores on both sides",
            "",
            (
                Table("Within people: the next score", ("Interval", *_HEAD), self._rows("lagged", (MORE, LESS))),
                Table("After the landmark", ("Up to it", *_HEAD), self._rows("landmark", (HALF, UNDER))),
            ),
            (
                "Associated with: feeling better lets people practise, too, and nobody was allotted. Intervals of one"
                " person are not independent, so no interval is given within people: fit a model that clusters"
                " by person (scripts/lagged.py, or scripts/lagged.R).",
            ),
        )  # fmt: skip

    def _keep(self, where: str, row: dict[str, str], group: str, first: float, last: float) -> set[Key]:
        if row["scale"] != "total" or row["measure"] not in MEASURES:
            return set()
        key = where, row["measure"], group
        self.pairs[key].add(first, last)
        return {key}

    def _rows(self, where: str, groups: tuple[str, str]) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for measure in MEASURES:
            for group in groups:
                key = where, measure, group
                people, pairs = self.people[key], self.pairs[key]
                if people and not few(people):
                    cells = _cells(pairs.change(), people)
                    several = [HIDDEN] * 2 if few(self.everybody - people) else [f"{people:,}", f"{pairs.n:,}"]
                    rows.append((group, self._names[measure], *several, *cells))
        return rows


_HEAD = ("Measure", "People", "Pairs of scores", "Before", "After", "Mean fall (95 %)")


def _cells(change: Change | None, people: int) -> tuple[str, str, str]:
    if change is None:
        return NONE, NONE, NONE
    alone = people == change.n  # one pair each, so that an interval means something
    likely = f" ({between(change.likely_fall)})" if alone and change.likely_fall else ""
    return points(change.mean_first), points(change.mean_last), f"{points(change.fall)}{likely}"
