"""Counts by calendar week what the people of a bundle did, and of whom the services' own pages speak besides.

What leaves is hidden by people: a count that 7 or fewer make up, whatever it is. The rest is to the nearest 5, parts
first, and totals are of the numbers shown (trust reference E4.5).
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
        totals: Line = {}
        for table, measures in (("work", tuple(WORK)), ("meetings", tuple(MEETINGS))):
            lines = {week.isoformat(): self._line(week, measures) for week in self._over.mondays}
            totals |= self._total(measures, list(lines.values()))
            yield from _told(table, lines, {name: totals[name] for name in measures})
        yield from self._flow_rows(totals)

    def _line(self, week: date, measures: tuple[str, ...]) -> Line:
        times = {name: self.times[week, name] for name in EVERY}
        people = {name: self.people[week, name] for name in EVERY}
        found = {name: (rounded(times[name]), rounded(people[name])) for name in measures}
        for name, value in shown_of_due(times, people).items() if "due" in measures else ():
            found[name] = str(SUPPRESSED if value is None else value), rounded(people["due"])
        few = {name: (SUPPRESSED, SUPPRESSED) for name in found if is_few(people[name]) or found[name][0] == SUPPRESSED}
        return {**found, **few}

    def _total(self, measures: tuple[str, ...], lines: list[Line]) -> Line:
        """The numbers shown, added up; nothing where none but noughts are shown."""
        found = {}
        for name in measures:
            cells = [line[name][0] for line in lines]
            total = sum(int(cell) for cell in cells if cell != SUPPRESSED)
            hides = SUPPRESSED in cells and not total
            most = max(int(line[name][1]) for line in lines if line[name][1] != SUPPRESSED) if not hides else 0
            found[name] = (SUPPRESSED, SUPPRESSED) if hides else (str(total), str(most))
        return found

    def _flow_rows(self, totals: Line) -> Iterator[Row]:
        """Who is on the services' pages, and who of them is in the bundle: the lines add up to `page`.

        `totals`: of the table by week.
        """
        whose = sorted(self.heads, key=lambda who: (who != "bundle", who))
        lines = {who: rounded(self.heads[who]) for who in whose}
        whole = SUPPRESSED if SUPPRESSED in lines.values() else str(sum(map(int, lines.values())))
        for who, people in (*lines.items(), ("page", whole)):
            yield _row("flow", who, ALL, "people", people, people)
        yield from (_row("flow", "shown", ALL, name, *totals[name]) for name in ("due", "tried"))


def _told(table: str, lines: Mapping[str, Line], total: Line) -> Iterator[Row]:
    for week, line in (*lines.items(), (ALL, total)):
        yield from (_row(table, "bundle", week, name, *cell) for name, cell in line.items())
        for rate, part in RATE_OF.items() if "due" in line else ():
            several = list(lines.values()) if week == ALL else [line]
            yield _row(table, "bundle", week, rate, _rate(several, part), line["due"][1])


def _rate(lines: list[Line], part: str) -> str:
    """Of the lines that show both, in percent."""
    told = [(line[part][0], line["due"][0]) for line in lines]
    both = [(int(above), int(below)) for above, below in told if SUPPRESSED not in (above, below)]
    above, below = (sum(numbers) for numbers in zip(*both, strict=True)) if both else (0, 0)
    if not both or (not below and len(both) < len(lines)):
        return SUPPRESSED
    return str(min(100, round(100 * above / below))) if below else NOT_APPLICABLE


def _row(table: str, scope: str, week: str, name: str, value: str, n: str) -> Row:
    unit = "percent" if name in RATES else "people" if name == "people" else "times"
    return {
        "table": table, "scope": scope, "week": week, "measure": name, "figure": FIGURES.get(name, "count"),
        "unit": unit, "value": _number(value), "n": _number(n),
    }  # fmt: skip


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
