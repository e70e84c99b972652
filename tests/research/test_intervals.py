"""The figures of intervals and courses in a bundle: whole, consistent with each other and with the rows."""

from collections import defaultdict
from datetime import timedelta

import pytest

from server.extensions import atomic, db, new_id
from server.people.actions import choose_research
from server.people.models import Client
from server.research.codes import STATES
from server.reviews.models import BarrierResponse, PracticeRating
from tests.cast import NOW
from tests.research import recount
from tests.research.conftest import build

BELOW = ("done", "partial", "tried", "not_done", "no_answer", "unknown")


def number(cell: str) -> float | None:
    return None if cell in ("not-applicable", "not-known", "not-asked") else float(cell)


@pytest.fixture(scope="module")
def intervals(bundle):
    return bundle.rows("intervals")


def test_in_every_interval_the_states_below_the_line_are_what_is_eligible(intervals):
    for row in intervals:
        n = {name: int(row[name]) for name in (*STATES, "agreed", "eligible", "silent_event")}
        assert sum(n[state] for state in BELOW) == n["eligible"]
        left_out = sum(n[state] for state in STATES if state not in BELOW) + n["silent_event"]
        assert n["eligible"] + left_out == n["agreed"]
        assert int(row["exempt_unwell_physical"]) + int(row["exempt_no_reason"]) == n["exempt"]


def test_every_share_is_its_counts_divided(intervals):
    checked = 0
    for row in intervals:
        done, partial, tried, unknown, exempt, of = (
            int(row[name]) for name in ("done", "partial", "tried", "unknown", "exempt", "eligible")
        )
        both = {"unknown_as_not_done": of, "unknown_left_out": of - unknown, "exempt_counted": of + exempt}
        for way, below in both.items():
            for figure, above in (("m1", done), ("m2", done + partial + tried)):
                expected = None if below == 0 else pytest.approx(above / below, abs=5e-5)
                assert number(row[f"{figure}_{way}"]) == expected
        for name, weight in (("m3_partial_0", 0), ("m3_unknown_as_not_done", 0.5), ("m3_partial_1", 1)):
            expected = pytest.approx((done + weight * partial + tried / 2) / of, abs=5e-5) if of else None
            assert number(row[name]) == expected
        checked += of > 0
    assert checked > 100


def test_a_person_is_set_against_themself_and_then_against_the_rest(intervals):
    within, own = defaultdict(list), {}
    for row in intervals:
        if row["m12_within"] != "not-applicable":
            within[row["episode"]].append(float(row["m12_within"]))
        if row["m12_between"] != "not-applicable":
            own[row["episode"]] = float(row["m12_own_mean"]), float(row["m12_between"])
    assert len(own) > 25
    assert all(sum(several) == pytest.approx(0, abs=1e-3) for several in within.values())
    grand = sum(mean for mean, _ in own.values()) / len(own)
    assert all(between == pytest.approx(mean - grand, abs=2e-4) for mean, between in own.values())


def test_no_part_is_more_than_its_whole(intervals):
    for row in intervals:
        for part, whole in (
            ("m7_active_days", "days"), ("m13_days_with_a_try", "m13_planned_days"), ("m15_reviewed", "tasks"),
            ("m15_with_reason", "tasks"), ("m15_responded", "not_done"), ("m9_tries_with_a_moment", "eligible"),
        ):  # fmt: skip
            assert 0 <= int(row[part]) <= int(row[whole]), (part, row)
        for share in ("m5_completeness", "m6_as_intended", "m9_on_time", "m10_back_filled"):
            assert number(row[share]) is None or 0 <= number(row[share]) <= 1


def test_the_demonstration_has_something_to_say_in_every_figure(intervals):
    said_once = ("m10_back_filled", "m5_practitioner_amount", "m5_practitioner_quality", "m15_responded")
    for name in (name for name in intervals[0] if name[:1] == "m" and name[1:2].isdigit()):
        several = {row[name] for row in intervals} - {"not-applicable"}
        assert len(several) > (0 if name in said_once else 1), name


def test_a_course_is_disengaged_discharged_or_still_followed(bundle):
    episodes = bundle.rows("episodes")
    assert {row["m11_event"] for row in episodes} == {"disengaged", "discharged", "still_followed"}
    for row in episodes:
        if row["m11_event_known"] == "disengaged":
            assert row["m11_event"] == "disengaged", "what is known is known the other way too"
        if row["closed_day"] == "not-yet":
            assert "discharged" not in (row["m11_event"], row["m11_event_known"])
        if row["landmark_day"] != "not-applicable":
            assert int(row["landmark_tried"]) <= int(row["landmark_eligible"])


def test_what_a_practitioner_rated_and_answered_is_in_the_interval_it_was_about(app, cast, tmp_path):
    day = timedelta(days=1)
    cast.meet(NOW - 8 * day, "attended", NOW - 8 * day)
    agreed = cast.agree(None, title="Walk", now=NOW - 8 * day, rhythm={"kind": "weekly"})
    closing = cast.meet(NOW - day, "attended", NOW - day)
    ours = {"service_id": cast.service.id, "client_id": cast.anna.id, "episode_id": cast.episode.id}
    with atomic():
        choose_research(
            client=db.session.get(Client, cast.anna.id), choice="yes", revision_id=None, by=cast.ben, now=NOW
        )
        for quality, at in ((1, NOW - day), (3, NOW - day / 2)):  # the newest holds
            db.session.add(PracticeRating(
                id=new_id(), appointment_id=closing.id, amount=None, quality=quality, recorded_by=cast.ben.id,
                recorded_at=at, **ours,
            ))  # fmt: skip
        db.session.add(BarrierResponse(
            assignment_id=agreed.id, slot="w1#1", barrier=None, what="talked", recorded_by=cast.ben.id,
            recorded_at=NOW, **ours,
        ))  # fmt: skip
    first, second = build(tmp_path / "b", now=NOW).rows("intervals")
    assert (first["m5_practitioner_amount"], first["m5_practitioner_quality"]) == ("not-asked", "3")
    assert second["m5_practitioner_quality"] == "not-applicable"
    assert (first["tasks"], first["m15_responded"], first["unknown"]) == ("1", "0", "1"), "silence is not *not done*"


def test_another_s_code_leaves_out_what_need_not_have_happened_and_what_asks_about_practice(tmp_path):
    header = "pid,episode,interval,assignment,rhythm,state,medium,barrier,practice"
    lines = [
        "p,e,1,a,event,no_answer,not-applicable,not-applicable,yes",
        "p,e,1,a,event,done,paper,not-applicable,yes",
        "p,e,1,b,daily,unknown,not-applicable,not-applicable,yes",
        "p,e,1,c,per_appointment,done,worksheet,not-applicable,no",
        "p,e,not-applicable,b,daily,done,said,not-applicable,yes",
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "occurrences_data.csv").write_text("\n".join([header, *lines]), "utf-8")
    assert recount.figures(tmp_path) == {
        ("p", "e", 1): {"eligible": 2, "done": 1, "unknown": 1, "attempted": 1, "on_paper": 1, "tasks": 2}
    }


def test_discharge_is_on_its_day_and_known_of_whoever_was_in_contact_until_then(bundle):
    """It is written down at a day's end, which is the first moment of the next: neither a day late nor unheard of."""
    first: dict[str, int] = {}
    for row in bundle.rows("assignments"):
        first[row["episode"]] = min(first.get(row["episode"], 10_000), int(row["agreed_day"]))
    emptied = {row["pid"]: row["last_emptied_day"] for row in bundle.rows("participants")}
    known = 0
    for row in bundle.rows("episodes"):
        if row["m11_event"] != "discharged":
            continue
        assert first[row["episode"]] + int(row["m11_days"]) == int(row["closed_day"])
        if emptied[row["pid"]].isdecimal() and int(emptied[row["pid"]]) >= int(row["closed_day"]):
            assert (row["m11_event_known"], row["m11_days_known"]) == ("discharged", row["m11_days"])
            known += 1
    assert known
