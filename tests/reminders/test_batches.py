"""However many reminders there are, what a look at them costs the database grows by batches and not by reminders."""

import gc
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from server import dispatching, worker
from server.extensions import atomic, db
from server.reminders import claiming, planning, sending
from server.reminders.models import Delivery, DeliveryEvent, PushSubscription
from server.reminders.push import LATER, SENT, Outcome
from server.reminders.sending import Sending
from tests.reminders.conftest import MONDAY, WISH
from tests.reminders.ticking import DUE, deliveries

CLIENTS = 12


@pytest.fixture
def many(story):
    """Anna and others, each with a phone and an hour of their own, planned for in one look."""
    clients = [story.client, *(story.another_client()[0] for _ in range(CLIENTS - 1))]
    for n, client in enumerate(clients):
        story.subscribe(f"phone-{n}", device=story.pair(client), client=client)
        story.set_rule(client=client)
    with atomic():
        planning.cancel(Delivery.state == "planned", why=planning.NOT_NOW, now=MONDAY)
        db.session.query(DeliveryEvent).delete()
        db.session.query(Delivery).delete()
    return clients


@contextmanager
def statements():
    """What is asked of the database inside the block; a statement with many sets of values counts as so many."""
    asked = []

    def note(_connection, _cursor, text, values, _context, executemany):
        asked.extend([text] * (len(values) if executemany and isinstance(values, list) else 1))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_many_clients_are_planned_for_in_a_few_statements(many):
    with statements() as asked, atomic():
        assert planning.plan(MONDAY) == 2 * CLIENTS
    assert len(asked) <= 20, asked
    assert WISH["at"] == "13:30" and {row.slot for row in deliveries()} == {"13:30"}
    numbers = [(row.client_id, row.feed_seq) for row in deliveries()]
    assert len(set(numbers)) == 2 * CLIENTS, "two with one number of a client's feed"
    last = {client_id: max(number for whose, number in numbers if whose == client_id) for client_id, _ in numbers}
    assert last == {client.id: client.feed_seq for client in db.session.scalars(select(type(many[0])))}
    assert db.session.scalar(select(func.count()).select_from(DeliveryEvent)) == 2 * CLIENTS


def test_everybody_is_planned_for_and_never_are_all_rules_held_at_once(many, monkeypatch):
    monkeypatch.setattr(dispatching, "RULES_AT_ONCE", 5)
    with statements() as asked:
        assert dispatching.plan(MONDAY) == 2 * CLIENTS
    assert {row.client_id for row in deliveries()} == {client.id for client in many}
    looked = [text for text in asked if text.startswith("SELECT reminder_rule.id \nFROM reminder_rule")]
    assert len(looked) == 4 and all("LIMIT" in text for text in looked), asked
    assert dispatching.plan(MONDAY) == 0


def test_a_window_of_messages_that_were_taken_is_written_down_in_a_few_statements(many):
    with atomic():
        planning.plan(MONDAY)
    with atomic():
        claims = claiming.claim(now=DUE)
    phones = {row.client_id: row.id for row in db.session.scalars(select(PushSubscription))}
    whose = {row.id: row.client_id for row in deliveries()}
    outcomes = [(Sending(one, phones[whose[one.delivery_id]]), Outcome(SENT, 201)) for one in claims]
    with statements() as asked, atomic():
        assert sending.record_all(outcomes=outcomes, now=DUE) == CLIENTS
    assert len(asked) <= 4, asked
    taken = [row for row in deliveries() if row.state == "accepted"]
    assert len(taken) == CLIENTS
    assert {(row.attempts, row.accepted_at, row.lease_token, row.why) for row in taken} == {(1, DUE, None, None)}
    assert {row.accepted_at for row in db.session.scalars(select(PushSubscription))} == {DUE}
    told = select(DeliveryEvent.status).where(DeliveryEvent.what == "accepted")
    assert db.session.scalars(told).all() == [201] * CLIENTS


def test_an_answer_after_the_lease_was_taken_over_changes_nothing_whatever_else_is_in_the_window(many):
    with atomic():
        planning.plan(MONDAY)
    with atomic():
        first, *others = claiming.claim(now=DUE)
    after = DUE + timedelta(minutes=3)
    with atomic():
        again = claiming.claim(now=after, limit=1)
    assert [one.delivery_id for one in again] == [first.delivery_id]
    kinds = [Outcome(SENT, 201), Outcome(LATER, 503), Outcome(SENT, 201)]
    with atomic():
        window = [(Sending(one, None), kind) for one, kind in zip([first, *others], kinds, strict=False)]
        assert sending.record_all(outcomes=window, now=after) == 2
    states = {row.id: row.state for row in deliveries()}
    assert [states[one.delivery_id] for one in (first, *others[:2])] == ["claimed", "planned", "accepted"]


def test_a_worker_does_not_look_for_garbage_in_what_it_loaded(monkeypatch):
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        worker.quieten()
        assert gc.get_freeze_count() > frozen + 10_000
        assert gc.get_threshold()[0] == worker.GARBAGE
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
