"""Writes what was counted of a bundle: the report on its quality, and how far somebody in it could be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from server.research import codebook
from server.research.bundle import Written, write_json, write_text
from server.research.explained import PAGES, Told
from server.research.quality import Quality, identifiability, report


def write_quality(folder: Path, told: Told, quality: Quality, excluded: dict[str, int]) -> Iterator[Written]:
    """quality/data_quality.json and .html, privacy/identifiability.md."""
    found = report(quality, excluded, told.as_of)
    wide = {file.name for file in told.files if file.folder}
    page = PAGES.get_template("quality.html").render(name=codebook.NAME, wide=wide, **found)
    yield write_json(folder, "quality/data_quality.json", found)
    yield write_text(folder, "quality/data_quality.html", page)
    known = privacy(told, identifiability(quality))
    yield write_json(folder, "privacy/identifiability.json", known)
    yield write_text(folder, "privacy/identifiability.md", privacy_page(known))


def privacy(told: Told, known: dict[str, Any]) -> dict[str, Any]:
    """How far somebody could be told apart, with what it means in words: the page and whoever releases it read this."""
    small = known["k"] < known["k_wanted"]
    in_small = "1 person is" if known["below_k"] == 1 else f"{known['below_k']} people are"
    return {
        **known,
        "project": told.project,
        "basis": told.basis,
        "as_of": told.as_of,
        "verdict": (TOO_SMALL if small else SHARED).format(**known, in_small=in_small),
        "notes": list(NOTES),
    }


def privacy_page(known: dict[str, Any]) -> str:
    """The identifiability report as text."""
    names = ", ".join(f"`{name}`" for name in known["quasi_identifiers"])
    hidden = "\n".join(f"| `{name}` | {n} of {known['people']} |" for name, n in known["rows_suppressed"].items())
    verdict = f"**{known['verdict']}**" if known["k"] < known["k_wanted"] else known["verdict"]
    words = {**known, "names": names, "hidden": hidden, "verdict": verdict, "notes": "\n\n".join(known["notes"])}
    return PAGE.format(**words)


SHARED = "Each description is shared by {k} people or more, so nobody can be singled out by these columns alone."
TOO_SMALL = (
    "{in_small} in groups of fewer than {k_wanted}: there are too few people in all. Do not release this"
    " bundle outside the service."
)
NOTES = (
    "With l = 1, whoever knows that somebody is in a group knows what they are treated for.",
    "Where the service is hidden, so is the practitioner, in every file, and appointments are named so that they cannot"
    " be matched with those of somebody whose service is shown.",
    "Days lie between events of one person and end nowhere finer than a day; but this bundle names its moment, so"
    " whoever holds it knows the dates of who is still followed to about a day.",
    "Not counted as quasi-identifiers, and still telling to somebody who knows the person: the days of appointments"
    " relative to each other, the number of them and of entries, the practitioner's pseudonym, and the worksheets"
    " agreed. Tried on invented services, two to four such facts, as anybody at home knows them, singled out everybody"
    " of 36 people and more than half of 356. Only an agreement with who holds the rows keeps that from being done.",
)
PAGE = """# Who could be told apart

Project {project}, basis {basis}, as of {as_of}. Worked out from the rows of this bundle; the same is in
`identifiability.json`. Who released it, under which agreement and after what was considered, the service knows that
made it.

{verdict}

| | |
|---|---|
| quasi-identifiers | {names} |
| people | {people} |
| groups with the same values | {groups}, of which {groups_described} show any value |
| k: people in the smallest group | {k} (wanted: {k_wanted}) |
| l: different values of `{l_of}` in the least varied group | {l} |

Values hidden (`suppressed`) so that groups are large enough; no row was dropped:

| column | people |
|---|---|
{hidden}

{notes}
"""
