"""Questionnaires somebody else published: each can be filled in here, or is refused; of ten, exactly as said here."""

import json

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from server.fhir.importing import imported_definition, parsed
from server.fhir.questionnaire import questionnaire
from server.fhir.responses import response
from server.worksheets.definition import worksheet_from
from server.worksheets.rules import outcome, problems
from tests.fhir.published import questionnaires
from tests.fhir.test_round_trip import ABOUT, SCHEMA, same_definition

STATES = "//sqlonfhir-r4.azurewebsites.net/fhir/ValueSet/866d7924e20711d48c540020182939f7"
COUNTRIES = "//sqlonfhir-r4.azurewebsites.net/fhir/ValueSet/25b0ec04fd3511d28b3e0020182939f7"
YES_NO = "//sqlonfhir-r4.azurewebsites.net/fhir/ValueSet/a015b6a1ac024dc19baec940be2c1695"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
CALCULATED = f"its answer is calculated ({SDC}calculatedExpression)."
FIRST = f"its first answer is calculated ({SDC}initialExpression)."
NESTED = "a list inside a list is too much for a phone."


def _elsewhere(value_set, scheme="https:"):
    return f"its options are in the ValueSet '{scheme}{value_set}', which the file does not contain."


FILLED_IN = {
    "f201": {"q_1": True, "q_2_1": "f", "q_2_2": "1960-03-13", "q_3_2": False},
    "bb": {
        "name_of_child": "Cathy Jones",
        "sex": "f",
        "birth_weight": 3.25,
        "vitamin_kgiven": "injection",
        "vitamini_kdose1": "1972-11-30T09:05",
        "hep_bgiven": True,
        "hep_bgiven_date": "1972-12-04",
    },
}
REFUSED = {
    "zika-virus-exposure-assessment": [
        "3: it asks for a quantity and names no unit.",
        "5: it asks for a quantity and names no unit.",
    ],
    "questionnaire-sdc-test-all-data-types": [
        "id-attachment: it asks for a file.",
        f"id-choice: {_elsewhere(STATES, 'http:')}",
        f"440f8cc6-3ea2-40c2-b03a-d03187131fd3: {_elsewhere(STATES)}",
        f"06aaa075-86e4-4cf2-a1ef-a86ab10e86e9: {_elsewhere(COUNTRIES)}",
        f"EF8E3936-3246-4B3E-A46C-9FDAA5ACB635: {_elsewhere(COUNTRIES)}",
    ],
    "questionnaire-sdc-test-initialvalue": [
        f"1acf93a7-0890-44cd-be48-542defb35248: {_elsewhere(YES_NO, 'http:')}",
        "1acf93a7-0890-44cd-be48-542defb35248: its first answer is not among its options.",
    ],
    "questionnaire-sdc-test-initialvalue-multiple": [
        f"1acf93a7-0890-44cd-be48-542defb35248: {_elsewhere(YES_NO, 'http:')}",
        "1acf93a7-0890-44cd-be48-542defb35248: its first answer is not among its options.",
        "655219ed-5e8b-4111-9d49-b4fbc0b4f627: its first answer cannot be filled in ({'valueCoding': {'system': "
        "'http://snomed.info/sct', 'code': '884001', 'display': 'Initial'}}).",
    ],
    "questionnaire-sdc-test-nested-groups": [
        f"34b78239-1df2-49c5-a1ab-8f5691c7ede0: {_elsewhere(STATES)}",
        f"68ca912397a145bd9e9f265702b5cf45: {NESTED}",
    ],
    "questionnaire-sdc-test-fhirpath-prepop-candexpr": [
        f"family-name: {FIRST}",
        f"given-names: {FIRST}",
        f"contacts: its options are calculated ({SDC}candidateExpression).",
        f"cont-name: {FIRST}",
        f"cont-name: {NESTED}",
        f"cont-number: {FIRST}",
        f"cont-number: {NESTED}",
    ],
    "questionnaire-sdc-test-required-radios": [f"radio: {_elsewhere(YES_NO, 'http:')}"],
    "questionnaire-sdc-profile-example-weight-height-tracking-panel": [
        "questionnaire: it works with variables (http://hl7.org/fhir/StructureDefinition/variable).",
        f"/39156-5: {CALCULATED}",
    ],
}


def _read(name):
    return parsed(questionnaires()[name])


def _taken(resource):
    return imported_definition(resource, worksheet_id="imported/x", version=1, schema=SCHEMA, risk=())


def test_the_ten_are_among_them_and_r4_takes_each_for_a_questionnaire():
    assert len(FILLED_IN) + len(REFUSED) == 10
    for name in [*FILLED_IN, *REFUSED]:
        Questionnaire.model_validate_json(json.dumps(_read(name)))


def test_every_one_of_them_is_taken_over_or_refused_with_reasons_that_name_its_items():
    taken = []
    for name, source in questionnaires().items():
        found = _taken(parsed(source))
        places = {"questionnaire", *_link_ids(json.loads(source).get("item", []))}
        if found.definition is None:
            assert found.refused, name
            assert {str(one).partition(": ")[0] for one in found.refused} <= places, name
        else:
            taken.append(name)
    assert {"f201", "bb", "anc-quick-check", "sdc-derivation-parent"} <= set(taken) and len(questionnaires()) > 40


def _link_ids(items):
    for one in items:
        yield one.get("linkId")
        yield from _link_ids(one.get("item", []))


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_represented_is_refused_with_all_its_reasons(name):
    found = _taken(_read(name))
    assert found.definition is None
    assert [str(one) for one in found.refused] == REFUSED[name]


@pytest.mark.parametrize("name", sorted(FILLED_IN))
def test_what_can_be_is_filled_in_and_answers_the_very_questionnaire_it_came_from(name):
    source = _read(name)
    worksheet = worksheet_from(_taken(source).definition, "0" * 64)
    answers = FILLED_IN[name]
    assert problems(worksheet, answers) == []
    assert (outcome(worksheet, answers), outcome(worksheet, {})) == ("done", "empty")
    made = response(worksheet, answers, ABOUT, source)
    QuestionnaireResponse.model_validate_json(json.dumps(made))
    assert made["questionnaire"] == source["url"]
    assert len(list(_answers(made["item"]))) == len(answers)


@pytest.mark.parametrize("name", sorted(FILLED_IN))
def test_what_was_taken_over_goes_out_again_and_comes_back_the_same(name):
    definition = _taken(_read(name)).definition
    worksheet = worksheet_from(definition, "0" * 64)
    sent = questionnaire(worksheet)
    Questionnaire.model_validate_json(json.dumps(sent))
    assert worksheet_from(same_definition(json.loads(json.dumps(sent))), "0" * 64) == worksheet


def test_a_code_goes_back_as_the_coding_it_was():
    source = _read("bb")
    worksheet = worksheet_from(_taken(source).definition, "0" * 64)
    made = response(worksheet, FILLED_IN["bb"], ABOUT, source)
    codes = [one["valueCoding"] for one in _answers(made["item"]) if "valueCoding" in one]
    assert codes == [{"code": "F"}, {"code": "INJECTION"}]
    under = [one for one in _answers(made["item"]) if one.get("item")]
    assert [one["item"][0]["linkId"] for one in under] == ["vitaminKgivenDoses", "hepBgivenDate"]


def _answers(items):
    for one in items:
        for answer in one.get("answer", []):
            yield answer
            yield from _answers(answer.get("item", []))
        yield from _answers(one.get("item", []))
