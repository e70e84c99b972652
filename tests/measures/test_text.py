"""A copy of a measure's text is taken only when its items are the scorer's: number, order, range, labels, copyright."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given

from server.commands import main
from server.measures.imported import FAMILY, take_text
from server.measures.library import Measures
from server.measures.rules.text import answers_of
from server.worksheets.library import Library
from server.worksheets.rules import raised
from server.worksheets.structure import schema_at
from tests.measures.test_rules import anything

ROOT = Path(__file__).resolve().parents[2]
MEASURES = Measures.load(ROOT / "worksheets" / "measures")
SCHEMA = schema_at(ROOT / "worksheets")
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def questionnaire(
    measure_id="phq-9",
    labels=("Not at all", "A little", "Often", "All the time", "Ever", "v", "vi", "vii", "viii"),
    **changes,
):
    """A Questionnaire with invented texts in the shape of a measure: no instrument's words are in these tests."""
    measure = MEASURES.newest(measure_id)
    items = []
    for number in range(1, measure.count + 1):
        options = [
            {
                "valueCoding": {
                    "code": f"a{score}",
                    "display": labels[score],
                    "extension": [{"url": ORDINAL, "valueDecimal": score}],
                }
            }
            for score in range(measure.least, measure.most + 1)
        ]
        item = {"linkId": f"q{number}", "prefix": f"{number}.", "text": f"Invented question {number}", "type": "choice",
                "answerOption": options}  # fmt: skip
        if measure.codes:
            item["code"] = [{"system": measure.code_system, "code": measure.codes[number - 1]}]
        items.append(item)
    intro = {"linkId": "intro", "type": "display", "text": "Over the last two weeks"}
    return {
        "resourceType": "Questionnaire", "status": "active", "title": "Invented", "copyright": "© Somebody 2001",
        "item": [intro, *items], **changes,
    }  # fmt: skip


def taken(tmp_path, resource, measure_id="phq-9"):
    return take_text(MEASURES.newest(measure_id), resource, tmp_path, SCHEMA)


def refusals(tmp_path, resource, measure_id="phq-9"):
    found = taken(tmp_path, resource, measure_id)
    assert found.kept is None and found.refused
    assert not list(tmp_path.rglob("*.yaml"))
    return " ".join(found.refused)


def questions(resource):
    return [one for one in resource["item"] if one["type"] != "display"]


@pytest.mark.parametrize("measure_id", ["phq-9", "gad-7", "core-10", "pdss", "spin"])
def test_a_whole_copy_is_kept_outside_the_repository_unchanged(tmp_path, measure_id):
    resource = questionnaire(measure_id)
    found = taken(tmp_path, resource, measure_id)
    assert found.refused == () and found.kept == tmp_path / "worksheets" / FAMILY / f"{measure_id}.v1.yaml"
    assert json.loads(found.kept.with_name(f"{measure_id}.v1.source.json").read_text("utf-8")) == resource
    shelf = Library.load(ROOT / "worksheets", own=tmp_path / "worksheets")
    worksheet = shelf.newest(f"{FAMILY}/{measure_id}")
    assert worksheet.measure == measure_id and not worksheet.for_staff_only(True)
    asked = [one for one in worksheet.fields if one.type != "heading"]
    risky = {number for number, one in enumerate(asked, 1) if one.risk}
    assert risky == MEASURES.newest(measure_id).risk_items
    assert worksheet.needs_procedure == worksheet.for_staff_only(False) == bool(risky)


@pytest.mark.parametrize(("measure_id", "item"), [("phq-9", 9), ("core-10", 6)])
def test_an_answer_about_risk_is_level_1_and_from_the_second_on_level_2(tmp_path, measure_id, item):
    """Clinical reference D1, B 1 and 4."""
    taken(tmp_path, questionnaire(measure_id), measure_id)
    worksheet = Library.load(ROOT / "worksheets", own=tmp_path / "worksheets").newest(f"{FAMILY}/{measure_id}")
    levels = [[flag.level for flag in raised(worksheet, {f"q{item}": f"a{n}"})] for n in range(4)]
    assert levels == [[], [1], [1, 2], [1, 2]]


def test_no_risk_item_is_scored_backwards():
    """The levels go by the text's own scores, so a reversed one would be read upside down."""
    assert all(not one.risk_items & one.reversed for one in MEASURES.all())


def test_a_copy_that_does_not_ask_for_its_risk_item_needs_a_procedure_all_the_same(tmp_path):
    """Else a client without one would be given a shortened PHQ-9."""
    resource = questionnaire()
    for one in questions(resource)[:8]:
        one["required"] = True
    taken(tmp_path, resource)
    assert Library.load(ROOT / "worksheets", own=tmp_path / "worksheets").newest(f"{FAMILY}/phq-9").needs_procedure


def test_the_same_copy_twice_is_kept_once_and_another_is_a_new_version(tmp_path):
    first = taken(tmp_path, questionnaire())
    assert taken(tmp_path, questionnaire()).already == "phq-9.v1.yaml"
    second = taken(tmp_path, questionnaire(title="Another print"))
    assert (first.kept.name, second.kept.name) == ("phq-9.v1.yaml", "phq-9.v2.yaml")


def test_another_number_of_items_is_refused(tmp_path):
    resource = questionnaire()
    resource["item"].pop()
    assert "It has 8 questions; the PHQ-9 has 9, and at most 1 more at its end." in refusals(tmp_path, resource)
    for _ in range(3):
        extra = deepcopy(resource["item"][-1]) | {"linkId": f"more{len(resource['item'])}", "prefix": ""}
        extra.pop("code", None)
        resource["item"].append(extra)
    assert "It has 11 questions" in refusals(tmp_path, resource)
    assert "Only totals of the CCQ are known here" in refusals(tmp_path, resource, "ccq")


def test_the_question_on_difficulty_may_follow_and_is_not_scored(tmp_path):
    resource = questionnaire()
    resource["item"].append({"linkId": "difficult", "type": "string", "text": "Invented question on difficulty"})
    assert taken(tmp_path, resource).refused == ()


def test_items_out_of_order_are_refused_by_their_codes_and_by_their_numbers(tmp_path):
    resource = questionnaire()
    one, two = questions(resource)[7:9]
    one["code"], two["code"] = two["code"], one["code"]
    said = refusals(tmp_path, resource)
    assert "Item 8 has the code of item 9 (44260-8): not in order." in said
    resource = questionnaire("spin")
    one, two = questions(resource)[:2]
    one["prefix"], two["prefix"] = two["prefix"], one["prefix"]
    assert "Item 1 is printed as number 2: not in order." in refusals(tmp_path, resource, "spin")


def test_a_copy_that_shows_no_order_is_taken_with_a_word_to_compare_it(tmp_path):
    resource = questionnaire("spin")
    for one in questions(resource):
        del one["prefix"]
    assert any("Compare it with the printed SPIN." in one for one in taken(tmp_path, resource, "spin").to_look_at)
    assert not any("Compare" in one for one in taken(tmp_path, questionnaire()).to_look_at)


@pytest.mark.parametrize("scores", [(0, 1, 2), (1, 2, 3, 4), (3, 2, 1, 0), (0, 1, 1, 3), (0, 1, 2, 4)])
def test_another_range_or_direction_is_refused(tmp_path, scores):
    resource = questionnaire()
    options = questions(resource)[4]["answerOption"]
    del options[len(scores):]  # fmt: skip
    for option, score in zip(options, scores, strict=True):
        option["valueCoding"]["extension"][0]["valueDecimal"] = score
    assert "Item 5: its answers count" in refusals(tmp_path, resource)


def test_answers_without_numbers_are_refused(tmp_path):
    resource = questionnaire()
    for option in questions(resource)[0]["answerOption"]:
        del option["valueCoding"]["extension"]
    assert "Item 1: its answers carry no numbers" in refusals(tmp_path, resource)


def test_a_question_of_another_kind_is_refused_and_a_number_of_the_range_is_taken(tmp_path):
    resource = questionnaire("wsas", item=[
        {"linkId": f"q{n}", "type": "integer", "text": f"Invented {n}", "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0},
            {"url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 8},
        ]} for n in range(1, 6)
    ])  # fmt: skip
    assert taken(tmp_path / "1", resource, "wsas").refused == ()
    resource["item"][2]["extension"][1]["valueInteger"] = 7
    assert "Item 3 does not go from 0 to 8." in refusals(tmp_path / "2", resource, "wsas")
    resource["item"][2] = {"linkId": "q3", "type": "string", "text": "Invented"}
    assert "Item 3 is no choice and no number." in refusals(tmp_path / "3", resource, "wsas")


@pytest.mark.parametrize("copied", ["not at all sure", "Not at all sure", " Not At All Sure "])
def test_the_known_copying_error_of_the_gad_7_is_refused_with_its_sentence(tmp_path, copied):
    resource = questionnaire("gad-7", labels=(copied, "A little", "Often", "All the time"))
    said = refusals(tmp_path, resource, "gad-7")
    assert said == MEASURES.newest("gad-7").refused_sentence
    assert "a known copying error" in said
    assert taken(tmp_path, questionnaire(labels=(copied, "b", "c", "d"))).refused == ()  # of the PHQ-9 nobody said so


def test_a_copyright_line_is_asked_for_where_the_licence_does(tmp_path):
    without_copyright = questionnaire("core-10")
    del without_copyright["copyright"]
    assert "It has no copyright line." in refusals(tmp_path, without_copyright, "core-10")
    without_copyright = questionnaire("phq-9")
    del without_copyright["copyright"]
    assert taken(tmp_path, without_copyright).refused == ()


def test_a_copy_in_another_language_is_refused(tmp_path):
    assert "Only English copies" in refusals(tmp_path, questionnaire(language="cy"))
    assert taken(tmp_path, questionnaire(language="en-GB")).refused == ()


def test_reversed_items_may_be_scored_either_way_and_what_is_typed_is_the_same(tmp_path):
    core, forwards = MEASURES.newest("core-10"), questionnaire("core-10")
    backwards = deepcopy(forwards)
    for number in (2, 3):
        for place, option in enumerate(questions(backwards)[number - 1]["answerOption"]):
            option["valueCoding"]["extension"][0]["valueDecimal"] = 4 - place
    assert taken(tmp_path / "1", forwards, "core-10").refused == ()
    assert taken(tmp_path / "2", backwards, "core-10").refused == ()
    labels = ["Not at all", "A little", "Often", "All the time", "Ever"]
    for scores in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0]):
        question = {"options": [{"label": label, "score": s} for label, s in zip(labels, scores, strict=True)]}
        assert answers_of(core, 2, question) == list(enumerate(labels))
    for option in questions(backwards)[0]["answerOption"]:
        option["valueCoding"]["extension"][0]["valueDecimal"] = 4 - int(option["valueCoding"]["code"][1:])
    assert "Item 1: its answers count 4, 3, 2, 1, 0" in refusals(tmp_path / "3", backwards, "core-10")


@given(resource=anything)
def test_what_is_no_questionnaire_is_refused_with_reasons(tmp_path_factory, resource):
    found = taken(tmp_path_factory.getbasetemp() / "none", resource)
    assert found.kept is None and found.refused


def test_the_command_says_what_was_kept_and_why_not(tmp_path, monkeypatch):
    monkeypatch.setenv("MEANTIME_DATA", str(tmp_path / "data"))
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(questionnaire()))
    bad.write_text(json.dumps(questionnaire("gad-7", labels=("Not at all sure", "b", "c", "d"))))
    run = lambda *words: CliRunner().invoke(main, ["worksheets", "import", *map(str, words)])  # noqa: E731
    done = run("--as-measure", "phq-9", good)
    assert done.exit_code == 0 and "measures-imported" in done.output
    assert "only staff until a response procedure is recorded" in done.output
    assert "already here as phq-9.v1.yaml" in run("--as-measure", "phq-9", good).output
    refused = run("--as-measure", "gad-7", bad)
    assert refused.exit_code == 1 and "a known copying error" in refused.output
    unknown = run("--as-measure", "phq-99", good)
    assert unknown.exit_code == 2 and "There is no measure phq-99" in unknown.output
