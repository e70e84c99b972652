"""The rules, on the cases that the phone's twins read too (tests/pwa/worksheet.test.ts)."""

import json
from pathlib import Path

import pytest

from server.worksheets.definition import worksheet_from
from server.worksheets.rules import (
    completeness,
    derived,
    is_attempted,
    is_done,
    is_short_done,
    outcome,
    raised,
    reading_form,
    shown_fields,
)
from tests.worksheets.write_vectors import VECTORS, definitions, shipped

NOT_CASES = ("worksheet-definitions.json", "worksheet-synthetic.json")


def _worksheets():
    made = json.loads((VECTORS / "worksheet-synthetic.json").read_text(encoding="utf-8"))
    every = [*shipped(), *(worksheet_from(data, "0" * 64) for data in made)]
    return {one.key: one for one in every}


def _cases():
    files = [path for path in sorted(VECTORS.glob("worksheet-*.json")) if path.name not in NOT_CASES]
    return [(path.stem, case) for path in files for case in json.loads(path.read_text(encoding="utf-8"))]


WORKSHEETS = _worksheets()
CASES = _cases()


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_a_case_comes_out_as_written(case):
    worksheet, answers = WORKSHEETS[case["worksheet"]], case["answers"]
    rule, zone, stage = case.get("rule"), case.get("zone"), case.get("stage")
    found = {
        "outcome": outcome(worksheet, answers, rule),
        "done": is_done(rule or worksheet.done, worksheet, answers),
        "attempted": is_attempted(worksheet, answers),
        "short": is_short_done(worksheet, answers),
        "completeness": list(completeness(worksheet, answers)),
        "derived": derived(worksheet, answers, zone),
        "reading": [list(row) for row in reading_form(worksheet, answers)],
        "raised": [[flag.field, flag.level, flag.card] for flag in raised(worksheet, answers)],
        "shown": [field.id for field in shown_fields(worksheet, answers, stage)],
    }
    assert {name: found[name] for name in case["expect"]} == case["expect"]


def test_there_are_cases_for_the_first_six_the_synthetic_ones_and_every_word_of_a_rule():
    """Worksheets beyond these are held to their rules by tests/library/, one and all."""
    assert len(CASES) >= 150
    named = {case["worksheet"] for _, case in CASES}
    assert named <= set(WORKSHEETS) and len(named) == 8
    written = json.dumps([case.get("rule") for _, case in CASES]) + json.dumps(
        [one.done for one in WORKSHEETS.values()]
    )
    for word in ("all", "any", "at_least", "answered", "is", "count", "every", "stage", "not", "above", "below"):
        assert f'"{word}"' in written


def test_the_definitions_node_reads_are_those_we_ship():
    kept = json.loads(Path(VECTORS / "worksheet-definitions.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(definitions())), "run: python -m tests.worksheets.write_vectors"
