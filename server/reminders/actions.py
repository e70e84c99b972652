"""Set a client's own hours, stop them, and keep the addresses reminders go to."""

from collections.abc import Iterable
from dataclasses import replace
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
from server.reminders import push, rules, said, wishes
from server.reminders.models import ClientZone, Delivery, PushSubscription, ReminderRule
from server.reminders.planning import add_events, cancel, plan
from server.reminders.queries import PUT_OFF, holding, hours_of, rules_of, said_at_of, was_put_off
from server.reminders.timetable import LATER, OWN
from server.reminders.ways import ways_of
from server.sealing import ring

ON_THE_SCREEN = timedelta(days=1)  # an older notification is of a day that is over
KEPT_ENDED = timedelta(days=90)  # so that staff can see until when reminders reached the phone


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
    except rules.UNREADABLE:
        audit.record("reminder.unreadable", about=client, by=by, now=now)
        return None
    if at:
        return _move(client, at, by, revision_id, now)
    return _take(client, payload, lambda: wishes.own(payload, client.zone), by, revision_id, now)


def set_appointment_rule(*, client: Client, payload: dict, now: datetime, by, revision_id: UUID | None = None):
    """Apply a setting named "appointment_reminder": the day before each appointment, like `set_rule`."""
    return _take(client, payload, lambda: wishes.before_appointments(payload, _like(client)), by, revision_id, now)


def remind_later(*, client: Client, payload: dict, now: datetime, by, revision_id: UUID | None = None):
    """Apply a setting named "remind_later": once more, in place of an earlier *later*, like `set_rule`."""
    return _take(client, payload, lambda: wishes.once(payload, _like(client)), by, revision_id, now)


def later(*, delivery: Delivery, now: datetime) -> None:
    """*Later* was pressed on a notification: once more in an hour. Pressed again it is the same, and moves nothing.

    Refused `client-closed` after the course; `reminder-over` a day after it was due, once other hours were set, and
    where no reminder is wanted in an hour: the worker opens the app instead.
    """
    rule, client = db.session.get(ReminderRule, delivery.rule_id), db.session.get(Client, delivery.client_id)
    people.lock(client.id)
    if not caseload.in_care(client.id):
        raise Refused("client-closed")
    if was_put_off(delivery):
        return
    wish = wishes.in_an_hour(hours_of(rule), wishes.of_rule(rule), now)
    if rule.ended_at is not None or wish is None or now - delivery.due_at > ON_THE_SCREEN:
        raise Refused("reminder-over")
    add_events([delivery], PUT_OFF, now)
    before = _newest(client.id, LATER, None)
    _replace(before, wish, client=client, revision_id=None, said_at=now, by=client, now=now)


def change_zone(*, client: Client, zone: str, now: datetime, by=None, revision_id: UUID | None = None) -> int:
    """The client lives by another clock now: their hours move to it. Returns how many. `ValueError`: no such zone.

    What was asked for *later* stays at its moment.
    """
    rules.zone_of(zone)
    client.zone = zone
    kept = ClientZone(
        service_id=client.service_id, client_id=client.id, zone=zone, revision_id=revision_id, recorded_at=now
    )
    db.session.add(kept)
    active = [rule for rule in holding(client) if rule.kind != LATER]
    for rule in active:
        _again(rule, client=client, said_at=now, by=by or client, now=now)
    return len(active)


def use_ways(*, client: Client, by, now: datetime) -> None:
    """The client's ways, or what is safe for them, are others now: what is to come goes by the first of them.

    What is due already stays on its next try; where its way is none any more, the last check passes it on.
    """
    people.lock(client.id)
    first = ways_of([client.id])[client.id].first
    others = [rule for rule in holding(client) if rule.channel != first]
    for rule in others:
        rule.channel = first
        detail = {"kind": rule.kind, "channel": first}
        audit.record("reminder.way_changed", about=rule, by=by, client_id=client.id, detail=detail, now=now)
    to_come = Delivery.rule_id.in_([rule.id for rule in others]), Delivery.state == "planned", Delivery.due_at > now
    db.session.execute(update(Delivery).where(*to_come).values(channel=first))


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


def lost(*, device: Device, why: str, now: datetime) -> None:
    """The phone says that it takes messages no more; nobody in the app asked for that. Twice is once."""
    if _end_subscriptions(why, now, PushSubscription.device_id == device.id):
        detail = {"why": why}
        audit.record("reminder.lost", about=device, by=device, client_id=device.client_id, detail=detail, now=now)


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


def shown(*, delivery: Delivery, now: datetime) -> None:
    """The phone's worker put it on the screen. Once is enough; whether anybody looked is not known."""
    if delivery.shown_at is None:
        delivery.shown_at = now
        add_events([delivery], "shown", now)
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
    last = _newest(client.id, OWN, None)
    if last is not None and last.ended_at == ended_at:
        _again(last, client=client, said_at=last.created_at, by=by, now=now)


def _again(rule: ReminderRule, *, client: Client, said_at: datetime, by, now: datetime) -> None:
    _replace(rule, wishes.of_rule(rule), client=client, revision_id=rule.revision_id, said_at=said_at, by=by, now=now)


def _take(client: Client, payload: dict, read, by, revision_id: UUID | None, now: datetime) -> ReminderRule | None:
    try:
        wish = read()
    except rules.UNREADABLE:
        audit.record("reminder.unreadable", about=client, by=by, now=now)
        return None
    if wish.assignment_id and not _is_theirs(wish.assignment_id, client):
        return None
    people.lock(client.id)
    said_at = said_at_of(client.id, revision_id) or now
    before = _newest(client.id, wish.kind, wish.assignment_id)
    if before and revision_id and before.revision_id == revision_id:
        return before
    if before and before.created_at > said_at:
        wish = _under_move(before, wish, revision_id, now)
        revision_id, said_at = before.revision_id, before.created_at
    if wish is None:
        return before
    rule = _replace(before, wish, client=client, revision_id=revision_id, said_at=said_at, by=by, now=now)
    if wish.kind == OWN:
        _keep_alike(client, wish, by, now)
    return rule


def _keep_alike(client: Client, own: wishes.Wish, by, now: datetime) -> None:
    # Off, a pause and quiet hours hold for what comes besides the own hours too, from the moment they are set.
    for rule in holding(client):
        held = wishes.of_rule(rule)
        if rule.kind == OWN or own.assignment_id not in (None, rule.assignment_id):
            continue
        if (wish := wishes.besides(held, own)) != held:
            _replace(rule, wish, client=client, revision_id=rule.revision_id, said_at=rule.created_at, by=by, now=now)


def _move(client: Client, at: str, by, revision_id: UUID | None, now: datetime) -> ReminderRule | None:
    people.lock(client.id)
    said_at = said_at_of(client.id, revision_id) or now
    before = _newest(client.id, OWN, None)
    if before is None or before.ended_at or before.created_at > said_at or before.revision_id == revision_id:
        return before
    if said.is_silent_at(at, before.quiet, before.weekdays, before.zone, now):
        return before
    wish = replace(wishes.of_rule(before), at=at)
    return _replace(before, wish, client=client, revision_id=revision_id, said_at=said_at, by=by, now=now)


def _under_move(before: ReminderRule, wish: wishes.Wish, revision_id: UUID | None, now: datetime) -> wishes.Wish | None:
    """An older word that arrives after a move: all it says but the time. None where it changes nothing."""
    if wish.kind != OWN or not said.is_by_move(before) or not said.is_newest_before(before, revision_id):
        return None
    if not said.is_silent_at(before.at, wish.quiet, wish.weekdays, before.zone, now):
        wish = replace(wish, at=before.at)
    held = replace(wishes.of_rule(before), on=before.ended_at is None)
    # What stopped with a course an older word does not begin again.
    return None if wish == held or (wish.on and not caseload.in_care(before.client_id)) else wish


def _like(client: Client) -> wishes.Wish | None:
    # How much they want shown, and when never: as they said of their own hours.
    # Without hours about anything, the quiet hours of one task hold.
    rule = _newest(client.id, OWN, None) or next(iter(rules_of(client)), None)
    return wishes.of_rule(rule) if rule else None


def _is_theirs(assignment_id: UUID, client: Client) -> bool:
    found = db.session.get(Assignment, assignment_id)
    return found is not None and found.client_id == client.id


def _newest(client_id: UUID, kind: str, assignment_id: UUID | None) -> ReminderRule | None:
    about_it = [ReminderRule.kind == kind]
    if kind == OWN:  # of the other kinds there is one at a time, whatever it is about
        no_thing = ReminderRule.assignment_id.is_(None)
        about_it.append(no_thing if assignment_id is None else ReminderRule.assignment_id == assignment_id)
    return db.session.scalar(
        select(ReminderRule)
        .where(ReminderRule.client_id == client_id, *about_it)
        .order_by(ReminderRule.created_at.desc(), ReminderRule.id.desc())
        .limit(1)
    )


def _replace(before: ReminderRule | None, wish: wishes.Wish, *, client, revision_id, said_at, by, now) -> ReminderRule:
    if before and before.ended_at is None:
        before.ended_at = now
        db.session.flush()
        cancel(Delivery.rule_id == before.id, why="replaced", now=now)
    rule = ReminderRule(
        service_id=client.service_id,
        client_id=client.id,
        zone=client.zone,
        channel=ways_of([client.id])[client.id].first,
        revision_id=revision_id,
        created_at=said_at,
        ended_at=None if wish.on else now,
        **{name: value for name, value in vars(wish).items() if name != "on"},
    )
    db.session.add(rule)
    db.session.flush()
    detail = {"on": wish.on, "level": wish.level, "kind": wish.kind}
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
