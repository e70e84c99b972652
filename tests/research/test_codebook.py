"""What explains the bundle tells of every column and every cell, and programs can check the data by it."""

import csv
import io
import re

from server.research.codebook import definition_hash
from server.research.columns import MISSING, UNLISTED
from server.research.fields import FILES
from tests.research.conftest import build

READS = {"integer": int, "number": float, "string": str}


def resources(bundle):
    """Every file of a bundle, as the data package has it."""
    return bundle.json("datapackage.json")["resources"]


def test_every_cell_is_what_the_table_schema_says(bundle):
    missing = set(MISSING)
    for resource in bundle.json("datapackage.json")["resources"]:
        fields = resource["schema"]["fields"]
        assert set(resource["schema"]["missingValues"]) == missing
        for row in bundle.rows(resource["name"]):
            assert list(row) == [field["name"] for field in fields]
            for field in fields:
                cell, rules = row[field["name"]], field["constraints"]
                if cell in missing:
                    assert not rules.get("required"), field
                    continue
                READS[field["type"]](cell)
                assert cell in rules.get("enum", [cell]), (field, cell)
                assert re.fullmatch(rules.get("pattern", ".*"), cell), (field, cell)


def test_the_codebook_has_a_line_for_every_column(bundle):
    rows = list(csv.DictReader(io.StringIO(bundle.files()["codebook/codebook.csv"].decode())))
    described = [(one["name"], field["name"]) for one in resources(bundle) for field in one["schema"]["fields"]]
    assert [(row["file"], row["column"]) for row in rows] == described
    assert described[: sum(len(file.columns) for file in FILES)] == [(f.name, c.name) for f in FILES for c in f.columns]
    assert all(row["label"] and row["made_safe"] and row["class"] and row["source"] for row in rows)


def test_code_and_label_never_share_a_cell_and_every_code_used_has_a_label(bundle):
    rows = list(csv.DictReader(io.StringIO(bundle.files()["codebook/codes.csv"].decode())))
    known = {(row["file"], row["column"], row["code"]) for row in rows}
    assert all(row["label"] and row["label"] != row["code"] for row in rows)
    for file in FILES:
        for column in file.columns:
            if column.codes:
                used = {row[column.name] for row in bundle.rows(file.name)}
                assert {(file.name, column.name, code) for code in used} <= known


def test_worksheets_are_named_with_their_titles(bundle):
    rows = csv.DictReader(io.StringIO(bundle.files()["codebook/codes.csv"].decode()))
    titles = {
        row["code"]: row["label"] for row in rows if row["file"] == "assignments" and row["column"] == "worksheet"
    }
    assert titles["low-intensity-cbt/sleep-diary"] == "Sleep diary"


def test_the_description_for_programs_is_a_dataset_that_names_every_variable(bundle):
    described = bundle.json("dataset_description.json")
    assert {"name", "description", "variableMeasured"} <= set(described)
    assert (described["@context"], described["@type"]) == ("https://schema.org/", "Dataset")
    named = {variable["name"] for variable in described["variableMeasured"]}
    assert named == {field["name"] for one in resources(bundle) for field in one["schema"]["fields"]}


def test_the_readme_says_what_for_and_as_of_when(demo_app, tmp_path):
    text = build(tmp_path / "b", project="sleep study", basis="approval 7").files()["README.md"].decode()
    assert "Project: sleep study" in text
    assert "Basis: approval 7" in text
    assert "2026-11-18T09:40:00+00:00" in text
    assert all(f"`{code}`" in text for code in MISSING)


def test_another_definition_has_another_hash():
    assert definition_hash(FILES) == definition_hash(FILES)
    assert definition_hash(FILES) != definition_hash(FILES[:-1])


def test_unlisted_is_said_only_of_codes_and_of_what_clients_answered():
    for file in FILES:
        for column in file.columns:
            assert UNLISTED not in column.missing or column.type == "string" or column.how == "closed_answer"
