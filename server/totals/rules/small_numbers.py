"""Small numbers hidden: in breakdowns by who people are, and in whatever leaves the service. Pure.

1 to 7 is hidden and the rest rounded to 5 (trust reference E4.5, OpenSAFELY's rule; clinical.md F3.12). That alone is
not enough: where one cell of a breakdown is hidden, a total from elsewhere less the cells beside it gives it back.
So rows are hidden whole, and more of them, by a rule that everybody may know, until those hidden could be anything.
"""

from collections.abc import Mapping, Sequence

HIDE_UP_TO = 7  # what is hidden unless the service hides more
FEWEST_EVER = 5  # no setting goes below it
STEP = 5


def rounded(count: int, hide_up_to: int = HIDE_UP_TO) -> int | None:
    """A count that may be shown: None for 1 up to `hide_up_to` (never fewer than 5), the rest to the nearest 5."""
    if 0 < count <= max(hide_up_to, FEWEST_EVER):
        return None
    return STEP * round(count / STEP)


def hidden_rows(rows: Sequence[Sequence[int]], hide_up_to: int = HIDE_UP_TO) -> set[int]:
    """The places of the rows that have to be hidden whole.

    Each row with a small number in it; with them the last of the other rows that has numbers in every column, and the
    one before it, until whoever knows the exact totals, the other rows and this rule can still take each small number
    for any other. Where there is no such row, all. Which row goes is a matter of its place and never of its size: a
    choice by size tells that the hidden row is no larger than those that are shown.
    """
    most = max(hide_up_to, FEWEST_EVER)
    small = {place for place, row in enumerate(rows) if any(0 < count <= most for count in row)}
    if not small:
        return set()
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    others = [
        place for place in reversed(range(len(rows))) if place not in small and all(column[place] for column in columns)
    ]
    for further in range(1, len(others) + 1):
        hidden = small | set(others[:further])
        # one small number at its largest, the other small ones at 1, the further rows at the least that is not small
        enough = most + len(small) - 1 + (most + 1) * further
        if all(sum(column[place] for place in hidden) >= enough for column in columns):
            return hidden
    return set(range(len(rows)))


def shown_rows(rows: Mapping[str, Sequence[int]], hide_up_to: int = HIDE_UP_TO) -> dict[str, list[int] | None]:
    """Each row rounded, or None where it is hidden."""
    hidden = hidden_rows(list(rows.values()), hide_up_to)
    return {
        name: None if place in hidden else [rounded(count, hide_up_to) or 0 for count in row]
        for place, (name, row) in enumerate(rows.items())
    }


def copied_cells(
    rows: Sequence[Sequence[int]], parts: Sequence[int], summed: Sequence[int], hide_up_to: int = HIDE_UP_TO
) -> list[list[int | None]]:
    """A table that leaves the service, cell by cell: rounded, or None where it is hidden.

    `parts`: columns that add up to another one of the same line. `summed`: columns whose sum may be known elsewhere.
    Along both, more is hidden until what is hidden could be anything.
    """
    most = max(hide_up_to, FEWEST_EVER)
    hidden = {(y, x) for y, row in enumerate(rows) for x, count in enumerate(row) if 0 < count <= most}
    lanes = [[(y, x) for x in parts] for y in range(len(rows))] if parts else []
    lanes += [[(y, x) for y in range(len(rows))] for x in summed]
    while more := next((one for lane in lanes if (one := _one_more(rows, lane, hidden, most))), None):
        hidden.add(more)
    return [
        [None if (y, x) in hidden else rounded(count, hide_up_to) for x, count in enumerate(row)]
        for y, row in enumerate(rows)
    ]


def _one_more(
    rows: Sequence[Sequence[int]], lane: Sequence[tuple[int, int]], hidden: set[tuple[int, int]], most: int
) -> tuple[int, int] | None:
    """The next cell to hide along a line whose sum may be known, or None where that is enough."""
    counts = [rows[y][x] for y, x in lane if (y, x) in hidden]
    left = [(y, x) for y, x in reversed(lane) if (y, x) not in hidden]  # by place: a choice by size would tell
    left.sort(key=lambda one: not rows[one[0]][one[1]])  # noughts last
    enough = not counts or (len(counts) > 1 and sum(counts) >= most + len(counts) - 1)
    return None if enough or not left else left[0]
