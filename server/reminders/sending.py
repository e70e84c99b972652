"""From due to an outcome: claim under a lease, check once more, and write down what came of it.

At least once, never silently twice: the claim is committed before anything is sent, an outcome counts only with
the token of its lease, and a repeat after a crash replaces the first on the phone by Topic and tag (trust.md C2).
"""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select, update

from server.extensions import db
from server.people.models import Client
from server.reminders import push, rules
from server.reminders.actions import forget_subscription
from server.reminders.facts import facts_of, live_phones
from server.reminders.models import Delivery, PushSubscription, ReminderRule
from server.reminders.planning import add_events
from server.reminders.push import Message, Outcome
from server.reminders.queries import is_due, proof_of

TEST_LIVES = 300  # seconds
PUT_OFF = timedelta(hours=1)  # a row that breaks the program is looked at again then, so that nothing spins


@dataclass(frozen=True)
class Claim:
    """One delivery that is ours to send while the lease lasts."""

    delivery_id: UUID
    token: str


@dataclass(frozen=True)
class Sending:
    """What a message's `ref` holds: whose outcome it is, and by which subscription it goes."""

    claim: Claim
    subscription_id: UUID


def claim(*, now: datetime, limit: int = 500) -> list[Claim]:
    """Take up to `limit` due deliveries for the length of a lease. To be committed before anything is sent."""
    ids = db.session.scalars(
        select(Delivery.id).where(*is_due(now)).order_by(Delivery.due_at).limit(limit).with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return []
    token = secrets.token_hex(16)
    taken = db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids), *is_due(now))
        .values(state="claimed", lease_token=token, lease_until=now + rules.LEASE)
        .returning(Delivery.id, Delivery.service_id)
        .execution_options(synchronize_session=False)
    ).all()
    add_events(taken, "claimed", now)
    return [Claim(row.id, token) for row in taken]


def check(*, claims: Sequence[Claim], base_url: str, now: datetime) -> list[Message]:
    """Look once more, just before sending: cancel what is no longer wanted, and make the messages of the rest."""
    tokens = {claim.delivery_id: claim for claim in claims}
    held = db.session.scalars(
        select(Delivery)
        .where(Delivery.id.in_(tokens), Delivery.state == "claimed")
        .order_by(Delivery.due_at, Delivery.id)
        .execution_options(populate_existing=True)
    ).all()
    ours = [row for row in held if row.lease_token == tokens[row.id].token]
    if not ours:
        return []
    facts, phones = facts_of(ours), live_phones(row.client_id for row in ours)
    clients = select(Client).where(Client.id.in_({row.client_id for row in ours}))
    keys = db.session.scalars(clients).all()  # read at once and held, since opening each address needs its client's key
    messages = []
    for row in ours:
        why = rules.objection(facts[row.id], now)
        if why:
            _drop(row, why, now)
        else:
            messages.append(_message(row, tokens[row.id], phones[row.client_id][0], base_url, now))
    db.session.flush()
    del keys
    return messages


def record(*, claim: Claim, subscription_id: UUID, outcome: Outcome, now: datetime) -> bool:
    """Write down what came of one sending; only while the lease is still ours. Answers whether it was."""
    row = db.session.scalar(
        select(Delivery)
        .where(Delivery.id == claim.delivery_id, Delivery.state == "claimed", Delivery.lease_token == claim.token)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if outcome.kind == push.GONE:
        forget_subscription(subscription_id=subscription_id, why="gone", now=now)
    if row is None:
        return False
    row.attempts += outcome.tried
    state, why, again = _what_now(row, outcome, now)
    row.state, row.why, row.try_after = state, why, again
    row.lease_token = row.lease_until = None
    if state == "accepted":
        row.accepted_at = now
        sent_by = update(PushSubscription).where(PushSubscription.id == subscription_id).values(accepted_at=now)
        db.session.execute(sent_by.execution_options(synchronize_session=False))
    db.session.flush()
    add_events([row], "later" if state == "planned" else state, now, outcome.status)
    return True


def test_message(phone: PushSubscription, base_url: str) -> Message:
    """A reminder that stands for nothing, for somebody who wants to see one come."""
    code, keys = secrets.token_urlsafe(16), phone.keys
    payload = push.padded(rules.notification(1, code, base_url))
    return Message(phone.id, keys["endpoint"], keys["p256dh"], keys["auth"], payload, rules.topic(code), TEST_LIVES)


def put_off(*, claims: Sequence[Claim], now: datetime) -> None:
    """One of these broke the program: leave them for an hour. What is too late by then expires, and is counted."""
    tokens = {claim.token for claim in claims}
    rows = db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_([claim.delivery_id for claim in claims]), Delivery.lease_token.in_(tokens))
        .where(Delivery.state == "claimed")
        .values(state="planned", lease_token=None, lease_until=None, try_after=now + PUT_OFF, why="trouble")
        .returning(Delivery.id, Delivery.service_id)
        .execution_options(synchronize_session=False)
    ).all()
    add_events(rows, "later", now)


def expire(*, now: datetime) -> int:
    """Give up what came too late: never sent in a burst after the server was away. Returns how many."""
    rows = db.session.execute(
        update(Delivery)
        .where(
            Delivery.expires_at <= now,
            or_(Delivery.state == "planned", and_(Delivery.state == "claimed", Delivery.lease_until <= now)),
        )
        .values(state="expired", why="too-late", lease_token=None, lease_until=None)
        .returning(Delivery.id, Delivery.service_id)
        .execution_options(synchronize_session=False)
    ).all()
    add_events(rows, "expired", now)
    return len(rows)


def _drop(row: Delivery, why: str, now: datetime) -> None:
    row.state = "expired" if why == "too-late" else "failed" if why == "no-phone" else "cancelled"
    row.why, row.lease_token, row.lease_until = why, None, None
    add_events([row], row.state, now)


def _message(row: Delivery, claim: Claim, phone: PushSubscription, base_url: str, now: datetime) -> Message:
    rule, keys = db.session.get(ReminderRule, row.rule_id), phone.keys
    return Message(
        ref=Sending(claim, phone.id),
        endpoint=keys["endpoint"],
        p256dh=keys["p256dh"],
        auth=keys["auth"],
        payload=push.padded(rules.notification(rule.level, row.code, base_url, proof_of(row.code))),
        topic=rules.topic(row.code),
        ttl=max(1, int((row.expires_at - now).total_seconds())),
    )


def _what_now(row: Delivery, outcome: Outcome, now: datetime) -> tuple[str, str | None, datetime | None]:
    """State, reason and next try after an outcome."""
    if outcome.kind == push.SENT:
        return "accepted", None, None
    if outcome.kind == push.GONE:
        others = live_phones([row.client_id])[row.client_id]
        return ("planned", "gone", now) if others else ("failed", "no-phone", None)
    if outcome.kind == push.LATER:
        spread = random.random()  # noqa: S311 (spreads tries, guards nothing)
        again = rules.next_try(max(row.attempts, 1), now, row.expires_at, outcome.retry_after, spread)
        return ("planned", "later", again) if again else ("failed", "later", None)
    return "failed", "keys-refused" if outcome.kind == push.ALARM else "not-accepted", None
