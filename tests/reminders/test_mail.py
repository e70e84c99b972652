"""Reminders by email against a real mail server: neutral, easy to stop, and a dead address is told from a bad day."""

import logging
import smtplib

import pytest

from server import clock, mail
from server.reminders.senders import Outcome
from server.reminders.senders.by_threads import AT_ONCE
from server.reminders.senders.mail import BySmtp, Mail
from tests.localhost import free_port
from tests.safety.inbox import Inbox, Running

STOP = "https://meantime.example.org/api/stop/x"


@pytest.fixture
def post():
    with Running(Inbox()) as running:
        yield running


def sent(post, *mails, **more):
    sender = BySmtp(getattr(post, "url", post), "meantime@example.org", **more)
    return {one.ref: outcome for window in sender.send(mails, clock.now()) for one, outcome in window}


def letter(ref="a", to="anna@example.org"):
    return Mail(ref, to, "You have a reminder", "Open Meantime.", STOP, f"<{ref}@example.org>")


def test_a_mail_says_how_to_stop_it_and_that_nobody_reads_replies(post):
    assert sent(post, letter()) == {"a": Outcome("sent", 250)}
    [taken] = post.inbox.taken
    assert taken["List-Unsubscribe"] == f"<{STOP}>"
    assert taken["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert taken["Reply-To"] == '"Nobody reads replies" <meantime@example.org>'
    assert (taken["From"], taken["Auto-Submitted"]) == ("Meantime <meantime@example.org>", "auto-generated")
    assert (taken["Subject"], taken["Message-ID"]) == ("You have a reminder", "<a@example.org>")


def test_an_address_that_somebody_reads_is_where_replies_go(post):
    sent(post, letter(), reply_to="help@example.org")
    assert post.inbox.taken[0]["Reply-To"] == "help@example.org"


def test_a_dead_address_is_gone_and_the_others_get_theirs(post):
    found = sent(post, letter("a", "nobody@example.org"), letter("b"), letter("c"), at_once=1)
    assert found["a"] == Outcome("gone", 550)
    assert found["b"].kind == found["c"].kind == "sent" and len(post.inbox.taken) == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("550 no such user here", "gone"), ("550 5.1.1 unknown", "gone"), ("550 5.1.10 null MX", "gone"),
     ("550 5.7.1 relaying denied", "bug"), ("550 5.7.26 DMARC", "bug"), ("553 5.1.8 bad sender", "bug"),
     ("550 5.1.100 odd", "bug"), ("556 5.1.10 takes no mail", "gone"), ("552 full", "bug")],
)  # fmt: skip
def test_only_a_refusal_that_is_about_the_address_ends_it(post, answer, kind):
    post.inbox.to_recipient = answer
    found = sent(post, letter("a"), letter("b"), at_once=1)
    assert [one.kind for one in found.values()] == [kind, kind]


@pytest.mark.parametrize(("answer", "kind"), [("451 later", "later"), ("554 no", "bug")])
def test_what_a_refusal_means(post, answer, kind):
    post.inbox.answer = answer
    assert sent(post, letter())["a"] == Outcome(kind, int(answer[:3]))


def test_a_mail_server_that_is_not_there_is_asked_once(caplog):
    found = sent(f"smtp://127.0.0.1:{free_port()}", *(letter(str(n)) for n in range(8)), at_once=1)
    assert {outcome.kind for outcome in found.values()} == {"later"}
    assert sum(outcome.tried for outcome in found.values()) == 1
    assert sent("", letter())["a"] == Outcome("later", tried=False)


def test_a_line_break_in_an_address_sends_nothing_and_no_log_holds_it(post, caplog):
    caplog.set_level(logging.DEBUG)
    found = sent(post, letter("a", "anna@example.org\nBcc: all@example.org"), letter("b"), at_once=1)
    assert found["a"].kind == "bug" and found["b"].kind == "sent"
    assert "anna@" not in " ".join(record.getMessage() for record in caplog.records if record.name.startswith("server"))
    assert len(post.inbox.taken) == 1


def test_a_wrong_password_is_an_alarm(post):
    assert sent(post.url.replace("//", "//me:wrong@"), letter())["a"].kind in ("alarm", "bug")


def refusing(monkeypatch, code):
    """A mail server that lets nobody sign in. Returns each time it was asked."""
    asked = []

    def refuse(address):
        asked.append(address)
        raise smtplib.SMTPAuthenticationError(code, b"no")

    monkeypatch.setattr(mail, "connected", refuse)
    return asked


def test_a_sign_in_that_fails_for_the_moment_is_tried_again(monkeypatch):
    asked = refusing(monkeypatch, 454)  # RFC 4954 6: temporary authentication failure
    found = sent("smtp://localhost", letter("a"), letter("b"), at_once=1)
    assert found == {"a": Outcome("later"), "b": Outcome("later", tried=False)} and len(asked) == 1


def test_a_wrong_password_is_not_tried_for_each_message(monkeypatch):
    asked = refusing(monkeypatch, 535)
    found = sent("smtp://localhost", *(letter(str(n)) for n in range(50)))
    assert len(asked) <= AT_ONCE
    assert set(found.values()) == {Outcome("alarm", 535)} and len(found) == 50  # each can go another way at once
