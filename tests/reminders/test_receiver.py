"""Both senders against a receiver that others wrote: it knows nothing of our code, and opens what it was sent."""

import json
import subprocess
import urllib.request
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from server import clock
from server.reminders import push, rules, wording
from server.reminders.push import Message, WebPush
from server.reminders.senders.fast_push import FastPush
from server.sealing import make_key_file, push_public_key
from tests.localhost import free_port
from tests.reminders.peers import FOLDER, NODE, missing
from tests.reminders.processes import until


@pytest.fixture(scope="module")
def receiver():
    if why := missing():
        pytest.fail(f"web-push-testing could not be installed from npm: {why}")
    port = free_port()
    running = subprocess.Popen([NODE, "receiver.cjs", str(port)], cwd=FOLDER, stdout=subprocess.DEVNULL)
    try:
        until(lambda: running.poll() is not None or answers(port))
        assert running.poll() is None, "the receiver ended by itself"
        yield port
    finally:
        running.kill()
        running.wait()


def answers(port):
    with suppress(OSError):
        ask(port, "status")
        return True
    return False


def ask(port, path, **form):
    request = urllib.request.Request(f"http://localhost:{port}/{path}", urlencode(form).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        body = answer.read()
    return json.loads(body)["data"] if body.startswith(b"{") else None


@pytest.fixture
def sent(receiver, tmp_path, request):
    """Subscribes, sends one reminder, and gives (what came of it, what the receiver read)."""

    def send(kind, key=None):
        ring = make_key_file(tmp_path / "meantime.keys")
        phone = ask(receiver, "subscribe", userVisibleOnly="true", applicationServerKey=key or push_public_key(ring))
        payload = rules.notification(wording.body(1, "en"), "c" * 22, "https://example.org")
        message = Message(
            "x", phone["endpoint"], phone["keys"]["p256dh"], phone["keys"]["auth"], push.padded(payload), "t" * 22, 60
        )
        sender = kind(ring.push_private, "mailto:operator@example.org", (f"localhost:{receiver}",))
        [(_, outcome)] = [each for window in sender.send([message], clock.now()) for each in window]
        read = ask(receiver, "get-notifications", clientHash=phone["clientHash"])["messages"]
        return outcome, [json.loads(one) for one in read], payload

    return send


@pytest.mark.parametrize("kind", [WebPush, FastPush], ids=["default", "fast"])
def test_an_independent_receiver_opens_what_we_send(sent, kind):
    outcome, read, payload = sent(kind)
    assert outcome.kind == "sent" and read == [payload]


@pytest.mark.parametrize("kind", [WebPush, FastPush], ids=["default", "fast"])
def test_it_refuses_a_message_signed_by_other_keys(sent, kind, tmp_path_factory):
    other = push_public_key(make_key_file(tmp_path_factory.mktemp("other") / "meantime.keys"))
    outcome, read, _ = sent(kind, key=other)
    assert outcome.kind == "bug" and read == []
