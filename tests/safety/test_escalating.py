"""A flag that waits longer than a working day: one message with ids only, tried until it is taken."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from server import jobs, scheduler
from server.audit.models import AuditEvent
from server.caseload.models import Access
from server.extensions import atomic, db
from server.people import accounts
from server.safety import actions as safety
from server.safety import escalating, queries
from tests.cast import NOW
from tests.localhost import free_port
from tests.safety.sheets import CHECK, filled_in, switched_on, with_mail
from tests.safety.test_flags import flags, sync

IN_TIME, TOO_LATE = NOW + timedelta(hours=24), NOW + timedelta(hours=24, minutes=1)  # Thursday, half past nine


@pytest.fixture
def waiting(both, cast, post):
    """A red flag that arrived on Wednesday at half past nine, in a service with an inbox."""
    switched_on(both, cast, url=post.url)
    cast.pair()
    agreed = cast.agree(CHECK["id"])
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2, "diary": "my sister Zoe"}), now=NOW)
    return flags(cast)[0]


def test_nobody_is_told_within_a_working_day(waiting, post):
    assert jobs.escalate_flags(IN_TIME) == 0 and post.inbox.taken == []


def test_the_inbox_is_told_once_with_ids_and_nothing_else(cast, waiting, post):
    assert jobs.escalate_flags(TOO_LATE) == 1
    assert jobs.escalate_flags(TOO_LATE + timedelta(days=3)) == 0
    [message] = post.inbox.taken
    said = message.as_string()
    assert message["To"] == "duty@example.org"
    assert f"/staff/clients/{cast.anna.id}/entries/{waiting.entry_id}/flag" in said.replace("=\n", "")
    for private in ("Anna", "Zoe", "TT-1001", "1994", "Ben", "thoughts", "dark", "Northfield"):
        assert private not in said, private
    assert flags(cast)[0].escalated_at == TOO_LATE
    assert db.session.scalar(select(AuditEvent.actor_kind).where(AuditEvent.verb == "risk_flag.escalated")) == "tick"


def test_what_was_acknowledged_in_time_tells_nobody(cast, waiting, post):
    with atomic():
        safety.acknowledge(flag=waiting, seen=queries.mark_of(waiting), outcome="Rang.", by=cast.ben, now=IN_TIME)
    assert jobs.escalate_flags(TOO_LATE) == 0 and post.inbox.taken == []


def test_over_the_weekend_it_waits_for_monday(cast, waiting, post):
    with atomic():
        waiting = db.session.merge(waiting)
        waiting.received_at = NOW + timedelta(days=2)  # Friday
    assert jobs.escalate_flags(NOW + timedelta(days=4)) == 0
    assert jobs.escalate_flags(NOW + timedelta(days=5, minutes=1)) == 1


def test_a_mail_server_that_is_down_is_tried_again_later_and_later(both, cast, waiting, post, caplog):
    with_mail(both, f"smtp://127.0.0.1:{free_port()}")
    assert jobs.escalate_flags(TOO_LATE) == 0
    [flag] = flags(cast)
    assert (flag.escalation_trouble, flag.escalation_tries, flag.escalated_at) == ("unreachable", 1, None)
    assert queries.counts_of(cast.service, TOO_LATE) == {"waiting": 1, "escalated": 0, "stuck": 1, "unseen": 0}
    assert "ALARM" in caplog.text and "Anna" not in caplog.text
    with_mail(both, post.url)
    assert jobs.escalate_flags(TOO_LATE + timedelta(minutes=4)) == 0  # not before its time
    assert jobs.escalate_flags(TOO_LATE + timedelta(minutes=6)) == 1
    assert flags(cast)[0].escalation_trouble is None and len(post.inbox.taken) == 1


def test_waits_grow_to_an_hour(both, cast, waiting):
    with_mail(both, f"smtp://127.0.0.1:{free_port()}")
    at, waits = TOO_LATE, []
    for _ in range(7):
        jobs.escalate_flags(at)
        waits.append(int((flags(cast)[0].escalation_after - at).total_seconds() // 60))
        at = flags(cast)[0].escalation_after
    assert waits == [5, 10, 20, 40, 60, 60, 60]


def test_a_crash_after_sending_sends_again_and_never_not_at_all(cast, waiting, post, monkeypatch):
    with monkeypatch.context() as crash:
        crash.setattr(escalating, "record", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.escalate_flags(TOO_LATE)
    assert jobs.escalate_flags(TOO_LATE + timedelta(minutes=1)) == 0  # held under the lease
    assert jobs.escalate_flags(TOO_LATE + escalating.LEASE) == 1
    assert len(post.inbox.taken) == 2


def test_two_that_look_at_once_send_once(cast, waiting):
    with atomic():
        first = escalating.claim(now=TOO_LATE)
    with atomic():
        second = escalating.claim(now=TOO_LATE)
    assert [len(first), len(second)] == [1, 0]


def test_one_that_cannot_be_reached_is_asked_once_for_all_that_wait(both, cast, waiting):
    asked = []
    agreed = waiting.assignment_id
    for _ in range(3):
        sync(cast, filled_in(cast, agreed, {"thoughts": 2}), now=NOW)
    with_mail(both, f"smtp://127.0.0.1:{free_port()}")
    with watched(asked):
        jobs.escalate_flags(TOO_LATE)
    assert len(asked) == 1
    assert {flag.escalation_trouble for flag in flags(cast)} == {"unreachable"}


@contextmanager
def watched(asked):
    whole = jobs.mail.send

    def counted(**message):
        asked.append(message["to"])
        return whole(**message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs.mail, "send", counted)
        yield


def test_an_inbox_is_told_after_the_procedure_was_switched_off(cast, waiting, post):
    with atomic():
        safety.switch_off(service=cast.service, by=cast.ada, now=NOW)
    assert jobs.escalate_flags(TOO_LATE) == 1


def test_a_service_that_never_had_an_inbox_is_shown_as_waiting(both, cast, post):
    with_mail(both, post.url)
    cast.pair()
    agreed = cast.agree(CHECK["id"])
    sync(cast, filled_in(cast, agreed.id, {"thoughts": 2}), now=NOW)
    assert jobs.escalate_flags(TOO_LATE) == 0
    assert queries.counts_of(cast.service, NOW)["waiting"] == 1


def test_the_tick_looks_for_them_after_reminders():
    assert scheduler.TICK[-1] is jobs.escalate_flags


def test_what_nobody_sees_is_told_at_the_next_look(cast, waiting, post):
    assert jobs.escalate_flags(NOW + timedelta(minutes=1)) == 0
    with atomic():
        db.session.execute(update(Access).values(until_at=NOW))
    assert queries.counts_of(cast.service, NOW + timedelta(minutes=1))["unseen"] == 1
    assert jobs.escalate_flags(NOW + timedelta(minutes=1)) == 1
    [message] = post.inbox.taken
    said = " ".join(message.get_payload(decode=True).decode().split())
    assert "Nobody works with this client now" in said and "longer than one working day" not in said
    assert jobs.escalate_flags(NOW + timedelta(minutes=2)) == 0


@pytest.mark.parametrize("roles", [["supervisor"], ["researcher", "administrator"]])
def test_nobody_sees_it_whose_practitioner_lost_the_role_for_clients(cast, waiting, post, roles):
    soon = NOW + timedelta(minutes=1)
    with atomic():
        accounts.change_roles(practitioner=cast.ben, roles=["trainee"], by=cast.ada, now=NOW)
    assert queries.counts_of(cast.service, soon)["unseen"] == 0
    with atomic():
        accounts.change_roles(practitioner=cast.ben, roles=roles, by=cast.ada, now=NOW)
    assert queries.counts_of(cast.service, soon)["unseen"] == 1
    assert jobs.escalate_flags(soon) == 1
