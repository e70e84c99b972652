"""Counts by calendar week what the people of a bundle did, and of whom the services' own pages speak besides.

What leaves is hidden by people: a count that 7 or fewer make up, whatever it is. The rest is to the nearest 5, parts
first (trust reference E4.5). Totals are of the numbers shown, and all numbers of one line are of the same weeks.

How many people a number is of is told of all weeks together and more coarsely, never of a week: of two numbers that
grow together the one that does not move would tell how few made the other move, since the bundle before.
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
LEVELS = (  # what is due, cut into parts: the finest is taken of which each part is of more than a few people
    ("done", "partly", "not_done", "no_answer", "unknown"),
    ("done", "partly", "rest"),
    ("tried", "rest"),
    ("due",),
)
LAST_TO_END = "Etc/GMT+12"  # a week that is over there is over for everybody, whatever their clock
WHOLES = ("agreed", "due", "left_out", *MEETINGS)
FAMILY = ("due", "tried", "done", "not_done", "no_answer", "unknown")
EVERY = (*WORK, *MEETINGS, "partly", "rest")
SHOWN = ("due", "tried")  # of the line of all weeks, once more beside who is in the bundle
RATE_OF = {"m1": "done", "m2": "tried"}
ADDED_UP = {  # what the line of all weeks is meant to tell, from the least; anything else is in it where it can be
    "work": (("due",), ("due", "tried"), ("due", "tried", "done"), FAMILY),
    "meetings": (("attended",), ("attended", "missed"), ("attended", "missed", "cancelled")),
}
LEFT_OUT = ("exempt", "nothing_happened")
FEWEST_WEEKS = 3  # with anything in them: of fewer, how many people they are of could tell of few who came
Key = tuple[date, str]
Row = dict[str, Any]
Line = dict[str, str]  # measure → value


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

    So no number shown is less than another by few, but for rounding. None: hidden. A part that nobody made up is
    joined as one of few: else the first who did would be told, by the sum that stands there still in the next bundle.
    """
    if not people["due"]:
        return dict.fromkeys(FAMILY, 0)
    if is_few(people["due"]):
        return dict.fromkeys(FAMILY)
    parts = next(level for level in LEVELS if all(people[part] > SMALL_COUNT for part in level))
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
        self.when: Counter[tuple[str, frozenset[date]]] = Counter()  # people by all the weeks in which they did it
        self.heads: Counter[str] = Counter(bundle=0)  # who is in it, and who is not, by why

    def see(self, facts: Facts, work: Work) -> None:
        """One person of the bundle."""
        self.add(of_one(facts, work, self._over))

    def add(self, mine: Counter[Key]) -> None:
        """What one person of the bundle did in the weeks that are counted."""
        self.heads["bundle"] += 1
        self.times.update(mine)
        self.people.update(mine.keys())
        weeks = {name: frozenset(week for week, one in mine if one == name) for name in WHOLES}
        self.when.update((name, several) for name, several in weeks.items() if several)

    def take(self, other: Weekly) -> None:
        """The sums of other people."""
        self.times.update(other.times)
        self.people.update(other.people)
        self.when.update(other.when)
        self.heads.update(other.heads)

    def left(self, why: str, people: int) -> None:
        """So many are not in it. Nothing else is said of them: researchers were promised nothing of theirs."""
        self.heads[why] += people

    def rows(self) -> Iterator[Row]:
        """All lines of `aggregate/tables.csv`."""
        for table, measures in (("work", tuple(WORK)), ("meetings", tuple(MEETINGS))):
            lines = {week.isoformat(): self._line(week, measures) for week in self._over.mondays}
            weeks = weeks_of_all(lines, ADDED_UP[table])
            for week, line in lines.items():
                people = {name: "0" if line[_whole(name)] == "0" else SUPPRESSED for name in line}
                yield from _told(table, week, line, people, int(week in weeks))
            total = added_up([lines[week] for week in weeks], measures)
            people = {name: self._people(_whole(name), {week: lines[week] for week in weeks}) for name in measures}
            yield from _told(table, ALL, total, people, len(weeks))
            if table == "work":
                yield from (_row("flow", "shown", ALL, name, total[name], people[name], len(weeks)) for name in SHOWN)
        yield from self._flow_rows()

    def _line(self, week: date, measures: tuple[str, ...]) -> Line:
        times = {name: self.times[week, name] for name in EVERY}
        people = {name: self.people[week, name] for name in EVERY}
        found = {name: SUPPRESSED if is_few(people[name]) else rounded(times[name]) for name in measures}
        for name, value in shown_of_due(times, people).items() if "due" in measures else ():
            found[name] = SUPPRESSED if value is None else str(value)
        return found

    def _people(self, name: str, lines: Mapping[str, Line]) -> str:
        """How many people did it in any of these weeks."""
        values = [line[name] for line in lines.values()]
        if not values or SUPPRESSED in values or 0 < sum(value != "0" for value in values) < FEWEST_WEEKS:
            return SUPPRESSED
        within = {date.fromisoformat(week) for week in lines}
        return coarse(sum(n for (one, weeks), n in self.when.items() if one == name and weeks & within))

    def _flow_rows(self) -> Iterator[Row]:
        """Who is on the services' pages, and who of them is in the bundle: the lines add up to `page`."""
        others = sorted(self.heads.keys() - {"bundle"})
        lines = {"bundle": coarse(self.heads["bundle"]), **{who: rounded(self.heads[who]) for who in others}}
        whole = SUPPRESSED if SUPPRESSED in lines.values() else str(sum(map(int, lines.values())))
        for who, people in (*lines.items(), ("page", whole)):
            yield _row("flow", who, ALL, "people", people, people, NOT_APPLICABLE)


def coarse(people: int) -> str:
    """People of numbers that are to the nearest 5: to the nearest 10, under 15 hidden.

    More coarsely than those, so that where a number has moved since the bundle before and its people have not, the
    people who came can still be 8 or more.
    """
    if 0 < people < 15:
        return SUPPRESSED
    return str((people + 5) // 10 * 10)


def weeks_of_all(lines: Mapping[str, Line], choices: tuple[tuple[str, ...], ...]) -> list[str]:
    """The weeks that the line of all weeks adds up: those that show each number of one choice.

    Of the choices, that by which most numbers are added up; of two the one that tells more. Weeks in which nothing
    happened show noughts, so they do not decide. None where only noughts are shown and something is hidden.
    """
    found: list[str] = []
    most = 0
    for choice in choices:
        weeks = [week for week, line in lines.items() if all(line[name] != SUPPRESSED for name in choice)]
        numbers = len(choice) * sum(lines[week][choice[0]] != "0" for week in weeks)
        if numbers and numbers >= most:
            found, most = weeks, numbers
    quiet = all(line[choices[0][0]] == "0" for line in lines.values())
    return list(lines) if quiet else found


def added_up(lines: list[Line], measures: tuple[str, ...]) -> Line:
    """The sum of each number that all these lines show. Of no lines nothing."""
    cells = {name: [line[name] for line in lines] for name in measures}
    return {
        name: str(sum(map(int, several))) if several and SUPPRESSED not in several else SUPPRESSED
        for name, several in cells.items()
    }


def _whole(name: str) -> str:
    return "due" if name in FAMILY else name


def _told(table: str, week: str, line: Line, people: Line, weeks: int) -> Iterator[Row]:
    yield from (_row(table, "bundle", week, name, value, people[name], weeks) for name, value in line.items())
    for rate, part in RATE_OF.items() if "due" in line else ():
        yield _row(table, "bundle", week, rate, _rate(line, part), people["due"], weeks)


def _rate(line: Line, part: str) -> str:
    """In percent, of the two numbers that stand in the same line."""
    above, below = line[part], line["due"]
    if SUPPRESSED in (above, below):
        return SUPPRESSED
    return str(round(100 * int(above) / int(below))) if int(below) else NOT_APPLICABLE


def _row(table: str, scope: str, week: str, name: str, value: str, people: str, weeks: int | str) -> Row:
    n = SUPPRESSED if value == SUPPRESSED else people
    unit = "percent" if name in RATES else "people" if name == "people" else "times"
    return {
        "table": table, "scope": scope, "week": week, "measure": name, "figure": FIGURES.get(name, "count"),
        "unit": unit, "value": _number(value), "n": _number(n), "in_all": weeks,
    }  # fmt: skip


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
