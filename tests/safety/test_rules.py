"""Which answers raise a flag, how flags of one entry become one, and when one has waited a working day."""

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.safety.rules import WRITTEN, Raised, escalate_at, flagged, is_worse, together, without_text
from tests.safety.sheets import CHECK, VECTORS, worksheet_of

LONDON = ZoneInfo("Europe/London")
WEEK, BEGINS, ENDS = (0, 1, 2, 3, 4), time(9), time(17)
SHEET = worksheet_of(CHECK)


@pytest.mark.parametrize("case", json.loads(VECTORS.read_text("utf-8"))["cases"], ids=lambda case: case["name"])
def test_the_vectors_that_the_phone_reads_too(case):
    sheet = worksheet_of(json.loads(VECTORS.read_text("utf-8"))["definition"])
    closed = without_text(sheet, case["answers"])
    assert closed == case["without_text"]
    found = flagged(sheet, closed, None)
    assert (list(found.fields), found.level, found.card) == tuple(case["raised"]) if case["raised"] else found is None


OPENED = json.loads(VECTORS.read_text("utf-8"))["opened"]


def opened(fields: list[dict]) -> list[dict]:
    """The questions, each with the condition under which it is on show."""
    made = [{**one, **({"fields": opened(one["fields"])} if "fields" in one else {})} for one in fields]
    conditions = OPENED["show_when"]
    return [{**one, **({"show_when": conditions[one["id"]]} if one["id"] in conditions else {})} for one in made]


@pytest.mark.parametrize("case", OPENED["cases"], ids=lambda case: case["name"])
def test_a_question_that_words_opened_was_asked_and_can_flag(case):
    sheet = worksheet_of({**CHECK, "fields": opened(CHECK["fields"])})
    closed = without_text(sheet, case["answers"])
    assert closed == case["without_text"]
    found = flagged(sheet, closed, None)
    assert (list(found.fields), found.level, found.card) == tuple(case["raised"]) if case["raised"] else found is None


# Clinical reference D1.6: nothing is inferred from free text. Words may open a question; its answer sets the level.


words = st.text(min_size=1).filter(lambda text: text.strip() and text != WRITTEN)


@settings(max_examples=200, deadline=None)
@given(
    words=words,
    own=words,
    rest=st.dictionaries(st.sampled_from(["thoughts", "urge", "when", "things", "nobody"]), st.integers(0, 9) | words),
)
def test_what_a_flag_goes_by_holds_no_words_of_the_client(words, own, rest):
    answers = {**rest, "diary": words, "what": {"other": own}, "things": [{"note": words, "hurt": 2}, words]}
    closed = without_text(SHEET, answers)
    assert {text for text in _texts(closed) if not _is_time(text)} <= {WRITTEN, "a", "b"}


@settings(max_examples=100, deadline=None)
@given(one=words, other=words)
def test_other_words_raise_nothing_else(one, other):
    both = [flagged(SHEET, without_text(SHEET, {"diary": text, "thoughts": 1}), None) for text in (one, other)]
    assert both[0] == both[1]


def test_a_rule_that_looks_for_a_word_finds_none():
    rule = {"is": {"field": "diary", "value": "die"}}
    sheet = worksheet_of({**CHECK, "risk_flags": [{"field": "diary", "level": 2, "when": rule}]})
    assert flagged(sheet, without_text(sheet, {"diary": "die"}), None) is None


def _texts(value):
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


def _is_time(text: str) -> bool:
    return all(c.isdigit() or c in "T:-" for c in text)


# What is raised


def test_the_highest_level_of_several_flags_is_the_entrys():
    assert flagged(SHEET, {"thoughts": 3, "urge": 9}, None) == Raised(("thoughts", "urge"), 2, "safety")


def test_an_untouched_question_raises_nothing():
    assert flagged(SHEET, {}, None) is None
    assert flagged(SHEET, {"thoughts": 0}, None) is None
    assert flagged(None, {}, None) is None


@pytest.mark.parametrize("answer", ["not_sure", "no"])
def test_somebody_who_does_not_feel_safe_is_never_passed_over(answer):
    assert flagged(None, {}, answer) == Raised((), 1, "support", answer)
    assert flagged(SHEET, {}, "yes") is None


@pytest.mark.parametrize("odd", ["Yes", "", 1, True, [], {}, ["no"]])
def test_an_answer_we_do_not_know_counts_as_none(odd):
    assert flagged(SHEET, {"thoughts": 1}, odd).follow_up is None


@pytest.mark.parametrize(
    ("level", "follow_up", "red"),
    [(1, "yes", False), (1, "not_sure", True), (1, "no", True), (1, None, True), (2, "yes", True), (2, "no", True)],
)
def test_red_is_level_two_or_not_said_to_feel_safe(level, follow_up, red):
    assert Raised(("a",), level, "support", follow_up).is_red is red


def test_two_states_of_one_entry_are_one_flag_at_its_worst():
    one, other = Raised(("a",), 2, "support", "yes"), Raised(("b", "a"), 1, "safety", "not_sure")
    assert together(one, other) == Raised(("a", "b"), 2, "safety", "not_sure")


@pytest.mark.parametrize(
    ("new", "worse"),
    [
        (Raised(("a",), 1, "support", "yes"), False),
        (Raised(("a",), 1, "support", None), False),
        (Raised(("a",), 2, "support", "yes"), True),
        (Raised(("a", "b"), 1, "support", "yes"), True),
        (Raised(("a",), 1, "support", "not_sure"), True),
    ],
)
def test_after_an_acknowledgement_only_something_worse_is_raised_again(new, worse):
    assert is_worse(new, [Raised(("a",), 1, "support", "yes")]) is worse


# One working day


@pytest.mark.parametrize(
    ("arrived", "told"),
    [
        ("2026-11-18T10:00", "2026-11-19T10:00"),  # Wednesday to Thursday
        ("2026-11-20T16:00", "2026-11-23T16:00"),  # Friday to Monday
        ("2026-11-21T10:00", "2026-11-24T09:00"),  # Saturday counts from Monday morning
        ("2026-11-18T20:00", "2026-11-20T09:00"),  # in the evening: from the next morning
        ("2026-11-18T17:00", "2026-11-20T09:00"),
        ("2026-11-18T05:00", "2026-11-19T09:00"),  # in the small hours: from that morning
        ("2026-11-20T18:00", "2026-11-24T09:00"),
    ],
)
def test_a_working_day_later(arrived, told):
    at = datetime.fromisoformat(arrived).replace(tzinfo=LONDON)
    assert escalate_at(at, LONDON, WEEK, BEGINS, ENDS) == datetime.fromisoformat(told).replace(tzinfo=LONDON)


def test_the_same_time_next_day_over_a_clock_change():
    friday = datetime(2027, 3, 26, 15, tzinfo=LONDON)
    monday = escalate_at(friday, LONDON, WEEK, BEGINS, ENDS)
    assert (monday.hour, monday.astimezone(UTC).hour) == (15, 14)


moments = st.integers(0, 730 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(at=moments, days=st.sets(st.integers(0, 6)))
def test_it_is_always_on_a_working_day_within_hours_and_never_at_once(at, days):
    told = escalate_at(at, LONDON, days, BEGINS, ENDS).astimezone(LONDON)
    assert told.weekday() in (days or range(7)) and BEGINS <= told.time() < ENDS
    assert timedelta(hours=15) < told - at < timedelta(days=15)


@given(at=moments, more=st.timedeltas(timedelta(0), timedelta(days=3)))
def test_what_arrived_first_is_never_told_later(at, more):
    first, second = (escalate_at(one, LONDON, WEEK, BEGINS, ENDS) for one in (at, at + more))
    assert first <= second


def test_a_service_that_works_on_one_day_waits_a_week():
    wednesday = datetime(2026, 11, 18, 10, tzinfo=LONDON)
    told = escalate_at(wednesday, LONDON, {2}, BEGINS, ENDS)
    assert told.date() == date(2026, 11, 25)
