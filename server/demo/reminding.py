"""The reminders of the past weeks: planned by each client's own hours, and what became of each."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select

from server.demo.deciding import decide
from server.extensions import db, new_id
from server.people import actions as people
from server.people.models import Device
from server.reminders.models import Delivery, DeliveryEvent, PushSubscription, ReminderRule
from server.reminders.rules import LIVE_FOR
from server.sealing import ring

DAYS = 28
NOWHERE = "https://push.demonstration.invalid"
ANSWERS = {"accepted": 201, "failed": 410}  # of the push service


def remind(service_id: UUID, rng: Random, now: datetime) -> None:
    """Write the ledger of the last four weeks for every rule that holds."""
    rules = db.session.scalars(
        select(ReminderRule)
        .where(ReminderRule.service_id == service_id, ReminderRule.ended_at.is_(None))
        .order_by(ReminderRule.created_at, ReminderRule.id)
    ).all()
    for rule in rules:
        _write(rule, rng, now)
        _subscribe(rule, rng, now)
    decide(service_id)


def _subscribe(rule: ReminderRule, rng: Random, now: datetime) -> None:
    """Where the phone took messages. The host does not exist and is not allowed: nothing is ever sent there."""
    device = db.session.scalar(
        select(Device).where(Device.client_id == rule.client_id).order_by(Device.paired_at, Device.id).limit(1)
    )
    if device is None:
        return
    accepted = select(func.max(Delivery.accepted_at)).where(Delivery.rule_id == rule.id)
    endpoint = f"{NOWHERE}/{secrets.token_urlsafe(24)}"
    lapsed = rng.random() < 0.2
    row = PushSubscription(
        service_id=rule.service_id,
        client_id=rule.client_id,
        device_id=device.id,
        endpoint_lookup=ring().keyed("push-endpoint", endpoint),
        origin=NOWHERE,
        created_at=device.paired_at,
        confirmed_at=device.last_contact_at or device.paired_at,
        accepted_at=db.session.scalar(accepted),
        ended_at=now - timedelta(days=rng.randint(1, 9)) if lapsed else None,
        ended_why="gone" if lapsed else None,
        keys={"endpoint": endpoint, "p256dh": "", "auth": ""},
    )
    db.session.add(row)
    db.session.flush()


def _write(rule: ReminderRule, rng: Random, now: datetime) -> None:
    zone = ZoneInfo(rule.zone)
    today = now.astimezone(zone).date()
    _forget_planned(rule)
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    wanted = [d for d in days if d.weekday() in rule.weekdays and d > rule.created_at.astimezone(zone).date()]
    if not wanted:
        return
    first = people.next_feed(rule.client_id, len(wanted))
    deliveries, events = [], []
    for number, day in enumerate(wanted):
        row, happened = _one(rule, day, zone, rng)
        deliveries.append({**row, "feed_seq": first + number})
        events += happened
    db.session.execute(insert(Delivery), deliveries)
    db.session.execute(insert(DeliveryEvent), sorted(events, key=lambda event: event["recorded_at"]))


def _forget_planned(rule: ReminderRule) -> None:
    """What was planned when the rule was set is written again below, with what became of it."""
    ids = list(db.session.scalars(select(Delivery.id).where(Delivery.rule_id == rule.id)))
    db.session.execute(delete(DeliveryEvent).where(DeliveryEvent.delivery_id.in_(ids)))
    db.session.execute(delete(Delivery).where(Delivery.id.in_(ids)))


def _one(rule: ReminderRule, day: date, zone: ZoneInfo, rng: Random) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    due = datetime.combine(day, time.fromisoformat(rule.at), zone).astimezone(UTC)
    became = rng.choices(("accepted", "opened", "failed", "expired"), (55, 33, 7, 5))[0]
    sent, tapped = due + timedelta(seconds=rng.randint(1, 40)), due + timedelta(minutes=rng.randint(1, 90))
    row = {
        "id": new_id(),
        "service_id": rule.service_id,
        "client_id": rule.client_id,
        "rule_id": rule.id,
        "assignment_id": rule.assignment_id,
        "occurrence_slot": None,
        "local_date": day,
        "slot": rule.at,
        "channel": rule.channel,
        "due_at": due,
        "expires_at": due + LIVE_FOR,
        "state": "accepted" if became == "opened" else became,
        "why": {"failed": "no-phone", "expired": "too-late"}.get(became),
        "code": secrets.token_urlsafe(16),
        "attempts": 0 if became == "expired" else 1,
        "accepted_at": sent if became in ("accepted", "opened") else None,
        "opened_at": tapped if became == "opened" else None,
    }
    ends = {
        "accepted": [("claimed", due), ("accepted", sent)],
        "opened": [("claimed", due), ("accepted", sent), ("opened", tapped)],
        "failed": [("claimed", due), ("failed", sent)],
        "expired": [("expired", due + LIVE_FOR)],
    }[became]
    return row, [_event(row, what, at) for what, at in [("planned", due - timedelta(hours=47)), *ends]]


def _event(row: dict[str, Any], what: str, at: datetime) -> dict[str, Any]:
    answer = {"status": ANSWERS.get(what), "origin": NOWHERE if what in ANSWERS else None}
    return {"service_id": row["service_id"], "delivery_id": row["id"], "what": what, "recorded_at": at, **answer}
