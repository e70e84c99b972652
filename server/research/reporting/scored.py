"""Outcomes of the bundle: recovery and reliable change, and first to last scores."""

from __future__ import annotations

from collections import Counter, defaultdict
from re import findall

from .change import MISSING_HERE, Change, is_there
from .read import Person, Row, measure_names, number
from .shown import HIDDEN, NONE, Section, Seen, Table, between, counted, few, p_value, percent, points, tells, to_hide
from .sums import Mean, Pairs
from .together import Together

ALL_PAIRED = (
    ("Reliable improvement", "reliable", "improvement"),
    ("No reliable change", "reliable", "no_reliable_change"),
    ("Reliable deterioration", "reliable", "deterioration"),
)
AT_CASENESS = (("Recovery", "recovery", "yes"), ("Reliable recovery", "reliable_recovery", "yes"))

ABOUT = (
    "About: to the nearest 5, without degrees of freedom and d_z, since 7 people or fewer are between this count and"
    " another on this page. The rows of the bundle have it exactly."
)


class Outcomes:
    """The four outcomes of finished courses, and the first and last score of every course and scale."""

    def __init__(self, codes: dict[tuple[str, str], dict[str, str]], together: Together) -> None:
        self._names = measure_names(codes)
        self._scales = codes["measures", "scale"]
        self.n: Counter[str] = Counter()
        self.first_of_all: dict[tuple[str, str], Mean] = defaultdict(Mean)
        self.pairs: dict[tuple[str, str], Pairs] = defaultdict(Pairs)
        self.together = together

    def see(self, person: Person) -> None:
        """Courses, and their scores by day."""
        for row in person["outcomes"]:
            self._course(row)
        for key, days in by_day(person["measures"]).items():
            measure = key[1:]
            self.first_of_all[measure].add(days[min(days)])
            if len(days) > 1:
                self.pairs[measure].add(days[min(days)], days[max(days)])

    def section(self) -> Section:
        """How many are paired comes before everything else."""
        clustered, changes = self.together.sentence(), self._changes()
        return Section(
            "outcomes", "Outcomes", "M18, NHS Talking Therapies rules",
            "Recovery: at caseness at the start, and both the PHQ-9 and the anxiety measure below at the end. Reliable"
            " improvement: one falls by its reliable change or more, the other does not rise by as much. Constants and"
            " sources: codebook/measures.csv. Fall is first less last: positive is better. Effect sizes: d_z is the"
            " fall ÷ SD of the changes; d by first is the fall ÷ SD of the first scores of those paired.",
            _how_many(self.n["paired"], self.n["finished"]),
            "",
            (
                Table("Finished courses", ("Outcome", "Courses", "Share (Wilson 95 %)"), self._rules()),
                Table("First and last score of each course, open ones too", _HEAD, changes),
            ),
            (
                "What became of those without a last score is not known. A first-to-last change has no comparison"
                " group: people come when they are at their worst, and some get better by themselves.",
                clustered,
                *((ABOUT,) if any("about" in cell for row in changes for cell in row[1:3]) else ()),
                *(() if is_there() else (MISSING_HERE,)),
            ),
        )  # fmt: skip

    def _course(self, row: Row) -> None:
        if row["finished"] != "yes":
            return
        self.n["finished"] += 1
        if row["paired"] != "yes":
            return
        self.n["paired"] += 1
        self.n["caseness"] += row["at_caseness"] == "yes"
        for _, column, code in (*ALL_PAIRED, *AT_CASENESS):
            self.n[code if column == "reliable" else column] += row[column] == code

    def _rules(self) -> list[tuple[str, str, str]]:
        n = self.n
        rows = [counted("Paired, of finished", n["paired"], n["finished"], tells(n["paired"], n["finished"]))]
        for of, several, hidden in (
            ("paired", ALL_PAIRED, self._hidden_of_paired()),
            ("caseness", AT_CASENESS, self._hidden_at_caseness()),
        ):
            for at, (name, column, code) in enumerate(several):
                count = n[code if column == "reliable" else column]
                rows.append(counted(name, count, n[of], at in hidden))
        return rows

    def _hidden_of_paired(self) -> set[int]:
        if not self.n["paired"] or few(self.n["paired"]):
            return {0, 1, 2}
        return to_hide([self.n[code] for _, _, code in ALL_PAIRED])

    def _hidden_at_caseness(self) -> set[int]:
        """Recovery is part of who was at caseness, and they of the paired; reliable recovery of it and of who improved.

        Each would tell of few people by its distance from what it is part of.
        """
        n, hidden = self.n, set()
        if not n["caseness"] or tells(n["caseness"], n["paired"]):
            return {0, 1}
        if tells(n["recovery"], n["caseness"]):
            hidden.add(0)
        if any(tells(n["reliable_recovery"], n[of]) for of in ("recovery", "caseness", "improvement")):
            hidden.add(1)
        return hidden

    def _changes(self) -> list[tuple[str, ...]]:
        rows, seen = [], Seen(self._shown_above())
        for key in sorted(self.first_of_all):
            started, pairs = self.first_of_all[key], self.pairs[key]
            if few(started.n):
                continue
            measure, scale = key
            words = self._scales[scale].partition(": ")[2]
            name = self._names[measure] + (f": {words.lower()}" if scale != "total" and words else "")
            change = None if few(pairs.n) else pairs.change()
            paired, is_told = HIDDEN if few(pairs.n) else seen.told(pairs.n), pairs.n in seen.counts
            if few(started.n - pairs.n):  # how many are paired is told, at least about; so how many started is not
                begun, mean = HIDDEN, NONE
            else:
                begun, mean = seen.told(started.n), points(started.mean)
                if {pairs.n, started.n} <= seen.counts:
                    paired += f" ({percent(pairs.n / started.n)})"
            rows.append((name, begun, paired, mean, *_cells(change, is_told)))
        return rows

    def _shown_above(self) -> set[int]:
        """Each count that the page says exactly before these."""
        said = (_how_many(self.n["paired"], self.n["finished"]), *(count for _, count, _ in self._rules()))
        return {int(one.replace(",", "")) for text in said for one in findall(r"\d[\d,]*", text)} - {0}


_HEAD = (
    "Measure", "Started", "Paired", "First, of all", "First, of paired", "Last", "Fall (95 %)", "t (df), p",
    "d_z (95 %)", "d by first (95 %)",
)  # fmt: skip


def _how_many(paired: int, finished: int) -> str:
    if not finished:
        return "no finished course"
    if few(finished):
        return "7 finished courses or fewer"
    if few(paired):
        return f"{finished:,} finished courses"
    if few(finished - paired):
        return f"{paired:,} paired courses"
    return f"{paired:,} paired of {finished:,} finished courses"


def _cells(change: Change | None, is_told: bool) -> tuple[str, ...]:
    """`is_told`: how many they are is told exactly; else no degrees of freedom are, and no d_z, which is t ÷ √n."""
    if change is None:
        return (NONE,) * 6
    df = f" ({change.df:,})" if is_told else ""
    t = NONE if change.t is None else f"{change.t:.2f}{df}, p {p_value(change.p)}"
    d_z = _with(change.d_z, change.likely_d_z) if is_told else HIDDEN
    return (
        points(change.mean_first), points(change.mean_last), _with(change.fall, change.likely_fall), t, d_z,
        _with(change.d_first, change.likely_d_first),
    )  # fmt: skip


def _with(value: float | None, likely: tuple[float, float] | None) -> str:
    return NONE if value is None else f"{value:.2f} ({between(likely)})" if likely else f"{value:.2f}"


def by_day(rows: list[Row]) -> dict[tuple[str, str, str], dict[float, float]]:
    """(course, measure, scale) → its scores by day; of one day staff's own last word."""
    found: dict[tuple[str, str, str], dict[float, float]] = defaultdict(dict)
    order = sorted(rows, key=lambda row: (row["source"] == "practitioner", float(row["recorded_day"])))
    for row in order:
        value = number(row["value"])
        if value is not None:
            found[row["episode"], row["measure"], row["scale"]][float(row["taken_day"])] = value
    return found
