"""Whatever a file holds, the importer, the checker and the rules name what is wrong with it and never break."""

import copy
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from server.fhir.files import as_yaml
from server.fhir.importing import Unreadable, imported_definition, parsed
from server.fhir.questionnaire import questionnaire
from server.fhir.responses import response
from server.worksheets.check import content_problems
from server.worksheets.definition import to_wire, worksheet_from
from server.worksheets.plain import data_of
from server.worksheets.reading import Reading, read
from server.worksheets.rules import completeness, derived, outcome, problems, raised, reading_form
from server.worksheets.structure import problems_of
from tests.fhir.published import questionnaires
from tests.fhir.test_public import FILLED_IN, REFUSED
from tests.fhir.test_round_trip import ABOUT, EVERY, SCHEMA

PUBLISHED = [json.loads(questionnaires()[name]) for name in sorted([*FILLED_IN, *REFUSED])]
QUESTIONNAIRES = [*PUBLISHED, *(questionnaire(one) for one in EVERY)]


def _keys(value):
    if isinstance(value, dict):
        return {*value, *(key for inner in value.values() for key in _keys(inner))}
    return {key for inner in value for key in _keys(inner)} if isinstance(value, list) else set()


WORDS = sorted(_keys(QUESTIONNAIRES) | _keys([data_of(one) for one in EVERY]))
quiet = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = "1" + "0" * 5000  # more digits than Python reads
HUGE = [2**31, -(2**63), 10**15, 10**18, 10**400, -(10**400), 1e15, 1e16, 1e308, -1e308, float("inf"), 1e-300]
numbers = st.integers(-3, 12) | st.integers() | st.floats(allow_nan=False) | st.sampled_from(HUGE)
scraps = st.none() | st.booleans() | numbers | st.text(max_size=6) | st.sampled_from([LONG, f"-{LONG}", "\u202e", "²"])
odd = st.recursive(
    scraps | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=10,
)


def _places(value, here=()):
    yield here
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from _places(inner, (*here, key))


def _mutated(data, draw):
    """A copy in which one to four parts are replaced, doubled or gone."""
    made = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.sampled_from(list(_places(made))[1:] or [()]))
        if not place:
            return draw(odd)
        around = made
        for key in place[:-1]:
            around = around[key]
        deed = draw(st.sampled_from(["replace", "drop", "double", "add"]))
        if deed == "replace":
            around[place[-1]] = draw(odd)
        elif deed == "drop":
            del around[place[-1]]
        elif isinstance(around, list):
            around.insert(0, copy.deepcopy(around[place[-1]]) if deed == "double" else draw(odd))
        else:
            around[draw(st.sampled_from(WORDS))] = draw(odd)
    return made


def _taken(resource, risk=None):
    return imported_definition(resource, worksheet_id="imported/x", version=1, schema=SCHEMA, risk=risk)


def _usable(definition):
    """A definition that was let in works in every rule, on the wire, in a file and back out."""
    worksheet = worksheet_from(definition, "0" * 64)
    for answers in ({}, {field.id: "x" for field in worksheet.fields}, {field.id: 1 for field in worksheet.fields}):
        outcome(worksheet, answers), completeness(worksheet, answers), problems(worksheet, answers)
        derived(worksheet, answers), reading_form(worksheet, answers), raised(worksheet, answers)
        json.dumps(response(worksheet, answers, ABOUT))
    json.dumps(to_wire(worksheet.client_part(risk_allowed=False)))
    assert worksheet_from(data_of(worksheet), "0" * 64) == worksheet
    if "\ud800" not in json.dumps(definition, ensure_ascii=False):
        assert read(as_yaml(definition).encode()).data == definition


@quiet
@given(data=st.data())
def test_a_mutated_questionnaire_is_taken_over_or_refused_by_name(data):
    found = _taken(_mutated(data.draw(st.sampled_from(QUESTIONNAIRES)), data.draw))
    assert (found.definition is None) == bool(found.refused)
    assert all(str(one).endswith(".") for one in (*found.refused, *found.kept))
    if found.definition is not None:
        _usable(found.definition)


@quiet
@given(resource=odd)
def test_garbage_is_refused_by_name(resource):
    assert _taken(resource).refused
    wrapped = {"resourceType": "Questionnaire", "item": resource, "contained": resource}
    found = _taken(wrapped, risk=["a"])
    assert (found.definition is None) == bool(found.refused)


@quiet
@given(content=st.binary(max_size=40) | odd.map(lambda value: json.dumps(value).encode()))
@example(LONG.encode())
@example(f'{{"a": [-{LONG}]}}'.encode())
@example(f"{LONG}.5e3".encode())
@example(b'{"a": 1e999}')
def test_any_bytes_are_json_or_a_sentence(content):
    try:
        parsed(content)
    except Unreadable as wrong:
        assert str(wrong).endswith(".")


@quiet
@given(data=st.data())
def test_a_mutated_definition_is_sound_or_its_problems_are_named(data):
    made = _mutated(data_of(data.draw(st.sampled_from(EVERY))), data.draw)
    reading = Reading(made, {}, "0" * 64)
    file = f"{made.get('id')}.v{made.get('version')}.yaml" if isinstance(made, dict) else "x"
    found = problems_of(reading, file, SCHEMA)
    assert all(problem.message.endswith(".") for problem in found)
    if not found:
        content_problems(file, reading)
        _usable(made)


def test_a_deeply_nested_questionnaire_is_refused():
    item: dict = {"linkId": "deep", "text": "x", "type": "string"}
    for n in range(300):
        item = {"linkId": f"g{n}", "type": "group", "item": [item]}
    found = _taken({"resourceType": "Questionnaire", "title": "t", "item": [item]})
    assert [str(one) for one in found.refused] == ["questionnaire: its items are nested too deeply."]


@pytest.mark.parametrize(
    "text", ["\u2028", "\x85", "\ufeff", "\x7f", "\\", '"', "\n", "a: b", "🌧", "\x00", "no", "12:30"]
)
def test_what_yaml_reads_otherwise_comes_out_of_the_file_as_it_went_in(text):
    assert read(as_yaml({"title": f"x{text}y", "other": text}).encode()).data == {"title": f"x{text}y", "other": text}
