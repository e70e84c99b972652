"""One row about each worksheet, as `meantime worksheets list` prints it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.worksheets.definition import Worksheet, every_field
from server.worksheets.readability import reading_age
from server.worksheets.translations import languages_of


@dataclass(frozen=True)
class Row:
    """What is worth knowing of a worksheet at a glance. `reading_age` is in years, over all of its text."""

    id: str
    family: str
    version: int
    title: str
    fields: int
    minutes: int
    reading_age: float
    languages: list[str]
    asks_about_risk: bool
    needs_procedure: bool
    staff_entry: bool
    agreed_by: str | None
    imported: bool


def rows(worksheets: list[Worksheet], *folders: Path) -> list[Row]:
    """One row each. `folders` hold the worksheets, with their translations."""
    return [_row(one, folders) for one in worksheets]


def _row(one: Worksheet, folders: tuple[Path, ...]) -> Row:
    return Row(
        id=one.id,
        family=one.family,
        version=one.version,
        title=one.title,
        fields=sum(field.type not in ("heading", "list") for field in every_field(one.fields)),
        minutes=one.minutes,
        reading_age=round(reading_age(". ".join(text.rstrip(".") for text in one.texts.values())), 1),
        languages=[one.language, *languages_of(one, folders)],
        asks_about_risk=one.asks_about_risk,
        needs_procedure=one.needs_procedure,
        staff_entry=one.staff_entry,
        agreed_by=one.agreed_by,
        imported=one.imported,
    )
