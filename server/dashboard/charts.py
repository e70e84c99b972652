"""Where the parts of a small line chart lie: sums only, drawn by a template, with gaps left as gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 12, 12, 26


@dataclass(frozen=True)
class Point:
    """One score, or with `value` None a place where there is none."""

    day: date
    value: Decimal | None


@dataclass(frozen=True)
class Chart:
    """Everything the macro draws, in the units of its view box."""

    lines: tuple[str, ...]  # one run of scores that follow each other, as the points of a polyline
    dots: tuple[tuple[float, float], ...]
    gaps: tuple[float, ...]  # where an appointment passed without a score
    threshold: float | None
    top: str
    bottom: str
    first_day: str
    last_day: str


def line_chart(points: Sequence[Point], least: Decimal, most: Decimal, threshold: Decimal | None, words) -> Chart:
    """Lay out scores by day, oldest first. `words` turns a day into text. A place without a score ends a line."""
    days = [point.day for point in points]
    span = max(1, (days[-1] - days[0]).days)
    across = [round(LEFT + (WIDTH - LEFT - RIGHT) * ((day - days[0]).days / span), 1) for day in days]
    at = [None if point.value is None else _down(point.value, least, most) for point in points]
    return Chart(
        lines=tuple(_runs(across, at)),
        dots=tuple((x, y) for x, y in zip(across, at, strict=True) if y is not None),
        gaps=tuple(x for x, y in zip(across, at, strict=True) if y is None),
        threshold=None if threshold is None else _down(threshold, least, most),
        top=str(most),
        bottom=str(least),
        first_day=words(days[0]),
        last_day=words(days[-1]) if days[-1] != days[0] else "",
    )


def _down(value: Decimal, least: Decimal, most: Decimal) -> float:
    share = float((value - least) / (most - least))
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)


def _runs(across: Sequence[float], at: Sequence[float | None]):
    run: list[str] = []
    for x, y in zip(across, at, strict=True):
        if y is None:
            yield from [" ".join(run)] if len(run) > 1 else []
            run = []
        else:
            run.append(f"{x},{y}")
    if len(run) > 1:
        yield " ".join(run)
