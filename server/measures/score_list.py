"""Scores from another system: a row for each measure, or a column for each; totals, items, or both. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from server.caseload.list_words import NUMBER
from server.caseload.pasted import Line, Table, bare, read_table
from server.caseload.written import day_written, month_first, split_moment
from server.measures.definition import Measure, Scale
from server.measures.rules import NOT_APPLICABLE

COLUMNS = {
    "number": NUMBER,
    "day": ("Date", "Completed", "Date completed", "Assessment date", "Score date", "Taken on", "Day", "Session date"),
    "measure": ("Measure", "Questionnaire", "Scale", "Tool", "Assessment", "Instrument", "Assessment tool"),
    "total": ("Total", "Score", "Total score", "Person score"),
    "version": ("Version", "Measure version"),
}
NOT_APPLYING = ("n", "na", "n a", "not applicable")
NO_MEASURE = "We do not know this measure. We know: {known}."
NO_COLUMN = "There is neither a column “Measure” nor one that is called like a measure: {known}."
SEVERAL = "This measure has several totals. Enter it on the client’s page, or send its items."
OTHER_VERSION = "Scores here are made by version {version} of this measure."
NOT_A_NUMBER = "Write numbers only."
NOTHING = "There is no score in this row."


@dataclass(frozen=True)
class ScoreRow:
    """One measure of one day as it was read. `wrong` says why it is none."""

    line: int
    number: str
    taken_on: date | None = None
    measure: Measure | None = None
    items: Sequence[Any] | None = None
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    wrong: str = ""


def read_scores(text: str, measures: Sequence[Measure]) -> tuple[Table, list[ScoreRow]]:
    """The rows of a pasted list of scores, each as far as it can be read. `measures`: the newest version of each."""
    most = max((one.count for one in measures), default=0)
    items = {
        f"item-{n}": (f"Item {n}", f"Q{n}", f"Item{n}", f"Question {n}", f"Q {n}", str(n)) for n in range(1, most + 1)
    }
    wide = {f"measure:{one.id}": _names(one) for one in measures}
    table = read_table(text, {**COLUMNS, **items, **wide}, ("number", "day"))
    named = [one for one in measures if f"measure:{one.id}" in table.columns]
    if not table.trouble and "measure" not in table.columns and not named:
        return Table(trouble=NO_COLUMN.format(known=_known(measures))), []
    doubtful = month_first(line.of("day") for line in table.lines)
    return table, [row for line in table.lines for row in _rows(line, measures, named, doubtful)]


def _names(measure: Measure) -> tuple[str, ...]:
    total = (f"{measure.name} total", f"{measure.id} total", f"{measure.name} score", f"{measure.id} score")
    return (measure.name, measure.id, measure.id.replace("-", ""), *total, f"{measure.id.replace('-', '')} total")


def _known(measures: Sequence[Measure]) -> str:
    return ", ".join(one.name for one in measures)


def _rows(line: Line, measures: Sequence[Measure], wide: Sequence[Measure], doubtful: bool) -> Iterator[ScoreRow]:
    day = day_written(split_moment(line.of("day"))[0], doubtful)
    base = ScoreRow(line.number, line.of("number"), None if isinstance(day, str) else day)
    if not base.number or isinstance(day, str):
        yield _wrong(base, day if isinstance(day, str) else "There is no local number in this row.")
        return
    found = [_total(base, one, line.of(f"measure:{one.id}")) for one in wide if line.of(f"measure:{one.id}")]
    if line.of("measure"):
        found.append(_long(base, line, measures))
    yield from found or [_wrong(base, NOTHING)]


def _long(base: ScoreRow, line: Line, measures: Sequence[Measure]) -> ScoreRow:
    said = bare(line.of("measure"))
    measure = next((one for one in measures if said in map(bare, _names(one))), None)
    if measure is None:
        return _wrong(base, NO_MEASURE.format(known=_known(measures)))
    version = line.of("version").lower().removeprefix("v")
    if version and version != str(measure.version):
        return _wrong(base, OTHER_VERSION.format(version=measure.version), measure)
    items = [_item(line.of(f"item-{n}")) for n in range(1, measure.count + 1)]
    beyond = any(name.startswith("item-") and int(name[5:]) > measure.count for name in line.cells)
    if beyond:
        return _wrong(base, f"{measure.name} has {measure.count or 'no'} items: there are more in this row.", measure)
    given = items if any(one is not None for one in items) else None
    if given is None and not line.of("total"):
        return _wrong(base, NOTHING, measure)
    if not line.of("total"):
        return ScoreRow(base.line, base.number, base.taken_on, measure, given)
    row = _total(base, measure, line.of("total"))
    return row if row.wrong else ScoreRow(base.line, base.number, base.taken_on, measure, given, row.totals)


def _total(base: ScoreRow, measure: Measure, said: str) -> ScoreRow:
    if len(measure.scales) > 1:
        return _wrong(base, SEVERAL, measure)
    try:
        total = Decimal(said)
    except InvalidOperation:
        return _wrong(base, NOT_A_NUMBER, measure)
    if not total.is_finite():
        return _wrong(base, NOT_A_NUMBER, measure)
    whole = total == total.to_integral_value() and abs(total) < 1000  # 14.0, as a spreadsheet writes 14
    scale: Scale = measure.main
    return ScoreRow(
        base.line, base.number, base.taken_on, measure, None, {scale.id: Decimal(int(total)) if whole else total}
    )


def _item(said: str) -> int | str | None:
    """An answer in the scorer's terms; what is no number is handed on as it is, and the scorer refuses it."""
    if not said:
        return None
    if bare(said) in NOT_APPLYING:
        return NOT_APPLICABLE
    said = said.removesuffix(".0")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else said


def _wrong(base: ScoreRow, why: str, measure: Measure | None = None) -> ScoreRow:
    return ScoreRow(base.line, base.number, base.taken_on, measure, wrong=why)
