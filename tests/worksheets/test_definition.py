"""The definition as values, as texts to translate and as the phone gets it; and how its files are read."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from textstat import textstat

from server.worksheets.client_part import names_in
from server.worksheets.definition import DATA_CLASS, every_field, to_wire, worksheet_from
from server.worksheets.library import Library
from server.worksheets.readability import OLDEST, banned_in, reading_age, sentences_in
from server.worksheets.reading import Unreadable, read, sha256
from server.worksheets.rules import outcome, problems, shown_in_item
from server.worksheets.structure import problems_of, schema_at
from server.worksheets.trouble import Trouble
from tests.worksheets.write_vectors import ROOT, shipped

LIBRARY = Library(shipped(), [])
WORRY = LIBRARY.newest("low-intensity-cbt/worry-diary")
NIGHTS = LIBRARY.newest("low-intensity-cbt/sleep-diary")


def test_the_first_six_worksheets_ship():
    assert {one.id.partition("/")[2] for one in LIBRARY.all()} >= {
        "weekly-activity-plan",
        "thought-record",
        "worry-diary",
        "sleep-diary",
        "facing-fears-practice",
        "problem-solving",
    }


def test_the_schema_is_a_sound_one():
    Draft202012Validator.check_schema(json.loads((ROOT / "worksheets" / "schema.json").read_text(encoding="utf-8")))


def test_the_phone_gets_every_key_its_types_name():
    source = (ROOT / "pwa" / "src" / "worksheet" / "definition.ts").read_text(encoding="utf-8")
    for name, made in (("Worksheet", to_wire(WORRY)), ("Field", to_wire(WORRY)["fields"][0])):
        body = re.search(rf"export type {name} = \{{\n(.*?)\n\}}", source, re.DOTALL).group(1)
        assert set(re.findall(r"^  (\w+):", body, re.MULTILINE)) == set(made)
    for key in ("id", "version", "sha256", "language"):
        assert to_wire(WORRY)[key]
    assert json.loads(json.dumps(to_wire(WORRY))) == to_wire(WORRY)


def test_every_text_has_a_key_of_its_own():
    assert WORRY.texts["title"] == "Worry diary"
    assert WORRY.texts["fields.kind.label"] == "What kind of worry is it?"
    assert WORRY.texts["fields.kind.options.not_sure"] == "I am not sure"
    assert WORRY.texts["how.1"].startswith("When you notice")
    plan = LIBRARY.newest("low-intensity-cbt/weekly-activity-plan")
    assert plan.texts["fields.activities.fields.did_it.options.no"] == "Not this time"


def test_no_text_a_client_reads_is_without_a_key():
    """Every string in the wire form that is words, not a code, is among the texts."""
    codes = re.compile(r"^[a-z0-9_%./-]*$|^\d\d(\d\d)?[-:]")
    for worksheet in LIBRARY.all():
        texts = set(worksheet.texts.values())
        wire = {key: value for key, value in to_wire(worksheet).items() if key not in ("source", "licence", "sha256")}
        missing = {text for text in _strings(wire) if text not in texts and not codes.match(text)}
        assert missing == set()


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def test_an_item_shows_what_its_own_answers_ask_for():
    plan = LIBRARY.newest("low-intensity-cbt/weekly-activity-plan")
    activities = plan.fields[1]

    def shown(item, stage):
        return [field.id for field in shown_in_item(plan, activities, item, {"activities": [item]}, stage)]

    assert shown({}, "after") == ["did_it", "note"]
    assert shown({"did_it": "no"}, "after") == ["did_it", "barrier", "note"]
    assert "mood_after" in shown({"did_it": "swapped"}, "after")
    assert "did_it" not in shown({"did_it": "no"}, "plan")


def test_the_example_in_the_document_is_a_worksheet():
    text = (ROOT / "docs" / "worksheets.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL).group(1)
    reading = read(example.encode())
    assert problems_of(reading, "low-intensity-cbt/short-walk.v1.yaml", schema_at(ROOT / "worksheets")) == []
    assert outcome(worksheet_from(reading.data, reading.sha256), reading.data["example"]["answers"]) == "done"


def test_every_question_has_a_data_class():
    fields = [field for one in LIBRARY.all() for field in every_field(one.fields)]
    assert {field.data_class for field in fields} <= set(DATA_CLASS.values())
    assert {field.data_class for field in fields if field.type == "text"} == {"free_text"}


def test_every_question_about_risk_opens_a_card_and_starts_empty():
    for one in LIBRARY.all():
        risky = {field.id: field for field in every_field(one.fields) if field.risk}
        assert {flag.field for flag in one.risk_flags} <= set(risky), one.key
        rated = {name for name, field in risky.items() if field.type != "text"}
        assert rated <= {name for flag in one.risk_flags for name in names_in(flag.when)}, one.key
        assert not any(field.carry_over or field.initial is not None for field in risky.values()), one.key


def test_most_parts_of_a_worksheet_are_there():
    for one in LIBRARY.all():
        assert one.review and len(one.barriers) == 6 and one.short and one.how and one.example["who"], one.key
    assert {one.id.partition("/")[2] for one in LIBRARY.all() if one.nothing_happened} >= {
        "worry-diary",
        "thought-record",
    }
    assert (NIGHTS.backfill_hours, bool(NIGHTS.backfill_note)) == (24, True)


def test_an_odd_answer_is_named_and_never_refused():
    answers = {"date": "2026-02-30", "anxiety": 11, "kind": "other", "worry": 3, "ask_about": 0, "extra": 1}
    assert problems(WORRY, answers) == [
        Trouble("date", "not_a_day"),
        Trouble("anxiety", "above_max"),
        Trouble("kind", "unknown_option"),
        Trouble("worry", "wrong_type"),
        Trouble("ask_about", "wrong_type"),
        Trouble("extra", "unknown_field"),
    ]
    assert problems(NIGHTS, {"into_bed": "25:00", "sol_min": -1}) == [
        Trouble("into_bed", "not_a_time"),
        Trouble("sol_min", "below_min"),
    ]
    plan = LIBRARY.newest("low-intensity-cbt/weekly-activity-plan")
    assert problems(plan, {"activities": [{"mood_after": True}, "x"] + [{}] * 9}) == [
        Trouble("activities", "too_many_items"),
        Trouble("activities.0.mood_after", "wrong_type"),
        Trouble("activities.1", "wrong_type"),
    ]


def test_yaml_is_read_as_yaml_1_2_says():
    assert read(b"a: no\nb: 12:30\nc: 2026-01-02\nd: 010\n").data == {
        "a": "no",
        "b": "12:30",
        "c": "2026-01-02",
        "d": 10,
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"a: 1\na: 2", 2),
        (b"a: !!python/name:os.system x", 1),
        (b"a: &x [1]\nb: *x", 1),
        (b"a: 1\nb: [", 2),
        (b"a: 1\n\xff", 2),
        (b"", 1),
        (b"1: 2", 1),
        (b"a: .inf", 1),
        (b"%YAML 1.1\n---\na: no", 1),
        (b"a: " + b"[" * 100 + b"]" * 100, 1),
        (b"a: " + b"[" * 5000, 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text, line):
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert refused.value.line == line
    assert refused.value.message.endswith(".")


def test_the_hash_is_over_lf_bytes():
    assert sha256(b"a: 1\r\nb: 2\r\n") == sha256(b"a: 1\nb: 2\n") != sha256(b"a: 1\nb: 3\n")


def test_our_reading_age_agrees_with_another_measure():
    """Two published formulas, ours by syllables and textstat's by letters, put our texts below the same age."""
    for one in LIBRARY.all():
        prose = " ".join([one.summary, one.why, *one.how, one.safety_note or ""])
        assert reading_age(prose) <= OLDEST, one.key
        assert textstat.automated_readability_index(prose) + 5 <= OLDEST, one.key
        ours, theirs = len(sentences_in(prose)), textstat.sentence_count(prose)  # which leaves very short ones out
        assert abs(ours - theirs) <= max(2, ours / 4), one.key


def test_hard_and_easy_texts_are_told_apart():
    assert reading_age("The cat sat on the mat. It was warm.") < 7
    assert reading_age("Psychological interventions necessitate considerable organisational commitment.") > 16


def test_banned_words_are_whole_words():
    assert banned_in("You should do your homework") == ["should", "homework"]
    assert banned_in("It failed, and non-compliance is noted") == ["failed", "non-compliance"]
    assert banned_in("Be patient with your shoulder") == ["patient"]
    assert banned_in("The shoulder of the road, and an affair") == []
