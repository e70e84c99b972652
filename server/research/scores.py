"""The rows of one client's measures, and the table of the constants that scored them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from server.measures.definition import MARKS, Measure, constants
from server.measures.library import Measures
from server.measures.queries import standing
from server.measures.rules import NOT_APPLICABLE as LEFT_OUT
from server.measures.rules import ScaleScore, Scored, score
from server.research.bundle import csv_text
from server.research.columns import File
from server.research.fields import BAND, MEASURE_ID, SCALE_ID
from server.research.names import NOT_APPLICABLE, NOT_KNOWN, Names

Row = dict[str, Any]
TO_BE_CHECKED = "to be checked by the service"


def measurements(names: Names, known: Measures) -> Iterator[Row]:
    """Each scale of each entry that stands, by the day it was taken."""
    rows = names.facts.scores
    by_id = {row.id: row for row in rows}
    for row in standing(rows):
        measure = known.get(row.measure_id, row.measure_version)
        scored = score(measure, row.items, row.totals) if measure else Scored()
        chain = _chain(row, by_id)
        whole = {
            "pid": names.pid,
            "episode": names.name("episode", row.episode_id),
            "measurement": names.name("measurement", chain[-1].id),
            "measure": row.measure_id,
            "measure_version": row.measure_version,
            "taken_day": names.day(row.taken_on),
            "appointment": names.name("appointment", row.appointment_id, NOT_KNOWN),
            "source": row.source,
            "entered_as": "items" if row.items else "totals",
            "corrections": sum(one.what == "corrected" for one in chain),
            "recorded_day": names.day(row.recorded_at),
        }
        for one in scored.scales:
            yield {**whole, **_scale(measure, one, row.items)}
        if not scored.scales:
            yield {**whole, **UNREADABLE}


UNREADABLE: Row = {
    "scale": NOT_KNOWN,
    "value": NOT_KNOWN,
    "most": NOT_KNOWN,
    "band": NOT_KNOWN,
    "case": "not_known",
    "items_answered": NOT_APPLICABLE,
    "items_filled": 0,
}


def with_measures(files: Sequence[File], known: Sequence[Measure]) -> tuple[File, ...]:
    """The files, with this installation's measures, scales and bands as the codes of the columns that name them."""
    scales = [(one, scale) for one in known for scale in one.scales]
    codes: dict[str, Mapping[str, str]] = {
        MEASURE_ID: {one.id: f"{one.name}: {one.about}" for one in known},
        SCALE_ID: {
            scale.id: "The total" if scale.id == "total" else f"{one.name}: {scale.name}" for one, scale in scales
        },
        BAND: {_slug(band.name): band.name.capitalize() for _, scale in scales for band in scale.bands},
    }
    return tuple(
        replace(
            file,
            columns=tuple(
                replace(column, codes=codes[column.pattern], pattern="") if column.pattern in codes else column
                for column in file.columns
            ),
        )
        for file in files
    )


def constant_table(known: Sequence[Measure]) -> str:
    """One row for each constant of each measure: its value, where it comes from, and whether it was read there."""
    rows = [
        [
            measure.id,
            str(measure.version),
            one.name,
            one.label,
            one.value,
            one.fact.mark,
            MARKS[one.fact.mark],
            TO_BE_CHECKED if one.to_be_checked else "read in its source",
            one.fact.source,
        ]
        for measure in known
        for one in constants(measure)
    ]
    header = ["measure", "version", "constant", "label", "value", "mark", "mark_means", "status", "source"]
    return csv_text(header, rows)


def _scale(measure: Measure, one: ScaleScore, items: Sequence[Any] | None) -> Row:
    scale = measure.scale(one.scale)
    answered: int | str = NOT_APPLICABLE
    if items and scale:
        answered = sum(items[n - 1] is not None and items[n - 1] != LEFT_OUT for n in scale.items)
    no_band = NOT_KNOWN if one.value is None and scale and scale.bands else NOT_APPLICABLE
    return {
        "scale": one.scale,
        "value": NOT_KNOWN if one.value is None else _plain(one.value),
        "most": _plain(one.most),
        "band": _slug(one.band) if one.band else no_band,
        "case": one.case,
        "items_answered": answered,
        "items_filled": one.filled,
    }


def _chain(row: Any, by_id: Mapping[Any, Any]) -> list[Any]:
    """The entry and all that it took the place of, oldest last: the name of that one stays."""
    chain = [row]
    while chain[-1].supersedes in by_id:
        chain.append(by_id[chain[-1].supersedes])
    return chain


def _slug(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_")


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
