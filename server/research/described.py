"""The same variable table for other programs: CSVW metadata, DDI-Codebook 2.5, and the instruments as FHIR."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

from server.research.codebook import ABOUT, NAME
from server.research.columns import MISSING, Column, File
from server.research.questions import SOURCE

DDI = "ddi:codebook:2_5"
_CSVW_TYPES = {"string": "string", "integer": "integer", "number": "number"}


def csvw(files: Sequence[File]) -> dict[str, Any]:
    """CSV on the Web metadata (W3C, 2015) of every table, as it lies in codebook/."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": NAME,
        "dc:description": ABOUT,
        "tables": [_csvw_table(file, files) for file in files],
    }


def ddi(files: Sequence[File], rows: dict[str, int], project: str, as_of: str) -> str:
    """DDI-Codebook 2.5 of every table: variables with labels, questions, categories and what is missing."""
    ElementTree.register_namespace("", DDI)
    book = ElementTree.Element(_named("codeBook"), {"version": "2.5"})
    _titled(_under(_under(book, "docDscr"), "citation"), f"Codebook: {NAME}")
    study = _under(book, "stdyDscr")
    _titled(_under(study, "citation"), f"{NAME} ({project}, as of {as_of})")
    _under(_under(study, "stdyInfo"), "abstract", ABOUT)
    for file in files:
        text = _under(_under(book, "fileDscr", ID=_file_id(file)), "fileTxt")
        _under(text, "fileName", file.path)
        _under(text, "fileCont", file.label)
        sizes = _under(text, "dimensns")
        _under(sizes, "caseQnty", str(rows[file.path]))
        _under(sizes, "varQnty", str(len(file.columns)))
    data = _under(book, "dataDscr")
    for file in files:
        for column in file.columns:
            _variable(data, file, column)
    ElementTree.indent(book)
    return ElementTree.tostring(book, encoding="unicode", xml_declaration=True).replace("'", '"', 4) + "\n"


def _csvw_table(file: File, files: Sequence[File]) -> dict[str, Any]:
    paths = {one.name: f"../{one.path}" for one in files}
    keys = [
        {
            "columnReference": name,
            "reference": {"resource": paths[target.split(".")[0]], "columnReference": target.split(".")[1]},
        }
        for name, target in file.belongs_to.items()
    ]
    schema: dict[str, Any] = {"columns": [_csvw_column(column) for column in file.columns]}
    # A key may not be missing in CSVW: a table of which a key can be has none here, but in datapackage.json.
    if not any(column.missing for column in file.columns if column.name in file.key):
        schema["primaryKey"] = list(file.key)
    return {
        "url": paths[file.name],
        "dc:title": file.label,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True},
        "tableSchema": {**schema, **({"foreignKeys": keys} if keys else {})},
    }


def _csvw_column(column: Column) -> dict[str, Any]:
    base: Any = _CSVW_TYPES[column.type]
    if column.type == "string" and (column.codes or column.pattern):
        codes = f"({'|'.join(re.escape(code) for code in column.codes)})"
        base = {"base": "string", "format": codes if column.codes else column.pattern.strip("^$")}
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.label,
        "datatype": base,
        "required": not column.missing,
        "null": sorted(column.missing) or ["not-applicable"],
    }


def _variable(data: ElementTree.Element, file: File, column: Column) -> None:
    kind = "discrete" if column.codes else "contin"
    made = _under(
        data, "var", ID=f"{_file_id(file)}.{column.name}", name=column.name, files=_file_id(file), intrvl=kind
    )
    _under(made, "labl", column.label)
    if column.sources == SOURCE:
        _under(_under(made, "qstn"), "qstnLit", column.label)
    for code, label in _values(column):
        category = _under(made, "catgry", **({"missing": "Y"} if code in column.missing else {}))
        _under(category, "catValu", code)
        _under(category, "labl", label)
    if column.unit:
        _under(made, "concept", column.unit)
    _under(made, "varFormat", type="character" if column.type == "string" else "numeric")


def _values(column: Column) -> Iterator[tuple[str, str]]:
    yield from column.codes.items()
    yield from ((word, MISSING[word]) for word in column.missing)


def _file_id(file: File) -> str:
    return f"F.{file.name}"


def _titled(citation: ElementTree.Element, title: str) -> None:
    _under(_under(citation, "titlStmt"), "titl", title)


def _under(parent: ElementTree.Element, name: str, text: str = "", /, **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, _named(name), attributes)
    made.text = text or None
    return made


def _named(name: str) -> str:
    return f"{{{DDI}}}{name}"
