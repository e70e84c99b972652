"""Somebody who holds every number of `aggregate/tables.csv`, and of the bundle before, works out what is hidden.

They know the rules by which it was made. What they can say of a number is the least and the most it can be, by linear
programming over all that is shown; made-up people, so that the truth is known and every kind of table comes by.
"""

import random
import sys
from collections import Counter
from datetime import date, timedelta

import numpy
import pytest
from scipy.optimize import linprog

from server.research.weekly import MADE_OF, Weekly
from server.research.weekly_fields import ALL
from tests.conftest import Demonstration

ATOMS = ("done", "partly", "not_done", "no_answer", "unknown")
MEASURES = ("due", "tried", *ATOMS)
WEEKS = [date(2026, 8, 24) + timedelta(weeks=n) for n in range(12)]
NARROWEST = 4  # from the least to the most: a number that is shown is not known more narrowly either
TRIES = 5


def atoms_of(name: str) -> tuple[str, ...]:
    """What a count is made of."""
    return tuple(atom for one in MADE_OF[name] for atom in atoms_of(one)) if name in MADE_OF else (name,)


def one_person(chance: random.Random, busy: float) -> Counter:
    """What somebody did: few weeks or many, one kind of answer more than others."""
    mine: Counter = Counter()
    weights = [chance.choice([0, 1, 5, 20]) for _ in ATOMS]
    for week in WEEKS:
        if chance.random() < busy and sum(weights):
            for atom in chance.choices(ATOMS, weights, k=chance.randint(1, 6)):
                parents = [name for name in MADE_OF if atom in atoms_of(name)]
                mine.update((week, name) for name in (atom, *parents))
    return mine


def shown(people: list[Counter]) -> dict[tuple[str, str], str]:
    """(week, measure) → what the table says."""
    weekly = Weekly(Demonstration.now)
    for mine in people:
        weekly.add(mine)
    rows = [row for row in weekly.rows() if row["table"] == "work" and row["measure"] in MEASURES]
    return {(row["week"], row["measure"]): str(row["value"]) for row in rows}


def truth(people: list[Counter]) -> Counter:
    return sum(people, Counter())


class Attacker:
    """Bounds of everything that is not shown: one unknown for each week, kind of answer and bundle."""

    def __init__(self, first: dict, second: dict | None = None) -> None:
        self.places = {
            (bundle, week.isoformat(), atom): at
            for at, (bundle, week, atom) in enumerate(
                (bundle, week, atom) for bundle in range(1 + bool(second)) for week in WEEKS for atom in ATOMS
            )
        }
        self.above: list[numpy.ndarray] = []
        self.most: list[float] = []
        for bundle, told in enumerate((first, second) if second else (first,)):
            self._read(bundle, told)

    def bounds(self, terms: list[tuple[int, str, str]]) -> tuple[int, int | None]:
        """The least and the most that the sum of these unknowns can be; None: no limit."""
        wanted = self._line(terms)
        return round(self._solve(wanted)), None if (most := self._solve(-wanted)) is None else -round(most)

    def _solve(self, wanted: numpy.ndarray) -> float | None:
        found = linprog(wanted, A_ub=numpy.array(self.above), b_ub=self.most, bounds=(0, None), method="highs")
        assert found.status in (0, 3), found.message  # what is shown is possible
        return found.fun if found.status == 0 else None

    def _line(self, terms) -> numpy.ndarray:
        line = numpy.zeros(len(self.places))
        for bundle, week, atom in terms:
            line[self.places[bundle, week, atom]] += 1
        return line

    def _between(self, terms, least: float, most: float) -> None:
        line = self._line(terms)
        self.above += [line, -line]
        self.most += [most, -least]

    def _read(self, bundle: int, told: dict) -> None:
        """In the second bundle the unknowns are what came to those of the first: its numbers are of both."""
        both = range(bundle + 1)
        for week in (one.isoformat() for one in WEEKS):
            line = {name: told[week, name] for name in MEASURES if (week, name) in told}
            if line["due"] == "suppressed":
                self._between([(one, week, atom) for one in both for atom in ATOMS], 1, 10_000)
                continue
            numbers = {name: int(text) for name, text in line.items() if text != "suppressed"}
            for atoms, number in self._parts(numbers):
                terms = [(one, week, atom) for one in both for atom in atoms]
                self._between(terms, *_around(number))
        for name in MEASURES:
            self._total(both, name, told)

    def _parts(self, numbers: dict[str, int]) -> list[tuple[tuple[str, ...], int]]:
        """The parts that were rounded: the finest that can be seen in the line."""
        if "tried" not in numbers:
            found = {"due": numbers["due"]}
        elif "done" not in numbers:
            found = {"tried": numbers["tried"], "rest": numbers["due"] - numbers["tried"]}
        else:
            found = {"done": numbers["done"], "partly": numbers["tried"] - numbers["done"]}
            fine = {name: numbers[name] for name in MADE_OF["rest"] if name in numbers}
            found |= fine or {"rest": numbers["due"] - numbers["tried"]}
        return [(atoms_of(name), number) for name, number in found.items()]

    def _total(self, both: range, name: str, told: dict) -> None:
        """A total that is more than the numbers shown add up to tells of those that are not."""
        total, cells = told.get((ALL, name), "suppressed"), [told.get((w.isoformat(), name)) for w in WEEKS]
        numbers = [int(cell) for cell in cells if cell not in (None, "suppressed")]
        if total != "suppressed" and int(total) != sum(numbers):
            terms = [(one, week.isoformat(), atom) for one in both for week in WEEKS for atom in atoms_of(name)]
            self._between(terms, *_around(int(total)))


def _around(number: int) -> tuple[int, int]:
    """What a number may have been before it was rounded; one that was not rounded is itself."""
    return (0, 0) if number == 0 else (max(8, number - 2), number + 2) if number % 5 == 0 else (number, number)


def told_too_much(first: dict, second: dict | None = None) -> list[tuple]:
    """Hidden numbers that can be known too narrowly; with a second bundle, what those who came did if it is 1 to 7."""
    attacker, found = Attacker(first, second), []
    for week in (one.isoformat() for one in WEEKS):
        for name in MEASURES:
            last = 1 if second else 0
            terms = [(last, week, atom) for atom in atoms_of(name)]
            least, most = attacker.bounds(terms)
            hidden = first[week, "done" if name == "partly" else name] == "suppressed"  # partly: tried less done
            if most is None:
                continue
            if second and least >= 1 and most <= 7:
                found.append((week, name, least, most))
            if not second and hidden and most - least < NARROWEST:
                found.append((week, name, least, most))
    return found


def crowd(seed: int) -> list[Counter]:
    chance = random.Random(seed)
    busy = chance.choice([0.05, 0.2, 0.6])
    return [one_person(chance, busy) for _ in range(chance.choice([6, 20, 40, 90]))]


@pytest.mark.parametrize("seed", range(TRIES))
def test_no_hidden_number_can_be_worked_out_from_what_is_shown(seed):
    assert told_too_much(shown(crowd(seed))) == []


@pytest.mark.parametrize("seed", range(TRIES))
def test_the_bundle_before_does_not_tell_what_one_who_came_did(seed):
    people = crowd(seed)
    first, second = shown(people[:-1]), shown(people)
    assert told_too_much(first, second) == []


def test_what_the_attacker_says_holds_the_truth():
    people = crowd(1)
    attacker, real = Attacker(shown(people)), truth(people)
    for week in WEEKS:
        for name in MEASURES:
            least, most = attacker.bounds([(0, week.isoformat(), atom) for atom in atoms_of(name)])
            assert least <= real[week, name] and (most is None or real[week, name] <= most)


def test_totals_from_exact_cells_are_found_out():
    people = [Counter({(WEEKS[3], name): 2 for name in ("due", "tried", "done")}) for _ in range(3)]
    told, real = shown(people), truth(people)
    assert told_too_much(told) == []
    told |= {(ALL, name): str(sum(real[week, name] for week in WEEKS)) for name in MEASURES}
    assert told_too_much(told)


def exact(people: list[Counter]) -> dict[tuple[str, str], str]:
    told, real = shown(people), truth(people)
    cells = [(week, name) for week, name in told if week != ALL and told[week, name] != "suppressed"]
    weeks = {place: text for place, text in told.items() if place[0] != ALL}
    return weeks | {(week, name): str(real[date.fromisoformat(week), name]) for week, name in cells}


def test_counts_that_are_not_rounded_are_found_out(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "_around", lambda number: (number, number))
    chance = random.Random(2)
    people = [one_person(chance, 0.6) for _ in range(40)]
    came = Counter({(WEEKS[3], name): 2 for name in ("due", "tried", "done")})
    assert told_too_much(exact(people), exact([*people, came]))
