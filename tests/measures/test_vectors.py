"""Every scorer, at each of its boundaries, against vectors that were worked by hand from the published rules."""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from server.measures.library import Measures
from server.measures.rules import Dated, anxiety_measure_for, outcome, pair_of, reliable_change, score

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "measures.json").read_text("utf-8"))
MEASURES = Measures.load(ROOT / "worksheets" / "measures")
SIGNS = {"-": None, "n": "na"}


def items_of(text):
    return None if text is None else [SIGNS.get(sign, sign) if sign in SIGNS else int(sign) for sign in text]


def name_of(row):
    return "-".join(str(row[name]) for name in row if name not in ("expect", "problem", "at"))[:70]


@pytest.mark.parametrize("row", VECTORS["score"], ids=name_of)
def test_a_score_is_what_was_worked_by_hand(row):
    scored = score(MEASURES.newest(row["measure"]), items_of(row.get("items")), row.get("totals"))
    assert (scored.problem, list(scored.at)) == (row.get("problem", ""), row.get("at", []))
    for scale, expect in row.get("expect", {}).items():
        found = scored.of(scale)
        assert found.value == (None if expect["value"] is None else Decimal(expect["value"]))
        assert (found.band, found.case) == (expect["band"], expect["case"])
        assert (found.reason, found.filled) == (expect.get("reason", ""), expect.get("filled", 0))
        assert found.most == Decimal(expect.get("most", str(found.most)))
    if "case" in row:
        assert scored.case == row["case"]


@pytest.mark.parametrize("row", VECTORS["change"], ids=name_of)
def test_a_change_is_reliable_from_its_points_on(row):
    measure = MEASURES.newest(row["measure"])
    both = [
        score(measure, items_of(row.get(f"{one}_items")), {row["scale"]: row[one]} if one in row else None)
        for one in ("first", "last")
    ]
    first, last = (one.of(row["scale"]) for one in both)
    assert reliable_change(measure.scale(row["scale"]), first, last) == row["expect"]


@pytest.mark.parametrize("row", VECTORS["outcomes"], ids=str)
def test_the_four_outcomes_are_what_was_worked_by_hand(row):
    def pair(measure_id, values):
        measure = MEASURES.newest(measure_id)
        series = [
            Dated(date(2026, 3, 1 + n), score(measure, totals={measure.main.id: value}).scales[0])
            for n, value in enumerate(values)
        ]
        return pair_of(measure.main, series)

    found = outcome(pair("phq-9", row["depression"]), pair(row["with"], row["anxiety"]))
    assert vars(found) == row["expect"]


@pytest.mark.parametrize("row", VECTORS["anxiety_measure"], ids=str)
def test_the_anxiety_measure_goes_by_the_problem_where_it_has_a_pair(row):
    assert anxiety_measure_for(row["problem"], row["paired"], MEASURES.all()) == row["expect"]


def test_every_constant_of_every_scorer_has_a_vector_on_each_side():
    """The least there is: a value just below and one at each band edge, caseness and reliable change."""
    values, changes = defaultdict(set), defaultdict(set)
    for row in VECTORS["score"]:
        for scale, expect in row.get("expect", {}).items():
            if expect["value"] is not None:
                values[row["measure"], scale].add(Decimal(expect["value"]))
    for row in VECTORS["change"]:
        if "first" in row:
            changes[row["measure"], row["scale"]].add(Decimal(row["first"]) - Decimal(row["last"]))
    for measure in MEASURES.all():
        for scale in measure.scales:
            step = Decimal("0.01") if scale.kind == "mean" else Decimal(1)
            own = values[measure.id, scale.id]
            edges = [band.start for band in scale.bands[1:]] + ([scale.caseness.value] if scale.caseness else [])
            for edge in edges:
                assert {edge, edge - step} <= own, (measure.id, scale.id, edge)
            if scale.caseness:
                assert scale.caseness.value + step in own, (measure.id, scale.id)
            if scale.reliable_change:
                points = scale.reliable_change
                wanted = {points - step, points, points + step}
                assert wanted <= changes[measure.id, scale.id], (measure.id, scale.id)
                assert {-one for one in wanted} <= changes[measure.id, scale.id], (measure.id, scale.id)
            if measure.id != "ccq" and scale.id != "awfulness":
                assert {scale.least, scale.most} <= own, (measure.id, scale.id)
