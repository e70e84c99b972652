"""Take due deliveries under a lease, give them back, and give up what came too late. Each in few statements.

The lease is what keeps sends single, whoever ticks and on however many machines (trust.md C2).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select, update

from server.extensions import among, db
from server.reminders import rules
from server.reminders.models import Delivery
from server.reminders.planning import add_events
from server.reminders.queries import lapsed, ready

PUT_OFF = timedelta(hours=1)  # a row that breaks the program is looked at again then, so that nothing spins
EXPIRED_AT_ONCE = 2000
ENOUGH = timedelta(seconds=60)  # what must be left of a lease when a message goes out: a sender waits for 30


@dataclass(frozen=True)
class Claim:
    """One delivery that is ours to send while the lease lasts."""

    delivery_id: UUID
    token: str


def claim(*, now: datetime, limit: int = 500, channel: str | None = None) -> list[Claim]:
    """Take up to `limit` due deliveries for the length of a lease. To be committed before anything is sent."""
    # Apart: each is a walk along one index, in order, that stops at the limit.
    left = _found(lapsed(now), limit, channel)  # by a worker that died: some may have been sent
    ids = left + _found(ready(now), limit - len(left), channel)
    if not ids:
        return []
    token = secrets.token_hex(16)
    taken = db.session.execute(
        update(Delivery)
        .where(among(Delivery.id, ids))
        .values(state="claimed", lease_token=token, lease_until=now + rules.LEASE)
        .returning(Delivery.id, Delivery.service_id)
        .execution_options(synchronize_session=False)
    ).all()
    died = set(left)
    add_events([row for row in taken if row.id in died], "taken-over", now)
    add_events(taken, "claimed", now)
    return [Claim(row.id, token) for row in taken]


def _found(kind: tuple, limit: int, channel: str | None) -> list[UUID]:
    if limit <= 0:
        return []
    wanted = (*kind, Delivery.channel == channel) if channel else kind
    rows = select(Delivery.id).where(*wanted).order_by(Delivery.due_at).limit(limit)
    return list(db.session.scalars(rows.with_for_update(skip_locked=True)))


def hold(*, claims: Sequence[Claim], now: datetime) -> None:
    """Lengthen a lease that is running out while its messages are about to be sent."""
    db.session.execute(
        update(Delivery)
        .where(*ours(claims), Delivery.lease_until < now + ENOUGH)
        .values(lease_until=now + rules.LEASE)
        .execution_options(synchronize_session=False)
    )


def release(*, claims: Sequence[Claim], now: datetime) -> int:
    """Give back what was claimed and will not be sent, since we are told to stop. Returns how many."""
    return _back(claims, now, {"try_after": None}, told=False)


def put_off(*, claims: Sequence[Claim], now: datetime) -> None:
    """One of these broke the program: leave them for an hour. What is too late by then expires, and is counted."""
    _back(claims, now, {"try_after": now + PUT_OFF, "why": "trouble"}, told=True)


def expire(*, now: datetime) -> int:
    """Give up what came too late: never sent in a burst after the server was away. Returns how many of them now."""
    ids = db.session.scalars(
        select(Delivery.id)
        .where(
            Delivery.expires_at <= now,
            or_(Delivery.state == "planned", and_(Delivery.state == "claimed", Delivery.lease_until <= now)),
        )
        .limit(EXPIRED_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return 0
    rows = db.session.execute(
        update(Delivery)
        .where(among(Delivery.id, ids))
        .values(state="expired", why="too-late", lease_token=None, lease_until=None)
        .returning(Delivery.id, Delivery.service_id)
        .execution_options(synchronize_session=False)
    ).all()
    add_events(rows, "expired", now)
    return len(rows)


def ours(claims: Sequence[Claim]) -> tuple:
    """What makes a row one of these claims still."""
    ids, tokens = [claim.delivery_id for claim in claims], {claim.token for claim in claims}
    return among(Delivery.id, ids), Delivery.lease_token.in_(tokens), Delivery.state == "claimed"


def _back(claims: Sequence[Claim], now: datetime, values: dict, *, told: bool) -> int:
    rows = db.session.execute(
        update(Delivery)
        .where(*ours(claims))
        .values(state="planned", lease_token=None, lease_until=None, **values)
        .returning(Delivery.id, Delivery.service_id)
        .execution_options(synchronize_session=False)
    ).all()
    if told:
        add_events(rows, "later", now)
    return len(rows)
