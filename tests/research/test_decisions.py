"""Moments at which a reminder could be sent, in the bundle: M17 can be worked out from its rows alone."""

from collections import Counter
from datetime import timedelta

import pytest

from server.engagement.rules.prompts import Decision, prompt_effect
from server.research import codes, decision_rows
from tests.conftest import Demonstration
from tests.research.conftest import build


def decisions(rows):
    return [
        Decision(float(row["chance"]), row["sent"] == "yes", row["entry_within_24_hours"] == "yes")
        for row in rows
        if row["kind"] == "own" and row["why"] == "not-applicable" and row["entry_within_24_hours"] != "not-yet"
    ]


def test_each_decision_belongs_to_a_reminder_that_fell_due(bundle):
    rows = bundle.rows("decisions")
    became = {row["delivery"]: row["state"] for row in bundle.rows("deliveries")}
    assert len(rows) > 300
    assert len({row["delivery"] for row in rows}) == len(rows)
    states = Counter(became[row["delivery"]] for row in rows)
    assert set(states) == {"accepted", "failed"}
    assert {row["entry_within_1_hour"] for row in rows} == {"yes", "no"}
    assert all(float(row["chance"]) == 1 for row in rows)


def test_how_long_since_the_last_entry_leaves_as_a_band_and_never_to_the_minute(bundle):
    rows = bundle.rows("decisions")
    assert not [name for name in rows[0] if "minutes" in name]
    assert {row["since_entry"] for row in rows} <= {*codes.SINCE_ENTRY, "not-applicable"}
    assert len({row["since_entry"] for row in rows}) >= 3
    ends = [(0, "hour"), (59, "hour"), (60, "quarter"), (359, "quarter"), (360, "day"), (1439, "day"), (1440, "days")]
    later = [(4319, "days"), (4320, "week"), (10079, "week"), (10080, "longer"), (999_999, "longer")]
    assert [decision_rows.since(minutes) for minutes, _ in ends + later] == [band for _, band in ends + later]
    assert decision_rows.since(None) == "not-applicable"


def test_an_entry_within_the_hour_is_one_within_the_day(bundle):
    rows = bundle.rows("decisions")
    within = Counter((row["entry_within_1_hour"], row["entry_within_24_hours"]) for row in rows)
    assert within["yes", "yes"] and within["no", "yes"] and within["no", "no"]
    assert not within["yes", "no"]


def test_where_everything_was_sent_m17_says_nothing_and_with_chances_it_does(bundle):
    rows = bundle.rows("decisions")
    assert prompt_effect(decisions(rows)) is None
    left_out = [{**row, "chance": "0.5", "sent": "yes" if number % 2 else "no"} for number, row in enumerate(rows)]
    effect = prompt_effect(decisions(left_out))
    shares = []
    for sent in (True, False):
        several = [one.followed for one in decisions(left_out) if one.sent is sent]
        shares.append(sum(several) / len(several))
    assert (effect.with_prompt, effect.without) == pytest.approx(tuple(shares))


def test_what_was_decided_later_is_not_in_an_earlier_bundle(demo_app, tmp_path):
    earlier = Demonstration.now - timedelta(days=14)
    rows = build(tmp_path / "b", as_of=earlier).rows("decisions")
    assert 0 < len(rows) < 400
    assert {row["entry_within_24_hours"] for row in rows} <= {"yes", "no", "not-yet"}
