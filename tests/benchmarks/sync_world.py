"""Makes the people the sync benchmark pushes for: each with 60 occurrences and 40 revisions behind them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

import orjson
from argon2 import PasswordHasher

from server import clock
from server.api.sync import take_in
from server.assignments import actions as assignments
from server.caseload import actions as caseload
from server.extensions import atomic
from server.people import actions as people
from server.people import pairing, sign_in
from server.people.queries import epoch_id
from server.worksheets.library import library
from tests.cast import PLAN, READY, THOUGHT_RECORD, full_thought_record, new_uuid

WEEKS = 8  # so long ago the first task was agreed
ENTRIES, ANSWERS = 24, 16  # what each client sent before


@dataclass(frozen=True)
class Phone:
    """One paired phone, and the push it sends again and again with new ids."""

    token: str
    envelope: dict
    entry: dict
    said: tuple[dict, dict]
    numbers: Iterator[int] = field(default_factory=lambda: count(ENTRIES + ANSWERS + 1))  # each is given once

    def push(self) -> bytes:
        """The body of a push that was never sent before: two thought records, an edit, and a word on two walks."""
        first, second, *said = (self._anew(one) for one in (self.entry, self.entry, *self.said))
        edit = self._anew(first) | {"entry_id": first["entry_id"], "parents": [first["revision_id"]]}
        revisions = [first, second, edit, *said]
        return orjson.dumps(self.envelope | {"batch_id": new_uuid(), "revisions": revisions})

    def _anew(self, revision: dict) -> dict:
        return revision | _ids() | {"device_seq": next(self.numbers)}


def populate(clients: int) -> list[Phone]:
    """Fill the database of the current application. Returns the phones."""
    sign_in._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # a code per client: no need to wait
    now = clock.now()
    with atomic():
        people.new_epoch(why="install", now=now)
        service = people.add_service(name="Northfield Talking Therapies", by="test", now=now, **READY)
        name = f"ben-{now.timestamp():.3f}"  # one more each time in a database that is kept
        ben, _ = people.add_practitioner(
            service=service, name="Ben Okafor", sign_in_name=name, roles=["practitioner"], by="test", now=now
        )
    return [_phone(service, ben, n, now) for n in range(clients)]


def _phone(service, ben, n: int, now: datetime) -> Phone:
    long_ago, last_week = now - timedelta(weeks=WEEKS), now - timedelta(weeks=1)
    with atomic():
        client = people.add_client(
            service=service,
            preferred_name=f"Anna {n}",
            date_of_birth=date(1994, 3, 2),
            local_number=f"TT-{n}",
            by=ben,
            now=long_ago,
        )
        episode = caseload.take_on(client=client, practitioner=ben, by=ben, now=long_ago)
        agreed = {"client": client, "episode": episode, "reason": "It can help.", "plan": PLAN, "by": ben}
        record = assignments.assign(
            worksheet=library().newest(THOUGHT_RECORD),
            rhythm={"kind": "per_week", "times": 3},
            from_date=long_ago.date(),
            now=long_ago,
            **agreed,
        )
        walk = assignments.assign(
            worksheet=None,
            title="Walk round the park",
            rhythm={"kind": "weekdays", "weekdays": [0, 1, 2, 3, 4]},
            from_date=last_week.date(),
            now=last_week,
            **agreed,
        )
        _, code = pairing.invite(client=client, by=ben, now=now)
        paired = pairing.pair(code=code, details={"platform": "android"}, now=now)
        take_in(client, paired.device, list(_history(record.id, walk.id, long_ago, now)), now)
    envelope = {"protocol": 1, "device_id": str(paired.device.id), "epoch": epoch_id()}
    entry = _revision(50, {"kind": "entry", "assignment_id": str(record.id)}, now)
    today, yesterday = (_answer(51 + n, walk.id, f"{(now - timedelta(days=n)).date()}#1", "tried", now) for n in (0, 1))
    return Phone(paired.token, envelope, entry, (today, yesterday))


def _history(record, walk, long_ago: datetime, now: datetime) -> Iterator[dict]:
    numbers = count(1)
    for n in range(ENTRIES):
        happened = long_ago + timedelta(days=n * 7 * WEEKS / ENTRIES, minutes=1)
        yield _revision(next(numbers), {"kind": "entry", "assignment_id": str(record)}, happened)
    for n in range(ANSWERS):
        day = (now - timedelta(weeks=1) + timedelta(days=n)).date()
        yield _answer(next(numbers), walk, f"{day}#1", "done", now)


def _answer(number: int, walk, slot: str, answer: str, happened: datetime) -> dict:
    subject = {"kind": "answer", "assignment_id": str(walk), "slot": slot}
    said = _revision(number, subject, happened) | {"payload": {"answer": answer}, "medium": "said"}
    return {name: value for name, value in said.items() if name not in ("form_key", "form_version", "wording")}


def _revision(number: int, subject: dict, happened: datetime) -> dict:
    return {
        **_ids(),
        "subject": subject,
        "parents": [],
        "kind": "save",
        "form_key": THOUGHT_RECORD,
        "form_version": 1,
        "wording": {"language": "en", "sha256": "0" * 64},
        "payload": {"answers": full_thought_record(), "kept": False},
        "happened_at": {"local": happened.strftime("%Y-%m-%dT%H:%M"), "zone": "Europe/London", "utc_offset": 0},
        "medium": "worksheet",
        "entered_by": "client",
        "helped_by": "none",
        "device_seq": number,
        "created_at": happened.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "app_version": "0.1.0",
        "schema_version": 1,
    }


def _ids() -> dict[str, str]:
    return {"revision_id": new_uuid(), "entry_id": new_uuid()}
