"""What got in the way, by worksheet: counted over what was eligible and not completed."""

from __future__ import annotations

from collections import Counter, defaultdict

from .drawn import bars
from .flow import counts
from .read import Person
from .shown import HIDDEN, NONE, Section, Table, few

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

    def see(self, person: Person) -> None:
        """Each eligible time that was not done."""
        mine: set[tuple[str, str]] = set()
        groups: set[str] = set()
        worksheet = {one["assignment"]: one["worksheet"] for one in person["assignments"]}
        for row in person["occurrences"]:
            if not counts(row) or row["state"] == "done":
                continue
            named = self._title(worksheet[row["assignment"]])
            for group in (EVERY, named):
                self.left[group] += 1
                groups.add(group)
                if row["barrier"] in self._words:
                    self.times[group][row["barrier"]] += 1
                    mine |= {(group, row["barrier"]), (group, ANY)}
        self.people.update(mine)
        self.all_people.update(groups)

    def section(self) -> Section:
        """All together first, then each worksheet that more than 7 people left anything of."""
        groups = [EVERY, *sorted(name for name in self.left if name != EVERY)]
        shown = [name for name in groups if self.left[name] and not few(self.all_people[name])]
        rows = [
            (name, f"{self.all_people[name]:,}", f"{self.left[name]:,}", self._named(name), self._words_of(name))
            for name in shown
        ]
        drawn = [(self._words[code], n) for code, n in self._common(EVERY)]
        return Section(
            "barriers", "What got in the way, by worksheet", "M14",
            "Of times that were eligible and not completed: how often each reason was named. A reason that 7 people or"
            " fewer named is hidden. One tap by the client, or written down by staff.",
            f"{self.left[EVERY]:,} times of {self.all_people[EVERY]:,} people",
            bars("Barriers, all worksheets together", drawn),
            (Table("By worksheet", ("Worksheet", "People", "Not completed", "With a reason", "Most often"), rows),),
            (*self._hidden(len(groups) - len(shown)), "Where no reason is counted, nobody said one."),
        )  # fmt: skip

    def _title(self, worksheet: str) -> str:
        return "Free tasks" if worksheet == "not-applicable" else self._titles.get(worksheet, "Worksheets not listed")

    def _hidden(self, n: int) -> tuple[str, ...]:
        return (f"{n} more, each of 7 people or fewer, are counted in “{EVERY}” only.",) if n else ()

    def _common(self, group: str) -> list[tuple[str, int]]:
        found = [(code, n) for code, n in self.times[group].items() if not few(self.people[group, code])]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:MOST]

    def _named(self, group: str) -> str:
        return HIDDEN if few(self.people[group, ANY]) else f"{sum(self.times[group].values()):,}"

    def _words_of(self, group: str) -> str:
        return "; ".join(f"{self._words[code]} ({n:,})" for code, n in self._common(group)) or NONE
