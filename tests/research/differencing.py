"""Somebody who holds all of `aggregate/tables.csv`, and of the bundle before, and knows the rules it was made by.

What they can say of a number is the least and the most it can be: integer programming over all that a week shows, its
`n` too. Weeks are taken one by one, as no number shown is of two weeks but what others shown add up to (a test).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp

ATOMS = ("done", "partly", "not_done", "no_answer", "unknown")
ALONE = ("agreed", "left_out", "attended", "missed", "cancelled")  # counts that are part of no other
MADE_OF = {"tried": ("done", "partly"), "rest": ("not_done", "no_answer", "unknown"), "due": ("tried", "rest")}
GROUPS = (*ATOMS, *MADE_OF, *ALONE)
CUTS = (  # finest first, as the program takes the first of which each part is of 8 people or more
    ATOMS, ("done", "partly", "rest"), ("tried", "rest"), ("due",),
)  # fmt: skip
MOST = 10_000  # nobody does more
HIDDEN = "suppressed"

Line = Mapping[str, tuple[str, str]]  # measure → value, n; "people": who is in the bundle
Terms = Mapping[tuple[int, str, str], int]  # (bundle, times or people, group) → how often


def atoms_of(name: str) -> tuple[str, ...]:
    """What a count is made of."""
    return tuple(atom for one in MADE_OF[name] for atom in atoms_of(one)) if name in MADE_OF else (name,)


def around(number: int) -> tuple[int, int]:
    """What a number may have been before it was rounded; one that was not rounded is itself."""
    return (0, 0) if number == 0 else (max(8, number - 2), number + 2) if number % 5 == 0 else (number, number)


def around_people(number: str) -> tuple[int, int]:
    """Likewise of people: to the nearest 10, of fewer than 15 hidden."""
    return (1, 14) if number == HIDDEN else (0, 0) if number == "0" else (int(number) - 5, int(number) + 4)


class Attacker:
    """One week of one bundle or two. In the second the unknowns are of those who came to the first."""

    def __init__(self, *lines: Line) -> None:
        kinds = ("times", "people")
        unknowns = [(at, kind, group) for at in range(len(lines)) for kind in kinds for group in (*GROUPS, "everybody")]
        choices = [(at, "few", group) for at in range(len(lines)) for group in GROUPS]
        self._places = {one: at for at, one in enumerate((*unknowns, *choices))}
        self._whole = numpy.ones(len(self._places))
        self._top = numpy.array([float(MOST)] * len(unknowns) + [1.0] * len(choices))
        self._rows: list[numpy.ndarray] = []
        self._least: list[float] = []
        self._most: list[float] = []
        for at, line in enumerate(lines):
            self._alike(at)
            self._read(range(at + 1), line)

    def bounds(self, terms: Terms) -> tuple[int, int]:
        """The least and the most that a sum of unknowns can be."""
        wanted = self._row(terms)
        return round(self._solve(wanted)), -round(self._solve(-wanted))

    def told(self, terms: Terms) -> tuple[int, int] | None:
        """The bounds, if they tell of few; the most is not asked for where it may be nobody."""
        least = round(self._solve(self._row(terms)))
        return found if 1 <= least <= 7 and is_told(found := self.bounds(terms)) else None

    def _solve(self, wanted: numpy.ndarray) -> float:
        limits = LinearConstraint(numpy.array(self._rows), self._least, self._most)
        found = milp(wanted, constraints=limits, integrality=self._whole, bounds=Bounds(0, self._top))
        assert found.status == 0, found.message  # what is shown is possible
        return float(found.fun)

    def _row(self, terms: Terms) -> numpy.ndarray:
        row = numpy.zeros(len(self._places))
        for one, times in terms.items():
            row[self._places[one]] += times
        return row

    def _between(self, terms: Terms, least: float, most: float) -> None:
        self._rows.append(self._row(terms))
        self._least.append(least)
        self._most.append(most)

    def _alike(self, at: int) -> None:
        """What holds of any people: who is in a part is in the whole, and did it once or more."""
        for group in GROUPS:
            people, times = (at, "people", group), (at, "times", group)
            self._between({times: 1, people: -1}, 0, MOST)
            self._between({people: MOST, times: -1}, 0, MOST**2)
            self._between({(at, "people", "everybody"): 1, people: -1}, 0, MOST)
            parts = MADE_OF.get(group, ())
            if parts:
                self._between({times: 1, **{(at, "times", one): -1 for one in parts}}, 0, 0)
                self._between({people: -1, **{(at, "people", one): 1 for one in parts}}, 0, MOST)
            for one in parts:
                self._between({people: 1, (at, "people", one): -1}, 0, MOST)

    def _read(self, both: range, line: Line) -> None:
        self._between(self._of(both, "people", "everybody"), *around_people(line["people"][1]))
        for group in ALONE:
            value, n = line[group]
            people = self._of(both, "people", group)
            self._between(people, *((1, 7) if value == HIDDEN else (8, MOST) if value != "0" else (0, 0)))
            if value != HIDDEN:
                self._between(self._of(both, "times", group), *around(int(value)))
            if n != HIDDEN:
                self._between(people, *around_people(n))
        if line["due"][1] != HIDDEN:
            self._between(self._of(both, "people", "due"), *around_people(line["due"][1]))
        if line["due"][0] == HIDDEN:
            self._between(self._of(both, "people", "due"), 1, 7)
            return
        cut = seen(line)
        for group, number in cut.items():
            self._between(self._of(both, "times", group), *around(number))
            self._between(self._of(both, "people", group), 8 if number else 0, MOST if number else 0)
        if line["due"][0] == "0":
            return
        finer = CUTS.index(tuple(cut)) - 1
        if finer >= 0:
            self._one_is_few(both, CUTS[finer])

    def _one_is_few(self, both: range, groups: Iterable[str]) -> None:
        """Why this cut was not taken."""
        for group in groups:
            self._between({**self._of(both, "people", group), (both[-1], "few", group): MOST}, 0, MOST + 7)
        self._between({(both[-1], "few", group): 1 for group in groups}, 1, len(CUTS[0]))

    def _of(self, both: range, kind: str, group: str) -> dict[tuple[int, str, str], int]:
        return {(at, kind, group): 1 for at in both}


def seen(line: Line) -> dict[str, int]:
    """The parts that were rounded, as a line shows them: the finest of which it tells the numbers, zeros or not."""
    number = {name: int(value) for name, (value, _) in line.items() if name in GROUPS and value != HIDDEN}
    if "tried" not in number:
        return {"due": number["due"]}
    number["rest"] = number["due"] - number["tried"]
    if "done" not in number:
        return {name: number[name] for name in CUTS[2]}
    number["partly"] = number["tried"] - number["done"]
    return {name: number[name] for name in (CUTS[0] if "unknown" in number else CUTS[1])}


def told_too_much(*lines: Line) -> list[tuple[str, str, int, int]]:
    """What can be known too narrowly of one week, from one bundle or two: of whom or what, and from what to what."""
    return _told_too_much(tuple(tuple(sorted(line.items())) for line in lines))


NARROWEST = 4  # from the least to the most: a number that is shown is not known more narrowly either


@cache
def _told_too_much(lines: tuple[tuple[tuple[str, tuple[str, str]], ...], ...]) -> list[tuple[str, str, int, int]]:
    several = [dict(line) for line in lines]
    attacker, found = Attacker(*several), []
    last = len(several) - 1
    for at in range(len(several)):
        for group in GROUPS:
            hidden = last == 0 and several[0].get(group, (HIDDEN,))[0] == HIDDEN and group not in ("partly", "rest")
            times = attacker.bounds({(at, "times", group): 1}) if hidden else (0, MOST)
            if times[1] - times[0] < NARROWEST:
                found.append((f"{at} times", group, *times))
        sums: dict[str, Terms] = {f"people {group}": {(at, "people", group): 1} for group in GROUPS}
        for whole, part in (("everybody", "due"), ("due", "tried"), ("due", "rest"), ("tried", "done")):
            sums[f"people {whole}, not {part}"] = {(at, "people", whole): 1, (at, "people", part): -1}
        if at:
            sums |= {f"times {group}": {(at, "times", group): 1} for group in GROUPS}
            for two in combinations(ATOMS[2:], 2):
                sums[f"times {two[0]} or {two[1]}"] = {(at, "times", group): 1 for group in two}
        for name, terms in sums.items():
            if bounds := attacker.told(terms):
                found.append((f"of bundle {at}", name, *bounds))
    return found


def is_told(people: tuple[int, int]) -> bool:
    """Whether it is known of few people how many they are, more narrowly than *suppressed* (1 to 7) says it itself."""
    least, most = people
    return least >= 1 and most <= 7 and most - least < NARROWEST
