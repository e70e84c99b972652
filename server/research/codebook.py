"""What explains a bundle: codebook, codes, Table Schema (Frictionless), schema.org description and README."""

import hashlib
from collections.abc import Sequence
from typing import Any

from server.classes import class_of
from server.engagement.definitions import DEFINITIONS
from server.research.bundle import csv_text
from server.research.columns import MISSING, Column, File

HOW = {
    "as_is": "As it is",
    "pseudonym": "Keyed hash of the id, for this project only",
    "relative_day": "Whole days from the client's day zero",
    "time_band": "One of four parts of the day",
    "hours": "Hours between two moments",
    "age_band": "Age in bands",
    "presence": "Whether anything was written",
    "closed_answer": "The answer to a closed question, as its code or number; what is written stays",
    "count": "Counted",
    "worked_out": "Worked out from several",
}
NAME = "Work between appointments: research data set"
ABOUT = (
    "What people in talking therapy agreed to do between appointments, what became of it, and how they were reminded."
    " De-identified: no names, no text, no calendar dates of anybody."
)
SYNTHETIC = {  # what of the people in it is invented
    "all": "SYNTHETIC: nobody in it is real. It teaches and tests; no finding can come of it.",
    "some": "PARTLY SYNTHETIC: some of the people in it are invented. No finding can come of it.",
}


def definition_hash(files: Sequence[File]) -> str:
    """A hash of every column's definition: two bundles with the same one can be stacked."""
    return hashlib.sha256(repr(tuple(files)).encode()).hexdigest()


def codebook(files: Sequence[File]) -> str:
    """One row for each column of each file. Codes are in a table of their own: code and label never share a cell."""
    header = ["file", "position", "column", "type", "unit", "label", "made_safe", "class", "source", "missing_codes"]
    rows = [
        [
            file.name,
            str(place),
            column.name,
            column.type,
            column.unit or "not-applicable",
            column.label,
            HOW[column.how],
            " ".join(sorted({class_of(*source.split(".")) or "" for source in column.sources})),
            " ".join(column.sources),
            " ".join(column.missing) or "none",
        ]
        for file in files
        for place, column in enumerate(file.columns, start=1)
    ]
    return csv_text(header, rows)


def code_table(files: Sequence[File]) -> str:
    """One row for each code of each column, the missing ones marked."""
    rows = [
        [file.name, column.name, code, label, missing]
        for file in files
        for column in file.columns
        for code, label, missing in (
            *((code, label, "no") for code, label in column.codes.items()),
            *((code, MISSING[code], "yes") for code in column.missing),
        )
    ]
    return csv_text(["file", "column", "code", "label", "missing"], rows)


def figure_table() -> str:
    """One row for each figure of the program, by the number that columns and the report name it with."""
    rows = [[one.code, one.name, one.formula, one.says, one.why or "none"] for one in DEFINITIONS]
    return csv_text(["figure", "name", "formula", "says", "why_not_shown_elsewhere"], rows)


def data_package(files: Sequence[File]) -> dict[str, Any]:
    """The Frictionless Data Package: types, constraints, keys and missing codes of every file."""
    return {
        "profile": "tabular-data-package",
        "name": "between-session-work",
        "title": NAME,
        "description": ABOUT,
        "resources": [_resource(file) for file in files],
    }


def schema_org(files: Sequence[File], synthetic: str = "none") -> dict[str, Any]:
    """A schema.org Dataset that names every variable; not Psych-DS, which wants other names of files."""
    labels: dict[str, str] = {}
    for file in files:
        for column in file.columns:
            labels.setdefault(column.name, column.label)
    warning = f"{SYNTHETIC[synthetic]} " if synthetic in SYNTHETIC else ""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": NAME,
        "description": f"{warning}{ABOUT}",
        "variableMeasured": [
            {"@type": "PropertyValue", "name": name, "description": label} for name, label in sorted(labels.items())
        ],
    }


def readme(files: Sequence[File], project: str, basis: str, as_of: str, synthetic: str = "none") -> str:
    """What the bundle is and how to read it, for whoever opens the folder first."""
    tables = "\n".join(f"- `{file.path}`: {file.label}." for file in files)
    missing = "\n".join(f"- `{code}`: {label}." for code, label in MISSING.items())
    warning = f"**{SYNTHETIC[synthetic]}**\n\n" if synthetic in SYNTHETIC else ""
    return README.format(
        name=NAME, about=f"{warning}{ABOUT}", project=project, basis=basis, as_of=as_of, tables=tables, missing=missing
    )


def _resource(file: File) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": file.name,
        "path": file.path,
        "title": file.label,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n", "delimiter": ",", "header": True},
        "schema": {
            "fields": [_field(column) for column in file.columns],
            "missingValues": sorted(MISSING),
            "primaryKey": list(file.key),
            "foreignKeys": [
                {
                    "fields": [name],
                    "reference": {"resource": target.split(".")[0], "fields": [target.split(".")[1]]},
                }
                for name, target in file.belongs_to.items()
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.missing else {"required": True}
    if column.codes and not column.pattern:
        constraints["enum"] = list(column.codes)
    if column.pattern:
        constraints["pattern"] = column.pattern
    return {"name": column.name, "type": column.type, "description": column.label, "constraints": constraints}


README = """# {name}

{about}

- Project: {project}
- Basis: {basis}
- As of: {as_of}

## Files

{tables}
- `spss/` and `parquet/` (where it could be written): the same tables with their labels. In SPSS a code is a number with
  its words, and what is missing is -99901 to -99907, declared as user-missing; in Parquet a number that is missing is
  null, and `<column>__missing` says why.
- `scripts/load.py` (Python with pandas), `scripts/load.R` (R alone) and `scripts/load.do` (Stata; it was never run)
  read, type and label every table; the first two check the files before. `SHA256SUMS` is for `sha256sum -c`, and
  `SHA256SUMS.sig` is its signature (Ed25519) by the service that made the bundle; ask them for their public key. Then
  `openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig`.
- `scripts/lagged.py` (pandas) and `scripts/lagged.R` (R alone) fit the model of the third question below.
- `report.html`: what is in it, as one page to read first: flow of people, figures over intervals, time to
  disengagement, outcomes, each with its definition and its n. `python scripts/report.py` makes it again from these
  files alone (with scipy; without it a page with neither p values nor intervals, beside it), and `scripts/report.ipynb`
  step by step.
- `aggregate/tables.csv` is the one table that may be passed on without the rows: counts by calendar week, hidden where
  they, or a part beside them, are of 7 people or fewer, nobody included; else to the nearest 5. `week` = all adds up
  the weeks with `in_all` = 1, every number of them the same weeks, so that they can be divided. `flow` says whom the
  services' own pages count and this bundle does not.
- `codebook/codebook.html`: everything below about columns, codes and questions, as one page to read.
- `codebook/csvw-metadata.json` (CSV on the Web) and `codebook/codebook.ddi.xml` (DDI-Codebook 2.5): for programs.
- `fhir/`: the same as FHIR R4, one resource a line, without dates; `fhir/CapabilityNote.md` says what it leaves out.
- `instruments/`: each worksheet that was filled in, as a FHIR R4 Questionnaire, word by word, by version.
- `codebook/files.csv`: the tables, with their keys and number of rows.
- `codebook/codebook.csv`: every column, with its source, class and unit.
- `codebook/codes.csv`: every code with its label.
- `codebook/items.csv`: every question of every version of every worksheet, in the words that were shown (in English),
  with its bounds and whether its answers leave; `codebook/answers.csv`: every answer that could be chosen.
- `codebook/figures.csv`: the figures M1 to M18 that columns and the report name, each with its formula.
- `codebook/measures.csv`: every constant by which measures were scored, with its source, and whether it was read there.
- `datapackage.json` (Frictionless) and `dataset_description.json` (a Dataset of schema.org) say the same for programs.
- `recompute.py`: works out M1 and M2 from `data/occurrences_data.csv` alone, with Python 3.11 and nothing else. In this
  folder: `python recompute.py > rates.csv`.
- `quality/data_quality.html` (and `.json`): who is in it and who is not, what counts, how it came in, what is missing.
- `privacy/identifiability.md` and `.json`: how far somebody in it could be told apart.
- `CHANGES.md`: what is new, corrected or gone since the bundle before, and whom to delete from every copy.
- `manifest.json`: rows and SHA-256 of each file, and who was left out.

## How to read it

- `pid` is one client. Pseudonyms are made for this project: two projects cannot be joined by them.
- Days count from the client's *day zero*, named in `participants.day_zero`. There are no calendar dates of anybody.
- The unit is the **interval**: from one attended appointment to the next. `occurrences.interval` is its number
  within the episode.
- `occurrences.state` is what staff pages said at the moment of the export. `not_done`: the client said so, or
  staff wrote it down for them. `no_answer`: the phone has been in contact since, and nothing was said. `unknown`: no
  contact since it fell due.
- M1 (completion) is done ÷ eligible; M2 (attempt) is done, partial and tried ÷ eligible. Eligible is done, partial,
  tried, not_done, no_answer and unknown; with `rhythm` = event only what was answered, since nothing need have
  happened. Both are given with unknown counted as not done, and left out. `recompute.py` works them out;
  `intervals` has the program's own, to check against.
- What has `practice` = no (a check-in, a measure) asks about the work and is none: it is in neither, nor in any figure.
- `items` is long: one row for each closed question that was answered. `data/worksheets/` has the same answers wide: one
  file for each version of a worksheet that was filled in, one row for each entry, with the columns of its questions
  whatever was answered; where a worksheet has a list, one file more with a row for each item. `q_…` is a question,
  `q_…__…` one answer of a question with several, `f_…` was worked out.
- What was written, what is about risk, what the client keeps for now and what a service asked in its own words is in
  none of these: `entries` says that it is there. A number outside its bounds, or a day more than two years from day
  zero, is `unlisted`.
- An entry with `deleted` = yes was deleted by the client and counts for nothing.
- `measures` has a row for each scale. First and last score of a course with a change of at least `reliable_change`
  is a reliable change; say how many have both, of how many have a first (M18). PHQ-9 and GAD-7 are never filled in.
  A constant marked *to be checked by the service* was not read in its source: look it up before you rely on it.
- `outcomes` has a row for each course: recovery and reliable change by the rules of NHS Talking Therapies, of those
  `paired` = yes. Keep to `finished` = yes (ended, two `treatments` or more) for what is reported nationally, and say
  how many are paired beside it.
- To ask what practice is associated with, take `lagged` (each closed interval with the *next* score; `m2_within` is a
  person against themself, `m2_own_mean` one person against another; both over every closed interval, so that
  `m2_within` need not add up to 0 over the rows that have scores) or `landmarks` (what was tried up to the third
  attended appointment, with the score then and the last one). Never how much somebody did in all: one has to stay to
  do it.
- Groups of fewer than 5 people are hidden in `participants` (`suppressed`).
- Counts of clients left out are rounded to 5; 1 to 7 is `suppressed`.

## Three questions to begin with

- *How much of what was agreed was tried?* Take `occurrences` with `practice` = yes and a `state` of done, partial,
  tried, not_done, no_answer or unknown; leave out no_answer and unknown where `rhythm` = event. That is the
  denominator; done, partial and tried are above it. Say the counts, then the mean of each person's own share, then the
  share with unknown left out. A row whose `interval` is not-applicable fell outside every interval, and is in none of
  `intervals`.
- *When do people stop?* `episodes.m11_days` and `m11_event`, of those where it is not not-applicable (nothing was ever
  agreed). Discharge competes with disengagement, so take a cumulative incidence (Aalen and Johansen) and no
  Kaplan-Meier; `_known` is the same up to the last moment until which all is known, in case silence is only a phone
  without a signal.
- *Is practice associated with the next score?* One measure and scale of `lagged`, rows with `m2`, `before` and `after`:
  `after` on `before`, on what this person tried more or less than usual (`m2_within`) and on how much they try as a
  rule (`m2_own_mean`). Rows of one person belong together: cluster the errors by `pid`, or let `pid` have a random
  intercept. `python scripts/lagged.py` does the first, with both parts of M2 taken over the rows of the model, and fits
  M2 of the interval alone beside it. Lower scores are better. Say *associated with*: feeling better lets people
  practise, too.

## Missing values

No cell is blank. Each of these is a missing value:

{missing}
"""
