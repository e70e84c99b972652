"""Small numbers stay hidden, also from somebody who knows every total exactly and subtracts."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as some

from server.dashboard.service_tables import Table, copied
from server.totals.rules import FEWEST_EVER, HIDE_UP_TO, copied_cells, hidden_rows, rounded, shown_rows

COUNTS = some.one_of(some.integers(0, 14), some.integers(0, 400))


def could_be(shown: int | None, most: int) -> tuple[int, int]:
    """The least and the most a shown number can stand for, as somebody outside can tell; None: nothing is known."""
    if shown is None:
        return 0, 10**9
    return (0, 0) if shown == 0 else (max(shown - 2, most + 1), shown + 2)


def narrowed(cells: list[int | None], total: int, most: int) -> list[tuple[int, int]]:
    """What each hidden cell can be for somebody who knows the exact total of the line: an attack of our own making."""
    bounds = [could_be(cell, most) for cell in cells]
    return [
        (max(0, total - sum(high for at, (_, high) in enumerate(bounds) if at != place)),
         total - sum(low for at, (low, _) in enumerate(bounds) if at != place))
        for place, cell in enumerate(cells)
        if cell is None
    ]  # fmt: skip


def test_one_to_seven_is_hidden_and_the_rest_is_rounded_to_five():
    assert [rounded(n) for n in (0, 1, 7, 8, 12, 13, 100)] == [0, None, None, 10, 10, 15, 100]


def test_a_service_may_hide_more_and_never_fewer_than_five():
    assert rounded(20, hide_up_to=20) is None
    assert [rounded(n, hide_up_to=0) for n in (1, FEWEST_EVER, FEWEST_EVER + 1)] == [None, None, 5]


def test_a_single_small_group_takes_the_last_other_with_it_whatever_its_size():
    shown = shown_rows({"a": (30,), "b": (100,), "c": (3,), "none": (0,)})
    assert shown == {"a": [30], "b": None, "c": None, "none": [0]}


def test_where_no_other_row_covers_it_nothing_is_shown():
    assert hidden_rows([(100, 50), (30, 0), (3, 0)]) == {0, 2}
    assert hidden_rows([(30, 0), (100, 9), (3, 2)]) == {0, 1, 2}  # 9 and 2 do not come to enough


def tables_of(total: int, groups: int):
    """Every way to put so many people into so many groups."""
    if groups == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables_of(total - first, groups - 1):
            yield first, *rest


def test_whoever_knows_the_rule_and_the_total_can_take_a_small_number_for_any_other():
    """Every table of four groups and up to 24 people, sorted by what is shown of it: 12, 12 and 7 once stood alone."""
    for total in range(25):
        behind: dict = defaultdict(set)  # what is shown -> the tables it can stand for
        for table in tables_of(total, 4):
            shown = shown_rows({str(place): (count,) for place, count in enumerate(table)}, FEWEST_EVER)
            behind[tuple(cells and cells[0] for cells in shown.values())].add(table)
        for shown, possible in behind.items():
            for place in (place for place, cell in enumerate(shown) if cell is None and any(shown)):
                numbers = {table[place] for table in possible}
                small = set(range(1, FEWEST_EVER + 1))
                assert not numbers & small or numbers >= small, (total, shown, place, numbers)


def test_totals_are_those_of_the_rounded_cells():
    table = Table("work", tuple((name, (12,)) for name in "abc"), ("agreed",), summed=(0,), whole=True)
    assert copied(table, HIDE_UP_TO)["total"] == ["30"]


def test_noughts_are_hidden_too_where_all_the_rest_is():
    """Three people, all in one group, beside groups of nobody: a shown nought would give the three away."""
    assert hidden_rows([(0,), (3,), (0,)]) == {0, 1, 2}


@given(some.lists(some.tuples(COUNTS, COUNTS), min_size=2, max_size=8), some.integers(HIDE_UP_TO, 20))
@settings(max_examples=300, deadline=None)
def test_whoever_knows_the_totals_cannot_subtract_to_a_small_number(rows, most):
    rows = [(max(row), min(row)) for row in rows]  # those who tried are among those with something due
    hidden = hidden_rows(rows, most)
    assert all(place in hidden for place, row in enumerate(rows) if any(0 < n <= most for n in row))
    if len(hidden) == len(rows):
        return  # nothing is shown beside the total
    for column in range(2):
        cells = [None if place in hidden else rounded(row[column], most) for place, row in enumerate(rows)]
        total = sum(row[column] for row in rows)
        hidden_sum = sum(rows[place][column] for place in hidden)
        for least, greatest in narrowed(cells, total, most) if hidden_sum else []:
            assert least <= 1 and greatest >= most


@given(some.lists(some.tuples(COUNTS, COUNTS, COUNTS, COUNTS), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_nor_in_a_copy_along_a_line_or_down_a_column(rows):
    cells = copied_cells(rows, parts=(0, 1, 2, 3), summed=(0, 1, 2, 3))
    lines = [*zip(cells, rows, strict=True), *zip(zip(*cells, strict=True), zip(*rows, strict=True), strict=True)]
    for shown, exact in lines:
        unknown = sum(n for n, cell in zip(exact, shown, strict=True) if cell is None)
        if unknown == 0 or None not in shown or all(cell is None for cell in shown):
            continue
        for least, greatest in narrowed(list(shown), sum(exact), HIDE_UP_TO):
            assert least <= 1 and greatest >= HIDE_UP_TO
    for shown, exact in zip(cells, rows, strict=True):
        assert all(cell is None for cell, n in zip(shown, exact, strict=True) if 0 < n <= HIDE_UP_TO)
