"""Laws of the rules: nothing a phone can send makes them raise, and the twins agree on all of it."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.worksheets.definition import every_field, worksheet_from
from server.worksheets.rules import (
    completeness,
    derived,
    derived_rows,
    is_attempted,
    is_done,
    is_short_done,
    outcome,
    problems,
    raised,
    reading_form,
    shown_fields,
)
from tests.worksheets.twins import said_by_the_phone
from tests.worksheets.write_vectors import VECTORS, shipped

SYNTHETIC = json.loads((VECTORS / "worksheet-synthetic.json").read_text(encoding="utf-8"))
WORKSHEETS = [*shipped(), *(worksheet_from(data, "0" * 64) for data in SYNTHETIC)]
IDS = sorted({field.id for one in WORKSHEETS for field in every_field(one.fields)} | {"_nothing_happened"})
WORDS = ["all", "any", "at_least", "answered", "is", "above", "below", "not", "count", "every", "stage"]
WORDS += ["n", "of", "list", "where", "field", "value", "other"]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(IDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*IDS, *WORDS]), inner, max_size=4),
    max_leaves=12,
)
answers_like = st.dictionaries(st.sampled_from(IDS), anything, max_size=12) | anything


@settings(max_examples=300, deadline=None)
@given(worksheet=st.sampled_from(WORKSHEETS), answers=answers_like, rule=st.none() | anything, zone=st.text(max_size=8))
def test_no_answer_and_no_rule_makes_anything_raise(worksheet, answers, rule, zone):
    assert outcome(worksheet, answers, rule) in ("done", "partial", "tried", "nothing_happened", "empty")
    assert isinstance(is_done(rule, worksheet, answers), bool)
    answered, asked = completeness(worksheet, answers)
    assert 0 <= answered <= asked
    for figure in derived(worksheet, answers, zone).values():
        assert (figure["value"] is None) != (figure["reason"] is None)
    assert all(isinstance(text, str) for row in reading_form(worksheet, answers) for text in row)
    derived_rows(worksheet, answers, zone)
    problems(worksheet, answers)
    json.dumps([field.id for field in shown_fields(worksheet, answers, "plan")])


@settings(max_examples=200, deadline=None)
@given(worksheet=st.sampled_from(WORKSHEETS), answers=answers_like)
def test_done_partial_and_tried_are_attempts_and_nothing_else_is(worksheet, answers):
    attempted = outcome(worksheet, answers) in ("done", "partial", "tried")
    assert attempted == is_attempted(worksheet, answers)


@settings(max_examples=200, deadline=None)
@given(worksheet=st.sampled_from(WORKSHEETS), answers=answers_like)
def test_the_short_way_counts_as_tried_or_more(worksheet, answers):
    if is_short_done(worksheet, answers):
        assert outcome(worksheet, answers) in ("done", "partial", "tried")


@settings(max_examples=300, deadline=None)
@given(worksheet=st.sampled_from(WORKSHEETS), answers=answers_like, dice=st.randoms(use_true_random=False))
def test_the_opposite_of_the_opposite_is_what_it_was(worksheet, answers, dice):
    rule = _random_rule(dice, list(worksheet.fields), 3)
    holds = is_done(rule, worksheet, answers)
    assert is_done({"not": rule}, worksheet, answers) is not holds
    assert is_done({"not": {"not": rule}}, worksheet, answers) is holds


@settings(max_examples=200, deadline=None)
@given(worksheet=st.sampled_from(WORKSHEETS), answers=answers_like, bound=st.integers(-3, 12) | st.text(max_size=3))
def test_nothing_is_above_and_below_at_once_and_nothing_unanswered_is_either(worksheet, answers, bound):
    for field in worksheet.fields:
        body = {"field": field.id, "value": bound}
        found = [is_done({word: body}, worksheet, answers) for word in ("above", "below")]
        assert found != [True, True]
        assert is_done({"answered": field.id}, worksheet, answers) or not any(found)


def test_deeply_nested_rules_are_false_and_not_an_error():
    rule: dict = {"answered": "situation"}
    for _ in range(5000):
        rule = {"all": [rule]}
    assert outcome(WORKSHEETS[0], {"situation": "x"}, rule) != "done"


def test_the_twins_agree_on_a_thousand_random_answers():
    """One node process reads what Python made, and each case is compared whole."""
    cases = _random_cases(random.Random(20261122), 1000)
    outcomes = set()
    for case, found in zip(cases, said_by_the_phone(cases), strict=True):
        worksheet = next(one for one in WORKSHEETS if one.key == case["worksheet"])
        ours = _all_of(worksheet, case)
        outcomes.add(ours["outcome"])
        assert ours == found, case
    assert outcomes == {"done", "partial", "tried", "nothing_happened", "empty"}


def _all_of(worksheet, case):
    answers, zone = case["answers"], case["zone"]
    return {
        "outcome": outcome(worksheet, answers),
        "ruled": is_done(case["rule"], worksheet, answers),
        "short": is_short_done(worksheet, answers),
        "completeness": list(completeness(worksheet, answers)),
        "raised": len(raised(worksheet, answers)),
        "derived": derived(worksheet, answers, zone),
        "rows": [list(row) for row in derived_rows(worksheet, answers, zone)],
        "reading": [list(row) for row in reading_form(worksheet, answers)],
        "shown": [field.id for field in shown_fields(worksheet, answers)],
    }


def _random_cases(dice, count):
    zones = [None, "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "No/Where"]
    made = []
    for _ in range(count):
        worksheet = dice.choice(WORKSHEETS)
        answers = _random_answers(dice, worksheet.fields, dice.choice([0, 0.1, 0.5, 0.95]))
        if dice.random() < 0.2:
            answers["_nothing_happened"] = dice.choice([True, True, False, 1])
        rule = _random_rule(dice, list(worksheet.fields), 3)
        made.append({"worksheet": worksheet.key, "answers": answers, "zone": dice.choice(zones), "rule": rule})
    return made


def _random_rule(dice, fields, deep):
    """A rule of every word there is, over these questions, now and then one that makes no sense."""
    field = dice.choice(fields)
    value = _random_value(dice, field)
    plain = [{"answered": field.id}, {"is": {"field": field.id, "value": value}}, {"stage": field.stage or "plan"}]
    ordered = [{word: {"field": field.id, "value": value}} for word in ("above", "below")]
    if deep == 0 or dice.random() < 0.3:
        return dice.choice([*plain, *ordered, *ordered, None, {"above": value}])
    rules = [_random_rule(dice, fields, deep - 1) for _ in range(dice.randrange(1, 3))]
    some = {"at_least": {"n": dice.choice([1, 2, 1.5, "1"]), "of": rules}}
    if field.type == "list":
        where = _random_rule(dice, [*fields, *field.fields], deep - 1)
        found = {"count": {"list": field.id, "where": where, "at_least": dice.randrange(3)}}
        return dice.choice([found, {"every": {"list": field.id, "where": where}}])
    return dice.choice([{"all": rules}, {"any": rules}, {"not": rules[0]}, {"not": rules[0]}, some])


def _random_answers(dice, fields, share):
    return {field.id: _random_value(dice, field) for field in fields if dice.random() < share}


def _random_value(dice, field):
    if dice.random() < 0.05:
        return dice.choice([None, "", " ", [], {}, 0, True, "\u200b", "x", [None], {"a": 1}])
    if field.type == "list":
        return [_random_answers(dice, field.fields, dice.random()) for _ in range(dice.randrange(4))]
    if field.type in ("number", "scale", "duration"):
        return dice.choice([0, 1, 5, 37, 0.1, 33.3, 62.55, 80, 100])
    if field.open and dice.random() < 0.2:
        own = {"other": dice.choice(["own words", "", " ", 3, None])}
        return own if field.type == "choice" else [own, field.options[0].code]
    if field.type == "choice":
        return dice.choice([option.code for option in field.options])
    if field.type == "choices":
        return dice.sample([option.code for option in field.options], dice.randrange(len(field.options) + 1))
    if field.type == "boolean":
        return dice.random() < 0.5
    if field.type == "date":
        return dice.choice(["2026-03-29", "2026-10-25", "2026-11-01", "2024-02-29", "2026-02-29", "2027-04-04", "soon"])
    if field.type == "moment":
        return dice.choice(["2026-03-29T01:30", "2026-10-25T23:59", "2026-02-29T10:00", "2026-03-01 10:00", "soon"])
    if field.type == "time":
        return f"{dice.randrange(24):02}:{dice.choice([0, 15, 30, 59]):02}"
    return dice.choice(["a few words", "عربى", "🌧", "x" * 40])


@pytest.mark.parametrize("worksheet", shipped(), ids=lambda one: one.key)
def test_a_worked_example_is_done_and_without_trouble(worksheet):
    answers = worksheet.example["answers"]
    assert outcome(worksheet, answers) == "done"
    assert problems(worksheet, answers) == []
