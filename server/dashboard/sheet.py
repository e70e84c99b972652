"""A worksheet laid out for paper: parts, boxes to tick, lines to write on, tables. Values only; templates draw."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from server.worksheets.definition import Field, Worksheet
from server.worksheets.rule_words import condition
from server.worksheets.words import plain

MOST_BOXES = 11
SIDE_BY_SIDE = {"normal": (4, 3), "large": (3, 2)}  # most columns of a table, items beside each other
IN_A_CELL = 4  # options that still fit a cell
FEWEST_ROWS, USUAL_ROWS = 3, 5
MOST_ROWS = {"normal": 10, "large": 6}
SHORT = ("text", "number", "scale", "duration", "date", "time", "boolean", "choice")


@dataclass(frozen=True)
class Question:
    """One question on paper. `kind` says how it is drawn: its type, or `rows` and `columns` for a list."""

    kind: str
    label: str
    hint: str = ""
    condition: str = ""
    goes_on: bool = False  # asked under the same condition as the question above it, which says it
    unit: str = ""
    lines: int = 2
    options: tuple[str, ...] = ()
    open: bool = False
    boxes: tuple[str, ...] = ()
    between: bool = False  # numbers between the boxes count too
    range: str = ""
    low: str = ""
    high: str = ""
    item: str = ""
    count: int = 0
    inner: "tuple[Question, ...]" = ()
    stage: str = ""


@dataclass(frozen=True)
class Part:
    """The questions of one stage; without a title where the worksheet has none."""

    title: str
    questions: list[Question] = field(default_factory=list)


def parts(worksheet: Worksheet, size: str) -> list[Part]:
    """The whole worksheet, in its own order; a stage begins a part."""
    titles = {stage["id"]: f"Part {n}: {stage['title']}" for n, stage in enumerate(worksheet.stages, start=1)}
    found = [Part("")]
    current = None
    for one in worksheet.fields:
        if one.stage and one.stage != current:
            current = one.stage
            found.append(Part(titles.get(current, "")))
        found[-1].questions.append(_question(one, worksheet.fields, titles, size))
    return [replace(part, questions=_said_once(part.questions)) for part in found if part.questions]


def range_words(one: Field) -> str:
    """0 (Very low) to 10 (Very happy) · 0 to 720 · 1 or more."""
    low = f"{plain(one.min)}{f' ({one.low})' if one.low else ''}" if one.min is not None else ""
    high = f"{plain(one.max)}{f' ({one.high})' if one.high else ''}" if one.max is not None else ""
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"up to {high}" if high else ""


def options_of(one: Field) -> tuple[str, ...]:
    """What can be ticked."""
    return ("Yes", "No") if one.type == "boolean" else tuple(option.label for option in one.options)


def _said_once(questions: list[Question]) -> list[Question]:
    before = ["", *(one.condition for one in questions)]
    return [replace(one, goes_on=bool(one.condition) and one.condition == before[n]) for n, one in enumerate(questions)]


def _question(one: Field, around: tuple[Field, ...], titles: dict[str, str], size: str) -> Question:
    boxes = tuple(_boxes(one)) if one.type == "scale" else ()
    made = Question(
        kind=one.type,
        label=one.label,
        hint=one.hint or "",
        condition=condition(one.show_when, around),
        unit=one.unit or "",
        lines=max(2, one.lines + 1),
        options=options_of(one),
        open=one.open,
        boxes=boxes,
        between=one.type == "scale" and len(boxes) < _steps(one) + 1,
        range=range_words(one) if one.type in ("scale", "number") else "",
        low=one.low or "",
        high=one.high or "",
        stage=titles.get(one.stage or "", ""),
    )
    return _list(made, one, around, titles, size) if one.type == "list" else made


def _list(made: Question, one: Field, around: tuple[Field, ...], titles: dict[str, str], size: str) -> Question:
    """Few short questions stand side by side, an item a row; many stand one below the other, an item a column."""
    inner = tuple(_question(each, (*around, *one.fields), titles, size) for each in one.fields)
    columns, beside = SIDE_BY_SIDE[size]
    item = one.item or one.label
    most = one.max_items or USUAL_ROWS
    if len(inner) <= columns and all(_is_short(each) for each in inner):
        count = min(max(most if one.max_items else USUAL_ROWS, FEWEST_ROWS), MOST_ROWS[size])
        return replace(made, kind="rows", item=item, count=min(count, max(most, one.min_items or 1)), inner=inner)
    stages = [[one for one in inner if one.stage == stage] for stage in dict.fromkeys(one.stage for one in inner)]
    inner = tuple(one for group in stages for one in _said_once(group))
    return replace(made, kind="columns", item=item, count=max(min(beside, most), 1), inner=inner)


def _is_short(one: Question) -> bool:
    return one.kind in SHORT and len(one.options) <= IN_A_CELL and not one.open


def _steps(one: Field) -> int:
    return round(((one.max or 0) - (one.min or 0)) / (one.step or 1))


def _boxes(one: Field) -> Iterator[str]:
    """Every value, or every so many where they would not fit a line."""
    steps = _steps(one)
    each = next(n for n in (1, 2, 5, 10, 20, 25, 50, 100, steps) if steps // n < MOST_BOXES and n)
    for n in range(0, steps + 1, each):
        yield plain((one.min or 0) + n * (one.step or 1))
