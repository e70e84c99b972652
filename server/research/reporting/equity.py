"""Practice and outcomes by group, with small groups hidden and everything else to the nearest 5."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean

from .read import Person, number
from .scored import by_day
from .shown import HIDDEN, NONE, Section, Table, few, percent, points, rounded

FIELDS = (("arm", "Arm"), ("service", "Service"), ("age_band", "Age"), ("language", "Language"))
SAME = "suppressed"


class Equity:
    """Each group of people by one thing known of them."""

    def __init__(self, codes: dict[tuple[str, str], dict[str, str]]) -> None:
        self._words = codes
        self.people: dict[tuple[str, str], int] = defaultdict(int)
        self.rates: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.started: dict[tuple[str, str], int] = defaultdict(int)
        self.falls: dict[tuple[str, str], list[float]] = defaultdict(list)

    def see(self, person: Person) -> None:
        """One person counts once in each field."""
        [who] = person["participants"]
        known = [number(row["m2_unknown_as_not_done"]) for row in person["intervals"]]
        rates = [rate for rate in known if rate is not None]
        days = next((found for key, found in by_day(person["measures"]).items() if key[1:] == ("phq-9", "total")), {})
        for field, _ in FIELDS:
            if field not in who:
                continue
            group = field, who[field]
            self.people[group] += 1
            if rates:
                self.rates[group].append(fmean(rates))
            self.started[group] += bool(days)
            if len(days) > 1:
                self.falls[group].append(days[min(days)] - days[max(days)])

    def section(self) -> Section:
        """A table for each field with more than one group; the total is of the rounded cells."""
        tables = [table for field, name in FIELDS if (table := self._table(field, name))]
        return Section(
            "equity", "Who it reached, by group", "M2, M18",
            "Groups of 7 people or fewer are hidden, counts are to the nearest 5, and a total is of the numbers shown."
            " Means and shares are of groups of 8 or more. Practice: the mean of people’s own means of M2 over their"
            " intervals, each interval counted alike (not known as not done), of those with anything eligible. PHQ-9:"
            " the mean fall of those paired, with how many are.",
            "All people of the bundle, once in each table", "", tuple(tables),
            (
                "Ethnicity, gender, disability, sexual orientation and deprivation do not leave the service: they are"
                " counted on its own page, with small numbers hidden. Differences between groups of this size are"
                " mostly chance: ask why before you rank.",
            ),
        )  # fmt: skip

    def _table(self, field: str, name: str) -> Table | None:
        groups = sorted(group for group in self.people if group[0] == field)
        if len(groups) < 2:
            return None
        rows = [self._row(group) for group in groups]
        seen = sum(int(row[1].replace(",", "")) for row in rows if row[1] != HIDDEN)
        return Table(f"By {name.lower()}", (name, *_HEAD), [*rows, ("All shown", f"{seen:,}", "", "", "")])

    def _row(self, group: tuple[str, str]) -> tuple[str, ...]:
        field, code = group
        words = "Hidden in the bundle" if code == SAME else self._words.get(("participants", field), {}).get(code, code)
        people, rates, falls = self.people[group], self.rates[group], self.falls[group]
        if few(people):
            return words, HIDDEN, NONE, NONE, NONE
        paired = f"{rounded(len(falls))} of {rounded(self.started[group])}"
        return (
            words, rounded(people),
            NONE if len(rates) < 8 else f"{percent(fmean(rates))} of {rounded(len(rates))}", paired,
            NONE if len(falls) < 8 else points(fmean(falls), 1),
        )  # fmt: skip


_HEAD = ("People", "Practice (M2), of people", "PHQ-9 paired of started", "Mean fall of PHQ-9")
