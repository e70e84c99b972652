"""Which worksheets fit which problem: data, checked like the rest of the folder."""

from pathlib import Path

import pytest

from server.caseload.problems import PROBLEMS
from server.worksheets.library import library
from server.worksheets.suggestions import FILE, check_suggestions, suggestions

SHIPPED = Path(__file__).parents[2] / "worksheets"


def test_what_is_suggested_exists_and_each_problem_but_another_has_some(app):
    assert check_suggestions(SHIPPED) == []
    found = suggestions()
    named = {one for code in PROBLEMS for one in found.of(code).worksheets}
    assert {*named, *found.first.worksheets, *found.last.worksheets} <= library().ids()
    assert [code for code in PROBLEMS if not found.of(code).worksheets] == ["other"]
    assert found.of(None).worksheets == () and all(found.of(code).source for code in PROBLEMS if code != "other")


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("problems: {", "unreadable", ""),
        ("everybody: {}", "shape", ""),
        ("everybody: {first: [], last: [], source: s}\nproblems: {sadness: {}}", "unknown-problem", "problems.sadness"),
        ("everybody: {first: [], last: [], source: s}\nproblems: {panic: {worksheets: x}}", "shape", "problems.panic"),
        (
            "everybody: {first: [a/none], last: [], source: s}\nproblems: {}",
            "unknown-worksheet",
            "everybody.first.0",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path, text, code, field):
    (tmp_path / FILE).write_text(text)
    [problem] = check_suggestions(tmp_path)
    assert problem.code == code and (not field or problem.field == field)


def test_a_folder_without_suggestions_has_no_problem(tmp_path):
    assert check_suggestions(tmp_path) == []


def test_goals_are_read_from_the_worksheet_that_asks_for_them_and_from_no_other(app):
    found, answers = suggestions(), {"goals": [{"goal": " Sleep through "}, {"why": "x"}, "odd", {"goal": 7}]}
    assert found.asks_for_goals("low-intensity-cbt/my-goals") and not found.asks_for_goals(None)
    assert found.goals_in("low-intensity-cbt/my-goals", answers) == ["Sleep through"]
    assert found.goals_in("low-intensity-cbt/my-ladder", answers) == []
    assert [found.goals_in("low-intensity-cbt/my-goals", odd) for odd in (None, {}, {"goals": "x"})] == [[], [], []]
