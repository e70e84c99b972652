"""M1 and M2 by interval, both ways for what is not known; neighbours are told together until they tell of no few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from .drawn import lines
from .read import Person, number
from .shown import HIDDEN, Section, Table, few, percent, spaced
from .sums import Mean

Key = TypeVar("Key")

PARTS = {  # what is eligible, cut into parts that share nothing
    "done": ("done",),
    "partly": ("partial", "tried"),
    "rest": ("not_done", "no_answer"),
    "unknown": ("unknown",),
}
WAYS = (  # each with the parts that stand beside it: it is hidden where one of them is of few people
    ("M2 tried, not known as not done", "m2_unknown_as_not_done", ()),
    ("M2 tried, not known left out", "m2_unknown_left_out", ("rest", "unknown")),
    ("M1 done, not known as not done", "m1_unknown_as_not_done", ("done", "partly")),
    ("M1 done, not known left out", "m1_unknown_left_out", ("done", "partly", "rest", "unknown")),
)
TRIED = ("tried", "untried")
DONE = (*TRIED, "done", "partly")
ALL = 0  # in the place of an interval: all of them
Places = Sequence[int]  # intervals that are told together


class Intervals:
    """M1 and M2 of each course by the number of the interval."""

    def __init__(self) -> None:
        self.rates: dict[tuple[int, str], Mean] = defaultdict(Mean)
        self.people: Counter[int] = Counter()
        self.parts: Counter[tuple[int, str]] = Counter()  # people by interval and part: tried and not, too
        self.times: Counter[tuple[int, str]] = Counter()

    def see(self, person: Person) -> None:
        """Every interval with anything eligible in it."""
        mine: set[tuple[int, str]] = set()
        for row in person["intervals"]:
            eligible, place = int(row["eligible"]), int(row["interval"])
            if not eligible:
                continue
            times = {part: sum(int(row[state]) for state in states) for part, states in PARTS.items()}
            times["tried"] = times["done"] + times["partly"]
            times["untried"] = eligible - times["tried"]
            for where in (place, ALL):
                mine |= {(where, part) for part, n in times.items() if n}
                self.times.update({(where, "tried"): times["tried"], (where, "eligible"): eligible})
                for _, column, _ in WAYS:
                    rate = number(row[column])
                    if rate is not None:
                        self.rates[where, column].add(rate)
        self.parts.update(mine)
        self.people.update({place for place, _ in mine})

    def section(self) -> Section:
        """Means of people's own rates, and all counts in one."""
        together = self._together()
        told = {
            column: [places for places in together if self._tells(places, column, parts)] for _, column, parts in WAYS
        }
        drawn = [
            (name, [((at[0] + at[-1]) / 2, self._mean(at, column)) for at in told[column]]) for name, column, _ in WAYS
        ]
        if self.people[ALL] and not self._few([ALL], TRIED):
            together.insert(0, [ALL])
            for _, column, parts in WAYS:  # what all tell, less what some of them tell, would be what the others hide
                if len(told[column]) in (0, len(together) - 1) and self._tells([ALL], column, parts):
                    told[column].insert(0, [ALL])
        everybody, *people = spaced([self.people[ALL], *(_most(self.people, places) for places in together)])
        rows = [
            (
                _named(places), n,
                *(percent(self._mean(places, way)) if places in told[way] else HIDDEN for _, way, _ in WAYS),
                "{:,} of {:,}".format(*(sum(self.times[at, name] for at in places) for name in ("tried", "eligible"))),
            )
            for places, n in zip(together, people, strict=True)
        ]  # fmt: skip
        return Section(
            "intervals", "Practice from appointment to appointment", "M1, M2",
            "Interval 1 begins with the first attended appointment or what was first agreed. M2 is done, partly done"
            " and tried ÷ eligible; M1 is done ÷ eligible. The mean of people’s own rates comes first, all counts in"
            " one (pooled M2) last. Where what is not known is left out, so is whoever has nothing known.",
            f"{everybody} people with anything eligible", lines("M1 and M2 by interval", drawn, "interval"),
            (Table("By interval", ("Interval", "People", *(name for name, *_ in WAYS), "Pooled M2"), rows),),
            (
                "Later intervals are of those who stayed: compare an interval with the one before it in the same people"
                " (M12 in data/intervals_data.csv), not the ends of this line.",
                "All: each interval of each person once, so who stayed long counts more. Intervals in which 7 people or"
                " fewer had, tried, did or left anything are told together with their neighbours; people are then those"
                " of the one with most. A rate is hidden where it, beside another, would tell of 7 people or fewer: who"
                " did something partly, or of whom something is not known.",
            ),
        )  # fmt: skip

    def _together(self) -> list[list[int]]:
        """Neighbours that tell of no few; those that tell M1 too, unless M2 alone has more to tell."""
        fine, coarse = (self._joined(parts) for parts in (DONE, TRIED))
        return fine if 2 * len(fine) >= len(coarse) else coarse

    def _joined(self, parts: Sequence[str]) -> list[list[int]]:
        """Intervals joined until no part of them is of few people; what is left at the end joins those before it."""
        found: list[list[int]] = []
        waiting: list[int] = []
        for place in sorted(self.people.keys() - {ALL}):
            waiting.append(place)
            if not self._few(waiting, parts):
                found.append(waiting)
                waiting = []
        while waiting and found:
            waiting = [*found.pop(), *waiting]
            if not self._few(waiting, parts):
                found.append(waiting)
                break
        return found

    def _few(self, places: Places, parts: Sequence[str]) -> bool:
        """Whether few had anything eligible, or anything of one of these parts."""
        return few(_most(self.people, places)) or self._few_of(places, parts)

    def _few_of(self, places: Places, parts: Sequence[str]) -> bool:
        """The people of the interval with most: of all intervals together there are no fewer."""
        return any(few(_most(self.parts, [(at, part) for at in places])) for part in parts)

    def _tells(self, places: Places, column: str, parts: Sequence[str]) -> bool:
        """Whether a rate may be told: it is of more than 7 people, and so is each part beside it."""
        return max(self.rates[at, column].n for at in places) > 7 and not self._few_of(places, parts)

    def _mean(self, places: Places, column: str) -> float:
        rates = [self.rates[at, column] for at in places]
        return sum(one.mean * one.n for one in rates) / sum(one.n for one in rates)


def _named(places: Places) -> str:
    if places == [ALL]:
        return "All"
    return str(places[0]) if len(places) == 1 else f"{places[0]} to {places[-1]}"


def _most(counts: Mapping[Key, int], keys: Iterable[Key]) -> int:
    return max(counts[key] for key in keys)
