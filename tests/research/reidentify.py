"""Tries to single people out of a bundle, knowing a few facts of them, by its CSV files and nothing of the program.

    python tests/research/reidentify.py BUNDLE [BUNDLE OF ANOTHER STUDY]

What came of it stands in docs/reidentification.md.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pandas

NO_DAY = ("not-applicable", "not-known", "not-yet", "suppressed")
NAME = "[a-z2-7]{16}"  # a pseudonym

# What somebody could know, by who would: each word is a column of `people`.
COLLEAGUE = ("age_band", "language", "start_week", "weekday")  # sees them leave the desk for the same call every week
RELATIVE = (*COLLEAGUE, "attended", "missed", "weeks", "mode", "part_of_day", "worksheets", "together")
PHONE = (*RELATIVE, "entries", "phones")  # has the phone in hand once
FACTS = PHONE


def tables(folder: Path) -> dict[str, pandas.DataFrame]:
    """Every table of a bundle, each cell as it lies."""
    found = (folder / "data").glob("*_data.csv")
    return {
        path.name.removesuffix("_data.csv"): pandas.read_csv(path, dtype=str, keep_default_na=False) for path in found
    }


def numbers(cells: pandas.Series) -> pandas.Series:
    """Days and counts; none where a word stands for what is missing."""
    return pandas.to_numeric(cells, errors="coerce")


def dates_of_day_zero(data: dict[str, pandas.DataFrame], as_of: date) -> dict[str, date]:
    """The date of day zero of everybody who is still followed: the moment of the bundle less `m11_days`."""
    first = numbers(data["assignments"]["agreed_day"]).groupby(data["assignments"]["episode"]).min()
    courses = data["episodes"][data["episodes"]["m11_event"] == "still_followed"]
    days = numbers(courses["m11_days"]) + courses["episode"].map(first)
    return {pid: as_of - timedelta(days=int(day)) for pid, day in zip(courses["pid"], days, strict=True)}


def people(data: dict[str, pandas.DataFrame], as_of: date) -> pandas.DataFrame:
    """One row for each person of what somebody who knows them could know, read from the bundle."""
    known, visits = data["participants"].set_index("pid"), data["appointments"]
    zero = dates_of_day_zero(data, as_of)
    came = visits[visits["state"] == "attended"].assign(day=lambda rows: numbers(rows["day"]))
    by, shared = came.groupby("pid"), visits["appointment"].duplicated(keep=False)
    told = pandas.DataFrame(index=known.index)
    told["age_band"], told["language"], told["phones"] = known["age_band"], known["language"], known["phones"]
    told["start_week"] = [week(zero[pid]) if pid in zero else "ended" for pid in told.index]
    told["weekday"] = weekday(came, zero).reindex(told.index, fill_value="not known")
    told["attended"] = by.size().reindex(told.index, fill_value=0)
    told["missed"] = visits[visits["state"] == "missed"].groupby("pid").size().reindex(told.index, fill_value=0)
    told["weeks"] = ((by["day"].max() - by["day"].min()) // 7).reindex(told.index, fill_value=-1)
    for name, column in (("mode", "mode"), ("part_of_day", "band")):
        told[name] = by[column].agg(commonest).reindex(told.index, fill_value="none")
    given = data["assignments"].groupby("pid")["worksheet"].agg(lambda cells: " ".join(sorted(set(cells))))
    told["worksheets"] = given.reindex(told.index, fill_value="none")
    told["together"] = [pid in set(visits.loc[shared, "pid"]) for pid in told.index]
    told["entries"] = data["entries"].groupby("pid").size().reindex(told.index, fill_value=0)
    return told


def weekday(came: pandas.DataFrame, zero: dict[str, date]) -> pandas.Series:
    """The usual weekday of those whose dates are known."""
    known = came[came["pid"].isin(zero)]
    when = zip(known["pid"], known["day"], strict=True)
    days = [(zero[pid] + timedelta(days=int(day))).strftime("%A") for pid, day in when]
    return known.assign(weekday=days).groupby("pid")["weekday"].agg(commonest)


def week(day: date) -> str:
    """The calendar week of a date."""
    return "{}-W{}".format(*day.isocalendar()[:2])


def commonest(cells: pandas.Series) -> str:
    """The value there is most of; of two, the one that comes first."""
    return min(Counter(cells).items(), key=lambda pair: (-pair[1], pair[0]))[0]


def alone(told: pandas.DataFrame, facts: Iterable[str]) -> pandas.Series:
    """Of each person, among how many they hide from somebody who knows these facts."""
    return told.groupby(list(facts))[told.columns[0]].transform("size")


def fewest(told: pandas.DataFrame, facts: tuple[str, ...], most: int = 4) -> Counter[int]:
    """How many people the best choice of so many facts singles out, for 1, 2, … facts; 0: not even all of them."""
    found: dict[str, int] = {}
    for number in range(1, most + 1):
        for some in combinations(facts, number):
            sizes = alone(told, some)
            for pid in sizes.index[sizes == 1]:
                found.setdefault(pid, number)
    return Counter([found.get(pid, 0) for pid in told.index])


def shares(told: pandas.DataFrame, facts: tuple[str, ...], number: int) -> tuple[float, float, tuple[str, ...]]:
    """Of so many facts taken at random, and of the best: the share singled out. With which those are."""
    found = {some: float((alone(told, some) == 1).mean()) for some in combinations(facts, number)}
    best = max(found, key=lambda some: found[some])
    return sum(found.values()) / len(found), found[best], best


def by_days(days: dict[str, frozenset[int]], several: int, tries: int = 20, seed: int = 1) -> float:
    """The share of people singled out by so many of their own days, chosen at random, without knowing their dates."""
    rng, alone_in, asked = random.Random(seed), 0, 0
    for own in (own for own in days.values() if len(own) >= several):
        for _ in range(tries):
            chosen = sorted(rng.sample(sorted(own), several))
            gaps = [day - chosen[0] for day in chosen]
            fit = sum(any(all(day + gap in theirs for gap in gaps) for day in theirs) for theirs in days.values())
            alone_in, asked = alone_in + (fit == 1), asked + 1
    return alone_in / asked if asked else 0.0


def days_of(rows: pandas.DataFrame, column: str) -> dict[str, frozenset[int]]:
    """The days of each person in one column."""
    kept = rows[~rows[column].isin(NO_DAY)]
    return {pid: frozenset(map(int, days)) for pid, days in kept.groupby("pid")[column]}


def shapes(data: dict[str, pandas.DataFrame]) -> dict[str, Hashable]:
    """What happened to each person, by day: every table they are in, less the names, which are another study's."""
    made: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name, rows in data.items():
        plain = [column for column in rows.columns if not rows[column].str.fullmatch(NAME).any()]
        for pid, *cells in rows[["pid", *plain]].itertuples(index=False):
            made[pid].append((name, *cells))
    return {pid: tuple(sorted(made[pid])) for pid in data["participants"]["pid"]}


def joined(one: dict[str, Hashable], other: dict[str, Hashable]) -> dict[str, str]:
    """Names of one bundle with the name in another that has the same shape, where there is one such in each."""
    of_one, of_other = _once(one), _once(other)
    return {of_one[shape]: of_other[shape] for shape in of_one.keys() & of_other.keys()}


def _once(shapes_of: dict[str, Hashable]) -> dict[Hashable, str]:
    several = Counter(shapes_of.values())
    return {shape: pid for pid, shape in shapes_of.items() if several[shape] == 1}


def report(folder: Path, other: Path | None) -> None:
    """Print what came of each attempt."""
    data = tables(folder)
    as_of = date.fromisoformat(json.loads((folder / "manifest.json").read_text("utf-8"))["as_of"][:10])
    told = people(data, as_of)
    print(f"{len(told)} people; date of day zero worked out: {len(dates_of_day_zero(data, as_of))}")
    print(f"smallest group by age band and language: {alone(told, ('age_band', 'language')).min()}")
    for name, facts in (("colleague", COLLEAGUE), ("relative", RELATIVE), ("has the phone once", PHONE)):
        whole = int((alone(told, facts) == 1).sum())
        print(f"{name}: all {len(facts)} facts single out {whole}; fewest needed {sorted(fewest(told, facts).items())}")
        for number in (3, 4):
            mean, most, best = shares(told, facts, number)
            print(f"  {number} facts: on average {mean:.0%}, at best {most:.0%} ({', '.join(best)})")
    for fact in FACTS:
        print(f"  {fact} alone: {int((alone(told, (fact,)) == 1).sum())}")
    came = data["appointments"][data["appointments"]["state"] == "attended"]
    for name, days in (("appointments", days_of(came, "day")), ("entries", days_of(data["entries"], "happened_day"))):
        print(f"days of {name}:", {several: f"{by_days(days, several):.0%}" for several in (2, 3, 4, 5)})
    if other:
        found = joined(shapes(data), shapes(tables(other)))
        print(f"joined with the other study by what happened: {len(found)} of {len(told)}")


if __name__ == "__main__":
    report(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
