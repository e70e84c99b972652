"""Of every worksheet: its example is done, nothing is not, and what its done rule needs cannot be left out."""

import copy
from dataclasses import replace

import pytest

from server.worksheets.client_part import names_in
from server.worksheets.definition import to_wire
from server.worksheets.rules import outcome
from tests.library import laws
from tests.worksheets.twins import said_by_the_phone
from tests.worksheets.write_vectors import shipped

WORKSHEETS = shipped()
IDS = [one.key for one in WORKSHEETS]
every_worksheet = pytest.mark.parametrize("worksheet", WORKSHEETS, ids=IDS)


def _counted(rule):
    """(list, how many items of it) wherever a rule counts."""
    if isinstance(rule, dict):
        if set(rule) == {"count"}:
            yield rule["count"]["list"], rule["count"]["at_least"]
        for inner in rule.values():
            yield from _counted(inner)
    elif isinstance(rule, list):
        for inner in rule:
            yield from _counted(inner)


def _is_needed(worksheet, name):
    return (name,) in laws.needed(worksheet.done, worksheet, laws.example_of(worksheet))


COUNTED_LISTS = [
    pytest.param(one, name, least, id=f"{one.key}-{name}")
    for one in WORKSHEETS
    for name, least in sorted(set(_counted(one.done)))
    if _is_needed(one, name)
]


def _variants(worksheet):
    """Name to answers and whether they are done, as the rule's words alone say."""
    example, rule = laws.example_of(worksheet), worksheet.done
    least = laws.smallest(worksheet, rule)
    made = {"example": (example, True), "nothing": ({}, False), "least": (least, True)}
    for place in laws.needed(rule, worksheet, example):
        made[f"without {'.'.join(place)}"] = (laws.without(example, place), False)
    for place in laws.places(worksheet.fields, least):
        made[f"least without {'.'.join(place)}"] = (laws.without(least, place), False)
    rest = {name: answer for name, answer in example.items() if name not in laws.named(rule, worksheet)}
    return {**made, "all that the rule does not look at": (rest, False)}


def _is_done_as_its_words_say(worksheet):
    """The law: each variant is done or not as a second reading of the rule has it."""
    for name, (answers, done) in _variants(worksheet).items():
        assert (outcome(worksheet, answers) == "done") is done, f"{name}: {answers}"


@pytest.fixture(scope="module")
def twin():
    """What the phone makes of every variant of every worksheet: one node run for all of them."""
    cases = [
        {"worksheet": one.key, "name": name, "answers": answers, "zone": None, "rule": one.done}
        for one in WORKSHEETS
        for name, (answers, _) in _variants(one).items()
    ]
    found = zip(cases, said_by_the_phone(cases), strict=True)
    return {(case["worksheet"], case["name"]): one["outcome"] for case, one in found}


@every_worksheet
def test_python_and_the_phone_say_what_the_rule_says(worksheet, twin):
    _is_done_as_its_words_say(worksheet)
    for name, (answers, _) in _variants(worksheet).items():
        assert outcome(worksheet, answers) == twin[worksheet.key, name], name


@every_worksheet
def test_an_empty_page_is_empty(worksheet, twin):
    assert outcome(worksheet, {}) == twin[worksheet.key, "nothing"] == "empty"


@every_worksheet
def test_the_least_that_is_done_holds_nothing_but_what_its_rule_looks_at(worksheet):
    least = laws.smallest(worksheet, worksheet.done)
    assert least and set(least) <= laws.named(worksheet.done, worksheet)


@every_worksheet
def test_a_question_the_rule_needs_is_on_show_and_can_be_answered(worksheet):
    """No done rule asks for something the example hides, or for a question that is not there."""
    own = {one.id for one in worksheet.fields} | {inner.id for one in worksheet.fields for inner in one.fields}
    assert set(names_in(worksheet.done)) <= own
    for place in laws.needed(worksheet.done, worksheet, laws.example_of(worksheet)):
        assert place[0] in laws.example_of(worksheet), place


@pytest.mark.parametrize(("worksheet", "name", "least"), COUNTED_LISTS)
def test_a_list_with_one_item_too_few_is_not_done(worksheet, name, least):
    example = laws.example_of(worksheet)
    assert len(example[name]) >= least
    fewer = {**copy.deepcopy(example), name: copy.deepcopy(example[name])[: least - 1]}
    assert outcome(worksheet, fewer) != "done"


def test_these_worksheets_count_the_items_of_a_list():
    """Where another list counts as well, or where the list is one way of several, one item too few may be enough."""
    assert [(one.values[0].id, *one.values[1:]) for one in COUNTED_LISTS] == [
        ("emotional-skills/five-senses-kit", "kit", 1),
        ("emotional-skills/what-led-to-what", "links", 1),
        ("low-intensity-cbt/activity-lists", "activities", 1),
        ("low-intensity-cbt/my-goals", "goals", 1),
        ("low-intensity-cbt/my-ladder", "steps", 3),
        ("low-intensity-cbt/physical-activity-plan", "activities", 1),
        ("low-intensity-cbt/safety-behaviours", "items", 1),
        ("low-intensity-cbt/thought-diary", "feelings", 1),
        ("low-intensity-cbt/weekly-activity-plan", "activities", 1),
    ]
    one_of_several = {one.id for one in WORKSHEETS for name, _ in _counted(one.done) if not _is_needed(one, name)}
    assert one_of_several == {
        "emotional-skills/feelings-and-skills-card",
        "low-intensity-cbt/understanding-my-problem",
    }


@every_worksheet
def test_what_phones_get_where_risk_is_not_asked_about_is_done_too(worksheet):
    part = worksheet.client_part(risk_allowed=False)
    if not worksheet.needs_procedure:
        assert outcome(part, laws.example_of(part)) == "done"
        assert outcome(part, {}) == "empty"
    assert to_wire(part)["risk_flags"] == []


@every_worksheet
@pytest.mark.parametrize("planted", laws.ALWAYS_TRUE, ids=["all", "at_least", "not"])
def test_a_rule_that_is_always_true_would_be_noticed(worksheet, planted):
    """The law above fails for each of these on each worksheet: what the rule does not look at would be enough."""
    with pytest.raises(AssertionError, match=r"^(all that the rule does not look at|least without [a-z_.]+): "):
        _is_done_as_its_words_say(replace(worksheet, done=planted))


def test_the_second_reading_of_a_rule_knows_every_word():
    """Taught by hand, because it is what the twins are held against."""
    sheet = next(one for one in WORKSHEETS if one.id == "low-intensity-cbt/thought-diary")
    for rule, found in (
        ({"answered": "a"}, {("a",)}),
        ({"is": {"field": "a", "value": 1}}, {("a",)}),
        ({"above": {"field": "a", "value": 1}}, {("a",)}),
        ({"not": {"answered": "a"}}, set()),
        ({"all": [{"answered": "a"}, {"answered": "b"}]}, {("a",), ("b",)}),
        ({"any": [{"answered": "a"}, {"answered": "b"}]}, set()),
        ({"any": [{"answered": "a"}, {"all": [{"answered": "a"}, {"answered": "b"}]}]}, {("a",)}),
        ({"at_least": {"n": 2, "of": [{"answered": "a"}, {"answered": "b"}]}}, {("a",), ("b",)}),
        ({"at_least": {"n": 1, "of": [{"answered": "a"}, {"answered": "b"}]}}, set()),
        ({"count": {"list": "feelings", "at_least": 1}}, {("feelings",)}),
        (
            {"every": {"list": "feelings", "where": {"answered": "feeling"}}},
            {("feelings",), ("feelings", "feeling")},
        ),
    ):
        assert laws.needed(rule, sheet, {}) == found, rule
