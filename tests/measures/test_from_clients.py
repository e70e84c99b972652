"""A client fills in an imported measure: the score is made with the sync, and goes with the entry."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from server.api.sync import take_in
from server.entries.models import Entry
from server.extensions import atomic, db
from server.measures import actions, queries
from server.measures.actions import Entered
from server.measures.imported import FAMILY, take_text
from server.measures.library import measures
from server.measures.models import MeasureScore
from server.safety import queries as safety
from server.worksheets.library import bind, library
from server.worksheets.structure import schema_at
from tests.cast import NOW
from tests.measures.test_text import questionnaire
from tests.safety.sheets import switched_on

LATER = NOW + timedelta(hours=3)


def holding(app, *measure_ids, **changes) -> None:
    """Give an application the invented text of these measures, as if it had started with it."""
    config = app.config["MEANTIME"]
    for measure_id in measure_ids:
        resource = questionnaire(measure_id, **changes)
        assert take_text(measures().newest(measure_id), resource, config.data, schema_at(config.worksheets)).kept
    bind(app)


@pytest.fixture
def agreed(both, cast):
    """The text of the PHQ-9, agreed with Anna, whose service answers for risk."""
    holding(both, "phq-9")
    switched_on(both, cast)
    cast.pair()
    return cast.agree(f"{FAMILY}/phq-9", now=NOW - timedelta(days=3))


def sync(cast, *revisions, now=LATER):
    with atomic():
        return take_in(cast.anna, cast.phone, list(revisions), now, now)


def filled(cast, agreed, typed="111111110", safe_now=None, **changes):
    """An entry with these items: a digit for each, a dash where nothing was said."""
    sheet = library().get(agreed.worksheet_id, agreed.worksheet_version)
    asked = [one for one in sheet.fields if one.type != "heading"]
    answers = {one.id: one.options[int(digit)].code for one, digit in zip(asked, typed, strict=True) if digit.isdigit()}
    form = {"form_key": sheet.id, "form_version": sheet.version}
    raw = cast.entry(agreed.id, answers, **{**form, **changes})
    if safe_now:
        raw["payload"]["safe_now"] = safe_now
    return raw


def after(cast, agreed, raw, typed="111111110", **changes):
    return filled(cast, agreed, typed, entry_id=raw["entry_id"], parents=[raw["revision_id"]], **changes)


def removed(cast, agreed, raw):
    return {**after(cast, agreed, raw), "kind": "delete", "payload": {}}


def rows() -> list[MeasureScore]:
    return list(db.session.scalars(select(MeasureScore).order_by(MeasureScore.id)))


def stands(cast):
    return queries.of_client(cast.anna, cast.episode)


def test_a_whole_entry_is_a_score_of_the_day_it_was_lived(cast, agreed):
    raw = filled(cast, agreed, "012301230", happened=NOW - timedelta(days=2))
    assert sync(cast, raw).receipts[0].status == "stored"
    [one] = stands(cast)
    assert (one.row.source, one.row.entered_by, one.row.what) == ("client", None, "entered")
    assert (one.row.items, one.row.taken_on) == ([0, 1, 2, 3, 0, 1, 2, 3, 0], date(2026, 11, 16))
    assert (one.row.episode_id, str(one.row.entry_id)) == (cast.episode.id, raw["entry_id"])
    assert one.scored.of("total").value == 12
    assert db.session.scalar(select(Entry.outcome)) == "done"


def test_the_same_batch_again_and_the_follow_up_make_no_other_score(cast, agreed):
    raw = filled(cast, agreed, "000000002")
    sync(cast, raw)
    sync(cast, raw)
    sync(cast, after(cast, agreed, raw, "000000002", safe_now="yes"))
    assert len(rows()) == 1
    [flag] = safety.waiting_of(cast.anna)
    assert (flag.level, flag.follow_up, flag.fields) == (2, "yes", ["q9"])


@pytest.mark.parametrize(("item_9", "levels"), [("0", []), ("1", [1]), ("2", [2]), ("3", [2])])
def test_item_9_raises_a_flag_of_the_level_its_answer_has(cast, agreed, item_9, levels):
    sync(cast, filled(cast, agreed, "00000000" + item_9))
    assert [flag.level for flag in safety.waiting_of(cast.anna)] == levels


def test_changed_answers_take_the_place_of_the_earlier_ones(cast, agreed):
    raw = filled(cast, agreed)
    sync(cast, raw)
    sync(cast, after(cast, agreed, raw, "333333330"))
    assert [one.row.items for one in stands(cast)] == [[3, 3, 3, 3, 3, 3, 3, 3, 0]]
    assert [(row.what, row.supersedes is None) for row in rows()] == [("entered", True), ("corrected", False)]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_arrival_does_not_matter(cast, agreed, order):
    first = filled(cast, agreed)
    second = after(cast, agreed, first, "222222220")
    batch = [first, second, after(cast, agreed, second, "333333330")]
    for n in order:
        sync(cast, batch[n])
    assert [one.row.items[0] for one in stands(cast)] == [3]


def test_a_removed_entry_is_withdrawn_and_a_restored_one_is_there_again(cast, agreed):
    raw = filled(cast, agreed)
    gone = removed(cast, agreed, raw)
    sync(cast, raw, gone)
    assert (stands(cast), len(rows())) == ([], 0)  # it was never there
    sync(cast, raw2 := filled(cast, agreed))
    sync(cast, gone2 := removed(cast, agreed, raw2))
    sync(cast, gone2)
    assert (stands(cast), [row.what for row in rows()]) == ([], ["entered", "withdrawn"])
    sync(cast, after(cast, agreed, gone2, kind="restore"))
    assert [one.row.items for one in stands(cast)] == [[1, 1, 1, 1, 1, 1, 1, 1, 0]]


def test_an_incomplete_one_stays_and_is_not_scored(cast, agreed):
    sync(cast, filled(cast, agreed, "33333333-"))
    [one] = stands(cast)
    total = one.scored.of("total")
    assert (total.value, total.reason, one.row.items[8]) == (None, "missing_items", None)
    assert db.session.scalar(select(Entry.outcome)) == "partial"
    assert safety.waiting_of(cast.anna) == []


def test_nothing_answered_is_no_score(cast, agreed):
    raw = filled(cast, agreed, "---------")
    raw["payload"]["answers"] = {"q1": ["a1"], "q2": 7, "q3": None, "else": "a1"}
    assert sync(cast, raw).receipts[0].status == "stored"
    assert rows() == []


def test_what_is_kept_for_now_is_no_score_until_it_is_shared(cast, agreed):
    raw = filled(cast, agreed, "111111112")
    raw["payload"]["kept"] = True
    sync(cast, raw)
    assert rows() == [] and len(safety.waiting_of(cast.anna)) == 1  # a flag all the same
    choice = {"entry_id": raw["entry_id"], "shared": True}
    sync(cast, cast.revision({"kind": "sharing"}, choice, LATER))
    assert [one.row.items[8] for one in stands(cast)] == [2]


def test_what_staff_corrected_stays_as_they_left_it(cast, agreed):
    raw = filled(cast, agreed)
    sync(cast, raw)
    with atomic():
        actions.correct(
            earlier=rows()[0], client=cast.anna, entered=Entered(measures().newest("phq-9"), [2] * 9),
            taken_on=NOW.date(), reason="mistyped", note="", by=cast.ben, now=LATER,
        )  # fmt: skip
    sync(cast, after(cast, agreed, raw, "000000000"))
    sync(cast, removed(cast, agreed, raw))
    assert [(one.row.source, one.row.items) for one in stands(cast)] == [("practitioner", [2] * 9)]


def test_a_phone_whose_clock_runs_ahead_makes_no_score_of_a_day_to_come(cast, agreed):
    sync(cast, filled(cast, agreed, happened=NOW + timedelta(days=40)))
    assert [row.taken_on for row in rows()] == [LATER.date()]


def test_a_sync_that_fails_leaves_no_score(cast, agreed, monkeypatch):
    monkeypatch.setattr("server.api.sync.apply_settings", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sync(cast, filled(cast, agreed))
    assert db.session.scalar(text("SELECT count(*) FROM measure_score")) == 0


def test_other_worksheets_make_no_score(cast, agreed):
    other = cast.agree()
    sync(cast, cast.entry(other.id), cast.answer(other.id, "w1#1", "done"))
    assert rows() == []


def test_reversed_items_are_kept_as_they_were_answered(both, cast):
    holding(both, "core-10")
    switched_on(both, cast)
    cast.pair()
    sync(cast, filled(cast, cast.agree(f"{FAMILY}/core-10"), "0440020000"))
    [one] = stands(cast)
    assert one.row.items == [0, 4, 4, 0, 0, 2, 0, 0, 0, 0] and one.scored.of("total").value == 2
    assert [flag.level for flag in safety.waiting_of(cast.anna)] == [2]


# Who may fill it in


def fetched(web, part=""):
    return web.get(f"/api/v1/worksheets/{FAMILY}/phq-9/v1{part}", headers={"X-Sync-Protocol": "1"})


def pulled(cast, web):
    told = web.get("/api/v1/sync/pull", headers={"X-Sync-Protocol": "1"}).json["changes"]
    return {one["id"]: one["body"]["worksheet"] for one in told if one["kind"] == "assignment"}


def test_without_a_procedure_no_phone_gets_a_measure_that_asks_about_risk_and_any_gets_one_that_does_not(app, cast):
    holding(app, "phq-9", "gad-7")
    cast.pair()
    risky, other = cast.agree(f"{FAMILY}/phq-9"), cast.agree(f"{FAMILY}/gad-7")
    web = app.test_client()
    web.set_cookie("phone", cast.token)
    named = {"id": f"{FAMILY}/phq-9", "version": 1, "needs_procedure": True}
    assert pulled(cast, web) == {str(risky.id): named, str(other.id): {"id": f"{FAMILY}/gad-7", "version": 1}}
    assert fetched(web, "/whole").status_code == fetched(web).status_code == 404  # nor shortened to eight items
    sync(cast, filled(cast, other, "1111111"))
    assert [one.scored.of("total").value for one in stands(cast)] == [7]


def test_with_a_procedure_the_phone_gets_it_whole_unchanged_and_in_order(app, cast):
    holding(app, "phq-9")
    switched_on(app, cast)
    cast.pair()
    agreed = cast.agree(f"{FAMILY}/phq-9")
    web = app.test_client()
    web.set_cookie("phone", cast.token)
    assert list(pulled(cast, web)) == [str(agreed.id)]
    told, source = fetched(web, "/whole").json, questionnaire()
    printed = [f"{one.get('prefix', '')} {one['text']}".strip() for one in source["item"]]
    assert [one["label"] for one in told["fields"]] == printed
    assert (told["copyright"], told["short"]) == ("© Somebody 2001", [])
    assert [one["id"] for one in told["fields"] if one["risk"]] == ["q9"]
    labels = [[option["valueCoding"]["display"] for option in one["answerOption"]] for one in source["item"][1:]]
    assert [[option["label"] for option in one["options"]] for one in told["fields"][1:]] == labels


def test_a_worksheet_that_only_claims_to_be_a_measure_makes_no_score(app, cast, monkeypatch):
    holding(app, "gad-7")
    cast.pair()
    agreed = cast.agree(f"{FAMILY}/gad-7")
    sheet = library().get(agreed.worksheet_id, 1)
    monkeypatch.setitem(library()._by_key, (sheet.id, 1), replace(sheet, measure="phq-9"))
    sync(cast, filled(cast, agreed, "1111111"))
    assert rows() == []
