"""All of it real but the outside: from a rule to a push service, a mail server and Notify, each beside the others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from server import jobs
from server.extensions import atomic, db
from server.reminders import ways, wording
from server.reminders.models import Delivery
from tests.reminders.notify import KEY, TEMPLATE, Notify
from tests.reminders.ticking import DUE, say
from tests.safety.inbox import Inbox, Running


@pytest.fixture
def outside(story):
    """A mail server and Notify on this machine, set up as an operator would."""
    with Running(Inbox()) as post, Notify() as notify:
        story.app.config["MEANTIME"] = replace(
            story.app.config["MEANTIME"], smtp_url=post.url, mail_from="meantime@example.org",
            notify_url=notify.url, notify_key=KEY, notify_template=TEMPLATE, sms_sender="Meantime",
        )  # fmt: skip
        yield post.inbox, notify


def states():
    db.session.rollback()
    rows = db.session.query(Delivery).filter_by(due_at=DUE)
    return {(row.channel, row.state) for row in rows if row.state != "cancelled"}


def test_a_reminder_arrives_by_mail_and_its_link_ends_the_mails(story, outside):
    inbox, _ = outside
    story.set_rule()
    say(story, "email")
    assert jobs.send_due_reminders(DUE) == {"sent": 1}
    [taken] = inbox.taken
    assert (taken["To"], taken["Subject"]) == ("anna@example.org", "You have a reminder")
    text = taken.get_payload(decode=True).decode()
    assert "Nobody reads replies" in text and wording.telling(text) is None and "Anna" not in text
    place = taken["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    assert place in text
    assert story.app.test_client().post(place, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert ways.said_of(story.client)[0] == [] and states() == {("email", "accepted")}


def test_a_reminder_arrives_by_text_when_there_is_no_phone(story, outside):
    _, notify = outside
    story.set_rule()
    say(story, "push", "sms")
    assert jobs.send_due_reminders(DUE)["dropped"] == 1
    jobs.send_due_reminders(DUE + timedelta(seconds=20))
    [taken] = notify.taken
    assert taken["phone_number"] == "+447700900123"
    assert states() == {("push", "failed"), ("sms", "accepted")}


def test_a_worker_that_died_after_notify_took_it_leads_to_no_second_text(story, outside):
    _, notify = outside
    story.set_rule()
    say(story, "sms")
    jobs.send_due_reminders(DUE)
    with atomic():  # as if the process had ended before it wrote that down
        row = db.session.query(Delivery).filter_by(channel="sms", due_at=DUE).one()
        row.state, row.lease_token, row.lease_until = "claimed", "dead", DUE + timedelta(seconds=120)
    assert jobs.send_due_reminders(DUE + timedelta(seconds=200)) == {"sent": 1}
    assert len(notify.taken) == 1 and notify.asked[-1] == "GET /v2/notifications"
    assert states() == {("sms", "accepted")}


def test_r22_notify_away_for_an_hour_means_a_few_tries_and_then_the_next_way(story, outside):
    inbox, notify = outside
    notify.answers = [(503, "down")] * 50
    story.set_rule()
    say(story, "sms", "email")
    for minute in range(120):
        jobs.send_due_reminders(DUE + timedelta(minutes=minute))
    assert states() == {("sms", "failed"), ("email", "accepted")}
    assert len([one for one in notify.asked if one.startswith("POST")]) <= 1 and len(notify.asked) <= 5
    assert len(inbox.taken) == 1 and notify.taken == []
