"""M1 and M2 by interval, both ways for what is not known, and the time to disengagement with discharge competing."""

from __future__ import annotations

from collections import Counter, defaultdict
from sys import intern

from .curves import at, followed, incidence
from .drawn import lines
from .read import Person, number
from .shown import NONE, Section, Table, few, percent, spaced
from .sums import Mean

WAYS = (
    ("M2 tried, not known as not done", "m2_unknown_as_not_done"),
    ("M2 tried, not known left out", "m2_unknown_left_out"),
    ("M1 done, not known as not done", "m1_unknown_as_not_done"),
    ("M1 done, not known left out", "m1_unknown_left_out"),
)
WEEKS = (2, 4, 6, 8, 12, 16, 26)


class Intervals:
    """M1 and M2 of each course by the number of the interval."""

    def __init__(self) -> None:
        self.rates: dict[tuple[int, str], Mean] = defaultdict(Mean)
        self.people: Counter[int] = Counter()
        self.everybody = 0
        self.tried: dict[int, list[int]] = defaultdict(lambda: [0, 0])

    def see(self, person: Person) -> None:
        """Every interval with anything eligible in it."""
        places = set()
        for row in person["intervals"]:
            eligible, place = int(row["eligible"]), int(row["interval"])
            if not eligible:
                continue
            places.add(place)
            self.tried[place][0] += sum(int(row[state]) for state in ("done", "partial", "tried"))
            self.tried[place][1] += eligible
            for _, column in WAYS:
                rate = number(row[column])
                if rate is not None:
                    self.rates[place, column].add(rate)
        self.people.update(places)
        self.everybody += bool(places)

    def section(self) -> Section:
        """Means of people's own rates, and all counts in one; an interval of few people is hidden."""
        shown = [place for place in sorted(self.people) if not few(self.people[place])]
        everybody, *people = spaced([self.everybody, *(self.people[place] for place in shown)])
        drawn = [
            (name, [(place, self.rates[place, column].mean) for place in shown if self._has(place, column)])
            for name, column in WAYS
        ]
        rows = [
            (
                str(place), told,
                *(self._mean(place, column) for _, column in WAYS),
                f"{self.tried[place][0]:,} of {self.tried[place][1]:,}",
            )
            for place, told in zip(shown, people, strict=True)
        ]  # fmt: skip
        hidden = len(self.people) - len(shown)
        return Section(
            "intervals", "Practice from appointment to appointment", "M1, M2",
            "Interval 1 begins with the first attended appointment or what was first agreed. M2 is done, partly done"
            " and tried ÷ eligible; M1 is done ÷ eligible. The mean of people’s own rates comes first, all counts in"
            " one (pooled M2) last. Where what is not known is left out, so is whoever has nothing known.",
            f"{everybody} people with anything eligible", lines("M1 and M2 by interval", drawn, "interval"),
            (Table("By interval", ("Interval", "People", *(name for name, _ in WAYS), "Pooled M2"), rows),),
            (
                "Later intervals are of those who stayed: compare an interval with the one before it in the same people"
                " (M12 in data/intervals_data.csv), not the ends of this line.",
                *((f"{hidden} later intervals, each of 7 people or fewer, are hidden.",) if hidden else ()),
            ),
        )  # fmt: skip

    def _mean(self, place: int, column: str) -> str:
        return percent(self.rates[place, column].mean) if self._has(place, column) else NONE

    def _has(self, place: int, column: str) -> bool:
        return self.rates[place, column].n > 7


class Disengagement:
    """M11 of each course with a first agreed task."""

    def __init__(self) -> None:
        self.courses: dict[str, list[tuple[float, str]]] = {"m11": [], "m11_known": []}

    def see(self, person: Person) -> None:
        """Both ways for what is not known."""
        for row in person["episodes"]:
            for way, event, days in (
                ("m11", "m11_event", "m11_days"),
                ("m11_known", "m11_event_known", "m11_days_known"),
            ):
                lasted = number(row[days])
                if lasted is not None:
                    self.courses[way].append((lasted, intern(row[event])))

    def section(self) -> Section:
        """Aalen and Johansen's curves, as far as more than 7 courses are at risk."""
        every = self.courses["m11"]
        steps = [one for one in incidence(every) if not few(one.at_risk)]
        drawn = [
            ("Neither so far", [(one.days, one.engaged) for one in steps]),
            ("Disengaged", [(one.days, one.disengaged) for one in steps]),
            ("Discharged first", [(one.days, one.discharged) for one in steps]),
        ]
        n = len(every)
        return Section(
            "disengagement", "Time to disengagement", "M11",
            "Days from the first agreed task to the first of: two eligible intervals in a row with nothing tried, or 21"
            " days without an entry while in treatment. Discharge competes: who left in good order cannot disengage."
            " Cumulative incidence by Aalen and Johansen; who is still followed counts as long as they were.",
            f"{spaced([n])[0]} courses with a first agreed task",
            lines("Share of courses by days since the first agreed task", drawn if n > 7 else [], "days", stepped=True),
            (
                Table("By week: silence counted as no entry", _HEAD, _by_week(every)),
                Table("By week: up to when all is known", _HEAD, _by_week(self.courses["m11_known"])),
            ),
            ("Kaplan–Meier with discharge as censoring would call more people disengaged than there are.",),
        )  # fmt: skip


_HEAD = ("Weeks", "Still followed", "Disengaged", "Discharged first", "Neither")


def _by_week(courses: list[tuple[float, str]]) -> list[tuple[str, ...]]:
    if few(len(courses)) or not courses:
        return []
    steps, rows = incidence(courses), []
    counts = [followed(courses, 7 * weeks) for weeks in WEEKS]
    _, *told = spaced([len(courses), *counts])
    for weeks, still, text in zip(WEEKS, counts, told, strict=True):
        if few(still) or not still:
            break
        one = at(steps, 7 * weeks)
        shares = (one.disengaged, one.discharged, one.engaged) if one else (0.0, 0.0, 1.0)
        rows.append((str(weeks), text, *(percent(share) for share in shares)))
    return rows
