"""Flags are made with the sync that brings them, once, from facts; and wait until somebody says what they did."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from server.api.sync import take_in
from server.audit.models import AuditEvent
from server.caseload import actions as caseload
from server.caseload import roads
from server.errors import Refused
from server.extensions import atomic, db
from server.safety import actions as safety
from server.safety import queries
from server.safety.models import RiskFlag
from tests.cast import NOW
from tests.safety.sheets import CHECK, PROCEDURE, after, filled_in, switched_on, with_mail

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def agreed(both, cast):
    """The questionnaire, agreed with Anna, whose service answers for risk."""
    switched_on(both, cast)
    cast.pair()
    return cast.agree(CHECK["id"])


def sync(cast, *revisions, now=LATER):
    with atomic():
        return take_in(cast.anna, cast.phone, list(revisions), now, now)


def flags(cast) -> list[RiskFlag]:
    return list(db.session.scalars(select(RiskFlag).order_by(RiskFlag.received_at, RiskFlag.id)))


def acknowledge(cast, flag, outcome="Rang her at once.", now=LATER):
    with atomic():
        safety.acknowledge(flag=flag, seen=queries.mark_of(flag), outcome=outcome, by=cast.ben, now=now)


def test_an_answer_about_risk_raises_a_flag_with_the_sync(cast, agreed):
    raw = filled_in(cast, agreed.id, {"mood": 3, "thoughts": 2})
    assert sync(cast, raw).receipts[0].status == "stored"
    [flag] = flags(cast)
    assert (flag.level, flag.fields, flag.card, flag.follow_up) == (2, ["thoughts"], "support", None)
    assert (flag.entry_id, flag.revision_id) == (UUID(raw["entry_id"]), UUID(raw["revision_id"]))
    assert (flag.created_at, flag.received_at) == (NOW, LATER)  # saved without signal, arrived three hours later
    assert (flag.client_id, flag.service_id, flag.assignment_id) == (cast.anna.id, cast.service.id, agreed.id)


def test_answers_that_say_nothing_of_it_raise_none(cast, agreed):
    sync(cast, filled_in(cast, agreed.id, {"mood": 3, "thoughts": 0, "diary": "I want to die"}))
    assert flags(cast) == []


def test_the_same_batch_again_changes_nothing(cast, agreed):
    raw = filled_in(cast, agreed.id, {"thoughts": 1})
    sync(cast, raw)
    sync(cast, raw, now=LATER + timedelta(minutes=1))
    assert [flag.received_at for flag in flags(cast)] == [LATER]


def test_the_follow_up_joins_the_flag_of_its_entry(cast, agreed):
    raw = filled_in(cast, agreed.id, {"thoughts": 1})
    sync(cast, raw)
    assert queries.raised_by(flags(cast)[0]).is_red  # not answered yet
    sync(cast, after(cast, raw, "yes"))
    [flag] = flags(cast)
    assert (flag.follow_up, queries.raised_by(flag).is_red) == ("yes", False)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_several_flags_of_one_entry_are_one_at_its_worst_in_any_order(cast, agreed, order):
    first = filled_in(cast, agreed.id, {"thoughts": 1, "urge": 9})
    both = [first, after(cast, first, "no", {"thoughts": 2})]
    for n in order:
        sync(cast, both[n])
    [flag] = flags(cast)
    assert (flag.level, sorted(flag.fields), flag.card, flag.follow_up) == (2, ["thoughts", "urge"], "safety", "no")


def test_a_later_state_or_its_removal_does_not_take_a_flag_away(cast, agreed):
    raw = filled_in(cast, agreed.id, {"thoughts": 2})
    lower = after(cast, raw, answers={"thoughts": 0})
    gone = {**after(cast, lower), "kind": "delete", "payload": {}}
    sync(cast, raw, lower, gone)
    [flag] = flags(cast)
    assert (flag.level, flag.ack_at) == (2, None)


def test_what_is_kept_for_now_raises_a_flag_too(cast, agreed):
    raw = filled_in(cast, agreed.id, {"thoughts": 2})
    raw["payload"]["kept"] = True
    sync(cast, raw)
    assert len(flags(cast)) == 1


def test_nothing_that_arrives_is_dropped_because_it_was_switched_off(both, cast, agreed):
    with atomic():
        safety.switch_off(service=cast.service, by=cast.ada, now=NOW)
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}))
    assert len(flags(cast)) == 1 and not queries.has_response_procedure(cast.service.id)


@pytest.mark.parametrize("odd", [{"answers": {"thoughts": [2]}}, {"answers": {"things": "x", "urge": "9"}}])
def test_odd_answers_break_nothing(cast, agreed, odd):
    raw = filled_in(cast, agreed.id, odd["answers"])
    raw["payload"]["safe_now"] = {"very": "odd"}
    assert sync(cast, raw).receipts[0].status == "stored"
    assert flags(cast) == []


def test_a_sync_that_fails_leaves_neither_entry_nor_flag(cast, agreed, monkeypatch):
    monkeypatch.setattr("server.api.sync.apply_settings", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}))
    assert flags(cast) == []
    assert db.session.scalar(text("SELECT count(*) FROM revision")) == 0


# A yes is an answer to what it followed, and to nothing else


@pytest.mark.parametrize("worse", [{"thoughts": 1, "urge": 9}, {"thoughts": 2}, {"thoughts": 3}])
def test_an_old_yes_covers_no_other_answers(cast, agreed, worse):
    raw = filled_in(cast, agreed.id, {"thoughts": 1 if worse != {"thoughts": 3} else 2}, "yes")
    sync(cast, raw)
    at = LATER + timedelta(hours=9)
    other = after(cast, raw, answers=worse, created_at="2026-11-18T20:00:00.000Z")
    sync(cast, other, now=at)
    [flag] = flags(cast)
    assert flag.follow_up is None and queries.raised_by(flag).is_red and queries.added_at(flag) == at
    sync(cast, after(cast, other, "yes", created_at="2026-11-18T20:01:00.000Z"), now=at)
    assert flags(cast)[0].follow_up == "yes"


def test_the_same_answers_saved_again_are_asked_again(cast, agreed):
    raw = filled_in(cast, agreed.id, {"thoughts": 1}, "yes")
    sync(cast, raw)
    at = LATER + timedelta(hours=9)
    sync(cast, after(cast, raw, answers={"thoughts": 1, "mood": 2}, created_at="2026-11-18T20:00:00.000Z"), now=at)
    assert flags(cast)[0].follow_up is None


def test_a_yes_that_arrives_before_what_it_followed_holds(cast, agreed):
    raw = filled_in(cast, agreed.id, {"thoughts": 1})
    said = after(cast, raw, "yes", created_at="2026-11-18T09:31:00.000Z")
    sync(cast, said)
    sync(cast, raw, now=LATER + timedelta(minutes=1))
    [flag] = flags(cast)
    assert (flag.follow_up, queries.added_at(flag)) == ("yes", None)


# Acknowledging


def test_an_acknowledgement_says_who_when_and_what_and_how_long_it_took(cast, agreed):
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}))
    acknowledge(cast, flags(cast)[0], now=LATER + timedelta(minutes=12))
    [flag] = flags(cast)
    assert (flag.ack_by, flag.ack_at, flag.outcome) == (cast.ben.id, LATER + timedelta(minutes=12), "Rang her at once.")
    assert queries.waiting_of(cast.anna) == []
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.verb == "risk_flag.acknowledged"))
    assert event.detail == {"level": 2, "minutes": 12} and event.client_id == cast.anna.id
    assert b"Rang" not in flag.outcome_sealed


def test_two_people_acknowledge_once(cast, agreed):
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}))
    [flag] = flags(cast)
    acknowledge(cast, flag)
    with pytest.raises(Refused) as no:
        acknowledge(cast, flag, "I rang too.")
    assert no.value.code == "risk-acknowledged" and flags(cast)[0].outcome == "Rang her at once."


def test_nothing_said_is_no_acknowledgement(cast, agreed):
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}))
    with pytest.raises(Refused):
        acknowledge(cast, flags(cast)[0], "  ")
    assert len(queries.waiting_of(cast.anna)) == 1


def test_after_an_acknowledgement_the_same_again_is_quiet_and_worse_is_not(cast, agreed):
    raw = filled_in(cast, agreed.id, {"thoughts": 1}, "yes")
    sync(cast, raw)
    acknowledge(cast, flags(cast)[0])
    again = after(cast, raw, "yes", {"thoughts": 1, "mood": 4})
    sync(cast, again)
    assert len(flags(cast)) == 1
    sync(cast, after(cast, again, "no"))
    assert [flag.follow_up for flag in queries.waiting_of(cast.anna)] == ["no"]
    assert len(flags(cast)) == 2  # what was acknowledged stays as it was


def test_what_has_changed_since_it_was_shown_is_not_acknowledged(cast, agreed):
    raw = filled_in(cast, agreed.id, {"thoughts": 2}, "no")
    sync(cast, raw)
    [flag] = flags(cast)
    shown = queries.mark_of(flag)
    sync(cast, after(cast, raw, "no", {"thoughts": 3}))  # no higher level, and no other question
    with pytest.raises(Refused) as no, atomic():
        safety.acknowledge(flag=flag, seen=shown, outcome="Rang.", by=cast.ben, now=LATER)
    assert no.value.code == "risk-changed" and len(queries.waiting_of(cast.anna)) == 1
    acknowledge(cast, flags(cast)[0])


@pytest.mark.parametrize(
    ("answers", "safe_now", "again"),
    [
        ({"thoughts": 2, "mood": 1}, "yes", False),
        ({"thoughts": 2}, None, False),
        ({"thoughts": 2}, "not_sure", True),  # said again, after somebody had acted on the first time
        ({"thoughts": 3}, None, True),
        ({"thoughts": 1}, "yes", True),
        ({"thoughts": 0}, "yes", False),
    ],
)
def test_days_after_an_acknowledgement_another_answer_is_raised_again(cast, agreed, answers, safe_now, again):
    raw = filled_in(cast, agreed.id, {"thoughts": 2}, "not_sure")
    sync(cast, raw)
    acknowledge(cast, flags(cast)[0])
    later = after(cast, raw, safe_now, answers, created_at="2026-11-23T09:30:00.000Z")
    sync(cast, later, now=NOW + timedelta(days=5))
    assert len(queries.waiting_of(cast.anna)) == again
    assert flags(cast)[0].outcome == "Rang her at once."


def test_another_entry_is_another_flag(cast, agreed):
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 1}), filled_in(cast, agreed.id, {"thoughts": 2}))
    assert sorted(flag.level for flag in queries.waiting_of(cast.anna)) == [1, 2]


# Who sees it


def test_red_comes_first_and_only_those_with_access_see_it(cast, agreed):
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 1}, "yes"), now=NOW)
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}))
    assert [flag.level for flag, _ in queries.waiting_for(cast.ben, LATER)] == [2, 1]
    assert queries.waiting_for(cast.cara, LATER) == queries.waiting_for(cast.dev, LATER) == []


def test_cover_sees_it_for_as_long_as_they_cover_and_supervision_is_told_otherwise(cast, agreed):
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}))
    with atomic():
        for who, role in ((cast.cara, "cover"), (cast.ada, "supervision")):
            roads.give(
                episode=cast.episode, practitioner=who, role=role, reason="Ben is away", by=cast.ben, now=NOW,
                until_at=LATER + timedelta(hours=1),
            )  # fmt: skip
    assert len(queries.waiting_for(cast.cara, LATER)) == 1
    assert queries.waiting_for(cast.cara, LATER + timedelta(hours=2)) == []
    assert queries.waiting_for(cast.ada, LATER) == []


def test_discharge_hides_no_flag_that_arrives_afterwards(cast, agreed):
    with atomic():
        caseload.discharge(episode=cast.episode, reason="completed", by=cast.ben, now=NOW)
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}))
    assert len(queries.waiting_for(cast.ben, LATER)) == 1


# Who answers for it


def test_a_service_answers_for_risk_only_with_all_of_it_and_a_mail_server(both, cast):
    assert not queries.has_response_procedure(cast.service.id)
    switched_on(both, cast)
    assert queries.has_response_procedure(cast.service.id)
    assert not queries.has_response_procedure(cast.other_service.id)
    with_mail(both, "")
    assert not queries.has_response_procedure(cast.service.id)


def test_each_change_is_a_version_and_none_is_changed(both, cast):
    switched_on(both, cast)
    with atomic():
        safety.switch_off(service=cast.service, by=cast.ada, now=NOW)
        safety.switch_off(service=cast.service, by=cast.ada, now=NOW)
    switched_on(both, cast, person="Dr Ola Quist")
    found = [(one.number, one.state, one.words["person"]) for one in queries.versions_of(cast.service)]
    assert found == [(3, "on", "Dr Ola Quist"), (2, "off", PROCEDURE.person), (1, "on", PROCEDURE.person)]
    assert PROCEDURE.person.encode() not in queries.versions_of(cast.service)[0].words_sealed


def test_another_level_than_was_confirmed_is_noticed(both, cast):
    switched_on(both, cast)
    held, levels = queries.procedure_of(cast.service.id), queries.thresholds(cast.service)
    assert held.thresholds == queries.thresholds_hash(levels) != queries.thresholds_hash(levels[1:])


def test_without_a_procedure_the_questionnaire_can_be_agreed_all_the_same(both, cast):
    """Its done rule goes by another question, so that it can be agreed; a phone then gets the rest of it."""
    assert cast.agree(CHECK["id"]).worksheet_id == CHECK["id"]


def test_an_answer_about_risk_on_work_that_is_not_here_raises_a_flag_too_and_once(cast, agreed):
    """Agreed after the copy of the database that was put back: whoever answers does not know of that."""
    raw = filled_in(cast, uuid4(), {"mood": 3, "thoughts": 2})
    assert sync(cast, raw).receipts[0].status == "quarantined"
    [flag] = flags(cast)
    assert (flag.level, flag.fields, flag.assignment_id) == (2, ["thoughts"], None)
    acknowledge(cast, flag)
    sync(cast, raw)
    assert [one.ack_at for one in flags(cast)] == [LATER]


def test_what_of_it_was_taken_back_or_says_nothing_of_risk_raises_none(cast, agreed):
    quiet = filled_in(cast, uuid4(), {"mood": 3, "thoughts": 0})
    taken_back = {**filled_in(cast, uuid4(), {"mood": 3, "thoughts": 2}), "kind": "delete", "payload": {}}
    sync(cast, quiet, taken_back)
    assert flags(cast) == []
