"""Fixtures of the staff pages: a clock that stands still, browsers, and Anna with some work behind her."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from server import clock
from server.assignments.queries import occurrences_of
from server.engagement import actions as engagement
from server.entries import queries as entries
from server.entries.actions import contact, receive
from server.extensions import atomic
from server.measures.actions import Entered, enter
from server.measures.library import measures
from tests.cast import NOW
from tests.dashboard.browser import Browser

HOSTILE = '<script>alert("x")</script> \u202edesrever \x07 "quoted" & <b>bold</b> 😀'


@pytest.fixture
def time(monkeypatch):
    """The clock: stands at `NOW` until it is moved."""
    moment = SimpleNamespace(now=NOW)
    monkeypatch.setattr(clock, "now", lambda: moment.now)
    return moment


@pytest.fixture
def open_as(app, time):
    """Opens a browser, signed in as somebody or as nobody."""
    return lambda who=None: Browser(app).sign_in(who) if who else Browser(app)


@pytest.fixture
def ben(open_as, cast):
    """Ben's browser."""
    return open_as(cast.ben)


@pytest.fixture
def anna(cast, time) -> SimpleNamespace:
    """Anna's last week: a thought record every day; one done, one kept for now, one not today, one unreadable."""
    opened = cast.meet(NOW - timedelta(days=7), "attended", NOW - timedelta(days=7))
    today = cast.meet(NOW + timedelta(hours=2), None, NOW - timedelta(days=7))
    agreed = cast.agree(now=NOW - timedelta(days=7), rhythm={"kind": "daily", "times": 1})
    device = cast.pair(NOW - timedelta(days=7))
    slots = [o.slot for o in occurrences_of(cast.anna.id, agreed.id)]
    done = cast.entry(agreed.id, slot=slots[1], **_at(NOW - timedelta(days=6)))
    kept = cast.entry(agreed.id, {"situation": "secret thing"}, slot=slots[2], **_at(NOW - timedelta(days=5)))
    kept["payload"]["kept"] = True
    barrier = cast.answer(agreed.id, slots[3], "not_today", outcome="keep", barrier="no_private_space", words=HOSTILE)
    unreadable = cast.entry(agreed.id, medium="smoke signals")
    question = cast.revision({"kind": "agenda"}, {"text": "Can we talk about sleep?"})
    send(cast, [done, kept, barrier, unreadable, question], NOW - timedelta(hours=3))
    score = scores(cast, NOW.date() - timedelta(days=7), **{"phq-9": [1, 2, 1, 2, 1, 2, 1, 2, 0]})[0]
    return SimpleNamespace(
        id=cast.anna.id,
        home=f"/staff/clients/{cast.anna.id}",
        opened=opened.id,
        today=today.id,
        agreed=agreed.id,
        device=device.id,
        slots=slots,
        entry=done["entry_id"],
        question=question["entry_id"],
        score=score,
        quarantined=entries.quarantined_of(cast.anna)[0].id,
    )


def send(cast, revisions: list[dict], now: datetime) -> None:
    """As Anna's phone would: push, then report an empty outbox."""
    with atomic():
        received = receive(client=cast.anna, device=cast.phone, revisions=revisions, now=now, sent_at=now)
        engagement.refresh(client=cast.anna, assignment_ids=received.assignment_ids, now=now)
        contact(client=cast.anna, device=cast.phone, outbox=0, device_seq=cast.seq, now=now)


def scores(cast, day, by=None, **given) -> list:
    """Ben enters what Anna filled in: `phq-9=14`, or a list of items. Gives the ids of the rows."""
    entered = [
        Entered(measures().newest(name), items=value)
        if isinstance(value, list)
        else Entered(measures().newest(name), totals={measures().newest(name).main.id: value})
        for name, value in given.items()
    ]
    now = datetime.combine(day, NOW.timetz())
    with atomic():
        rows = enter(client=cast.anna, episode=cast.episode, taken_on=day, entered=entered, by=by or cast.ben, now=now)
        return [row.id for row in rows]


def _at(moment: datetime) -> dict:
    return {"happened": moment}
