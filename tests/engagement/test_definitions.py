"""The words of each figure: one definition each, the same in the document as on the page."""

import re
from pathlib import Path

import pytest

from server.engagement import rules
from server.engagement.definitions import DEFINITIONS, LINES

TESTS = Path(__file__).resolve().parents[1]
DOCUMENT = (TESTS.parent / "docs" / "figures.md").read_text("utf-8")


def test_every_metric_is_defined_once_and_in_order():
    assert [one.code for one in DEFINITIONS] == [f"M{n}" for n in range(1, 19)]


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: one.code)
def test_the_document_says_what_the_page_says(one):
    assert f"| {one.code} | {one.name} | {one.formula} |" in DOCUMENT and one.where in DOCUMENT
    assert not one.why or f"* **{one.code}** {one.why}" in DOCUMENT


def test_the_document_has_every_state_and_names_functions_that_are_there():
    assert all(f"| {state} | {line} |" in DOCUMENT for state, line in LINES)
    table = DOCUMENT.partition("## Each figure")[2].partition("Why not elsewhere")[0]
    named = [name for cell in re.findall(r"`([a-z]+\.[\w., ]+)` \|", table) for name in cell.split(", ")]
    assert len(named) >= 18
    known = {*rules.__all__, "paired_counts"}
    assert [name for name in named if name.rpartition(".")[2] not in known] == []


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: one.code)
def test_a_figure_that_stands_on_no_page_says_why(one):
    assert "page" in one.where.lower() or one.why


def test_every_pitfall_is_handled_by_name_and_shown_by_a_test_that_is_there():
    rows = re.findall(r"^\| (F3\.\d+) \|.*\| `(test_\w+)` \|$", DOCUMENT, re.M)
    assert [pitfall for pitfall, _ in rows] == [f"F3.{n}" for n in range(1, 17)]
    texts = (path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    written = {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.M)}
    assert {name for _, name in rows} <= written
