"""What a phone gets where a service cannot answer for risk: all but those questions, and no name of them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.worksheets.client_part import names_in
from server.worksheets.definition import every_field, to_wire, worksheet_from
from server.worksheets.rules import completeness, is_short_done, outcome
from tests.worksheets.write_vectors import VECTORS, shipped

SYNTHETIC = json.loads((VECTORS / "worksheet-synthetic.json").read_text(encoding="utf-8"))
NEWER = next(data for data in SYNTHETIC if data["id"] == "synthetic/newer-words")
URGE = {"type": "scale", "label": "Urge", "risk": True, "min": 0, "max": 10, "step": 1, "low": "l", "high": "h"}
RISKY = {
    **NEWER,
    "stages": [{"id": "one", "title": "One"}, {"id": "two", "title": "Two"}],
    "example": {"who": "x", "answers": {"words": "w", "urge": 3, "things": [{"name": "n", "inner": 2}]}},
    "fields": [
        {"id": "words", "type": "text", "label": "Words", "required": True, "stage": "one"},
        {"id": "head", "type": "heading", "label": "About urges"},
        {"id": "urge", "stage": "two", **URGE},
        {"id": "acted", "type": "boolean", "label": "Acted", "show_when": {"above": {"field": "urge", "value": 0}}},
        {"id": "told", "type": "text", "label": "Told", "show_when": {"all": [{"not": {"answered": "acted"}}]}},
        {"id": "next", "type": "heading", "label": "The rest"},
        {"id": "mood", "type": "scale", **{**URGE, "risk": False, "label": "Mood"}, "keep_visible": ["urge", "words"]},
        {"id": "things", "type": "list", "label": "Things", "item": "Thing", "max_items": 3, "fields": [
            {"id": "name", "type": "text", "label": "Name"}, {"id": "inner", **URGE}]},
        {"id": "only", "type": "list", "label": "Only", "item": "It", "max_items": 3, "fields": [
            {"id": "deep", **URGE}]},
        {"id": "after", "type": "text", "label": "After", "show_when": {"count": {"list": "only", "at_least": 1}}},
    ],
    "done": {"answered": "words"},
    "short": ["words"],
    "risk_flags": [{"field": "urge", "level": 1, "when": {"answered": "urge"}}],
    "derived": [
        {"id": "fall", "kind": "difference", "label": "Fall", "start": "urge", "end": "mood"},
        {"id": "moods", "kind": "mean", "label": "Moods", "of": ["mood"]},
    ],
}  # fmt: skip
WHOLE = worksheet_from(RISKY, "0" * 64)
LESS = WHOLE.client_part(risk_allowed=False)
OUT = {"urge", "acted", "told", "head", "inner", "only", "deep", "after"}
IDS = [one.id for one in every_field(WHOLE.fields)]


def test_no_question_about_risk_and_nothing_that_names_one_is_left():
    assert [one.id for one in every_field(LESS.fields)] == ["words", "next", "mood", "things", "name"]
    assert [one.id for one in LESS.derived] == ["moods"]
    assert (LESS.risk_flags, LESS.stages) == ((), ())
    assert LESS.fields[2].keep_visible == ("words",)
    wire = {key: value for key, value in to_wire(LESS).items() if key not in ("sha256", "part")}
    assert not any(f'"{name}"' in json.dumps(wire) for name in OUT)
    assert not any(name in key.split(".") for key in LESS.texts for name in OUT)
    assert LESS.texts["fields.things.fields.name.label"] == "Name"


def test_a_service_with_a_procedure_gets_all_of_it():
    assert WHOLE.client_part(risk_allowed=True) is WHOLE
    plain = shipped()[0]
    assert plain.client_part(risk_allowed=False) is plain


def test_both_parts_have_hashes_of_their_own():
    assert (WHOLE.part, LESS.part) == ("whole", "without_risk")
    assert WHOLE.sha256 != LESS.sha256 == WHOLE.client_part(risk_allowed=False).sha256


@pytest.mark.parametrize(
    ("changed", "needs"),
    [
        ({}, False),
        ({"done": {"all": [{"answered": "words"}, {"not": {"above": {"field": "urge", "value": 3}}}]}}, True),
        ({"done": {"count": {"list": "things", "where": {"answered": "inner"}, "at_least": 1}}}, True),
        ({"done": {"count": {"list": "things", "where": {"answered": "name"}, "at_least": 1}}}, False),
        ({"done": {"answered": "told"}}, True),
        ({"short": ["urge"]}, True),
        ({"short": ["mood"]}, False),
        ({"fields": [{**one, "required": True} if one["id"] == "urge" else one for one in RISKY["fields"]]}, True),
        ({"fields": [{**one, "required": True} if one["id"] == "mood" else one for one in RISKY["fields"]]}, False),
    ],
)
def test_a_worksheet_that_goes_by_risk_needs_a_procedure(changed, needs):
    assert worksheet_from({**RISKY, **changed}, "0" * 64).needs_procedure is needs


def test_nothing_that_names_no_risk_needs_a_procedure():
    assert not any(one.needs_procedure for one in shipped() if not one.asks_about_risk)


WORDS = ["all", "not", "answered", "field", "list", "where", "value"]
values = st.none() | st.integers(0, 10) | st.sampled_from(["x", "", True]) | st.lists(
    st.dictionaries(st.sampled_from(IDS), st.integers(0, 10) | st.just("x"), max_size=3), max_size=2
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(answers=st.dictionaries(st.sampled_from(IDS), values, max_size=8))
def test_what_the_phone_says_of_its_part_the_server_says_of_the_whole(answers):
    """A phone that was never asked about risk comes to the same outcome, and loses no completeness by it."""
    asked = _less(answers)
    assert outcome(LESS, asked) == outcome(WHOLE, asked)
    assert is_short_done(LESS, asked) == is_short_done(WHOLE, asked)
    assert completeness(LESS, asked)[0] == completeness(WHOLE, asked)[0]


def _less(value):
    if isinstance(value, dict):
        return {name: _less(inner) for name, inner in value.items() if name not in OUT}
    return [_less(one) for one in value] if isinstance(value, list) else value


@settings(max_examples=100, deadline=None)
@given(
    rule=st.recursive(
        st.none() | st.integers() | st.sampled_from(IDS),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(WORDS), inner),
    )
)
def test_any_rule_can_be_asked_what_it_names(rule):
    assert all(isinstance(name, str) for name in names_in(rule))
