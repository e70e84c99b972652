"""The tables of the service page: exact for the service itself, and the same with small numbers hidden to copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from server.dashboard import dates, presenters, service_words
from server.measures.library import measures as measures_library
from server.totals.rules import NEVER, copied_cells, shown_rows
from server.worksheets.library import library
from server.worksheets.practice import is_practice

HIDDEN = "hidden"
CHANGES = ("improved", "same", "deteriorated", "other")  # what became of those paired: together they are all of them
FEWEST = 8  # a change is told of so many pairs or more (clinical.md F3.2)


@dataclass(frozen=True)
class Table:
    """One table in numbers. `heads`: codes of its columns, each with a definition. `whole`: rows are hidden whole."""

    id: str
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    heads: tuple[str, ...]
    parts: tuple[int, ...] = ()  # columns that add up to another
    summed: tuple[int, ...] = ()  # columns with a total
    whole: bool = False

    @property
    def title(self) -> str:
        return service_words.TITLES[self.id][0]

    @property
    def first(self) -> str:
        """The heading of the first column."""
        return service_words.TITLES[self.id][1]


def exact_tables(body: dict) -> list[Table]:
    """What a service may know of itself."""
    weeks = [(dates.short_day(date.fromisoformat(one["monday"])), one) for one in body["weeks"]]
    sheets = sorted((_worksheet(one["worksheet"]), one) for one in body["worksheets"] if is_practice(one["worksheet"]))
    asking = sorted(
        (_worksheet(one["worksheet"]), one) for one in body["worksheets"] if not is_practice(one["worksheet"])
    )
    return [
        _table("work", weeks, ("agreed", *service_words.LINE), parts=(2, 4, 5, 6)),
        _table("meetings", weeks, ("attended", "missed", "cancelled", "phones"), summed=(0, 1, 2)),
        _table("worksheets", sheets, ("agreed", *service_words.LINE), parts=(2, 4, 5, 6)),
        _table("asking", asking, ("agreed", "due", "tried")),
        _table("people", [("Everybody", body["clients"])], ("open", "due", "tried", "phone"), summed=()),
        _table("app", [("Courses", body["app"])], ("opened", "paired", "used", "ended", "left"), (2, 3, 4), ()),
    ]


def _table(name: str, lines, columns, parts=(), summed=None) -> Table:
    rows = tuple((label, tuple(values[column] for column in columns)) for label, values in lines)
    heads = tuple(f"{name}-{column}" if f"{name}-{column}" in service_words.HEADS else column for column in columns)
    totals = tuple(range(len(columns))) if summed is None else summed
    return Table(name, rows, heads, parts, totals)


def _worksheet(code: str) -> str:
    """Family and title; what no longer ships goes by its name."""
    if code in service_words.NO_WORKSHEET:
        return service_words.NO_WORKSHEET[code]
    found = library().newest(code)
    family = presenters.family(code.partition("/")[0])
    return f"{family}: {found.title}" if found else f"{family}: {code.partition('/')[2]}"


def drawn(table: Table) -> dict:
    """A table as the page draws it, in exact numbers."""
    rows = [{"name": name, "cells": [str(n) for n in cells]} for name, cells in table.rows]
    sums = [sum(cells[place] for _, cells in table.rows) for place in range(len(table.heads))]
    total = [str(n) if place in table.summed else "" for place, n in enumerate(sums)]
    return _page_table(table, rows, total if table.summed and len(rows) > 1 else None)


def copied(table: Table, hide_up_to: int) -> dict:
    """The same as it may leave: small numbers hidden, the rest rounded, totals of what is shown."""
    if table.whole:
        shown = shown_rows(dict(table.rows), hide_up_to)
        lines = [shown[name] or [None] * len(table.heads) for name, _ in table.rows]
    else:
        lines = copied_cells([cells for _, cells in table.rows], table.parts, table.summed, hide_up_to)
    rows = [
        {"name": name, "cells": [HIDDEN if n is None else str(n) for n in line]}
        for (name, _), line in zip(table.rows, lines, strict=True)
    ]
    total = [
        _sum([line[place] for line in lines]) if place in table.summed else "" for place in range(len(table.heads))
    ]
    hides = any(HIDDEN in row["cells"] for row in rows)
    return _page_table(table, rows, total if table.summed and len(rows) > 1 else None, hides)


def _sum(column: list[int | None]) -> str:
    """Of what is shown; where all that is not nought is hidden, so is the sum."""
    return HIDDEN if None in column and not any(column) else str(sum(n or 0 for n in column))


def equity_tables(equity: dict[str, dict[str, Sequence[int]]], hide_up_to: int) -> list[dict]:
    """A table for each field of which something is recorded, already safe to show; groups of nobody are left out."""
    found = []
    for field, groups in equity.items():
        if not any(counts[0] for code, counts in groups.items() if code != NEVER):
            continue
        rows = tuple(
            (service_words.group(field, code), tuple(n)) for code, n in groups.items() if field != "language" or n[0]
        )
        heads = ("open", "people-due", "people-tried", "phone")
        table = Table(f"equity-{field}", rows, heads, summed=(0, 1, 2, 3), whole=True)
        found.append(copied(table, hide_up_to))
    return found


def never_recorded(equity: dict[str, dict[str, Sequence[int]]]) -> list[str]:
    """Fields of which nothing was ever recorded, in words: that is not the same as *not stated*."""
    return [
        service_words.TITLES[f"equity-{field}"][0].removeprefix("By ")
        for field, groups in equity.items()
        if not any(counts[0] for code, counts in groups.items() if code != NEVER)
    ]


def measure_rows(measures: Sequence[dict]) -> list[dict]:
    """Each measure: n paired of n started first; what changed only from eight pairs on."""
    return [
        {
            "name": _measure(one["measure"]),
            "paired": f"{one['paired']} of {one['started']}",
            "changes": [f"{one[name]} of {one['paired']}" for name in CHANGES] if one["paired"] >= FEWEST else None,
        }
        for one in measures
    ]


def copied_measures(measures: Sequence[dict], hide_up_to: int) -> dict:
    """The same to copy."""
    names = ("started", "paired", *CHANGES)
    rows = tuple((_measure(one["measure"]), _told(one, names)) for one in measures)
    heads = ("started", "measures-paired", *CHANGES)
    return copied(Table("measures", rows, heads, parts=(2, 3, 4, 5)), hide_up_to)


def _told(one: dict, names: Sequence[str]) -> tuple[int, ...]:
    """The counts of a measure; under eight pairs nothing is told of what changed."""
    return tuple(one[name] if one["paired"] >= FEWEST or name in ("started", "paired") else 0 for name in names)


def outcome_rows(outcomes: dict[str, int]) -> list[dict] | None:
    """The four outcomes of courses that ended, each with what it is of; None under eight pairs."""
    if outcomes["paired"] < FEWEST:
        return None
    of = {"recovery": "caseness", "reliable_recovery": "caseness"}
    return [
        {"code": name, "name": service_words.OUTCOMES[name], "count": outcomes[name],
         "of": f"{outcomes[of.get(name, 'paired')]} {service_words.OF[of.get(name, 'paired')]}"}
        for name in service_words.OUTCOMES
    ]  # fmt: skip


def _measure(measure_id: str) -> str:
    found = measures_library().newest(measure_id)
    return found.name if found else measure_id


def _page_table(table: Table, rows: list[dict], total: list[str] | None, hides: bool = False) -> dict:
    heads = [{"text": service_words.HEADS[code][0], "anchor": f"how-{code}"} for code in table.heads]
    none = bool(rows) and all(cell == HIDDEN for row in rows for cell in row["cells"])
    return {
        "none": none, "id": table.id, "title": table.title, "first": table.first, "heads": heads, "rows": rows,
        "total": total, "all": "All that is shown" if hides else "All of these",
    }  # fmt: skip
