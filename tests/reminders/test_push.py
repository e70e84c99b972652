"""Web push against a strict push service on this machine: what is sent, what each answer means, where it never goes."""

import asyncio
import json
import logging
import socket
import time
from contextlib import closing, suppress
from datetime import timedelta
from types import SimpleNamespace

import pycurl
import pytest

from server import clock
from server.reminders import push, rules, wording
from server.reminders.push import Message, Outcome, WebPush, allowed
from server.reminders.senders import fast_push, guarding
from server.reminders.senders.fast_push import FastPush
from server.sealing import make_key_file, push_public_key
from tests.fakes import PhoneKeys, PushService

HOSTS = ("fcm.googleapis.com", "*.push.apple.com")


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    return make_key_file(tmp_path_factory.mktemp("keys") / "meantime.keys")


@pytest.fixture
def service(ring):
    with PushService(public_key=push_public_key(ring)) as running:
        yield running


@pytest.fixture
def phone():
    return PhoneKeys()


@pytest.fixture(params=[WebPush, FastPush], ids=["default", "fast"])
def sender(request):
    """Makes a sender, of each kind: what is true of one is true of the other."""

    def make(ring, *services, **more):
        hosts = (*HOSTS, *(each.host for each in services))
        return request.param(ring.push_private, "mailto:operator@example.org", hosts, **more)

    return make


def message(service, phone, name="phone", level=1):
    payload = push.padded(rules.notification(wording.body(level, "en"), "c" * 22, "https://example.org"))
    service.phones[f"/{name}"] = phone
    code = f"code-{name}"
    return Message(name, service.endpoint(name), phone.p256dh, phone.auth, payload, rules.topic(code), 7200)


def outcomes(sender, messages, now=None):
    found = {}
    for window in sender.send(messages, now or clock.now()):
        found.update({each.ref: outcome for each, outcome in window})
    return found


def test_the_phone_can_open_what_was_sent(sender, ring, service, phone):
    assert outcomes(sender(ring, service), [message(service, phone)]) == {"phone": Outcome("sent", 201)}
    assert service.refused == []
    [taken] = service.taken
    assert phone.open(taken.body) == rules.notification(wording.body(1, "en"), "c" * 22, "https://example.org")
    assert taken.headers["ttl"] == "7200"
    assert taken.headers["topic"] == rules.topic("code-phone")


def test_every_level_is_as_long_as_every_other(sender, ring, service, phone):
    outcomes(sender(ring, service), [message(service, phone, f"p{n}", level=n) for n in (0, 1, 2)])
    assert len({len(taken.body) for taken in service.taken}) == 1


def test_each_push_service_gets_a_token_of_its_own_and_gets_it_again(sender, ring, phone):
    with PushService() as one, PushService() as other:
        sent = sender(ring, one, other)
        messages = [message(s, phone, f"{n}-{i}") for n in range(3) for i, s in enumerate((one, other))]
        assert {o.kind for o in outcomes(sent, messages).values()} == {"sent"}
        assert one.refused == other.refused == []  # each checked that the audience is itself
        assert len({t.headers["authorization"] for t in one.taken}) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(201, "sent"), (404, "gone"), (410, "gone"), (401, "alarm"), (403, "alarm"), (400, "bug"), (413, "bug"),
     (429, "later"), (500, "later"), (503, "later")],
)  # fmt: skip
def test_what_an_answer_means(sender, ring, service, phone, answer, kind):
    service.answers["/phone"] = [answer]
    assert outcomes(sender(ring, service), [message(service, phone)])["phone"] == Outcome(kind, answer)


def test_a_redirect_is_not_followed(sender, ring, service, phone):
    service.answers["/phone"] = [(307, {"Location": service.endpoint("inside")})]
    assert outcomes(sender(ring, service), [message(service, phone)])["phone"].kind == "bug"
    assert service.taken == []


def test_a_push_service_that_asks_to_wait_is_left_alone(sender, ring, service, phone):
    service.answers["/first"] = [(503, {"Retry-After": "90"})]
    sent = sender(ring, service)
    assert outcomes(sent, [message(service, phone, "first")])["first"] == Outcome("later", 503, timedelta(seconds=90))
    second = outcomes(sent, [message(service, phone, "second")])["second"]
    assert second.kind == "later" and not second.tried
    assert timedelta(seconds=85) < second.retry_after <= timedelta(seconds=90)
    assert service.taken == []


def test_a_push_service_that_hangs_holds_nobody_else_up(sender, ring, service, phone):
    with PushService() as stuck:
        for n in range(6):
            stuck.answers[f"/s{n}"] = ["hang"]
        sent = sender(ring, service, stuck, timeout=2, at_once=3)
        messages = [message(stuck, phone, f"s{n}") for n in range(6)]
        messages += [message(service, phone, f"p{n}") for n in range(20)]
        started, found, at = time.monotonic(), {}, {}
        for window in sent.send(messages, clock.now()):
            for each, outcome in window:
                found[each.ref], at[each.ref] = outcome, time.monotonic() - started
    waited = min(at[f"s{n}"] for n in range(6))
    assert all(found[f"p{n}"].kind == "sent" and at[f"p{n}"] < waited for n in range(20))
    assert all(found[f"s{n}"].kind == "later" for n in range(6))
    assert sum(found[f"s{n}"].tried for n in range(6)) < 6  # the rest were spared the wait
    assert max(at.values()) < 3 * 2


def test_nobody_listening_means_later(ring, phone):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    sent = WebPush(ring.push_private, "mailto:operator@example.org", (host,))
    lost = Message("x", f"http://{host}/x", phone.p256dh, phone.auth, b"{}", "t" * 22, 60)
    assert outcomes(sent, [lost])["x"] == Outcome("later")


def test_outcomes_come_in_small_windows_and_messages_are_drawn_lazily(sender, ring, service, phone):
    drawn = []

    def source():
        for n in range(120):
            drawn.append(n)
            yield message(service, phone, f"p{n}")

    sizes = []
    for window in sender(ring, service, at_once=10).send(source(), clock.now()):
        sizes.append(len(window))
        assert len(drawn) <= sum(sizes) + 50
    assert sum(sizes) == 120 and max(sizes) <= push.WINDOW


def test_keys_that_cannot_be_used_are_a_bug_and_the_rest_goes_out(sender, ring, service, phone):
    broken = Message("broken", service.endpoint("broken"), "AAAA", "AAAA", b"{}", "t" * 22, 60)
    found = outcomes(sender(ring, service), [broken, message(service, phone)])
    assert found["broken"].kind == "bug" and found["phone"].kind == "sent"
    assert push.usable(phone.p256dh, phone.auth)
    assert not push.usable("AAAA", phone.auth)
    assert not push.usable(phone.p256dh, "AAAA")
    assert not push.usable(phone.p256dh[:-4] + "AAAA", phone.auth)  # not on the curve
    assert not push.usable("\u00e9", phone.auth)


@pytest.mark.parametrize(
    ("endpoint", "fine"),
    [
        ("https://fcm.googleapis.com/fcm/send/a:b-c_d", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("https://web.push.apple.com/Q", True),
        ("http://127.0.0.1:9001/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evilfcm.googleapis.com/x", False),
        ("https://push.apple.com/x", False),
        ("https://fcm.googleapis.com@evil.example/x", False),
        ("https://fcm.googleapis.com\\@evil.example/x", False),
        ("https://evil.example/#fcm.googleapis.com/", False),
        ("https://127.0.0.1/x", False),
        ("http://127.0.0.1:9002/x", False),
        ("http://169.254.169.254/latest", False),
        ("https://[::1]/x", False),
        ("https://fcm.googleapis.com/x\r\nHost: evil", False),
        ("https://fcm.googleapis.com/" + "x" * 3000, False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_push_services_we_trust_are_sent_to(endpoint, fine):
    assert allowed(endpoint, (*HOSTS, "127.0.0.1:9001")) is fine


def test_a_listed_port_elsewhere_still_needs_https():
    assert allowed("https://push.example.org:8443/x", ("push.example.org:8443",))
    assert not allowed("http://push.example.org:8443/x", ("push.example.org:8443",))


class LeadsTo:
    """A resolver that finds the same addresses for every name."""

    def __init__(self, *addresses):
        self.addresses = addresses

    async def resolve(self, host, port=0, family=0):
        return [{"hostname": host, "host": address, "port": port} for address in self.addresses]


def resolved(name, *addresses, listed=()):
    """What our resolver gives for a name that leads to these addresses."""

    async def resolve():
        resolver = push._PublicOnly(set(listed))
        resolver._resolver = LeadsTo(*addresses)
        return await resolver.resolve(name, 443)

    return [each["host"] for each in asyncio.run(resolve())]


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), ("10.0.0.1",), ("::1",), ("169.254.169.254",), ("142.250.1.1", "10.0.0.1")],
)
def test_a_trusted_name_that_leads_inside_is_not_resolved(addresses):
    with pytest.raises(OSError, match="not a public address"):
        resolved("fcm.googleapis.com", *addresses)


def test_a_trusted_name_that_leads_outside_is_resolved_and_so_is_a_listed_one_inside():
    assert resolved("fcm.googleapis.com", "142.250.1.1", "2a00:1450::1") == ["142.250.1.1", "2a00:1450::1"]
    assert resolved("push.internal", "10.0.0.1", listed=["push.internal"]) == ["10.0.0.1"]


def test_a_trusted_name_that_leads_inside_is_not_posted_to(sender, ring, service, phone, monkeypatch):
    reached = []

    async def inside(self, *_, **__):
        return [{"hostname": "fcm.googleapis.com", "host": "127.0.0.1", "port": reached_port, "family": socket.AF_INET,
                 "proto": 0, "flags": 0}]  # fmt: skip

    monkeypatch.setattr(push.aiohttp.ThreadedResolver, "resolve", inside)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.3)
        reached_port = listening.getsockname()[1]
        lost = Message("x", "https://fcm.googleapis.com/x", phone.p256dh, phone.auth, b"{}", "t" * 22, 60)
        assert outcomes(sender(ring), [lost])["x"].kind == "later"
        with suppress(TimeoutError):
            reached.append(listening.accept())
    assert reached == []


@pytest.mark.parametrize(("address", "made"), [("10.0.0.1", False), ("::1", False), ("142.250.1.1", True)])
def test_the_fast_sender_makes_no_socket_to_an_address_inside(ring, address, made):
    run = fast_push._Run(FastPush(ring.push_private, "mailto:operator@example.org", HOSTS), clock.now())
    asked = SimpleNamespace(family=socket.AF_INET, socktype=socket.SOCK_STREAM, protocol=0, addr=(address, 443))
    with closing(run):
        found = run._open_outside(0, asked)
        assert (found != pycurl.SOCKET_BAD) is made
        for opened in run._opened:
            opened.close()


def test_the_fast_sender_does_not_reach_a_trusted_name_that_leads_inside(ring, service, phone):
    port = service.host.rpartition(":")[2]
    guarded = FastPush(ring.push_private, "mailto:operator@example.org", (f"localhost:{port}",))
    lost = Message("x", f"http://localhost:{port}/x", phone.p256dh, phone.auth, b"{}", "t" * 22, 60)
    assert outcomes(guarded, [lost])["x"].tried and service.refused  # listed with its port, so it is asked
    service.refused.clear()
    guarded = FastPush(ring.push_private, "mailto:operator@example.org", (f"localhost:{port}",))
    guarded.inside = frozenset()
    assert outcomes(guarded, [lost])["x"].kind == "later"
    assert service.taken == service.refused == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("142.250.1.1", True), ("2a00:1450::1", True), ("10.1.2.3", False), ("192.168.0.1", False),
     ("169.254.169.254", False), ("100.64.0.1", False), ("::1", False), ("fe80::1%eth0", False),
     ("::ffff:10.0.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("fd00::1", False)],
)  # fmt: skip
def test_which_addresses_are_public(address, public):
    assert guarding.is_public(address) is public


def test_no_log_holds_an_endpoint_or_what_a_push_service_said(sender, ring, service, phone, caplog):
    caplog.set_level(logging.DEBUG)
    service.answers = {"/secret-capability": [500], "/secret-two": [403]}
    outcomes(sender(ring, service), [message(service, phone, n) for n in ("secret-capability", "secret-two")])
    said = json.dumps([record.getMessage() for record in caplog.records])
    assert "secret" not in said and "private" not in said and phone.p256dh not in said


@pytest.mark.parametrize(("seconds", "most"), [(0.001, push.OPENED), (0.05, 40)])
def test_connections_are_added_while_answers_are_slow(ring, monkeypatch, seconds, most):
    sender = WebPush(ring.push_private, "mailto:operator@example.org", HOSTS, at_once=40)
    clock_of_the_run, at_once = [0.0], [0, 0]

    async def post(run, message, origin):
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(0)
        clock_of_the_run[0] += seconds / 40
        await asyncio.sleep(0)
        at_once[0] -= 1
        return Outcome(push.SENT, 201)

    monkeypatch.setattr(push._Run, "_post", post)
    monkeypatch.setattr(push, "monotonic", lambda: clock_of_the_run[0])
    monkeypatch.setattr(push, "WINDOW_SECONDS", 0)  # so that there are always some that wait
    messages = [Message(n, "https://fcm.googleapis.com/x", "", "", b"", "t", 60) for n in range(500)]
    sent = [outcome.kind for window in sender.send(messages, clock.now()) for _, outcome in window]
    assert sent == [push.SENT] * 500
    assert at_once[1] == most
