"""Messages by a real mail server: taken, refused, not there; and never in the open beyond this machine."""

import time

import pytest

from server import mail
from server.mail import NotSent, Server
from tests.localhost import free_port, own_certificate
from tests.safety.inbox import Inbox, Running

MESSAGE = {"sender": "meantime@example.org", "to": "duty@example.org", "subject": "A flag waits", "text": "Look."}


def test_a_message_is_taken(post):
    mail.send(address=post.url, **MESSAGE)
    [taken] = post.inbox.taken
    assert (taken["To"], taken["From"], taken["Subject"]) == (
        "duty@example.org",
        "meantime@example.org",
        "A flag waits",
    )
    assert taken.get_payload().strip() == "Look."


def test_what_refuses_says_so(post):
    post.inbox.answer = "451 come back later"
    with pytest.raises(NotSent) as no:
        mail.send(address=post.url, **MESSAGE)
    assert (no.value.why, "451" in no.value.sentence) == ("refused", True)
    with pytest.raises(NotSent) as no:
        mail.send(address=post.url, **{**MESSAGE, "to": "nobody@example.org"})
    assert no.value.why == "refused"


def test_nobody_there_is_said_soon():
    began = time.monotonic()
    with pytest.raises(NotSent) as no:
        mail.send(address=f"smtp://127.0.0.1:{free_port()}", **MESSAGE)
    assert no.value.why == "unreachable"
    assert time.monotonic() - began < mail.PATIENCE


def test_no_server_is_set():
    with pytest.raises(NotSent) as no:
        mail.send(address="", **MESSAGE)
    assert no.value.why == "not_set"


@pytest.mark.parametrize("way", ["from the start", "switched on"])
def test_it_is_encrypted_and_the_certificate_is_looked_at(tmp_path, monkeypatch, way):
    context, certificate = own_certificate(tmp_path)
    monkeypatch.setattr(Server, "is_here", False)  # as if it were another machine
    options = {"tls": context} if way == "from the start" else {"offers": context}
    with Running(Inbox(), **options) as running:
        with pytest.raises(NotSent) as no:
            mail.send(address=running.url, **MESSAGE)
        assert no.value.why == "unreachable" and running.inbox.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        mail.send(address=running.url, **MESSAGE)
        assert len(running.inbox.taken) == 1


def test_nothing_leaves_this_machine_in_the_open(post, monkeypatch):
    monkeypatch.setattr(Server, "is_here", False)
    with pytest.raises(NotSent) as no:
        mail.send(address=post.url, **MESSAGE)
    assert no.value.why == "refused" and post.inbox.taken == []


def test_the_parts_of_an_address():
    assert Server.of("smtps://a%40b:p%3Aw@mail.example.org") == Server("mail.example.org", 465, True, "a@b", "p:w")
    assert Server.of("smtp://localhost").port == 587
    assert Server.of("smtp://localhost").is_here and Server.of("smtp://127.0.0.1:25").is_here
    assert not Server.of("smtp://mail.example.org").is_here


def test_a_password_is_in_no_sentence():
    with pytest.raises(NotSent) as no:
        mail.send(address=f"smtp://me:hunter2@127.0.0.1:{free_port()}", **MESSAGE)
    assert "hunter2" not in str(no.value)


def test_a_server_that_knows_no_passwords_is_not_said_to_lack_encryption(post):
    with pytest.raises(NotSent) as no:
        mail.send(address=post.url.replace("//", "//me:hunter2@"), **MESSAGE)
    assert no.value.why == "refused"
    assert "AUTH" in no.value.sentence and "encryption" not in no.value.sentence


def test_a_password_that_cannot_be_handed_over_is_refused_and_said():
    with Running(Inbox(), auth_require_tls=False) as running, pytest.raises(NotSent) as no:
        mail.send(address=running.url.replace("//", "//me:caf%C3%A9-hunter2@"), **MESSAGE)
    assert (no.value.why, "hunter2" in str(no.value)) == ("refused", False)
