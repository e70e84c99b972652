"""One row about each worksheet, as `meantime worksheets list` prints it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.worksheets.definition import LANGUAGE, Worksheet, every_field
from server.worksheets.readability import reading_age


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


def rows(worksheets: list[Worksheet], folder: Path) -> list[Row]:
    """One row each. `folder` is where worksheets ship, with their translations."""
    translated = _translations(folder)
    return [_row(one, translated) for one in worksheets]


def _row(one: Worksheet, translated: dict[str, set[str]]) -> Row:
    names = {f"{one.key}.yaml", f"{one.key.partition('/')[2]}.yaml"}
    return Row(
        id=one.id,
        family=one.family,
        version=one.version,
        title=one.title,
        fields=sum(field.type not in ("heading", "list") for field in every_field(one.fields)),
        minutes=one.minutes,
        reading_age=round(reading_age(". ".join(text.rstrip(".") for text in one.texts.values())), 1),
        languages=[LANGUAGE, *sorted(language for language, files in translated.items() if names & files)],
        asks_about_risk=one.asks_about_risk,
        needs_procedure=one.needs_procedure,
        staff_entry=one.staff_entry,
        agreed_by=one.agreed_by,
        imported=one.imported,
    )


def _translations(folder: Path) -> dict[str, set[str]]:
    languages = [path for path in sorted((folder / "translations").glob("*")) if path.is_dir()]
    return {
        path.name: {file.relative_to(path).as_posix() for file in path.rglob("*.v*.yaml")} for path in languages
    }  # fmt: skip
