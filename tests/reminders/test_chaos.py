"""Four workers on one PostgreSQL, killed again and again while they send: none missing, each shown once.

The raw number of repeats is printed: sending is at least once, and Topic and tag make a repeat invisible.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from server.assignments.models import Assignment
from server.caseload.models import Episode
from server.extensions import atomic, db, new_id
from server.people import actions as people
from server.people.models import Device
from server.reminders import rules
from server.reminders.models import Delivery, PushSubscription, ReminderRule
from tests.reminders.conftest import ASKED, EVERY_DAY, MONDAY
from tests.reminders.receiver import Receiver
from tests.reminders.ticking import DUE

WORKERS, DAYS = 4, 10
STUCK = 3  # seconds in which nothing came: what is left is held by the dead, and the clock goes past their leases
LOOKED_INTO = 200


@dataclass
class Storm:
    """So many deliveries to ten times fewer clients, due at one moment, and the workers that send them."""

    story: object
    nursery: object
    receiver: Receiver
    number: int

    def fill(self) -> None:
        """Each client has a reminder on ten days of their own, all of them due now; each is still to be done."""
        with atomic():
            for n in range(self.number // DAYS):
                self._client(n)
            db.session.flush()
            days = {"due": DUE, "gone": DUE + rules.LIVE_FOR, "first": MONDAY.date(), "last": DAYS - 1}
            for statement in (OCCURRENCES, DELIVERIES):
                db.session.execute(text(statement), days)
        db.session.remove()

    def _client(self, n: int) -> None:
        story, service = self.story, {"service_id": self.story.client.service_id}
        one = people.add_client(
            service=story.service, preferred_name="Cleo", safe_contact=ASKED, by=story.practitioner, now=MONDAY
        )
        whose = {**service, "client_id": one.id}
        episode = Episode(**whose, opened_on=MONDAY.date(), created_at=MONDAY)
        device = Device(**whose, token_hash=new_id().hex, paired_at=MONDAY)
        db.session.add_all([episode, device])
        db.session.flush()
        phone = PushSubscription(
            **whose, device_id=device.id, endpoint_lookup=new_id().hex, origin=f"http://{self.receiver.host}",
            created_at=MONDAY, confirmed_at=MONDAY,
        )  # fmt: skip
        phone.keys = {
            "endpoint": self.receiver.endpoint(f"p{n}"), "p256dh": story.keys.p256dh, "auth": story.keys.auth,
        }  # fmt: skip
        agreed = Assignment(
            **whose, episode_id=episode.id, agreed_on=MONDAY.date(), agreed_at=MONDAY, agreed_by=story.practitioner.id
        )
        rule = ReminderRule(
            **whose, at="13:30", weekdays=EVERY_DAY, zone="Europe/London", level=1, channel="push", created_at=MONDAY
        )
        db.session.add_all([phone, agreed, rule])

    def rage(self, kills: int) -> tuple[int, int]:
        """Kill a worker each time a share of the messages has come. (claimed by the dead, clocks moved)."""
        chance, shares = random.Random(5), [self.number * n // (kills + 1) for n in range(1, kills + 1)]
        pids = [self.nursery.start("worker") for _ in range(WORKERS)]
        held, moved, seen, since = 0, 0, -1, time.monotonic()
        dead = False
        while shares or self.left():
            if shares and len(self.receiver.raw) >= shares[0]:
                shares.pop(0)
                pid = pids.pop(chance.randrange(WORKERS))
                assert self.nursery.end(pid) == -9
                dead = True
                pids.append(self.nursery.start("worker"))
            if len(self.receiver.raw) > seen:
                seen, since = len(self.receiver.raw), time.monotonic()
            elif dead and time.monotonic() - since > STUCK:
                held += self.left("claimed")
                moved, since, dead = moved + 1, time.monotonic(), False
                self.nursery.clock.move(rules.LEASE + timedelta(seconds=1))
                assert moved < 40, "nothing goes on"
            time.sleep(0.02)
        return held, moved

    def left(self, *states: str) -> int:
        """How many are in these states; with none given, in any but accepted."""
        wanted = Delivery.state.in_(states) if states else Delivery.state != "accepted"
        count = db.session.scalar(select(func.count()).select_from(Delivery).where(wanted))
        db.session.rollback()
        return count


OCCURRENCES = """
    INSERT INTO occurrence (assignment_id, slot, service_id, client_id, episode_id, version, opens_on, due_on, due_at,
                            state, size, extra, recorded_at, feed_seq)
    SELECT id, (CAST(:first AS date) + n)::text || '#1', service_id, client_id, episode_id, 1, CAST(:first AS date) + n,
           CAST(:first AS date) + n, :gone, 'open', 'usual', 0, :due, n
    FROM assignment CROSS JOIN generate_series(0, :last) n WHERE worksheet_id IS NULL ON CONFLICT DO NOTHING"""
DELIVERIES = """
    INSERT INTO delivery (id, service_id, client_id, rule_id, local_date, slot, channel, due_at, expires_at, state,
                          code, attempts, feed_seq)
    SELECT gen_random_uuid(), service_id, client_id, id, CAST(:first AS date) + n, at, channel, :due, :gone, 'planned',
           substr(md5(id::text || n), 1, 22), 0, n
    FROM reminder_rule CROSS JOIN generate_series(0, :last) n"""


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.mark.parametrize(("number", "kills"), [(600, 6), pytest.param(20_000, 40, marks=pytest.mark.long)])
def test_workers_killed_again_and_again_lose_nothing_and_show_each_once(
    on_postgres, nursery, receiver, number, kills, capsys
):
    storm = Storm(on_postgres, nursery, receiver, number)
    on_postgres.push = replace_host(on_postgres, receiver)
    storm.fill()
    on_postgres.lend(nursery, DUE)
    began = time.monotonic()
    held, moved = storm.rage(kills)
    took, repeats = time.monotonic() - began, receiver.repeats()
    wanted = Counter(rules.topic(code) for code in db.session.scalars(select(Delivery.code)))
    assert storm.left("accepted") == number == len(wanted)
    assert {topic for _, topic, _ in receiver.raw} == wanted.keys(), "one is missing, or nobody planned it"
    assert len(receiver.raw) == number + repeats
    assert_each_is_shown_once(receiver, on_postgres.keys)
    with capsys.disabled():
        print(
            f"\n  {number} deliveries, {WORKERS} workers, {kills} SIGKILLs in {took:.0f} s: 0 missing, 0 shown twice;"
            f" {repeats} raw repeats; {held} were held by the dead, the clock was moved {moved} times"
        )


def assert_each_is_shown_once(receiver, keys) -> None:
    """A phone shows one notification for each tag: repeats of one Topic have the same, and no two Topics share one."""
    by_topic: dict[tuple[str, str], list[bytes]] = {}
    for path, topic, body in receiver.raw:
        by_topic.setdefault((path, topic), []).append(body)
    several = [bodies for bodies in by_topic.values() if len(bodies) > 1]
    few = [bodies for bodies in by_topic.values() if len(bodies) == 1][:LOOKED_INTO]
    for bodies in several[:LOOKED_INTO] + few:
        assert len({keys.open(body)["notification"]["tag"] for body in bodies}) == 1
    for (_, topic), bodies in list(by_topic.items())[:LOOKED_INTO]:
        assert rules.topic(keys.open(bodies[0])["notification"]["tag"]) == topic


def replace_host(story, receiver):
    """The storm's push service instead of the story's."""
    config = story.app.config["MEANTIME"]
    story.app.config["MEANTIME"] = replace(config, push_hosts=(*config.push_hosts, receiver.host))
    return receiver
