"""R23 and R24 of trust.md C3: receipts in any order, and nothing more, within a minute, by a way that has ended."""

from datetime import timedelta

import pytest

from server import clock, jobs
from server.config import Config, ConfigError
from server.extensions import atomic, db
from server.reminders import claiming, planning, receipts, sending, stopping, ways
from server.reminders.models import Delivery
from server.reminders.senders import GONE, Outcome
from tests.reminders.ticking import ADDRESS, DUE, SECOND, deliveries, say, set_up, tick, told

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def story(story):
    """This installation can send mail and texts."""
    set_up(story.app)
    return story


def went_by(sender):
    return [message.channel for message in sender.given]


def stop(story, monkeypatch, moment):
    """Somebody presses the button behind the link of a mail, or their mail program does (RFC 8058)."""
    monkeypatch.setattr(clock, "now", lambda: moment)
    [row] = [row for row in deliveries() if row.due_at == DUE and row.channel == "email"]
    link = f"/api/stop/{stopping.token_of(row.id, ADDRESS)}"
    answer = story.app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    db.session.rollback()


RECEIPTS = [
    (["delivered"], "accepted"),
    (["delivered", "delivered"], "accepted"),
    (["delivered", "temporary-failure"], "accepted"),
    (["permanent-failure", "delivered"], "accepted"),
    (["temporary-failure", "temporary-failure"], "failed"),
    (["permanent-failure"], "failed"),
]


def test_r23_receipts_late_twice_or_out_of_order_come_to_the_same(story):
    told = {}
    for receipts_of_one, state in RECEIPTS:
        client, episode = story.another_client()
        story.agree(client=client, episode=episode)
        say(story, "sms", client=client, email="")
        story.set_rule(client=client, weekdays=[0])
        told[client.id] = receipts_of_one, state
    assert tick(DUE)[0] == {"sent": len(RECEIPTS)}
    for row in [row for row in deliveries() if row.due_at == DUE]:
        for number, status in enumerate(told[row.client_id][0]):
            with atomic():
                receipts.note(reference=str(row.id), status=status, now=DUE + (number + 1) * DAY)
    db.session.expire_all()
    assert [row.state == told[row.client_id][1] for row in deliveries() if row.due_at == DUE] == [True] * len(RECEIPTS)


def test_r24_an_email_that_is_due_half_a_minute_after_the_stop_is_not_sent(story, monkeypatch):
    story.set_rule(steady=True)
    say(story, "email", "sms")
    stop(story, monkeypatch, DUE - 30 * SECOND)
    assert went_by(tick(DUE)[1]) == ["sms"]
    with atomic():
        planning.plan(DUE + DAY - MINUTE)
    assert went_by(tick(DUE + DAY)[1]) == ["sms"]


def test_r24_an_email_that_was_claimed_at_the_stop_is_not_sent(story, monkeypatch):
    story.set_rule()
    say(story, "email", "sms")
    with atomic():
        claims = claiming.claim(now=DUE)
    stop(story, monkeypatch, DUE + SECOND)
    with atomic():
        assert sending.check(claims=claims, base_url="http://localhost", now=DUE + 2 * SECOND) == []
    assert went_by(tick(DUE + MINUTE)[1]) == ["sms"]
    assert ("email", "cancelled", "not-safe") in told()


def test_r24_after_a_bounce_that_ends_an_address_nothing_goes_there(story):
    story.set_rule(steady=True)
    say(story, "email", "sms")
    sent = []
    for day in range(4):
        with atomic():
            planning.plan(DUE + day * DAY - MINUTE)
        sent += went_by(tick(DUE + day * DAY, *[Outcome(GONE, 550)] * (day < 2))[1])
        sent += went_by(tick(DUE + day * DAY + MINUTE)[1])
    assert sent == ["email", "sms", "email", "sms", "sms", "sms"]  # one bounce may be a mistake, two days are none


def test_r24_after_a_number_that_does_not_exist_no_text_is_sent(story):
    story.set_rule(steady=True)
    say(story, "sms", "email")
    assert went_by(tick(DUE)[1]) == ["sms"]
    [row] = [row for row in deliveries() if row.due_at == DUE and row.channel == "sms"]
    with atomic():
        assert receipts.note(reference=str(row.id), status="permanent-failure", now=DUE + SECOND)
    assert went_by(tick(DUE + MINUTE)[1]) == ["email"]
    with atomic():
        planning.plan(DUE + DAY - MINUTE)
    assert went_by(tick(DUE + DAY)[1]) == ["email"]


def test_r24_after_410_nothing_more_is_sent_to_that_phone(story):
    story.subscribe()
    story.set_rule(steady=True)
    story.push.answers["/phone"] = [410]
    assert jobs.send_due_reminders(DUE) == {"gone": 1}
    with atomic():
        planning.plan(DUE + DAY - MINUTE)
        row = db.session.query(Delivery).filter(Delivery.due_at > DUE).order_by(Delivery.due_at).first()
        row.due_at = DUE + 30 * SECOND  # another one of theirs, half a minute later
    jobs.send_due_reminders(DUE + MINUTE)
    assert story.push.taken == []


def test_r24_a_text_comes_from_a_name_so_that_no_stop_can_be_replied(tmp_path):
    for number in ("07700900123", "+4477009001", "60070"):
        with pytest.raises(ConfigError, match="cannot be a number"):
            Config.from_env({"MEANTIME_DATA": str(tmp_path), "MEANTIME_SMS_SENDER": number})


def test_a_number_said_anew_outlives_what_is_told_of_the_old_one_by_a_receipt(story):
    story.set_rule(steady=True)
    say(story, "sms", mobile="07700 900999")
    tick(DUE)
    [row] = [row for row in deliveries() if row.due_at == DUE]
    say(story, "sms", now=DUE + MINUTE)
    with atomic():
        assert receipts.note(reference=str(row.id), status="permanent-failure", now=DUE + 60 * MINUTE)
    assert ways.said_of(story.client)[0] == ["sms"]


def test_a_number_said_anew_outlives_what_is_told_of_the_old_one_while_it_is_sent(story):
    story.set_rule(steady=True)
    say(story, "sms", mobile="07700 900999")
    with atomic():
        claims = claiming.claim(now=DUE)
    with atomic():
        [text] = sending.check(claims=claims, base_url="http://localhost", now=DUE)
    say(story, "sms", now=DUE + SECOND)
    with atomic():
        sending.record_all(outcomes=[(text.ref, Outcome(GONE, 400))], now=DUE + 2 * SECOND)
    assert ways.said_of(story.client)[0] == ["sms"]
    with atomic():
        planning.plan(DUE + DAY - MINUTE)
    tick(DUE + DAY, Outcome(GONE, 400))
    assert ways.said_of(story.client)[0] == []  # and the new one is no number either
