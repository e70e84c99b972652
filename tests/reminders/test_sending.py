"""Claimed once, checked, sent, and what came of it; whoever ticks, and whatever dies."""

import os
import signal
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from server import jobs
from server.assignments import actions as assignments
from server.endings import actions as endings
from server.extensions import atomic, db
from server.people import actions as people
from server.reminders import actions, claiming, ledger, queries, rules, sending
from server.reminders.models import PushSubscription
from server.reminders.push import ALARM, GONE, LATER, SENT, Outcome
from tests.fakes import PhoneKeys
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import DUE, SECOND, deliveries, events, first, in_threads, say, set_up, tick


def test_a_due_reminder_reaches_the_phone_and_tells_nothing(story):
    story.subscribe()
    story.set_rule(level=0)
    counts = jobs.send_due_reminders(DUE)
    assert counts == {"sent": 1}
    assert story.push.refused == []
    [taken] = story.push.taken
    row = first()
    assert taken.headers["topic"] == rules.topic(row.code)
    assert taken.headers["ttl"] == "7199" or taken.headers["ttl"] == "7200"
    shown = story.keys.open(taken.body)["notification"]
    assert (shown["title"], shown["body"], shown["tag"]) == ("Meantime", "", row.code)
    assert shown["navigate"].endswith(f"/#r={row.code}")
    assert row.state == "accepted" and DUE <= row.accepted_at < DUE + timedelta(seconds=60)
    assert events(row) == ["planned", "claimed", "accepted"]


@pytest.mark.parametrize(
    ("quiet", "seconds"), [({"from": "14:00", "until": "07:00"}, 1800), ({"from": "15:30", "until": "16:00"}, 7200)]
)
def test_what_waits_for_a_phone_without_a_network_is_given_up_when_its_quiet_hours_begin(story, quiet, seconds):
    story.subscribe()
    story.set_rule(quiet=quiet)
    [message] = tick()[1].given
    assert seconds - 5 <= message.ttl <= seconds


def test_nothing_is_sent_early_or_twice(story):
    story.subscribe()
    story.set_rule()
    assert tick(DUE - 30 * SECOND)[0] == {}  # time goes on while it looks: a busy machine may need more than a second
    assert tick(DUE)[0] == {"sent": 1}
    assert tick(DUE + SECOND)[0] == {}


def test_two_ticks_at_once_send_each_reminder_once(story):
    story.others(30, "p")
    together = threading.Barrier(4)

    def work():
        with story.app.app_context():
            together.wait()
            jobs.send_due_reminders(DUE)

    in_threads(work, 4)
    assert sorted(taken.path for taken in story.push.taken) == sorted(f"/p{n}" for n in range(30))


def test_r03_a_worker_killed_after_its_claim_loses_nothing(story):
    assert shown_after_a_kill(story, "claimed") == 1


def test_r04_a_worker_killed_before_it_wrote_down_shows_nothing_twice(story):
    assert shown_after_a_kill(story, "accepted") == 2  # sent again; on the phone the second replaces the first


def test_an_outcome_without_the_lease_changes_nothing(story):
    phone = story.subscribe()
    story.set_rule()
    with atomic():
        [stale] = claiming.claim(now=DUE)
    with atomic():
        [fresh] = claiming.claim(now=DUE + rules.LEASE)
    assert stale.token != fresh.token
    with atomic():
        late = {"subscription_id": phone.id, "now": DUE + rules.LEASE}
        assert not sending.record(claim=stale, outcome=Outcome(LATER), **late)
        assert sending.record(claim=fresh, outcome=Outcome(SENT, 201), **late)
    assert first().state == "accepted"


def test_r25_a_reminder_for_something_done_is_not_sent(story):
    story.subscribe()
    story.set_rule()
    with atomic():
        db.session.execute(text("UPDATE occurrence SET state = 'done' WHERE slot = '2026-11-23#1'"))
    assert tick()[0] == {"dropped": 1}
    assert (first().state, first().why) == ("cancelled", "nothing-to-do")
    assert tick(DUE + timedelta(days=1))[0] == {"sent": 1}


def test_a_day_that_was_chosen_instead_is_reminded(story):
    story.subscribe()
    story.set_rule()
    moved = "UPDATE occurrence SET state = CASE WHEN slot = '2026-11-20#1' THEN 'moved' ELSE 'done' END"
    story.agree(from_date=(MONDAY - timedelta(days=3)).date(), now=MONDAY - timedelta(days=3))
    with atomic():
        db.session.execute(text(moved))
        db.session.execute(text("UPDATE occurrence SET moved_to = '2026-11-23' WHERE state = 'moved'"))
    assert tick()[0] == {"sent": 1}


def test_a_task_for_whenever_it_happens_is_reminded_by_its_own_rule(story):
    story.subscribe()
    whenever = story.agree(rhythm={"kind": "event"})
    story.set_rule(assignment_id=str(whenever.id))
    assert first().assignment_id == whenever.id
    assert tick()[0] == {"sent": 1}


def test_a_withdrawn_task_is_not_reminded(story):
    story.subscribe()
    story.set_rule()
    with atomic():
        assignments.withdraw(assignment=story.assignment, by=story.practitioner, now=DUE - SECOND)
    assert tick()[0] == {"dropped": 1}
    assert first().why == "nothing-to-do"


def test_r27_the_end_of_a_course_cancels_all_that_is_to_come_in_its_own_transaction(story):
    story.subscribe()
    story.set_rule()
    with atomic():
        [claim] = claiming.claim(now=DUE)
    ends = {"reason": "completed", "last_day": DUE.date(), "staying_well": "on_paper", "signposting": ""}
    with pytest.raises(RuntimeError), atomic():
        endings.end_course(client=story.client, episode=story.episode, **ends, by=story.practitioner, now=DUE)
        raise RuntimeError
    assert [row.state for row in deliveries()] == ["claimed", "planned"]
    with atomic():
        endings.end_course(client=story.client, episode=story.episode, **ends, by=story.practitioner, now=DUE)
        db.session.expire_all()
        assert [row.state for row in deliveries()] == ["claimed", "cancelled"]  # before anything is committed
    with atomic():  # the one that a worker had in its hands
        assert sending.check(claims=[claim], base_url="https://example.org", now=DUE + SECOND) == []
    assert {row.state for row in deliveries()} == {"cancelled"}
    assert jobs.plan_reminders(DUE + SECOND) == 0 and tick(DUE + timedelta(days=1))[0] == {}


@pytest.mark.parametrize("how", ["no reminders any more", "not asked any more"])
def test_r27_consent_that_is_withdrawn_holds_for_what_a_worker_has_in_its_hands(story, how):
    story.subscribe()
    story.set_rule()
    with atomic():
        [claim] = claiming.claim(now=DUE)
    if how == "no reminders any more":
        story.set_rule(on=False, now=DUE)
        assert [row.state for row in deliveries()] == ["claimed", "cancelled"]
    else:
        with atomic():
            people.change_safe_contact(client=story.client, safe_contact={}, by=story.practitioner, now=DUE)
    with atomic():
        assert sending.check(claims=[claim], base_url="https://example.org", now=DUE + SECOND) == []
    assert first().state == "cancelled" and tick(DUE + timedelta(days=1))[1].given == []


def test_at_most_one_a_day_and_two_for_somebody_who_asked_for_two(story):
    story.subscribe()
    story.set_rule()
    for at in ("13:29", "13:28"):
        other = story.agree()
        story.set_rule(at=at, assignment_id=str(other.id))
    counts, sender = tick()
    assert counts == {"sent": 2}
    assert len(sender.given) == 2
    assert [row.why for row in deliveries()[:3]].count("not-now") == 1  # taken back as soon as the others were set


def test_quiet_hours_hold_back_what_comes_late(story):
    story.subscribe()
    story.set_rule(quiet={"from": "14:00", "until": "16:00"})
    assert tick(DUE, Outcome(LATER, 503, timedelta(minutes=31)))[0] == {"later": 1}
    assert tick(DUE + timedelta(minutes=40))[0] == {"dropped": 1}
    assert first().why == "quiet-hours"


def test_a_client_without_a_phone_is_told_of_nothing_and_staff_can_see_it(story):
    story.set_rule()
    assert tick()[0] == {"dropped": 1}
    assert (first().state, first().why) == ("failed", "no-phone")
    assert queries.reach_of(story.client.id, DUE) == queries.Reach(False, None)


def test_r06_a_server_that_was_away_for_minutes_sends_late(story):
    story.subscribe()
    story.set_rule()
    assert tick(DUE + timedelta(minutes=10))[0] == {"sent": 1}


def test_r07_a_server_that_was_away_for_hours_sends_no_burst_and_counts_what_expired(story, caplog):
    story.subscribe()
    story.set_rule()
    assert tick(DUE + timedelta(hours=6))[0] == {"expired": 1}
    assert events(first()) == ["planned", "expired"]
    assert "1 reminders were too late" in caplog.text
    assert tick(DUE + timedelta(hours=6, minutes=1))[0] == {}


def test_a_busy_push_service_is_tried_again_and_not_for_ever(story):
    story.subscribe()
    story.set_rule()
    now = DUE
    for _ in range(4):
        assert tick(now, Outcome(LATER, 503))[0] == {"later": 1}
        again = first().try_after
        assert tick(again - 30 * SECOND)[0] == {}
        now = again
    assert tick(now, Outcome(LATER, 503))[0] == {"later": 1}
    assert (first().state, first().attempts) == ("failed", 5)
    assert tick(now + timedelta(hours=1))[0] == {}


@pytest.mark.parametrize("status", [404, 410])
def test_r15_a_dead_address_is_forgotten_and_no_other(story, status):
    story.subscribe("old")
    second = story.pair()
    story.subscribe("new", device=second, now=MONDAY - timedelta(days=1))
    story.set_rule()
    story.push.answers["/old"] = [status]
    assert jobs.send_due_reminders(DUE) == {"gone": 1, "sent": 1}
    assert [taken.path for taken in story.push.taken] == ["/new"]
    ended = {row.origin: row.ended_why for row in db.session.scalars(select(PushSubscription)) if row.ended_at}
    assert list(ended.values()) == ["gone"]
    assert queries.reach_of(story.client.id, DUE).reaching


@pytest.mark.parametrize("status", [404, 410])
def test_r15_without_another_phone_the_next_way_is_used_and_the_practitioner_is_told(story, status):
    set_up(story.app)
    story.subscribe()
    story.set_rule()
    say(story, "push", "email")
    counts, sender = tick(DUE, Outcome(GONE, status))
    assert (counts, [message.channel for message in sender.given]) == ({"gone": 1, "sent": 1}, ["push", "email"])
    assert not queries.reach_of(story.client.id, DUE).reaching
    assert ledger.why_lost(story.client.id) == "gone"


def test_r16_a_late_gone_leaves_the_address_that_came_after_it(story):
    old = story.subscribe("old")
    story.set_rule()
    with atomic():
        [claim] = claiming.claim(now=DUE)
    old_id = old.id
    new = story.subscribe("new", now=DUE)
    with atomic():
        sending.record(claim=claim, subscription_id=old_id, outcome=Outcome(GONE, 410), now=DUE)
    db.session.expire_all()
    assert new.ended_at is None
    assert tick(DUE + SECOND)[0] == {"sent": 1}


def test_r19_refused_keys_sound_an_alarm_and_delete_nothing(story, caplog):
    story.subscribe()
    story.set_rule()
    assert tick(DUE, Outcome(ALARM, 403))[0] == {"alarm": 1}
    assert "ALARM" in caplog.text
    assert first().why == "keys-refused"
    assert queries.reach_of(story.client.id, DUE).reaching


def test_an_address_the_app_has_not_confirmed_for_months_counts_as_lost(story):
    story.subscribe()
    assert queries.reach_of(story.client.id, MONDAY + timedelta(days=59)).reaching
    assert queries.reach_of(story.client.id, MONDAY + timedelta(days=61)) == queries.Reach(False, MONDAY)


def test_r30_one_broken_row_stops_no_other_and_does_not_spin(story, caplog):
    story.subscribe()
    story.set_rule()
    [broken] = story.others(1, "broken")
    with atomic():
        broken.keys_sealed = b"\x01broken"
    counts, _ = tick()
    assert counts == {"sent": 1, "trouble": 1, "dropped": 1}
    assert tick(DUE + timedelta(seconds=30))[0] == {}
    assert "put off" in caplog.text and "broken" not in caplog.messages[-1]


def test_a_revoked_phone_gets_nothing(story):
    story.subscribe()
    story.set_rule()
    with atomic():
        people.revoke_device(device=story.device, by=story.practitioner, now=MONDAY)
    assert tick()[0] == {"dropped": 1}
    assert not queries.reach_of(story.client.id, DUE).reaching


def test_a_phone_paired_again_by_somebody_else_takes_its_address_along(story):
    story.subscribe()
    client, _ = story.another_client()
    story.subscribe(device=story.pair(client), client=client, keys=PhoneKeys())
    assert not queries.reach_of(story.client.id, DUE).reaching
    assert queries.reach_of(client.id, DUE).reaching


def test_the_ledger_says_how_far_each_got_and_never_seen(story):
    story.subscribe()
    story.set_rule()
    tick()
    delivery = first()
    with atomic():
        actions.opened(delivery=queries.delivery_of(story.client, delivery.code), now=DUE + SECOND)
    lines = ledger.ledger_of(story.client, DUE + SECOND)
    assert [(line.local_date.day, line.became) for line in lines] == [(24, "coming"), (23, "opened")]
    assert lines[1].at == DUE + SECOND


def test_something_due_that_nobody_claims_is_noticed(story):
    story.set_rule()
    assert queries.stuck_since(DUE + timedelta(minutes=4)) is None
    assert queries.stuck_since(DUE + timedelta(minutes=5)) == DUE


def shown_after_a_kill(story, moment) -> int:
    """Kill a worker at that moment, let its lease run out, and look: one on the phone, from so many messages."""
    story.subscribe()
    story.set_rule()
    killed_worker(story, moment)
    assert first().state == "claimed"
    assert jobs.send_due_reminders(DUE + timedelta(seconds=30)) == {}  # the lease holds
    assert jobs.send_due_reminders(DUE + timedelta(seconds=200)) == {"sent": 1}
    shown = {story.keys.open(taken.body)["notification"]["tag"] for taken in story.push.taken}
    assert len(shown) == len({taken.headers["topic"] for taken in story.push.taken}) == 1
    assert first().state == "accepted"
    return len(story.push.taken)


def killed_worker(story, moment):
    """Fork a worker that is killed right after its claim, or after the push service took the message."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            if moment == "accepted":
                sending.record_all = lambda **_: os.kill(os.getpid(), signal.SIGKILL)
            else:
                sending.check = lambda **_: os.kill(os.getpid(), signal.SIGKILL)
            jobs.send_due_reminders(DUE)
        finally:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
