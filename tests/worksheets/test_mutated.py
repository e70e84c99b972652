"""Both twins take any definition that the check lets through, however odd, and say the same of it."""

import copy
import random

from server.worksheets.definition import to_wire, worksheet_from
from server.worksheets.plain import data_of
from server.worksheets.reading import Reading
from server.worksheets.structure import problems_of, schema_at
from tests.worksheets.test_laws import WORKSHEETS, _all_of, _random_answers, _random_rule
from tests.worksheets.twins import said_by_the_phone
from tests.worksheets.write_vectors import ROOT

SCHEMA = schema_at(ROOT / "worksheets")
WANTED = 150


def test_the_twins_agree_on_definitions_nobody_would_write():
    cases = list(_cases(random.Random(20261123)))
    sent = [{key: value for key, value in case.items() if key != "made"} for case in cases]
    for case, theirs in zip(cases, said_by_the_phone(sent), strict=True):
        assert _all_of(case["made"], case) == theirs, case["definition"]
    assert len({case["definition"]["id"] for case in cases}) > 5


def _cases(dice):
    """Sound definitions, each mutated one to five times from one of ours, with answers and a rule."""
    made = tried = 0
    while made < WANTED:
        tried += 1
        assert tried < WANTED * 60, "the check lets almost nothing through"
        data = copy.deepcopy(data_of(dice.choice(WORKSHEETS)))
        for _ in range(dice.randrange(1, 6)):
            _mutate(dice, data)
        if problems_of(Reading(data), f"{data['id']}.v{data['version']}.yaml", SCHEMA):
            continue
        worksheet, made = worksheet_from(data, "0" * 64), made + 1
        yield {
            "worksheet": worksheet.key,
            "definition": to_wire(worksheet),
            "made": worksheet,
            "answers": _random_answers(dice, worksheet.fields, 0.8),
            "zone": "Europe/London",
            "rule": _random_rule(dice, list(worksheet.fields), 3),
        }


def _mutate(dice, data):
    every = [inner for one in data["fields"] for inner in [one, *one.get("fields", [])]]
    one, other = dice.choice(every), dice.choice(every)
    dice.choice(
        [
            lambda: one.update(required=not one.get("required", False)),
            lambda: one.update(type=dice.choice(["text", "boolean", "moment", "number", "date", "time", "heading"])),
            lambda: one.update(show_when={"not": {"above": {"field": other["id"], "value": dice.choice([0, 5, "x"])}}}),
            lambda: one.update(show_when={dice.choice(["answered", "not"]): other["id"]}),
            lambda: one.update(open=True, risk=dice.random() < 0.5),
            lambda: one.update(label=dice.choice(["عربى", "x\u2028y", "  z", "🌧"]), unit=dice.choice(["%", "minutes"])),
            lambda: one.pop("show_when", None),
            lambda: data.update(done={"not": data["done"]}, nothing_happened=dice.random() < 0.5),
            lambda: data["fields"].remove(one) if one in data["fields"] and len(data["fields"]) > 1 else None,
            lambda: data.pop("derived", None),
            lambda: dice.shuffle(data["fields"]),
        ]
    )()
