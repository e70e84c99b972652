"""Nobody who holds `aggregate/tables.csv`, and the one of the bundle before, works out what it hides.

Made-up people, so that the truth is known and every kind of table comes by; the attacker is in differencing.py.
"""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from server.research.weekly import Weekly
from tests.conftest import Demonstration
from tests.research import differencing
from tests.research.differencing import (
    ALONE,
    ATOMS,
    GROUPS,
    HIDDEN,
    MADE_OF,
    Attacker,
    Line,
    around,
    atoms_of,
    told_too_much,
)

WEEKS = [date(2026, 8, 24) + timedelta(weeks=n) for n in range(12)]
TRIES = 3
Mine = Counter


def one_person(chance: random.Random, busy: float) -> Counter:
    """What somebody did: few weeks or many, one kind of answer more than others."""
    mine: Counter = Counter()
    weights = [chance.choice([0, 1, 5, 20]) for _ in ATOMS]
    for week in WEEKS:
        if chance.random() < busy and sum(weights):
            for atom in chance.choices(ATOMS, weights, k=chance.randint(1, 6)):
                mine.update((week, name) for name in (atom, *(one for one in MADE_OF if atom in atoms_of(one))))
        mine.update((week, name) for name in ALONE if chance.random() < busy / 2)
    return mine


def rows_of(people: list[Counter], elsewhere: int = 0) -> list[dict]:
    weekly = Weekly(Demonstration.now)
    for mine in people:
        weekly.add(mine)
    weekly.left("research_no", elsewhere)
    return list(weekly.rows())


def lines_of(people: list[Counter]) -> dict[str, Line]:
    """Week → all that the table says of it, and of how many people the bundle is."""
    rows = rows_of(people)
    [heads] = [
        (str(row["value"]), str(row["n"])) for row in rows if row["scope"] == "bundle" and row["table"] == "flow"
    ]
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in rows:
        if row["table"] != "flow":
            found.setdefault(row["week"], {"people": heads})[row["measure"]] = str(row["value"]), str(row["n"])
    return {week: line for week, line in found.items() if week != "all"}


def crowd(seed: int) -> list[Counter]:
    chance = random.Random(seed)
    busy = chance.choice([0.05, 0.2, 0.6])
    return [one_person(chance, busy) for _ in range(chance.choice([6, 20, 40, 90]))]


@pytest.mark.parametrize("seed", range(TRIES))
def test_no_hidden_number_can_be_worked_out_from_what_is_shown(seed):
    for week, line in lines_of(crowd(seed)).items():
        assert told_too_much(line) == [], (week, line)


@pytest.mark.parametrize("seed", range(TRIES))
def test_the_bundle_before_does_not_tell_what_one_who_came_did(seed):
    people = crowd(seed)
    first, second = lines_of(people[:-1]), lines_of(people)
    for week in first:
        assert told_too_much(first[week], second[week]) == [], (week, first[week], second[week])


def did(*atoms: str) -> Counter:
    """Somebody who did this in one week, and nothing in the others."""
    mine: Counter = Counter()
    for atom in atoms:
        mine.update((WEEKS[3], name) for name in (atom, *(one for one in MADE_OF if atom in atoms_of(one))))
    return mine


@pytest.mark.parametrize(
    ("before", "came"),
    [
        ([did("not_done")] * 9, did("unknown")),
        ([did("not_done")] * 9 + [did("no_answer")] * 9, did("unknown")),
        ([did("done")] * 9 + [did("not_done")] * 9, did("partly")),
        ([did("done")] * 9, did("not_done")),
        ([did(*["done"] * 4)] * 20, did("partly")),
        ([did("attended")] * 12, did("attended")),
        ([did("agreed", "agreed")] * 14, did("agreed")),
        ([did("done", "done", "not_done")] * 29, did("done", "not_done")),
        ([did("done", "done", "not_done")] * 14, did("done")),
    ],
)
def test_the_first_who_did_something_is_not_told_by_the_bundle_before(before, came):
    """A part that was nothing and is joined to another now; a number that moves while its people do not, or they do."""
    week = WEEKS[3].isoformat()
    first, second = lines_of(before)[week], lines_of([*before, came])[week]
    assert told_too_much(first, second) == [], (first, second)


def test_what_the_attacker_says_holds_the_truth():
    people = crowd(1)
    for week, line in lines_of(people).items():
        attacker = Attacker(line)
        for group in GROUPS:
            real = [mine[date.fromisoformat(week), group] for mine in people]
            for kind, number in (("times", sum(real)), ("people", sum(map(bool, real)))):
                least, most = attacker.bounds({(0, kind, group): 1})
                assert least <= number <= most, (week, kind, group)


def test_the_other_lines_are_worked_out_of_the_weeks_that_are_shown():
    """The line of all weeks, rates and `shown`: they tell nothing that the weeks do not, but how many people it is."""
    weeks_seen = set()
    for seed in range(20):
        rows = rows_of(crowd(seed), elsewhere=seed)
        told = {(row["scope"], row["week"], row["measure"]): row["value"] for row in rows}
        for table, choices in (("work", WORK_LINES), ("meetings", MEETING_LINES)):
            whole = in_all({key[1:]: value for key, value in told.items() if key[0] == "bundle"}, choices)
            weeks_seen.add((table, len(whole)))
            for row in (row for row in rows if row["table"] == table):
                if row["week"] != "all":
                    assert row["in_all"] == (row["week"] in whole)
                elif row["measure"] not in ("m1", "m2"):
                    cells = [told["bundle", week, row["measure"]] for week in whole]
                    assert row["value"] == (sum(cells) if cells and HIDDEN not in cells else HIDDEN)
                if row["measure"] in ("m1", "m2"):
                    above = told["bundle", row["week"], "done" if row["measure"] == "m1" else "tried"]
                    assert row["value"] == rate(above, told["bundle", row["week"], "due"])
        for name in ("due", "tried"):
            assert told["shown", "all", name] == told["bundle", "all", name]
        heads = [told[scope, "all", "people"] for scope in ("bundle", "research_no")]
        assert told["page", "all", "people"] == (HIDDEN if HIDDEN in heads else sum(heads))
    assert len(weeks_seen) > 6


WORK_LINES = (("due",), ("due", "tried"), ("due", "tried", "done"), ("due", "tried", "done", *ATOMS[2:]))
MEETING_LINES = (("attended",), ("attended", "missed"), ("attended", "missed", "cancelled"))


def in_all(told: dict, choices: tuple) -> list[str]:
    """The weeks of the line of all, from what is shown of the weeks."""
    weeks = [week.isoformat() for week in WEEKS]
    found = [[week for week in weeks if all(told[week, name] != HIDDEN for name in choice)] for choice in choices]
    numbers = [
        len(choice) * sum(told[week, choice[0]] != 0 for week in several)
        for choice, several in zip(choices, found, strict=True)
    ]
    if not max(numbers):
        return weeks if all(told[week, choices[0][0]] == 0 for week in weeks) else []
    return max(zip(numbers, map(len, choices), found, strict=True))[2]


def rate(above, below):
    return HIDDEN if HIDDEN in (above, below) else round(100 * above / below) if below else "not-applicable"


@pytest.fixture
def before_and_after():
    """One who came, once as it is told and once changed: the attacker forgets between what they worked out."""
    week = WEEKS[3].isoformat()
    people = [did("attended", "attended", "done", "done", "not_done")] * 2 + [did("attended", "not_done", "done")] * 8
    yield lines_of(people)[week], lines_of([*people, did("attended", "done")])[week]
    differencing._told_too_much.cache_clear()


def test_an_n_of_each_week_is_found_out(before_and_after, monkeypatch):
    """As the table was: the number moves from 10 to 15, and its people stay at 10."""
    first, second = before_and_after
    assert (first["attended"][0], second["attended"][0]) == ("10", "15")
    assert told_too_much(first, second) == []
    plain = differencing.around_people
    monkeypatch.setattr(differencing, "around_people", lambda n: around(int(n)) if n == "10" else plain(n))
    finer = [{**line, "attended": (line["attended"][0], "10")} for line in (first, second)]
    assert ("of bundle 1", "people attended", 1, 4) in told_too_much(*finer)


def test_numbers_that_are_not_rounded_are_found_out(before_and_after, monkeypatch):
    first, second = before_and_after
    assert (first["tried"][0], second["tried"][0]) == ("10", "15")
    monkeypatch.setattr(differencing, "around", lambda number: (number, number))
    exact = [
        {**line, "due": (str(tried + 10), HIDDEN), "tried": (str(tried), HIDDEN), "attended": (str(came), HIDDEN)}
        for line, tried, came in ((first, 12, 12), (second, 13, 13))
    ]
    assert ("of bundle 1", "people tried", 1, 1) in told_too_much(*exact)
