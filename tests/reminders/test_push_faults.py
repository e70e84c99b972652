"""Faults of push services (trust.md C3, R17, R18, R20, R21, and the breaker that all workers share)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from server import jobs
from server.errors import Refused
from server.extensions import atomic, db
from server.reminders import actions, origins, rules
from server.reminders.models import DeliveryEvent, PushOrigin, PushSubscription
from server.reminders.push import WebPush
from server.reminders.senders import LATER, SENT, Outcome
from server.sealing import push_public_key, ring
from tests.fakes import PushService
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import DUE, SECOND, deliveries, events, first, say, set_up, tick

BUSY, HUNG = Outcome(LATER, 503), Outcome(LATER)
ELSEWHERE = (
    "http://169.254.169.254/latest", "https://localhost/x", "https://10.0.0.1/x", "https://fcm.googleapis.com:22/x",
    "https://fcm.googleapis.com.example.org/x", "https://user@fcm.googleapis.com/x", "file:///etc/passwd",
)  # fmt: skip


def test_r17_a_push_service_that_asks_to_wait_is_left_alone_by_every_worker(story):
    story.subscribe()
    story.set_rule()
    story.push.answers["/phone"] = [(503, {"Retry-After": "600"})]
    assert jobs.send_due_reminders(DUE) == {"later": 1}
    assert first().try_after >= DUE + timedelta(seconds=600)
    story.others(2)  # nobody asked about these yet; another worker, which remembers nothing, does not either
    counts, sender = tick(DUE + timedelta(seconds=300))
    assert (counts, sender.given) == ({"dropped": 2}, [])
    assert [row.why for row in deliveries() if row.state == "planned" and row.try_after][1:] == ["resting"] * 2
    assert tick(DUE + timedelta(seconds=800))[0] == {"sent": 3}


def test_r17_a_phone_that_gets_too_many_waits_alone(story):
    story.subscribe()
    story.set_rule()
    story.push.answers["/phone"] = [(429, {"Retry-After": "600"})]
    assert jobs.send_due_reminders(DUE) == {"later": 1}
    assert first().try_after >= DUE + timedelta(seconds=600)
    story.others(2)
    assert jobs.send_due_reminders(DUE + SECOND) == {"sent": 2}
    assert resting(DUE + SECOND) == set()
    assert tick(DUE + timedelta(seconds=599))[0] == {} and tick(DUE + timedelta(seconds=800))[0] == {"sent": 1}


def test_r17_too_many_for_each_of_several_phones_is_the_push_service_itself(story):
    story.others(6)
    busy = Outcome(LATER, 429, timedelta(seconds=600))
    with atomic():
        origins.note([("https://push.test", busy)] * 2, DUE)
    assert resting(DUE) == set()
    with atomic():
        origins.note([("https://push.test", busy)] * 3 + [("https://push.test", Outcome(SENT, 201))], DUE)
    assert resting(DUE) == set()
    with atomic():
        origins.note([("https://push.test", busy)] * 3, DUE)
        origins.note([("notify", busy)], DUE)  # it knows no phones: one answer is about our key
    assert resting(DUE + timedelta(seconds=599)) == {"https://push.test", "notify"}


def test_a_push_service_that_asks_for_a_day_is_tried_by_a_few_within_a_quarter_of_an_hour(story):
    story.subscribe()
    story.set_rule()
    story.push.answers["/phone"] = [(503, {"Retry-After": "86400"})]
    assert jobs.send_due_reminders(DUE) == {"later": 1}
    assert first().state == "failed"  # that one message waits no longer than it is worth
    story.others(5)
    row = db.session.scalars(select(PushOrigin)).one()
    assert row.rest_until - DUE < rules.LONGEST_REST + timedelta(seconds=30)
    counts, sender = tick(DUE + timedelta(minutes=5))
    assert (counts, sender.given) == ({"dropped": 5}, [])
    again = DUE + rules.LONGEST_REST + timedelta(minutes=2)
    asks = Outcome(LATER, 503, timedelta(days=1))
    counts, sender = tick(again, asks, asks, asks)
    assert len(sender.given) == origins.PROBES and counts["later"] == origins.PROBES
    assert tick(again + timedelta(minutes=16))[0]["sent"] == 2  # the two left, of whom nobody asked yet
    assert resting(again + timedelta(minutes=16)) == set()


def test_the_sender_itself_rests_no_longer_than_that(story):
    config, now = story.app.config["MEANTIME"], DUE
    sender = WebPush(ring().push_private, config.push_contact, config.push_hosts)
    assert sender.answered("https://push.test", 503, "86400", now).retry_after == timedelta(days=1)
    assert sender.resting("https://push.test") <= rules.LONGEST_REST
    sender.answered("https://other.test", 429, "600", now)
    assert sender.resting("https://other.test") is None


@pytest.mark.parametrize("status", [400, 413])
def test_r18_a_message_that_is_wrong_is_not_tried_again_and_told(story, status, caplog):
    story.subscribe()
    story.set_rule()
    story.push.answers["/phone"] = [status]
    assert jobs.send_due_reminders(DUE) == {"bug": 1}
    assert "ALARM" in caplog.text
    assert (first().state, first().why, events(first())[-1]) == ("failed", "not-accepted", "failed")
    assert jobs.send_due_reminders(DUE + timedelta(hours=1)) == {}
    assert db.session.scalars(select(PushSubscription.ended_at)).all() == [None]


def test_r20_a_push_service_that_hangs_delays_nobody_else_and_is_left_alone(story):
    with PushService(public_key=push_public_key(ring())) as hanging:
        config = story.app.config["MEANTIME"]
        story.app.config["MEANTIME"] = replace(config, push_hosts=(*config.push_hosts, hanging.host))
        fine, story.push = story.push, hanging
        story.others(4, "hangs")
        hanging.answers = {f"/hangs{n}": ["hang"] for n in range(4)}
        story.push = fine
        story.others(4, "fine")
        config = story.app.config["MEANTIME"]
        sender = WebPush(ring().push_private, config.push_contact, config.push_hosts, timeout=2)
        assert jobs.send_due_reminders(DUE, sender) == {"sent": 4, "later": 4}
        order = select(DeliveryEvent.what).where(DeliveryEvent.what.in_(("accepted", "later")))
        assert db.session.scalars(order.order_by(DeliveryEvent.id)).all() == ["accepted"] * 4 + ["later"] * 4
        assert resting(DUE + timedelta(seconds=5)) == {f"http://{hanging.host}"}


def resting(now):
    rows = db.session.scalars(select(PushOrigin).execution_options(populate_existing=True))
    return {row.origin for row in rows if row.rest_until and row.rest_until > now}


def test_r21_an_address_that_leads_elsewhere_is_refused_at_registration(story):
    for endpoint in ELSEWHERE:
        with pytest.raises(Refused) as refusal, atomic():
            actions.subscribe(
                client=story.client, device=story.device, endpoint=endpoint, p256dh=story.keys.p256dh,
                auth=story.keys.auth, hosts=story.app.config["MEANTIME"].push_hosts, now=MONDAY,
            )  # fmt: skip
        assert refusal.value.code == "push-host-unknown"
    assert db.session.scalars(select(PushSubscription)).all() == []


def test_after_three_stalls_a_push_service_rests_and_a_few_try_it_again(story):
    story.subscribe()
    story.set_rule()
    story.others(7)
    origin = f"http://{story.push.host}"
    counts, sender = tick(DUE, *[HUNG] * 8)
    assert counts == {"later": 8} and resting(DUE + SECOND) == {origin}
    again = DUE + timedelta(seconds=200)  # by then each of them may be tried again
    counts, sender = tick(again, *[BUSY] * 8)
    assert len(sender.given) == origins.PROBES and counts["dropped"] == 8 - origins.PROBES
    row = db.session.scalars(select(PushOrigin).execution_options(populate_existing=True)).one()
    assert row.rest_until - again >= rules.REST * 2  # longer than the first time
    later = row.rest_until + timedelta(seconds=60)
    counts, sender = tick(later)
    assert counts["sent"] == origins.PROBES
    assert resting(later) == set()
    assert tick(later + timedelta(seconds=90))[0]["sent"] == 8 - origins.PROBES
    assert {row.state for row in deliveries() if row.due_at == DUE} == {"accepted"}


def test_a_push_service_that_answers_is_not_written_down(story):
    story.subscribe()
    story.set_rule()
    assert tick(DUE, Outcome(SENT, 201))[0] == {"sent": 1}
    assert db.session.scalars(select(PushOrigin)).all() == []


class Down:
    """A text provider that answers nobody, beside a mail server that takes everything."""

    def __init__(self):
        self.asked = []

    def send(self, messages, now):
        for message in messages:
            self.asked.append(message.channel)
            yield [(message, HUNG if message.channel == "sms" else Outcome(SENT))]


def test_r22_a_text_provider_that_is_down_is_tried_a_little_and_then_the_next_way_is_used(story):
    set_up(story.app)
    story.set_rule()
    say(story, "sms", "email")
    provider = Down()
    for minute in range(61):
        jobs.send_due_reminders(DUE + timedelta(minutes=minute), provider)
    assert 3 <= provider.asked.count("sms") <= 5 and provider.asked.count("email") == 1
    told = [(row.channel, row.state) for row in deliveries() if row.due_at == DUE and row.state != "cancelled"]
    assert told == [("sms", "failed"), ("email", "accepted")]
    assert tick(DUE + timedelta(minutes=62))[0] == {}  # it is back, and nothing comes that was sent already
