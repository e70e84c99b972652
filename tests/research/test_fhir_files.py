"""The bundle as FHIR is read by an independent library, says what the tables say, and has no date of anybody."""

import json
import re
from collections import Counter

import pytest
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.consent import Consent
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.provenance import Provenance
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.task import Task

from server.research.columns import UNLISTED, Column, File
from server.research.fhir_files import FhirFiles

MODELS = {one.__name__: one for one in (Patient, Consent, Provenance, CarePlan, Task, QuestionnaireResponse)}


def resources(bundle, name):
    return [json.loads(line) for line in bundle.files()[f"fhir/{name}.ndjson"].decode().splitlines()]


@pytest.mark.parametrize("name", MODELS)
def test_every_resource_is_read_by_an_independent_library(bundle, name):
    found = resources(bundle, name)
    assert found
    for resource in found:
        assert resource["resourceType"] == name
        MODELS[name].model_validate(resource)
    ids = [resource["id"] for resource in found]
    assert len(set(ids)) == len(ids)


def test_the_resources_are_as_many_as_the_rows(bundle):
    people = {row["pid"] for row in bundle.rows("participants")}
    assert {one["id"] for one in resources(bundle, "Patient")} == people
    assert len(resources(bundle, "Consent")) == len(resources(bundle, "Provenance")) == len(people)
    assert {one["id"] for one in resources(bundle, "CarePlan")} == {row["episode"] for row in bundle.rows("episodes")}
    assert {one["id"] for one in resources(bundle, "Task")} == {row["assignment"] for row in bundle.rows("assignments")}
    entries = {row["entry"] for row in bundle.rows("items")}
    assert {one["id"] for one in resources(bundle, "QuestionnaireResponse")} == entries


def test_every_reference_points_at_a_resource_that_is_there(bundle):
    known = {f"{name}/{one['id']}" for name in MODELS for one in resources(bundle, name)}
    asked = {
        f"{one['url']}|{one['version']}"
        for path, content in bundle.files().items()
        if path.startswith("instruments/")
        for one in [json.loads(content)]
    }
    for name in MODELS:
        text = bundle.files()[f"fhir/{name}.ndjson"].decode()
        assert set(re.findall(r'"reference":"([^"]+)"', text)) <= known
        assert set(re.findall(r'"questionnaire":"([^"]+)"', text)) <= asked


def answers(items, place=()):
    for item in items:
        yield from answers(item.get("item", []))
        for answer in item.get("answer", []):
            [(name, value)] = answer.items()
            yield item["linkId"], value["code"] if name == "valueCoding" else value


def test_a_response_has_the_closed_answers_of_its_entry(bundle):
    rows: dict[str, Counter] = {}
    for row in bundle.rows("items"):
        value = None
        if row["kind"] in ("scale", "number", "duration"):
            value = float(row["number"])
        elif row["kind"] in ("choice", "choices") and row["code"] != "other":
            value = row["code"]
        elif row["kind"] == "boolean":
            value = row["code"] == "yes"
        counts = rows.setdefault(row["entry"], Counter())
        if value is not None:
            counts[row["link_id"], value] += 1
    compared = 0
    for one in resources(bundle, "QuestionnaireResponse"):
        assert Counter(answers(one.get("item", []))) == rows[one["id"]], one["id"]
        compared += sum(rows[one["id"]].values())
    assert compared > 1000


def test_a_code_nobody_declared_breaks_no_resource(tmp_path):
    names = ("pid", "episode", "assignment", "worksheet", "worksheet_version", "agreed_day", "state", "rhythm")
    columns = tuple(Column(name, (), "as_is", name) for name in names)
    files = FhirFiles(tmp_path, [], "2026-11-18T09:40:00+00:00")
    files.see(File("assignments", "A", columns, ()), ["p", "e", "a", UNLISTED, 1, 3, UNLISTED, UNLISTED])
    files.finish()
    files.close()
    [line] = (tmp_path / "fhir" / "Task.ndjson").read_text("utf-8").splitlines()
    assert Task.model_validate_json(line).status == "in-progress"


def test_there_is_no_date_but_the_moment_of_the_bundle(bundle):
    for name in MODELS:
        text = bundle.files()[f"fhir/{name}.ndjson"].decode().replace(bundle.json("manifest.json")["as_of"], "")
        assert not re.search(r"20\d\d-\d\d", text)
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7", text)
