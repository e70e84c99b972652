"""The do-file that reads a bundle into Stata: made for the tables that are in it, since Stata reads no codebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.research.columns import MISSING, Column, File

GONE = {word: f".{letter}" for word, letter in zip(MISSING, "abcdefg", strict=True)}
LONGEST_NAME, LONGEST_LABEL = 32, 80
FIRST_GONE = 9001


def do_file(files: Sequence[File]) -> str:
    """One program for each table; run in the folder of the bundle, it leaves a .dta beside each CSV in `stata/`."""
    head = [
        "* Reads the tables of this bundle, types and labels them, and saves each as stata/NAME.dta.",
        "* Run it in the folder of the bundle: do scripts/load.do. Made for Stata 14 and newer, but it was never run:",
        "* whoever made it has no Stata. The hashes of the files are in SHA256SUMS: Stata has no SHA-256 of its own.",
        "version 14",
        "clear all",
        "set more off",
        "capture mkdir stata",
        *(f"* {gone} is {word}: {MISSING[word]}." for word, gone in GONE.items()),
    ]
    return "\n".join([*head, *(line for file in files for line in _table(file))]) + "\n"


def _table(file: File) -> Iterator[str]:
    yield ""
    yield f"* {file.label}"
    yield (
        f'import delimited using "{file.path}", clear varnames(nonames) rowrange(2)'
        ' stringcols(_all) encoding("UTF-8") bindquotes(strict)'
    )
    for place, (column, name) in enumerate(zip(file.columns, names(file), strict=True), start=1):
        yield from _column(column, f"v{place}", name)
    yield f"label data {_quoted(file.label)}"
    yield f'save "stata/{file.name}.dta", replace'


def _column(column: Column, raw: str, name: str) -> Iterator[str]:
    if column.type != "string":
        yield f"generate double {name} = real({raw})"
        yield from (f'replace {name} = {GONE[word]} if {raw} == "{word}"' for word in column.missing)
        yield f"drop {raw}"
    elif column.codes:
        yield from _coded(column, raw, name)
    else:
        yield f"rename {raw} {name}"
    yield f"label variable {name} {_quoted(column.label)}"
    if name != column.name:
        yield f"notes {name}: {column.name}"


def _coded(column: Column, raw: str, name: str) -> Iterator[str]:
    label = f"l_{raw}"
    gone = {word: FIRST_GONE + place for place, word in enumerate(column.missing)}
    numbers = {code: place for place, code in enumerate(column.codes, start=1)} | gone
    yield f"capture label drop {label}"
    yield from (f'label define {label} {number} "{code}", modify' for code, number in numbers.items())
    yield f"encode {raw}, generate({name}) label({label}) noextend"
    yield f"drop {raw}"
    yield from (f"replace {name} = {GONE[word]} if {name} == {number}" for word, number in gone.items())
    told = {place: f"{code}: {words}" for place, (code, words) in enumerate(column.codes.items(), start=1)}
    yield from (f"label define {label} {number} {_quoted(words)}, modify" for number, words in told.items())


def names(file: File) -> list[str]:
    """The names of a table's columns as Stata takes them: 32 letters at most, each once."""
    found: list[str] = []
    for column in file.columns:
        name, n = column.name[:LONGEST_NAME], 1
        while name in found:
            n += 1
            name = f"{column.name[: LONGEST_NAME - 4]}_{n}"
        found.append(name)
    return found


def _quoted(text: str) -> str:
    plain = text.replace("`", "'").replace('"', "'").replace("$", "")
    return f'`"{plain.encode()[:LONGEST_LABEL].decode(errors="ignore")}"\''
