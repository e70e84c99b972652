"""Every worksheet goes out as a valid Questionnaire, its example as a valid response, and comes back the very same."""

import json
from datetime import UTC, date, datetime

import pytest
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.task import Task

from server.fhir.care import Agreed, care_plan, task
from server.fhir.importing import imported_definition, same_definition
from server.fhir.questionnaire import questionnaire, resource_id
from server.fhir.responses import About, own_words_response, response
from server.fhir.words import OURS
from server.worksheets.definition import worksheet_from
from server.worksheets.plain import data_of
from server.worksheets.structure import schema_at
from tests.fhir.invariants import broken, codes_outside
from tests.worksheets.write_vectors import ROOT, VECTORS, the_library

SCHEMA = schema_at(ROOT / "worksheets")
SYNTHETIC = json.loads((VECTORS / "worksheet-synthetic.json").read_text(encoding="utf-8"))
EVERY = sorted(the_library().every(), key=lambda one: one.key)
EVERY += [worksheet_from(data, "0" * 64) for data in SYNTHETIC]
ABOUT = About("0190-entry", "0190-client", datetime(2026, 7, 4, 22, 15, tzinfo=UTC), "Europe/London")
each = pytest.mark.parametrize("worksheet", EVERY, ids=lambda one: one.key)


@each
def test_its_questionnaire_is_valid_by_another_library_and_by_the_invariants(worksheet):
    made = questionnaire(worksheet)
    read = Questionnaire.model_validate_json(json.dumps(made))
    assert broken(made) == []
    assert codes_outside(read) == []


@each
def test_it_comes_back_the_very_same(worksheet):
    sent = json.loads(json.dumps(questionnaire(worksheet)))
    back = same_definition(sent)
    assert back == data_of(worksheet)
    assert worksheet_from(back, worksheet.sha256) == worksheet


@each
def test_its_example_is_a_valid_response_that_loses_no_answer(worksheet):
    answers = worksheet.example["answers"]
    made = response(worksheet, answers, ABOUT)
    read = QuestionnaireResponse.model_validate_json(json.dumps(made))
    assert codes_outside(read) == []
    assert f"{OURS}kept" not in json.dumps(made)
    assert _leaves(answers) == _answered(made.get("item", []))
    assert made["questionnaire"] == f"{OURS}{worksheet.id}|{worksheet.version}"


def _leaves(value):
    """How many single answers an example holds; own words in a choice are one."""
    if isinstance(value, dict) and set(value) == {"other"}:
        return 1
    if isinstance(value, dict | list):
        return sum(_leaves(one) for one in (value.values() if isinstance(value, dict) else value))
    return int(value not in (None, ""))


def _answered(items):
    return sum(len(one.get("answer", [])) + _answered(one.get("item", [])) for one in items)


@each
def test_taken_over_by_another_service_it_is_a_sound_worksheet_for_staff_until_somebody_speaks_of_risk(worksheet):
    found = imported_definition(questionnaire(worksheet), worksheet_id="imported/x", version=1, schema=SCHEMA)
    assert found.refused == ()
    made = worksheet_from(found.definition, "0" * 64)
    assert (made.staff_entry, made.imported) == (True, True)
    assert made.for_staff_only(risk_allowed=True)
    assert not made.asks_about_risk  # what the file says of risk is nobody's answer here


def test_long_names_become_ids_fhir_allows():
    assert resource_id("a/b.v1") == "a-b.v1"
    long, other = resource_id("a/" + "b" * 90), resource_id("a/" + "b" * 89 + "c")
    assert long != other and len(long) == len(other) == 64


def test_what_fits_no_question_is_kept_in_an_extension_and_what_is_hidden_is_not_said():
    worksheet = EVERY[-1]
    answers = {"steps": "many", "place": {"other": "the sea"}, "note": "x", "when_not": "hidden now", "began": "soon"}
    made = response(worksheet, answers, ABOUT)
    items = {one["linkId"]: one for one in made["item"]}
    assert items["steps"]["extension"][0]["valueString"] == '"many"' and "answer" not in items["steps"]
    assert items["place"]["answer"] == [{"valueString": "the sea"}]
    assert items["began"]["extension"][0]["valueString"] == '"soon"'
    assert "when_not" not in items
    QuestionnaireResponse.model_validate_json(json.dumps(made))


def test_a_moment_is_said_in_the_clients_own_zone():
    made = response(EVERY[-1], {"began": "2026-07-04T23:15", "day": "2026-07-04", "at": "07:05"}, ABOUT)
    values = {one["linkId"]: one["answer"][0] for one in made["item"]}
    assert values["began"] == {"valueDateTime": "2026-07-04T23:15:00+01:00"}
    assert (values["day"], values["at"]) == ({"valueDate": "2026-07-04"}, {"valueTime": "07:05:00"})


def test_nothing_happened_is_a_completed_response_that_says_so():
    diary = next(one for one in EVERY if one.nothing_happened)
    made = response(diary, {"_nothing_happened": True}, ABOUT)
    assert made["status"] == "completed" and "item" not in made
    assert {"url": f"{OURS}nothing_happened", "valueBoolean": True} in made["extension"]
    QuestionnaireResponse.model_validate_json(json.dumps(made))


def test_a_task_in_own_words_is_a_response_without_a_questionnaire():
    made = own_words_response([("What did you do?", "Rang my sister")], ABOUT)
    read = QuestionnaireResponse.model_validate_json(json.dumps(made))
    assert (codes_outside(read), read.questionnaire) == ([], None)
    assert read.item[0].answer[0].valueString == "Rang my sister"
    QuestionnaireResponse.model_validate_json(json.dumps(own_words_response([], ABOUT)))


def test_what_was_agreed_is_a_task_within_a_care_plan():
    agreed = Agreed(
        "0190-assignment", "My walk", "Moving can lift mood.", "open", datetime(2026, 3, 4, 10, 0, tzinfo=UTC),
        date(2026, 3, 4), None, {"kind": "daily"}, (("When", "After breakfast"),), EVERY[0],
    )  # fmt: skip
    free = Agreed("0190-free", "Ring my sister", "You miss her.", "withdrawn", agreed.agreed_at, date(2026, 3, 4),
                  date(2026, 3, 9), {"kind": "once"})  # fmt: skip
    assert codes_outside(Task.model_validate_json(json.dumps(task(agreed, "0190-client")))) == []
    assert (task(free, "c")["status"], "input" in task(free, "c")) == ("cancelled", False)
    plan = care_plan("0190-episode", "0190-client", date(2026, 3, 1), None, [agreed, free])
    read = CarePlan.model_validate_json(json.dumps(plan))
    assert codes_outside(read) == []
    assert [one.id for one in read.contained] == ["0190-assignment", "0190-free"]
    assert (plan["status"], care_plan("e", "c", date(2026, 3, 1), date(2026, 5, 1), [])["status"]) == (
        "active",
        "completed",
    )
    CarePlan.model_validate_json(json.dumps(care_plan("e", "c", date(2026, 3, 1), date(2026, 5, 1), [])))


def test_the_checks_of_these_tests_can_fail():
    made = questionnaire(EVERY[0])
    twice = {**made, "item": [*made["item"], made["item"][0]]}
    assert "que-2" in broken(twice)
    wrong = Questionnaire.model_validate_json(json.dumps({**made, "status": "perhaps"}))
    assert codes_outside(wrong) == ["status: perhaps"]
    with pytest.raises(ValueError, match="validation error"):
        Questionnaire.model_validate_json(json.dumps({**made, "itme": []}))
