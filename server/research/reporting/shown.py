"""What a section of the report holds, and how numbers of few people are hidden in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .change import wilson

HIDE_UP_TO = 7  # people: as in the rest of the bundle
HIDDEN = "hidden"
NONE = "–"


@dataclass(frozen=True)
class Table:
    """A table under its caption; the first cell of each row names it."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    """One part of the report: what is shown, by which definition, out of how many."""

    id: str
    title: str
    formula: str  # the number of the figure in codebook/figures.csv, or a name
    says: str
    n: str
    drawing: str = ""
    tables: Sequence[Table] = ()
    notes: Sequence[str] = field(default_factory=tuple)


def few(people: int) -> bool:
    """Whether a figure of so many people is hidden; of nobody there is none to hide."""
    return 0 < people <= HIDE_UP_TO


def rounded(people: int) -> str:
    """A count of people in a group: 1 to 7 hidden, the rest to the nearest 5."""
    return HIDDEN if few(people) else f"{5 * round(people / 5):,}"


def tells(part: int, whole: int) -> bool:
    """Whether a part beside its whole tells of few people: those in it, or those who are not."""
    return few(part) or few(whole - part)


def spaced(counts: Sequence[int]) -> list[str]:
    """Counts as shown one beside the other: hidden where few, and where few are between it and one shown before it."""
    seen: list[int] = []
    for n in counts:
        if not few(n) and not any(few(abs(n - other)) for other in seen):
            seen.append(n)
    return [f"{n:,}" if n in seen else HIDDEN for n in counts]


def to_hide(counts: Sequence[int]) -> set[int]:
    """The places of counts of one whole that are hidden: small ones, and more until they are not few together."""
    small = {at for at, n in enumerate(counts) if few(n)}
    while few(sum(counts[at] for at in small)):
        rest = [at for at in range(len(counts)) if at not in small and counts[at]]
        if not rest:
            break
        small.add(min(rest, key=lambda at: counts[at]))
    return small


def counted(what: str, count: int, of: int, hidden: bool) -> tuple[str, str, str]:
    """A row of a count, of how many, and its share; hidden as a whole."""
    return (what, HIDDEN, NONE) if hidden else (what, f"{count:,} of {of:,}", share(count, of))


def share(count: int, of: int) -> str:
    """60 % (Wilson 50 to 69 %); of fewer than 8 no percentage is told."""
    likely = wilson(count, of)
    if likely is None or of <= HIDE_UP_TO:
        return NONE
    return f"{percent(count / of)} ({percent(likely[0], '')} to {percent(likely[1])})"


def percent(value: float | None, sign: str = " %") -> str:
    """A share of 1 as a whole percentage."""
    return NONE if value is None else f"{100 * value:.0f}{sign}"


def points(value: float | None, places: int = 2) -> str:
    """A number, or a dash."""
    return NONE if value is None else f"{value:.{places}f}"


def between(likely: tuple[float, float] | None) -> str:
    """An interval, or a dash."""
    return NONE if likely is None else f"{likely[0]:.2f} to {likely[1]:.2f}"


def p_value(p: float | None) -> str:
    """p as it is printed."""
    return NONE if p is None else "< .0001" if p < 0.0001 else f"{p:.4f}"[1:] if p < 1 else "1"


class Seen:
    """The counts of courses that are told exactly: few people between two of them would be told of by both."""

    def __init__(self, counts: Iterable[int]) -> None:
        self.counts = set(counts)

    def told(self, count: int) -> str:
        """Exactly, if it is no few from any other; else to the nearest 5."""
        if any(few(abs(count - other)) for other in self.counts):
            return f"about {rounded(count)}"
        self.counts.add(count)
        return f"{count:,}"
