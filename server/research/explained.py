"""Writes what explains a bundle: codebook, wording, descriptions for programs, scripts that read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.fhir.questionnaire import questionnaire, resource_id
from server.measures.library import measures
from server.research import codebook, described, scores, stata
from server.research.bundle import Written, csv_text, write_json, write_text
from server.research.columns import MISSING, File
from server.research.item_fields import answer_table, item_table, wide_name
from server.research.questions import asked
from server.research.spss import MISSING_NUMBER
from server.worksheets.definition import Worksheet

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Told:
    """What is told of a bundle: its tables as they were written, what for and as of when, and whose wording it has."""

    files: Sequence[File]
    written: Sequence[Written]
    worksheets: Sequence[Worksheet]
    project: str
    basis: str
    as_of: str
    synthetic: str = "none"


def explain(folder: Path, told: Told) -> list[Written]:
    """Write all of it into the folder. Returns what was written, in a fixed order."""
    return [*_codebook(folder, told), *_descriptions(folder, told), *_scripts(folder, told)]


def _codebook(folder: Path, told: Told) -> Iterator[Written]:
    yield write_text(folder, "codebook/files.csv", _file_table(told))
    yield write_text(folder, "codebook/codebook.csv", codebook.codebook(told.files))
    yield write_text(folder, "codebook/codes.csv", codebook.code_table(told.files))
    yield write_text(folder, "codebook/items.csv", item_table(told.worksheets))
    yield write_text(folder, "codebook/answers.csv", answer_table(told.worksheets))
    yield write_text(folder, "codebook/figures.csv", codebook.figure_table())
    yield write_text(folder, "codebook/measures.csv", scores.constant_table(measures().every_version()))
    yield write_text(folder, "codebook/codebook.html", page(told))
    rows = {one.path: one.rows or 0 for one in told.written}
    yield write_json(folder, "codebook/csvw-metadata.json", described.csvw(told.files))
    yield write_text(folder, "codebook/codebook.ddi.xml", described.ddi(told.files, rows, told.project, told.as_of))
    present = {file.name for file in told.files}
    for worksheet in told.worksheets:
        if wide_name(worksheet) in present:
            yield write_json(folder, f"instruments/{resource_id(worksheet.key)}.json", questionnaire(worksheet))


def _descriptions(folder: Path, told: Told) -> Iterator[Written]:
    yield write_json(folder, "datapackage.json", codebook.data_package(told.files))
    yield write_json(folder, "dataset_description.json", codebook.schema_org(told.files, told.synthetic))
    about = told.project, told.basis, told.as_of, told.synthetic
    yield write_text(folder, "README.md", codebook.readme(told.files, *about))


def _scripts(folder: Path, told: Told) -> Iterator[Written]:
    config = current_app.config["MEANTIME"]
    yield write_text(folder, "recompute.py", config.recompute.read_text("utf-8"))
    for name in ("load.R", "load.py", "lagged.R", "lagged.py"):
        yield write_text(folder, f"scripts/{name}", (config.loaders / name).read_text("utf-8"))
    yield write_text(folder, "scripts/load.do", stata.do_file(told.files))


def page(told: Told) -> str:
    """The codebook as one page that needs nothing else."""
    return PAGES.get_template("codebook.html").render(
        name=codebook.NAME,
        about=codebook.ABOUT,
        how=codebook.HOW,
        missing=MISSING,
        spss=MISSING_NUMBER,
        stata=stata.GONE,
        asked=asked,
        files=told.files,
        worksheets=told.worksheets,
        project=told.project,
        as_of=told.as_of,
    )


def _file_table(told: Told) -> str:
    rows = {one.path: str(one.rows) for one in told.written}
    table = [[file.name, file.path, file.label, " ".join(file.key), rows[file.path]] for file in told.files]
    return csv_text(["file", "path", "label", "key", "rows"], table)
