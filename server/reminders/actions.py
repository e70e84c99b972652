"""Set a client's own hours, stop them, and keep the addresses reminders go to."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from server.assignments.models import Assignment
from server.audit import actions as audit
from server.caseload import queries as caseload
from server.errors import Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Client, Device
from server.reminders import push, rules, said
from server.reminders.models import Delivery, PushSubscription, ReminderRule
from server.reminders.planning import add_events, cancel, plan
from server.reminders.queries import said_at_of
from server.reminders.rules import Hours, wall_time
from server.sealing import ring

log = logging.getLogger(__name__)
CHANNEL = "push"
KEPT_ENDED = timedelta(days=90)  # so that staff can see until when reminders reached the phone


@dataclass(frozen=True)
class Wish:
    """What a client's setting named "reminder" says, read and checked."""

    on: bool
    at: str
    weekdays: list[int]
    level: int
    quiet: dict | None
    assignment_id: UUID | None


def set_rule(
    *,
    client: Client,
    payload: dict,
    now: datetime,
    by=None,
    revision_id: UUID | None = None,
) -> ReminderRule | None:
    """Apply a setting named "reminder": it replaces the rule it is about, whose planned reminders end with it.

    `revision_id` is the revision that says so. An older word that arrives later changes nothing, nor does the same
    word twice. What cannot be read changes nothing either: the revision itself is kept. Returns the rule that holds.
    A move (`said.time_alone`) changes the time of a rule that is on; the client's own word before it, arriving later,
    still says all the rest.
    """
    by = by or client
    try:
        at = said.time_alone(payload)
        wish = None if at else _wish(payload, client.zone)
    except (ValueError, TypeError, KeyError, AttributeError):
        audit.record("reminder.unreadable", about=client, by=by, now=now)
        return None
    if wish and wish.assignment_id and not _is_theirs(wish.assignment_id, client):
        return None
    people.lock(client.id)
    said_at = said_at_of(client.id, revision_id) or now
    before = _newest(client.id, wish.assignment_id if wish else None)
    if before and revision_id and before.revision_id == revision_id:
        return before
    is_older = before is not None and before.created_at > said_at
    if wish is None:
        wish = None if is_older else _moved(before, at, now)
    elif before and is_older:
        wish = _under_move(before, wish, revision_id, now)
        revision_id, said_at = before.revision_id, before.created_at
    if wish is None:
        return before
    return _replace(before, wish, client=client, revision_id=revision_id, said_at=said_at, by=by, now=now)


def change_zone(*, client: Client, zone: str, now: datetime, by=None) -> int:
    """The client lives by another clock now: their hours move to it. Returns how many. `ValueError`: no such zone."""
    rules.zone_of(zone)
    client.zone = zone
    active = db.session.scalars(
        select(ReminderRule).where(ReminderRule.client_id == client.id, ReminderRule.ended_at.is_(None))
    ).all()
    for rule in active:
        wish = Wish(True, rule.at, rule.weekdays, rule.level, rule.quiet, rule.assignment_id)
        _replace(rule, wish, client=client, revision_id=rule.revision_id, said_at=now, by=by or client, now=now)
    return len(active)


def subscribe(
    *, client: Client, device: Device, endpoint: str, p256dh: str, auth: str, hosts: Iterable[str], now: datetime
) -> PushSubscription:
    """Keep where this phone takes messages. Refused `push-host-unknown` for an address that is no push service's."""
    if not push.allowed(endpoint, tuple(hosts)):
        raise Refused("push-host-unknown")
    if not push.usable(p256dh, auth):
        raise Refused("bad-input", fields={"keys": "These keys cannot be used."})
    lookup = ring().keyed("push-endpoint", endpoint)
    row = db.session.scalar(select(PushSubscription).where(PushSubscription.endpoint_lookup == lookup))
    values = {"service_id": client.service_id, "client_id": client.id, "device_id": device.id}
    values |= {"origin": push.origin_of(endpoint), "confirmed_at": now, "ended_at": None, "ended_why": None}
    if row is None:
        row = PushSubscription(endpoint_lookup=lookup, created_at=now, keys={}, **values)
        db.session.add(row)
    for name, value in values.items():  # a phone that was paired again by somebody else takes its address along
        setattr(row, name, value)
    row.keys = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth}
    db.session.flush()
    _end_subscriptions("replaced", now, PushSubscription.device_id == device.id, PushSubscription.id != row.id)
    audit.record("reminder.subscribed", about=row, by=device, client_id=client.id, now=now)
    return row


def forget_subscription(*, subscription_id: UUID, why: str, now: datetime) -> bool:
    """End this one subscription: 404 and 410 tell of one address, never of the others. Answers whether it was live."""
    return _end_subscriptions(why, now, PushSubscription.id == subscription_id) == 1


def forget_client(*, client_id: UUID, now: datetime) -> None:
    """End everything that could still reach a client: their times, what was planned, every address."""
    cancel_for(client_id=client_id, why="erased", now=now)
    _end_subscriptions("erased", now, PushSubscription.client_id == client_id)


def forget_ended(*, now: datetime) -> int:
    """Remove addresses that ended 90 days ago and more. Returns how many."""
    old = delete(PushSubscription).where(PushSubscription.ended_at < now - KEPT_ENDED)
    return db.session.execute(old.execution_options(synchronize_session=False)).rowcount


def unsubscribe(*, device: Device, now: datetime) -> None:
    """The client switched notifications off on this phone."""
    _end_subscriptions("switched-off", now, PushSubscription.device_id == device.id)
    audit.record("reminder.unsubscribed", about=device, by=device, client_id=device.client_id, now=now)


def tested(*, subscription: PushSubscription, outcome: push.Outcome, by, now: datetime) -> str:
    """Write down what came of a test message. Returns accepted, failed or no-subscription."""
    if outcome.kind == push.SENT:
        subscription.accepted_at = now
    if outcome.kind == push.GONE:
        forget_subscription(subscription_id=subscription.id, why="gone", now=now)
    db.session.flush()
    detail = {"outcome": outcome.kind, "status": outcome.status}
    audit.record("reminder.tested", about=subscription, by=by, client_id=subscription.client_id, detail=detail, now=now)
    states = {push.SENT: "accepted", push.GONE: "no-subscription"}
    return states.get(outcome.kind, "failed")


def opened(*, delivery: Delivery, now: datetime) -> None:
    """The notification was tapped. Once is enough; it says nothing of what was done."""
    if delivery.opened_at is None:
        delivery.opened_at = now
        add_events([delivery], "opened", now)
        db.session.flush()


def cancel_for(*, why: str, now: datetime, client_id: UUID | None = None, assignment_id: UUID | None = None) -> int:
    """End every rule of a client, or of one assignment, and all that was planned by it. Returns how many reminders.

    Called in the transaction that discharges the client or withdraws the assignment.
    """
    whose = ReminderRule.client_id == client_id if client_id else ReminderRule.assignment_id == assignment_id
    ids = list(db.session.scalars(select(ReminderRule.id).where(whose, ReminderRule.ended_at.is_(None))))
    db.session.execute(update(ReminderRule).where(ReminderRule.id.in_(ids)).values(ended_at=now))
    return cancel(Delivery.rule_id.in_(ids), why=why, now=now)


def restore(*, client: Client, ended_at: datetime, by, now: datetime) -> None:
    """The hour that stopped with a course holds again for the next one, unless another was set since.

    Only that of the whole day: what an hour of one task was for has ended with it.
    """
    last = _newest(client.id, None)
    if last is None or last.ended_at != ended_at:
        return
    wish = Wish(True, last.at, last.weekdays, last.level, last.quiet, None)
    _replace(last, wish, client=client, revision_id=last.revision_id, said_at=last.created_at, by=by, now=now)


def _wish(payload: dict, zone: str) -> Wish:
    at, weekdays, level = payload["at"], sorted(set(payload["weekdays"])), payload["level"]
    if level not in (0, 1, 2) or isinstance(level, bool) or not isinstance(payload["on"], bool):
        raise ValueError("level is 0, 1 or 2, and on is true or false")
    Hours.of(at=at, weekdays=weekdays, zone=zone)
    named = payload.get("assignment_id")
    return Wish(payload["on"], at, weekdays, level, _quiet(payload.get("quiet")), UUID(named) if named else None)


def _moved(before: ReminderRule | None, at: str, now: datetime) -> Wish | None:
    """The rule at another time; None where there is none that holds, or where no reminder is wanted at that time."""
    if before is None or before.ended_at or said.is_silent_at(at, before.quiet, before.weekdays, before.zone, now):
        return None
    return Wish(True, at, before.weekdays, before.level, before.quiet, before.assignment_id)


def _under_move(before: ReminderRule, wish: Wish, revision_id: UUID | None, now: datetime) -> Wish | None:
    """An older word that arrives after a move: all it says but the time. None where it changes nothing."""
    if not said.is_by_move(before) or not said.is_newest_before(before, revision_id):
        return None
    if not said.is_silent_at(before.at, wish.quiet, wish.weekdays, before.zone, now):
        wish = replace(wish, at=before.at)
    held = Wish(before.ended_at is None, before.at, before.weekdays, before.level, before.quiet, before.assignment_id)
    # What stopped with a course an older word does not begin again.
    return None if wish == held or (wish.on and not caseload.in_care(before.client_id)) else wish


def _quiet(pair: object) -> dict | None:
    # Half a pair of hours says nothing; the reminder itself is still wanted.
    try:
        return {name: f"{wall_time(pair[name]):%H:%M}" for name in ("from", "until")}  # type: ignore[index]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _is_theirs(assignment_id: UUID, client: Client) -> bool:
    found = db.session.get(Assignment, assignment_id)
    return found is not None and found.client_id == client.id


def _newest(client_id: UUID, assignment_id: UUID | None) -> ReminderRule | None:
    about_it = (
        ReminderRule.assignment_id.is_(None) if assignment_id is None else ReminderRule.assignment_id == assignment_id
    )
    return db.session.scalar(
        select(ReminderRule)
        .where(ReminderRule.client_id == client_id, about_it)
        .order_by(ReminderRule.created_at.desc(), ReminderRule.id.desc())
        .limit(1)
    )


def _replace(before: ReminderRule | None, wish: Wish, *, client, revision_id, said_at, by, now) -> ReminderRule:
    if before and before.ended_at is None:
        before.ended_at = now
        db.session.flush()
        cancel(Delivery.rule_id == before.id, why="replaced", now=now)
    rule = ReminderRule(
        service_id=client.service_id,
        client_id=client.id,
        assignment_id=wish.assignment_id,
        at=wish.at,
        weekdays=wish.weekdays,
        zone=client.zone,
        level=wish.level,
        quiet=wish.quiet,
        channel=CHANNEL,
        revision_id=revision_id,
        created_at=said_at,
        ended_at=None if wish.on else now,
    )
    db.session.add(rule)
    db.session.flush()
    detail = {"on": wish.on, "level": wish.level}
    audit.record("reminder.set", about=rule, by=by, client_id=client.id, detail=detail, now=now)
    plan(now, [rule.id])
    return rule


def _end_subscriptions(why: str, now: datetime, *wanted) -> int:
    ended = db.session.execute(
        update(PushSubscription)
        .where(PushSubscription.ended_at.is_(None), *wanted)
        .values(ended_at=now, ended_why=why)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    return ended.rowcount
