"""The time to disengagement with discharge competing, told only in weeks by which more than a few have left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern

from .curves import at, followed, incidence
from .drawn import Point, lines
from .read import Person, number
from .shown import HIDDEN, Section, Table, few, percent, spaced

WEEKS = (2, 4, 6, 8, 10, 12, 16, 20, 26)
HEAD = ("Weeks", "Still followed", "Disengaged", "Discharged first", "Neither")
SHARES = ("disengaged", "discharged", "left")  # in the order of the table; neither is 1 less those who left

Courses = Sequence[tuple[float, str]]  # days, disengaged · discharged · still_followed


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
        """Aalen and Johansen's shares, at the end of weeks by which 8 courses or more had left since the row above."""
        every = self.courses["m11"]
        silent = told(every, len(every))
        known = told(self.courses["m11_known"], len(every), silent)
        return Section(
            "disengagement", "Time to disengagement", "M11",
            "Days from the first agreed task to the first of: two eligible intervals in a row with nothing tried, or 21"
            " days without an entry while in treatment. Discharge competes: who left in good order cannot disengage."
            " Cumulative incidence by Aalen and Johansen; who is still followed counts as long as they were.",
            f"{spaced([len(every)])[0]} courses with a first agreed task",
            lines("Share of courses by weeks since the first agreed task", _drawn(silent), "weeks"),
            (
                Table("By week: silence counted as no entry", HEAD, [one.row for one in silent]),
                Table("By week: up to when all is known", HEAD, [one.row for one in known]),
            ),
            (
                "A week stands here once nobody, or 8 courses or more, have left since the row above it; the weeks"
                " between are told with it. Where 7 courses or fewer left in one of the two ways, both are hidden and"
                " only Neither is told.",
                "Kaplan–Meier with discharge as censoring would call more people disengaged than there are.",
            ),
        )  # fmt: skip


@dataclass(frozen=True)
class Week:
    """The end of one week: the counts behind what is told of it, and the shares of those that are."""

    weeks: int
    counts: Mapping[str, int]  # of what is told
    shares: Mapping[str, float] = field(default_factory=dict)

    @property
    def row(self) -> tuple[str, ...]:
        """As it stands in the table."""
        still = f"{self.counts['followed']:,}" if "followed" in self.counts else HIDDEN
        cells = (percent(self.shares[name]) if name in self.shares else HIDDEN for name in (*SHARES[:2], "neither"))
        return str(self.weeks), still, *cells


def told(courses: Courses, known: int, beside: Sequence[Week] = ()) -> list[Week]:
    """The weeks of which anything is told, as far as more than 7 courses are still followed.

    A count is told where it is not of few courses, and few are not between it and one told of an earlier week, or of
    the same week in the table `beside` it. `known`: of how many courses the section says that it is.
    """
    if few(len(courses)) or not courses:
        return []
    steps, found = incidence(courses), [Week(0, {"followed": known, **dict.fromkeys((*SHARES, "ended"), 0)})]
    others = {one.weeks: one for one in beside}
    for weeks in WEEKS:
        counts = _counts(courses, known, 7 * weeks)
        if few(counts["followed"]) or not counts["followed"]:
            break
        seen = [*found, *([others[weeks]] if weeks in others else [])]
        names = set(_to_tell(counts, [one.counts for one in seen]))
        if names:
            step = at(steps, 7 * weeks)
            shares = {name: getattr(step, name) if step else 0.0 for name in names & set(SHARES[:2])}
            shares["neither"] = step.engaged if step else 1.0
            found.append(Week(weeks, {name: counts[name] for name in names}, shares))
    return found[1:]


def _counts(courses: Courses, known: int, day: float) -> dict[str, int]:
    """Still followed after a day, gone by it in either way or both; ended: whose time was over before, neither gone."""
    gone = {event: sum(1 for days, what in courses if what == event and days <= day) for event in SHARES[:2]}
    still, left = followed(courses, day), sum(gone.values())
    return {**gone, "left": left, "followed": still, "ended": known - still - left}


def _to_tell(counts: Mapping[str, int], seen: Sequence[Mapping[str, int]]) -> Iterator[str]:
    """The finest that tells of no few: both ways of leaving, or only both together; then who is still followed.

    Nothing where even both together tell of few.
    """
    safe = {name for name, n in counts.items() if not any(few(abs(n - one[name])) for one in seen if name in one)}
    if "left" not in safe:
        return
    yield from SHARES if safe.issuperset(SHARES) else ("left",)
    if safe.issuperset(("followed", "ended")):  # who is followed and who has left tell whose time was over before
        yield from ("followed", "ended")


def _drawn(weeks: Sequence[Week]) -> list[tuple[str, list[Point]]]:
    """The same as the table: a step for each course would tell the day on which one left."""
    if not weeks:
        return []
    named = (("Neither so far", "neither", 1.0), ("Disengaged", "disengaged", 0.0), ("Discharged", "discharged", 0.0))
    several = [
        (name, start, [(float(one.weeks), one.shares[way]) for one in weeks if way in one.shares])
        for name, way, start in named
    ]
    return [(name, [(0.0, start), *points]) for name, start, points in several if points]
