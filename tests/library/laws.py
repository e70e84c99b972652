"""What a done rule needs, told from its words alone: a second reading of the rule, to hold both twins against."""

import copy
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from server.worksheets.client_part import names_in
from server.worksheets.definition import Answers, Field, Rule, Worksheet
from server.worksheets.rules import outcome

# Rules that hold of anything somebody begins with: what the laws have to catch.
ALWAYS_TRUE: tuple[Rule, ...] = (
    {"all": []},
    {"at_least": {"n": 0, "of": []}},
    {"not": {"answered": "nobody_has_this_name"}},
)
Place = tuple[str, ...]  # (question,) or (list, question of its items)


def example_of(worksheet: Worksheet) -> Answers:
    """The answers of the worked example."""
    answers: Answers = worksheet.example["answers"]
    return answers


def without(answers: Answers, place: Place) -> Answers:
    """The answers but for one question; inside a list, but for that question in each of its items."""
    left = copy.deepcopy(answers)
    if len(place) == 1:
        left.pop(place[0], None)
    for item in left.get(place[0], []) if len(place) == 2 else ():
        item.pop(place[1], None)
    return left


def needed(rule: Rule, worksheet: Worksheet, answers: Answers) -> set[Place]:
    """Questions without any of which the rule cannot hold, whatever else is answered."""
    ((word, body),) = rule.items()
    if word in ("all", "any", "at_least"):
        rules = body["of"] if word == "at_least" else body
        wanted = body["n"] if word == "at_least" else len(rules) if word == "all" else 1
        return _in_every_way([needed(one, worksheet, answers) for one in rules], wanted)
    if word in ("count", "every"):
        inner = {one.id for one in _field(worksheet, body["list"]).fields}
        where = needed(body["where"], worksheet, answers) if "where" in body else set()
        found = {(body["list"], name) for (name,) in where if name in inner}
        return {(body["list"],)} | found | {(name,) for (name,) in where if name not in inner}
    if word == "stage":
        return {(one.id,) for one in worksheet.fields if one.required and one.stage == body and one.id in answers}
    return {(body if word == "answered" else body["field"],)} if word != "not" else set()


def named(rule: Rule, worksheet: Worksheet) -> set[str]:
    """Every question of the page that the rule looks at in any way, and what those need to be on show."""
    stages = _stages_in(rule)
    found = set(names_in(rule)) | {one.id for one in worksheet.fields if one.stage in stages and one.required}
    for one in reversed(worksheet.fields):
        found |= set(names_in(one.show_when)) if one.id in found else set()
    return found


def smallest(worksheet: Worksheet, rule: Rule) -> Answers:
    """The example with all left out that the rule lets go, taken from the end of the page to its start."""
    left = copy.deepcopy(example_of(worksheet))
    for place in reversed(list(places(worksheet.fields, left))):
        fewer = without(left, place)
        if outcome(worksheet, fewer, rule) == "done":
            left = fewer
    return left


def places(fields: tuple[Field, ...], answers: Answers) -> Iterator[Place]:
    """Where the answers stand: the questions of the page, and those of the items of its lists."""
    for one in fields:
        if one.id in answers:
            yield (one.id,)
            for inner in one.fields:
                if any(inner.id in item for item in answers[one.id]):
                    yield (one.id, inner.id)


def _in_every_way(found: list[set[Place]], wanted: int) -> set[Place]:
    """What all ways of choosing so many of these have in common."""
    ways = [set().union(*chosen) for chosen in combinations(found, int(wanted))]
    return set.intersection(*ways) if ways else set()


def _field(worksheet: Worksheet, name: str) -> Field:
    return next(one for one in worksheet.fields if one.id == name)


def _stages_in(rule: Any) -> list[str]:
    if isinstance(rule, dict):
        own = [rule["stage"]] if isinstance(rule.get("stage"), str) else []
        return own + [stage for inner in rule.values() for stage in _stages_in(inner)]
    return [stage for inner in rule for stage in _stages_in(inner)] if isinstance(rule, list) else []
