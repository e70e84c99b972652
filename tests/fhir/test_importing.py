"""What is taken over of a Questionnaire, kind by kind, and what is refused by name."""

import pytest

from server.fhir.importing import Unreadable, imported_definition, parsed
from server.fhir.responses import response
from server.fhir.words import (
    HL7,
    ITEM_CONTROL,
    ITEM_CONTROLS,
    MAX_VALUE,
    MIN_VALUE,
    ORDINAL,
    SDC,
    SLIDER_STEP,
    UCUM,
    UNIT,
)
from server.worksheets.definition import worksheet_from
from server.worksheets.rules import is_done, outcome, raised, shown_fields
from tests.fhir.test_round_trip import ABOUT, SCHEMA


def _asked(*items, **more):
    return {"resourceType": "Questionnaire", "status": "active", "title": "Asked", "item": list(items), **more}


def _item(link_id="a", kind="string", **more):
    return {"linkId": link_id, "text": f"Text of {link_id}", "type": kind, **more}


def _found(*items, risk=(), **more):
    resource = _asked(*items, **more)
    return imported_definition(resource, worksheet_id="imported/x", version=1, schema=SCHEMA, risk=risk)


def _fields(*items, **more):
    found = _found(*items, **more)
    assert [str(one) for one in found.refused] == []
    return found.definition["fields"]


def _reasons(*items, **more):
    found = _found(*items, **more)
    assert found.definition is None
    return [str(one) for one in found.refused]


def _coding(code, **more):
    return {"valueCoding": {"code": code, "display": code.upper(), **more}}


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        (_item(kind="string", maxLength=9), {"type": "text", "max_length": 9}),
        (_item(kind="text"), {"type": "text", "lines": 3}),
        (_item(kind="boolean", required=True), {"type": "boolean", "required": True}),
        (_item(kind="integer"), {"type": "number", "integer": True}),
        (_item(kind="decimal", initial=[{"valueDecimal": 1.5}]), {"type": "number", "initial": 1.5}),
        (_item(kind="date", initial=[{"valueDate": "2026-03-04"}]), {"type": "date", "initial": "2026-03-04"}),
        (_item(kind="time", initial=[{"valueTime": "23:15:00"}]), {"type": "time", "initial": "23:15"}),
        (_item(kind="dateTime"), {"type": "moment"}),
        (
            _item(kind="quantity", initial=[{"valueQuantity": {"value": 3, "unit": "glasses"}}]),
            {"type": "number", "unit": "glasses", "initial": 3},
        ),
        (
            _item(
                kind="quantity", extension=[{"url": f"{HL7}questionnaire-unitOption", "valueCoding": {"code": "kg"}}]
            ),
            {"type": "number", "unit": "kg"},
        ),
        (
            _item(kind="integer", extension=[{"url": UNIT, "valueCoding": {"system": UCUM, "code": "min"}}]),
            {"type": "duration", "integer": True},
        ),
        (
            _item(kind="choice", answerOption=[_coding("b1"), _coding("B 2")]),
            {"type": "choice", "options": [{"code": "b1", "label": "B1"}, {"code": "b_2", "label": "B 2"}]},
        ),
        (
            _item(kind="open-choice", repeats=True, answerOption=[{"valueString": "Tea"}, {"valueString": "Tea "}]),
            {
                "type": "choices",
                "open": True,
                "options": [{"code": "tea", "label": "Tea"}, {"code": "tea_2", "label": "Tea "}],
            },
        ),
        (
            _item(kind="choice", answerOption=[{"valueInteger": 0}, {"valueInteger": 3, "initialSelected": True}]),
            {
                "type": "choice",
                "initial": "n_3",
                "options": [{"code": "n_0", "label": "0", "score": 0}, {"code": "n_3", "label": "3", "score": 3}],
            },
        ),
        (
            _item(kind="choice", answerOption=[{"valueDate": "2026-03-04"}, {"valueTime": "10:00:00"}]),
            {
                "type": "choice",
                "options": [
                    {"code": "o_2026_03_04", "label": "2026-03-04"},
                    {"code": "o_10_00_00", "label": "10:00:00"},
                ],
            },
        ),
        (
            _item(
                kind="choice",
                answerOption=[
                    {**_coding("no"), "extension": [{"url": ORDINAL, "valueDecimal": 0}]},
                    _coding("yes", extension=[{"url": ORDINAL, "valueDecimal": 2}]),
                ],
            ),
            {
                "type": "choice",
                "options": [{"code": "no", "label": "NO", "score": 0}, {"code": "yes", "label": "YES", "score": 2}],
            },
        ),
        (_item(kind="open-choice"), {"type": "text"}),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else None,
)
def test_each_type_of_item_is_taken_over(item, wanted):
    field = _fields(item)[0]
    assert field == {"id": "a", "label": "Text of a", **wanted}


def test_a_slider_is_a_scale_with_the_words_at_its_ends():
    control = {"coding": [{"system": ITEM_CONTROLS, "code": "slider"}]}
    bounds = [{"url": MIN_VALUE, "valueInteger": 0}, {"url": MAX_VALUE, "valueInteger": 10}]
    extensions = [*bounds, {"url": SLIDER_STEP, "valueInteger": 2}]
    slider = _item(kind="integer", extension=[*extensions, {"url": ITEM_CONTROL, "valueCodeableConcept": control}])
    low = {**_item("a-low", "display"), "extension": [{"url": ITEM_CONTROL, "valueCodeableConcept": {
        "coding": [{"code": "lower"}]}}]}  # fmt: skip
    field = _fields({**slider, "item": [low]})[0]
    assert field == {
        **{"id": "a", "label": "Text of a", "type": "scale", "min": 0, "max": 10, "step": 2},
        **{"low": "Text of a-low", "high": "10"},
    }


def test_groups_flatten_to_headings_and_their_condition_holds_for_each_question():
    when = [{"question": "a", "operator": "=", "answerBoolean": True}]
    group = {"linkId": "g", "text": "More", "type": "group", "enableWhen": when, "item": [_item("b"), _item("c")]}
    fields = _fields(_item("a", "boolean"), group)
    assert [(one["id"], one["type"]) for one in fields] == [
        ("a", "boolean"),
        ("g", "heading"),
        ("b", "text"),
        ("c", "text"),
    ]
    assert all(one["show_when"] == {"is": {"field": "a", "value": True}} for one in fields[1:])


def test_a_question_that_repeats_and_a_group_that_repeats_are_lists():
    repeated = _item("a", required=True, repeats=True)
    group = {"linkId": "g", "text": "Each", "type": "group", "repeats": True, "item": [_item("b", required=True)]}
    found = _found(repeated, group)
    first, second = found.definition["fields"]
    assert (first["type"], first["required"], [one["type"] for one in first["fields"]]) == ("list", True, ["text"])
    assert (second["type"], second["label"], second["fields"][0]["id"]) == ("list", "Each", "b")
    worksheet = worksheet_from(found.definition, "0" * 64)
    answers = {"a": [{"a_one": "x"}, {"a_one": "y"}], "g": [{"b": "z"}]}
    assert outcome(worksheet, answers) == "done"
    made = response(worksheet, answers, ABOUT, _asked(repeated, group))
    assert made["item"][0]["answer"] == [{"valueString": "x"}, {"valueString": "y"}]
    assert made["item"][1]["item"][0]["answer"] == [{"valueString": "z"}]


CONTAINED = [
    {
        "resourceType": "ValueSet",
        "id": "yn",
        "compose": {"include": [{"system": "urn:x", "concept": [{"code": "Y", "display": "Yes"}, {"code": "N"}]}]},
    },
    {"resourceType": "ValueSet", "id": "far", "compose": {"include": [{"system": "urn:x"}]}},
    {"resourceType": "ValueSet", "id": "full", "expansion": {"contains": [{"code": "Q", "system": "urn:x"}]}},
]


def test_options_of_a_contained_value_set_are_taken_over_and_asked_about():
    when = [{"question": "a", "operator": "=", "answerCoding": {"system": "urn:x", "code": "Y"}}]
    items = _item("a", "choice", answerValueSet="#yn"), _item("b", enableWhen=when)
    fields = _fields(*items, contained=CONTAINED)
    assert fields[0]["options"] == [{"code": "y", "label": "Yes"}, {"code": "n", "label": "N"}]
    assert fields[1]["show_when"] == {"is": {"field": "a", "value": "y"}}
    assert _fields(_item("a", "choice", answerValueSet="#full"), contained=CONTAINED)[0]["options"][0]["code"] == "q"
    assert "list its codes one by one" in _reasons(_item("a", "choice", answerValueSet="#far"), contained=CONTAINED)[0]


@pytest.mark.parametrize(
    ("operator", "answer", "shown"),
    [
        ("exists", {"answerBoolean": True}, {0, 4, 5, 6}),
        ("exists", {"answerBoolean": False}, {None}),
        ("=", {"answerInteger": 5}, {5}),
        ("!=", {"answerInteger": 5}, {None, 0, 4, 6}),
        (">", {"answerInteger": 5}, {6}),
        ("<", {"answerInteger": 5}, {0, 4}),
        (">=", {"answerInteger": 5}, {5, 6}),
        ("<=", {"answerDecimal": 4.5}, {0, 4}),
    ],
)
def test_every_operator_shows_what_it_does_in_fhir(operator, answer, shown):
    when = [{"question": "a", "operator": operator, **answer}]
    found = _found(_item("a", "integer"), _item("b", enableWhen=when))
    worksheet = worksheet_from(found.definition, "0" * 64)
    seen = {value for value in (None, 0, 4, 5, 6) if len(shown_fields(worksheet, {"a": value})) == 2}
    assert seen == shown


def test_all_and_any_are_told_apart_and_one_of_them_is_needed():
    when = [{"question": name, "operator": "exists", "answerBoolean": True} for name in ("a", "b")]
    items = [_item("a"), _item("b")]
    rule = {"all": [{"answered": "a"}, {"answered": "b"}]}
    assert _fields(*items, _item("c", enableWhen=when, enableBehavior="all"))[2]["show_when"] == rule
    assert _fields(*items, _item("c", enableWhen=when, enableBehavior="any"))[2]["show_when"] == {"any": rule["all"]}
    assert "enableBehavior" in _reasons(*items, _item("c", enableWhen=when))[0]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (_item(kind="url"), "a: it asks for an address."),
        (_item(kind="reference"), "a: it asks for a reference."),
        (_item(kind="attachment"), "a: it asks for a file."),
        (_item(kind="coding"), "a: 'coding' is no type of an item in FHIR R4."),
        (_item(kind=None), "a: None is no type of an item in FHIR R4."),
        (_item(kind=["x"]), "a: ['x'] is no type of an item in FHIR R4."),
        (_item(modifierExtension=[{"url": "urn:x"}]), "a: it has a modifierExtension, which may change what it means."),
        (_item(extension=[{"url": f"{SDC}sdc-questionnaire-enableWhenExpression"}]), "whether it shows is calculated"),
        (_item(extension=[{"url": f"{HL7}questionnaire-hidden", "valueBoolean": True}]), "a: it is hidden."),
        (_item(disabledDisplay="protected"), "a: 'disabledDisplay' is no word of an item in FHIR R4."),
        (_item(readOnly=True), "a: it is read-only, so nobody could answer it."),
        (_item("a", text=""), "a: it has no text."),
        (_item(kind="choice"), "a: it has no options."),
        (_item(kind="choice", answerOption=[{"valueReference": {"reference": "Patient/1"}}]), "option is a reference"),
        (_item(kind="choice", answerOption=[{}]), "an option is of type none"),
        (_item(kind="choice", answerValueSet="http://x/y"), "which the file does not contain"),
        (_item(kind="choice", answerValueSet="#x", answerOption=[]), "both answerOption and answerValueSet"),
        (_item(kind="string", answerOption=[_coding("x")]), "answerOption is for a choice"),
        (_item(kind="quantity"), "a: it asks for a quantity and names no unit."),
        (
            _item(kind="quantity", extension=[
                {"url": f"{HL7}questionnaire-unitOption", "valueCoding": {"code": code}} for code in ("kg", "st")]),
            "a: its unit is chosen by who answers.",
        ),
        (_item(kind="dateTime", initial=[{"valueDateTime": "2026-03-04T10:00:00Z"}]), "its first answer cannot"),
        (_item(kind="date", initial=[{"valueDate": "2026-03"}]), "its first answer cannot be filled in"),
        (_item(initial=[{"valueString": "x"}, {"valueString": "y"}]), "it has several first answers"),
        (_item(enableWhen=[{"question": "z", "operator": "=", "answerString": "x"}]), "'z', which is no earlier"),
        (_item(enableWhen=[]), "enableWhen is no list of conditions"),
        (_item(enableWhen=[{"question": "z"}]), "'z'"),
        ({"text": "x", "type": "string"}, "questionnaire: the linkId is missing."),
        ({"linkId": "g", "type": "group"}, "g: the group is empty."),
        (_item(required="yes"), "a: required has a value of another type."),
        (_item(kind="integer", extension=[
            {"url": MIN_VALUE, "valueInteger": 5}, {"url": MAX_VALUE, "valueInteger": 5}]), "a: The lowest number"),
    ],
)  # fmt: skip
def test_what_cannot_be_represented_is_named_with_its_link_id(item, reason):
    assert any(reason in one for one in _reasons(item))


def test_a_link_id_that_is_there_twice_and_a_condition_on_what_comes_later_are_named():
    assert _reasons(_item(), _item()) == ["a: the linkId is there twice."]
    when = [{"question": "b", "operator": "exists", "answerBoolean": True}]
    assert _reasons(_item(enableWhen=when), _item("b")) == [
        "a: enableWhen asks about 'b', which is no earlier question."
    ]


def test_all_reasons_are_told_at_once_those_inside_what_is_refused_too():
    group = {"linkId": "g", "text": "G", "type": "url", "item": [_item("h", "reference")]}
    assert _reasons(_item(kind="attachment"), group, url="x", implicitRules="y", sort="z") == [
        "questionnaire: 'sort' is no word of a Questionnaire in FHIR R4.",
        "questionnaire: it follows rules that are written elsewhere (implicitRules).",
    ]
    assert _reasons(_item(kind="attachment"), group) == [
        "a: it asks for a file.",
        "g: it asks for an address.",
        "h: it asks for a reference.",
    ]


def test_what_changes_no_question_is_listed_as_kept_in_the_source():
    item = _item(code=[{"code": "1"}], definition="x", extension=[{"url": "urn:unknown"}], _text={})
    found = _found(item, publisher="Somebody", language="en")
    assert [str(one) for one in found.kept] == [
        "questionnaire: language.",
        "questionnaire: publisher.",
        "a: definition.",
        "a: code.",
        "a: _text.",
        "a: the extension urn:unknown.",
    ]
    assert found.definition["fields"][0]["label"] == "Text of a"


def test_nobody_having_spoken_of_risk_means_staff_entry_only():
    assert _found(_item(), risk=None).definition["staff_entry"] is True
    assert "staff_entry" not in _found(_item(), risk=()).definition


def test_a_question_named_as_asking_about_risk_is_marked_and_opens_a_card():
    options = [{"valueInteger": 0}, {"valueInteger": 1}, {"valueInteger": 2}]
    found = _found(_item("/9", "choice", answerOption=options), _item("b"), risk=["/9"], copyright="© Somebody")
    worksheet = worksheet_from(found.definition, "0" * 64)
    assert [one.id for one in worksheet.fields if one.risk] == ["q_9"]
    for any_answer in ("n_0", "n_1", "n_2"):  # nobody said which end is the worse one
        assert [flag.level for flag in raised(worksheet, {"q_9": any_answer})] == [1]
    assert raised(worksheet, {}) == []
    assert worksheet.copyright == "© Somebody"
    assert worksheet.client_part(risk_allowed=False).fields[0].id == "b"


def test_a_question_about_risk_that_is_not_there_is_refused():
    assert _reasons(_item(), risk=["z"]) == ["z: no question is called this, so it cannot ask about risk."]


def test_a_measure_is_named_for_its_scorer():
    found = imported_definition(
        _asked(_item()), worksheet_id="imported/x", version=1, schema=SCHEMA, measure="phq-9", risk=()
    )
    assert found.definition["measure"] == "phq-9"


def test_a_condition_that_was_changed_elsewhere_is_refused_and_not_guessed_at():
    ours = {"url": "urn:meantime:worksheet:show_when.json", "valueString": '{"answered": "a"}'}
    when = [{"question": "a", "operator": "=", "answerString": "x"}]
    assert _reasons(_item(), _item("b", enableWhen=when, extension=[ours])) == [
        "b: its enableWhen and our own condition say two things."
    ]


def test_required_questions_make_the_done_rule_and_hidden_ones_are_not_asked_for():
    when = [{"question": "a", "operator": "=", "answerBoolean": True}]
    found = _found(_item("a", "boolean", required=True), _item("b", required=True, enableWhen=when), _item("c"))
    worksheet = worksheet_from(found.definition, "0" * 64)
    done = [answers for answers in ({"a": False}, {"a": True}, {"a": True, "b": "x"}, {"c": "x"}, {})
            if is_done(worksheet.done, worksheet, answers)]  # fmt: skip
    assert done == [{"a": False}, {"a": True, "b": "x"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"a": 1,\n "b": }', "line 2, column 7: Expecting value."),
        (b'{"a": 1', "line 1, column 8"),
        (b"", "line 1, column 1"),
        (b'{"a":\n"\xff"}', "line 2: the file is not in UTF-8."),
        (b'{"a": 1, "a": 2}', "“a” is there twice in one object."),
        (b'{"a": NaN}', "NaN is no number in JSON."),
        (b'{"a": "\\ud800"}', "half a character"),
        (b"[" * 200_000, "nested too deeply"),
    ],
)
def test_a_malformed_file_is_named_with_line_and_column(content, says):
    with pytest.raises(Unreadable) as refused:
        parsed(content)
    assert says in str(refused.value)


@pytest.mark.parametrize("resource", [None, [], 3, "x", {}, {"resourceType": "Patient"}])
def test_what_is_no_questionnaire_is_said_to_be_none(resource):
    found = imported_definition(resource, worksheet_id="imported/x", version=1, schema=SCHEMA)
    assert [str(one) for one in found.refused] == ["questionnaire: this is no FHIR Questionnaire."]
