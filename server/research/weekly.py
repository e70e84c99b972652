"""Counts by calendar week what the people of a bundle did, and of whom the services' own pages speak besides.

What leaves is hidden by people: a count that 7 or fewer make up, whatever it is. The rest is to the nearest 5, parts
first (trust reference E4.5). Totals are of the numbers shown, and all numbers of one line are of the same weeks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from server.assignments.weeks import monday
from server.engagement.rules import ATTEMPTED
from server.research.facts import Facts
from server.research.names import NOT_APPLICABLE
from server.research.rules import SMALL_COUNT, SUPPRESSED, rounded
from server.research.weekly_fields import ALL, FIGURES, MEETINGS, RATES, WORK
from server.research.work import Work
from server.totals.window import Window, window
from server.worksheets.practice import is_practice

MADE_OF = {"due": ("tried", "rest"), "tried": ("done", "partly"), "rest": ("not_done", "no_answer", "unknown")}
LEVELS = (  # what is due, cut into parts: the finest is taken of which no part is of few people
    ("done", "partly", "not_done", "no_answer", "unknown"),
    ("done", "partly", "rest"),
    ("tried", "rest"),
    ("due",),
)
LAST_TO_END = "Etc/GMT+12"  # a week that is over there is over for everybody, whatever their clock
FAMILY = ("due", "tried", "done", "not_done", "no_answer", "unknown")
EVERY = (*WORK, *MEETINGS, "partly", "rest")
RATE_OF = {"m1": "done", "m2": "tried"}
ADDED_UP = {  # what the line of all weeks is meant to tell, from the least; anything else is in it where it can be
    "work": (("due",), ("due", "tried"), ("due", "tried", "done"), FAMILY),
    "meetings": (("attended",), ("attended", "missed"), ("attended", "missed", "cancelled")),
}
LEFT_OUT = ("exempt", "nothing_happened")
Key = tuple[date, str]
Row = dict[str, Any]
Line = dict[str, tuple[str, str]]  # measure → value, n


def of_one(facts: Facts, work: Work, over: Window) -> Counter[Key]:
    """What one person did in these weeks: (Monday, measure) → times."""
    found: Counter[Key] = Counter()
    for time in work.times:
        if time.told.practice and not (time.told.when_it_happens and time.told.state in ("no_answer", "unknown")):
            found.update((monday(time.told.due_on), name) for name in _measures_of(time.told.state))
    found.update((monday(row.agreed_on), "agreed") for row in facts.assignments if is_practice(row.worksheet_id))
    for visit in facts.visits:
        name = "cancelled" if visit.meeting.state.startswith("cancelled") else visit.meeting.state
        if name in MEETINGS:
            found[monday(visit.local_date), name] += 1
    return Counter({key: n for key, n in found.items() if over.first <= key[0] < over.after})


def _measures_of(state: str) -> tuple[str, ...]:
    if state in ATTEMPTED:
        return "due", "tried", "done" if state == "done" else "partly"
    if state in LEFT_OUT:
        return ("left_out",)
    return ("due", "rest", state) if state in MADE_OF["rest"] else ()


def is_few(people: int) -> bool:
    """Whether a count is of so few people that it is hidden."""
    return 0 < people <= SMALL_COUNT


def shown_of_due(times: Mapping[str, int], people: Mapping[str, int]) -> dict[str, int | None]:
    """What is shown of one line: parts that share nothing are rounded, and the others are their sums.

    So no number shown is less than another by few, but for rounding. None: hidden.
    """
    if is_few(people["due"]):
        return dict.fromkeys(FAMILY)
    parts = next(level for level in LEVELS if not any(is_few(people[part]) for part in level))
    return {name: _added_up(name, {part: int(rounded(times[part])) for part in parts}) for name in FAMILY}


def _added_up(name: str, parts: Mapping[str, int]) -> int | None:
    if name in parts or name not in MADE_OF:
        return parts.get(name)
    several = [_added_up(one, parts) for one in MADE_OF[name]]
    return None if None in several else sum(one for one in several if one is not None)


class Weekly:
    """Sums of everybody, and how many people made them up."""

    def __init__(self, as_of: datetime) -> None:
        self._over = window(LAST_TO_END, as_of)
        self.times: Counter[Key] = Counter()
        self.people: Counter[Key] = Counter()
        self.heads: Counter[str] = Counter(bundle=0)  # who is in it, and who is not, by why

    def see(self, facts: Facts, work: Work) -> None:
        """One person of the bundle."""
        self.add(of_one(facts, work, self._over))

    def add(self, mine: Counter[Key]) -> None:
        """What one person of the bundle did in the weeks that are counted."""
        self.heads["bundle"] += 1
        self.times.update(mine)
        self.people.update(mine.keys())

    def take(self, other: Weekly) -> None:
        """The sums of other people."""
        self.times.update(other.times)
        self.people.update(other.people)
        self.heads.update(other.heads)

    def left(self, why: str, people: int) -> None:
        """So many are not in it. Nothing else is said of them: researchers were promised nothing of theirs."""
        self.heads[why] += people

    def rows(self) -> Iterator[Row]:
        """All lines of `aggregate/tables.csv`."""
        totals: dict[str, tuple[Line, int]] = {}
        for table, measures in (("work", tuple(WORK)), ("meetings", tuple(MEETINGS))):
            lines = {week.isoformat(): self._line(week, measures) for week in self._over.mondays}
            weeks = weeks_of_all(lines, ADDED_UP[table])
            total = added_up([lines[week] for week in weeks], measures)
            totals[table] = total, len(weeks)
            for week, line in lines.items():
                yield from _told(table, week, line, int(week in weeks))
            yield from _told(table, ALL, *totals[table])
        yield from self._flow_rows(*totals["work"])

    def _line(self, week: date, measures: tuple[str, ...]) -> Line:
        times = {name: self.times[week, name] for name in EVERY}
        people = {name: self.people[week, name] for name in EVERY}
        found = {name: (rounded(times[name]), rounded(people[name])) for name in measures}
        for name, value in shown_of_due(times, people).items() if "due" in measures else ():
            found[name] = str(SUPPRESSED if value is None else value), rounded(people["due"])
        few = {name: (SUPPRESSED, SUPPRESSED) for name in found if is_few(people[name]) or found[name][0] == SUPPRESSED}
        return {**found, **few}

    def _flow_rows(self, total: Line, weeks: int) -> Iterator[Row]:
        """Who is on the services' pages, and who of them is in the bundle: the lines add up to `page`.

        `total`: of the table by week, of so many `weeks`.
        """
        whose = sorted(self.heads, key=lambda who: (who != "bundle", who))
        lines = {who: rounded(self.heads[who]) for who in whose}
        whole = SUPPRESSED if SUPPRESSED in lines.values() else str(sum(map(int, lines.values())))
        for who, people in (*lines.items(), ("page", whole)):
            yield _row("flow", who, ALL, "people", (people, people), NOT_APPLICABLE)
        yield from (_row("flow", "shown", ALL, name, total[name], weeks) for name in ("due", "tried"))


def weeks_of_all(lines: Mapping[str, Line], choices: tuple[tuple[str, ...], ...]) -> list[str]:
    """The weeks that the line of all weeks adds up: those that show each number of one choice.

    Of the choices, that by which most numbers are added up; of two the one that tells more. Weeks in which nothing
    happened show noughts, so they do not decide. None where only noughts are shown and something is hidden.
    """
    found: list[str] = []
    most = 0
    for choice in choices:
        weeks = [week for week, line in lines.items() if all(line[name][0] != SUPPRESSED for name in choice)]
        numbers = len(choice) * sum(lines[week][choice[0]][0] != "0" for week in weeks)
        if numbers and numbers >= most:
            found, most = weeks, numbers
    quiet = all(line[choices[0][0]][0] == "0" for line in lines.values())
    return list(lines) if quiet else found


def added_up(lines: list[Line], measures: tuple[str, ...]) -> Line:
    """The sum of each number that all these lines show; n: the people of the line of most. Of no lines nothing."""
    found = {}
    for name in measures:
        cells = [line[name] for line in lines]
        whole = cells and all(value != SUPPRESSED for value, _ in cells)
        total, most = (sum(int(value) for value, _ in cells), max(int(n) for _, n in cells)) if whole else (0, 0)
        found[name] = (str(total), str(most)) if whole else (SUPPRESSED, SUPPRESSED)
    return found


def _told(table: str, week: str, line: Line, weeks: int) -> Iterator[Row]:
    yield from (_row(table, "bundle", week, name, cell, weeks) for name, cell in line.items())
    for rate, part in RATE_OF.items() if "due" in line else ():
        yield _row(table, "bundle", week, rate, (_rate(line, part), line["due"][1]), weeks)


def _rate(line: Line, part: str) -> str:
    """In percent, of the two numbers that stand in the same line."""
    above, below = line[part][0], line["due"][0]
    if SUPPRESSED in (above, below):
        return SUPPRESSED
    return str(round(100 * int(above) / int(below))) if int(below) else NOT_APPLICABLE


def _row(table: str, scope: str, week: str, name: str, cell: tuple[str, str], weeks: int | str) -> Row:
    unit = "percent" if name in RATES else "people" if name == "people" else "times"
    value, n = map(_number, cell)
    return {
        "table": table, "scope": scope, "week": week, "measure": name, "figure": FIGURES.get(name, "count"),
        "unit": unit, "value": value, "n": n, "in_all": weeks,
    }  # fmt: skip


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
