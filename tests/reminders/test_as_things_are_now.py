"""A test, a reminder that comes again and one put off go by what the client wants now: asked, quiet, and which way."""

import pytest

from server.api.guard import cookie_name
from server.extensions import atomic, db
from server.people import actions as people
from server.people.sign_in import hash_token
from server.reminders import actions, planning, sending, trying
from server.reminders.models import Delivery
from server.reminders.senders import SENT, Outcome
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import DUE, SECOND, say, set_up, tick

MINUTE = 60 * SECOND
ALL_DAY = {"from": "00:01", "until": "00:00"}


def ask_for_one(story):
    with atomic():
        story.device.token_hash = hash_token("tok")
    web = story.app.test_client()
    web.set_cookie(cookie_name(), "tok")
    answer = web.post("/api/v1/push-test", json={}, headers={"X-Sync-Protocol": "1"})
    assert answer.status_code == 202
    return answer.json


def test_the_phones_own_test_waits_until_somebody_asked(story):
    story.subscribe()
    with atomic():
        people.change_safe_contact(client=story.client, safe_contact={}, by=story.practitioner, now=MONDAY)
    said = ask_for_one(story)
    assert (said["state"], said["message"][:17]) == ("not-asked", "No test was sent.")
    assert story.push.taken == []


@pytest.mark.parametrize(("quiet", "state"), [(ALL_DAY, "quiet-hours"), (None, "accepted")])
def test_the_phones_own_test_keeps_quiet_hours(story, quiet, state, monkeypatch):
    story.subscribe()
    story.set_rule(quiet=quiet)
    monkeypatch.setattr(trying, "is_quiet", lambda hours, now: hours.quiet is not None)
    assert ask_for_one(story)["state"] == state
    assert len(story.push.taken) == (state == "accepted")


def test_a_test_is_worth_nothing_once_quiet_hours_begin(story, monkeypatch):
    class Taking:
        def send(self, messages, now):
            lives.extend(message.ttl for message in messages)
            yield [(message, Outcome(SENT, 201)) for message in messages]

    lives = []
    monkeypatch.setattr(trying, "push_sender", lambda *_: Taking())
    story.subscribe()
    story.set_rule(quiet={"from": "22:00", "until": "07:00"})
    for at in (MONDAY.replace(hour=21, minute=58), MONDAY):
        phone = trying.phone_to_try(story.client, at)
        trying.try_out(phone=phone, client=story.client, config=story.app.config["MEANTIME"], now=at)
    assert lives == [120, sending.TEST_LIVES]


def test_what_was_taken_back_and_comes_again_goes_by_the_way_of_now(story):
    set_up(story.app)
    story.subscribe()
    story.set_rule()
    with atomic():
        db.session.query(Delivery).filter_by(due_at=DUE).update({"state": "cancelled", "why": planning.NOT_NOW})
    say(story, "email", "push")
    with atomic():
        planning.plan(MONDAY + MINUTE)
    assert [each.channel for each in tick(DUE)[1].given] == ["email"]


@pytest.mark.parametrize(("at", "given"), [("15:00", []), ("13:45", ["push"])])
def test_quiet_hours_of_one_task_hold_for_later_too(story, at, given):
    story.subscribe()
    quiet = {"from": "14:00", "until": "20:00"}
    story.set_rule(assignment_id=str(story.assignment.id), at="21:00", quiet=quiet)
    later = {"name": "remind_later", "date": "2026-11-23", "at": at}
    with atomic():
        actions.remind_later(client=story.client, payload=later, now=MONDAY, by=story.client)
    due = MONDAY.replace(hour=int(at[:2]), minute=int(at[3:]))
    assert [each.channel for each in tick(due)[1].given] == given
