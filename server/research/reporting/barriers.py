"""What got in the way, by worksheet: counted over what was eligible and not completed."""

from __future__ import annotations

from collections import Counter, defaultdict

from .drawn import bars
from .flow import counts
from .read import Person
from .shown import HIDDEN, NONE, Section, Table, few, rounded

EVERY = "All together"
ANY = ""  # in the place of a reason: whichever
MOST = 5  # barriers of a worksheet


class Barriers:
    """Times with a barrier, by worksheet and code, and by how many people."""

    def __init__(self, codes: dict[tuple[str, str], dict[str, str]]) -> None:
        self._titles, self._words = codes["assignments", "worksheet"], codes["occurrences", "barrier"]
        self.left: Counter[str] = Counter()
        self.times: dict[str, Counter[str]] = defaultdict(Counter)
        self.people: Counter[tuple[str, str]] = Counter()  # by worksheet and reason
        self.all_people: Counter[str] = Counter()
        self.of: Counter[frozenset[str]] = Counter()  # people by all the worksheets they left anything of

    def see(self, person: Person) -> None:
        """Each eligible time that was not done."""
        mine: set[tuple[str, str]] = set()
        groups: set[str] = set()
        worksheet = {one["assignment"]: one["worksheet"] for one in person["assignments"]}
        for row in person["occurrences"]:
            if not counts(row) or row["state"] == "done":
                continue
            named = self._title(worksheet[row["assignment"]])
            self.left[named] += 1
            groups.add(named)
            if row["barrier"] in self._words:
                self.times[named][row["barrier"]] += 1
                mine |= {(named, row["barrier"]), (named, ANY)}
        self.people.update(mine)
        self.all_people.update(groups)
        self.of[frozenset(groups)] += 1

    def section(self) -> Section:
        """All together first, the sum of what is shown; then each worksheet that more than 7 people left things of."""
        groups = sorted(self.left)
        shown = [name for name in groups if not few(self.all_people[name])]
        told = {name: self._told(name) for name in shown}
        left, every = sum(self.left[name] for name in shown), sum(told.values(), Counter[str]())
        people = rounded(sum(n for several, n in self.of.items() if several & set(shown)))
        rows = [self._row(name, told[name]) for name in shown]
        if rows:
            named = HIDDEN if not every and any(row[3] == HIDDEN for row in rows) else f"{every.total():,}"
            rows.insert(0, (EVERY, people, f"{left:,}", named, self._reasons(every)))
        drawn = [(self._words[code], n) for code, n in _common(every)]
        return Section(
            "barriers", "What got in the way, by worksheet", "M14",
            "Of times that were eligible and not completed: how often each reason was named. A reason that 7 people or"
            " fewer named is hidden and not in “With a reason”; people are to the nearest 5."
            " One tap by the client, or written down by staff.",
            f"{left:,} times of {people} people",
            bars("Barriers, all worksheets together", drawn),
            (Table("By worksheet", ("Worksheet", "People", "Not completed", "With a reason", "Most often"), rows),),
            (*self._hidden(len(groups) - len(shown)), "Where no reason is counted, nobody said one."),
        )  # fmt: skip

    def _title(self, worksheet: str) -> str:
        return "Free tasks" if worksheet == "not-applicable" else self._titles.get(worksheet, "Worksheets not listed")

    def _hidden(self, n: int) -> tuple[str, ...]:
        return (f"{n} more, each of 7 people or fewer, are counted nowhere here.",) if n else ()

    def _told(self, group: str) -> Counter[str]:
        """The reasons of a worksheet that more than 7 people named, and how often."""
        return Counter({code: n for code, n in self.times[group].items() if not few(self.people[group, code])})

    def _row(self, group: str, told: Counter[str]) -> tuple[str, ...]:
        named = HIDDEN if self.people[group, ANY] and not told else f"{told.total():,}"
        people = rounded(self.all_people[group])
        return group, people, f"{self.left[group]:,}", named, self._reasons(told)

    def _reasons(self, told: Counter[str]) -> str:
        return "; ".join(f"{self._words[code]} ({n:,})" for code, n in _common(told)) or NONE


def _common(told: Counter[str]) -> list[tuple[str, int]]:
    return sorted(told.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
