"""Small drawings as SVG: lines, steps, bars and the flow of people. The same numbers always stand in a table beside."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDE, HIGH = 460, 250
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 12, 34
# Each line differs by colour and by dash, and both are in its legend.
STYLES = (("#005eb8", ""), ("#7c2855", "7 4"), ("#006747", "2 3"), ("#425563", "10 3 2 3"))

Point = tuple[float, float]
Line = tuple[str, Sequence[Point]]


def lines(title: str, several: Sequence[Line], across: str, *, stepped: bool = False) -> str:
    """Shares of 1 (upwards) over numbers (across), a line for each with a legend below."""
    known = [(name, points) for name, points in several if points]
    if not known:
        return ""
    furthest = max(x for _, points in known for x, _ in points) or 1
    start = 0.0 if stepped else min(x for _, points in known for x, _ in points)
    parts = [*_grid(), *_ticks(start, furthest, across)]
    for at, (_, points) in enumerate(known):
        colour, dash = STYLES[at % len(STYLES)]
        placed = [(_across(x, start, furthest), _up(y)) for x, y in (_stairs(points, furthest) if stepped else points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{_dashed(dash)}/>')
        if not stepped:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in placed]
    tall = HIGH + 20 * len(known)
    return _svg(title, WIDE, tall, [*parts, *_legend([name for name, _ in known])])


def bars(title: str, rows: Sequence[tuple[str, int]]) -> str:
    """One bar for each row with its count behind it."""
    if not rows:
        return ""
    most = max(n for _, n in rows) or 1
    parts = []
    for at, (name, n) in enumerate(rows):
        y, long = 44 * at, 380 * n / most
        parts.append(f'<text x="4" y="{y + 16}">{escape(name)}</text>')
        parts.append(f'<rect x="4" y="{y + 22}" width="{long:.1f}" height="14" fill="{STYLES[0][0]}"/>')
        parts.append(f'<text x="{12 + long:.1f}" y="{y + 34}">{n:,}</text>')
    return _svg(title, WIDE, 44 * len(rows), parts)


def flow(title: str, steps: Sequence[tuple[str, int]]) -> str:
    """Boxes one under the other; what went between two of them stands beside the arrow."""
    parts = []
    for at, (name, n) in enumerate(steps):
        y = 4 + 74 * at
        parts.append(f'<rect x="4" y="{y}" width="300" height="42" rx="4" fill="#f0f4f5" stroke="#425563"/>')
        parts.append(f'<text x="14" y="{y + 26}">{escape(name)}</text>')
        parts.append(f'<text x="294" y="{y + 26}" text-anchor="end" font-weight="bold">{n:,}</text>')
        if at + 1 < len(steps):
            gone = n - steps[at + 1][1]
            parts.append(f'<path d="M154 {y + 42} v26 m-5 -7 l5 7 l5 -7" stroke="#425563" fill="none"/>')
            parts.append(f'<text x="170" y="{y + 63}">{gone:,} not</text>' if gone else "")
    return _svg(title, 320, 50 + 74 * (len(steps) - 1), parts)


def _svg(title: str, wide: int, high: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(title)}"'
        f' style="min-width:{0.85 * wide:.0f}px;max-width:{1.3 * wide:.0f}px">{"".join(parts)}</svg>'
    )


def _grid() -> list[str]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _up(share)
        parts.append(f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d8dde0"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{100 * share:.0f}%</text>')
    return parts


def _ticks(start: float, furthest: float, across: str) -> list[str]:
    whole = max(1, round((furthest - start) / 6))
    found = range(int(start), int(furthest) + 1, whole)
    parts = [
        f'<text x="{_across(x, start, furthest):.1f}" y="{HIGH - 18}" text-anchor="middle">{x}</text>' for x in found
    ]
    return [*parts, f'<text x="{WIDE - RIGHT}" y="{HIGH - 2}" text-anchor="end">{escape(across)}</text>']


def _legend(names: Sequence[str]) -> list[str]:
    parts = []
    for at, name in enumerate(names):
        (colour, dash), y = STYLES[at % len(STYLES)], HIGH + 12 + 20 * at
        parts.append(f'<path d="M{LEFT} {y}h34" stroke="{colour}" stroke-width="2.5"{_dashed(dash)}/>')
        parts.append(f'<text x="{LEFT + 42}" y="{y + 4}">{escape(name)}</text>')
    return parts


def _stairs(points: Sequence[Point], furthest: float) -> list[Point]:
    """A share holds until the next one."""
    found: list[Point] = [(0.0, points[0][1] if points[0][0] == 0 else (1.0 if points[0][1] > 0.5 else 0.0))]
    for x, y in points:
        found += [(x, found[-1][1]), (x, y)]
    return [*found, (furthest, found[-1][1])]


def _across(x: float, start: float, furthest: float) -> float:
    return LEFT + (WIDE - LEFT - RIGHT) * ((x - start) / (furthest - start) if furthest > start else 0.5)


def _up(share: float) -> float:
    return TOP + (HIGH - TOP - BOTTOM) * (1 - share)


def _dashed(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""
