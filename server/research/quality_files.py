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
    yield write_text(folder, "privacy/identifiability.md", privacy_page(told, identifiability(quality)))


def privacy_page(told: Told, known: dict[str, Any]) -> str:
    """The identifiability report: what was worked out, and what a person has still to write into it."""
    hidden = "\n".join(f"| `{name}` | {n} of {known['people']} |" for name, n in known["rows_suppressed"].items())
    small = known["k"] < known["k_wanted"]
    verdict = TOO_SMALL.format(**known) if small else SHARED.format(**known)
    return PAGE.format(
        **{key: value for key, value in known.items() if key != "rows_suppressed"},
        project=told.project,
        basis=told.basis,
        as_of=told.as_of,
        names=", ".join(f"`{name}`" for name in known["quasi_identifiers"]),
        hidden=hidden,
        verdict=verdict,
    )


SHARED = "Each description is shared by {k} people or more, so nobody can be singled out by these columns alone."
TOO_SMALL = (
    "**{below_k} people are in groups of fewer than {k_wanted}: there are too few people in all. Do not release this"
    " bundle outside the service.**"
)
PAGE = """# Who could be told apart

Project {project}, basis {basis}, as of {as_of}. The first part was worked out from the rows of this bundle; the
second is for the person who decides about its release.

## Worked out

| | |
|---|---|
| quasi-identifiers | {names} |
| people | {people} |
| groups with the same values | {groups}, of which {groups_described} show any value |
| k: people in the smallest group | {k} (wanted: {k_wanted}) |
| l: different values of `{l_of}` in the least varied group | {l} |

{verdict} With l = 1, whoever knows that somebody is in a group knows what they are treated for.

Values hidden (`suppressed`) so that groups are large enough; no row was dropped:

| column | people |
|---|---|
{hidden}

Where the service is hidden, so is the practitioner, in every file, and appointments are named so that they cannot be
matched with those of somebody whose service is shown.

Days lie between events of one person and end nowhere finer than a day; but this bundle names its moment, so whoever
holds it knows the dates of who is still followed to about a day.

Not counted as quasi-identifiers, and still telling to somebody who knows the person: the days of appointments
relative to each other, the number of them and of entries, the practitioner's pseudonym, and the worksheets agreed.
Tried on invented services, two to four such facts, as anybody at home knows them, singled out everybody of 36 people
and more than half of 356. Only an agreement with who holds the rows keeps that from being done.

## For the person who decides

- Who could try (a colleague, a relative, a journalist), and what they would know already:
- What they could learn beyond that, and what harm it would do:
- What was tried to tell somebody apart, and what came of it:
- Agreement under which it is shared, and when copies are destroyed:
- Decision, name, date:
- Second person, name, date:
"""
