"""Text messages against a stand-in as strict as GOV.UK Notify: each is sent once, whatever breaks on the way."""

import logging

import pytest

from server import clock
from server.reminders.senders import Outcome
from server.reminders.senders.sms import ByNotify, Text
from tests.localhost import free_port
from tests.reminders.notify import KEY, TEMPLATE, Notify

MOBILE = "07700 900123"


@pytest.fixture
def notify():
    with Notify() as running:
        yield running


def sent(notify, *messages, key=KEY, template=TEMPLATE, **more):
    sender = ByNotify(getattr(notify, "url", notify), key, template, **more)
    return {message.ref: outcome for window in sender.send(messages, clock.now()) for message, outcome in window}


def text(ref="a", **more):
    return Text(ref, **{"to": MOBILE, "text": "You have a reminder", "reference": f"r-{ref}", **more})


def test_a_text_is_taken_with_our_reference_and_our_words(notify):
    assert sent(notify, text()) == {"a": Outcome("sent", 201)}
    [taken] = notify.taken
    assert (taken["phone_number"], taken["reference"]) == (MOBILE, "r-a")
    assert taken["personalisation"] == {"message": "You have a reminder"}


def test_what_was_taken_before_a_crash_is_found_and_not_sent_again(notify):
    sent(notify, text())
    assert sent(notify, text(again=True)) == {"a": Outcome("sent", 200)}
    assert len(notify.taken) == 1
    assert sent(notify, text("b", again=True)) == {"b": Outcome("sent", 201)}
    assert len(notify.taken) == 2


def test_nothing_is_sent_while_it_cannot_be_looked_up(notify):
    notify.answers = [(500, "Internal server error")]
    assert sent(notify, text(again=True))["a"].kind == "later"
    assert notify.asked == ["GET /v2/notifications"] and notify.taken == []
    notify.answers = ["drop"]
    assert sent(notify, text(again=True))["a"].perhaps is None  # a look that failed tells nothing of what was sent


@pytest.mark.parametrize(
    ("answer", "kind"),
    [((400, "phone_number Not a valid phone number"), "gone"), ((400, "Template not found"), "bug"),
     ((403, "Invalid token"), "alarm"), ((429, "Exceeded send limits"), "later"), ((500, "x"), "later"),
     ((404, "No result found"), "bug")],
)  # fmt: skip
def test_what_a_refusal_means(notify, answer, kind):
    notify.answers = [answer]
    found = sent(notify, text())["a"]
    assert (found.kind, found.status, found.perhaps) == (kind, answer[0], False)


def test_a_key_or_a_template_that_is_not_theirs_is_an_alarm_or_a_mistake(notify):
    assert sent(notify, text(), key=KEY[:-1] + "0")["a"].kind == "alarm"
    assert sent(notify, text(), template="other")["a"].kind == "bug"
    assert notify.taken == []


def test_a_line_that_breaks_means_later_and_the_rest_is_spared(notify):
    notify.answers = ["drop"]
    found = sent(notify, *(text(str(n)) for n in range(12)), at_once=1)
    assert {outcome.kind for outcome in found.values()} == {"later"}
    assert sum(outcome.tried for outcome in found.values()) == 1 and len(notify.asked) == 1
    assert found["0"].perhaps is True  # asked to send, and not heard
    assert sent(f"http://127.0.0.1:{free_port()}", text())["a"] == Outcome("later", perhaps=False)


def test_what_takes_too_long_is_left_for_the_next_time(notify):
    assert sent(notify, text(), longest=-1) == {"a": Outcome("later", tried=False)}


def test_a_sender_that_can_be_answered_is_an_alarm(notify, caplog):
    notify.from_number = "447700900456"
    sent(notify, text())
    assert "nobody reads answers" in caplog.text


def test_no_log_holds_a_number_or_what_notify_said(notify, caplog):
    caplog.set_level(logging.DEBUG)
    notify.answers = [(400, f"phone_number {MOBILE} is secret")]
    sent(notify, text(), text("b"), at_once=1)
    assert "secret" not in caplog.text and "900123" not in caplog.text and len(notify.taken) == 1
