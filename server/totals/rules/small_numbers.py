"""Small numbers hidden: in breakdowns by who people are, and in whatever leaves the service. Pure.

1 to 7 is hidden and the rest rounded to 5 (trust reference E4.5, OpenSAFELY's rule; clinical.md F3.12). That alone is
not enough: where one cell of a breakdown is hidden, a total from elsewhere less the cells beside it gives it back.
So rows are hidden whole, and more of them until those hidden could be anything.
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

    Each row with a small number in it; and, in every column, at least two rows whose numbers come to so many that each
    hidden one may be any small number, whoever knows the exact total. Next to go is the smallest row left, one with
    numbers before one of noughts.
    """
    most = max(hide_up_to, FEWEST_EVER)
    hidden = {place for place, row in enumerate(rows) if any(0 < count <= most for count in row)}
    left = sorted(set(range(len(rows))) - hidden, key=lambda place: (not any(rows[place]), sum(rows[place]), place))
    while hidden and left and not _safe(rows, hidden, most):
        hidden.add(left.pop(0))
    return hidden


def shown_rows(
    rows: Mapping[str, Sequence[int]], hide_up_to: int = HIDE_UP_TO
) -> tuple[dict[str, list[int] | None], list[int]]:
    """Each row rounded, or None where it is hidden; and the totals, which are those of the rounded cells."""
    hidden = hidden_rows(list(rows.values()), hide_up_to)
    shown = {
        name: None if place in hidden else [rounded(count, hide_up_to) or 0 for count in row]
        for place, (name, row) in enumerate(rows.items())
    }
    return shown, [sum(column) for column in zip(*(row for row in shown.values() if row is not None), strict=True)]


def _safe(rows: Sequence[Sequence[int]], hidden: set[int], most: int) -> bool:
    """Whether, in each column with something hidden, each hidden row could still be any number up to `most`."""
    columns = list(zip(*(rows[place] for place in hidden), strict=True))
    return all(not any(column) or (len(column) > 1 and sum(column) >= most + len(column) - 1) for column in columns)


def copied_row(row: Sequence[int], parts: Sequence[int], hide_up_to: int = HIDE_UP_TO) -> list[int | None]:
    """One line of a table that leaves the service: each cell rounded or None.

    `parts`: the places of cells that add up to another. More of those are hidden, so that none is what the rest leaves.
    """
    cells = [rounded(count, hide_up_to) for count in row]
    for place in hidden_rows([(row[place],) for place in parts], hide_up_to):
        cells[parts[place]] = None
    return cells
