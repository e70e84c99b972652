"""Lay out the reminders to come, once each, and cancel those that are not to come any more."""

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.extensions import db, new_id
from server.people import actions as people
from server.reminders import rules
from server.reminders.facts import about, to_do
from server.reminders.models import Delivery, DeliveryEvent, ReminderRule
from server.reminders.queries import readable_hours
from server.reminders.rules import Due, Hours

log = logging.getLogger(__name__)


def plan(now: datetime, rule_ids: Iterable[UUID] | None = None) -> int:
    """Lay out the reminders of the next 48 hours. Planning again plans nothing twice. Returns how many are new."""
    wanted = ReminderRule.ended_at.is_(None) if rule_ids is None else ReminderRule.id.in_(list(rule_ids))
    active = db.session.scalars(select(ReminderRule).where(wanted, ReminderRule.ended_at.is_(None))).all()
    if not active:
        return 0
    done, taken = _planned_already(active, now), _dates_taken(active, now)
    todo = to_do({rule.client_id for rule in active}, *_days_around(now))
    new: dict[UUID, list[dict]] = defaultdict(list)
    for rule in active:
        hours = _hours(rule)
        for due in rules.moments(hours, now, now + rules.AHEAD, taken[rule.id]) if hours else []:
            if (due.local_date, due.slot) not in done[rule.id]:
                things = about(rule.assignment_id, todo[rule.client_id][due.local_date])
                new[rule.client_id].append(_delivery(rule, due, things))
    return sum(_insert(client_id, rows, now) for client_id, rows in sorted(new.items()))


def cancel(*wanted, why: str, now: datetime) -> int:
    """Cancel what is planned and not yet on its way. Returns how many."""
    rows = db.session.execute(
        update(Delivery)
        .where(*wanted, Delivery.state == "planned")
        .values(state="cancelled", why=why)
        .returning(Delivery.id, Delivery.service_id)
        .execution_options(synchronize_session=False)
    ).all()
    add_events(rows, "cancelled", now)
    db.session.expire_all()
    return len(rows)


def add_events(rows: Iterable, what: str, now: datetime, status: int | None = None) -> None:
    """Append what happened to these deliveries."""
    events = [
        {"service_id": row.service_id, "delivery_id": row.id, "what": what, "status": status, "recorded_at": now}
        for row in rows
    ]
    if events:
        db.session.execute(insert(DeliveryEvent), events)


def _hours(rule: ReminderRule) -> Hours | None:
    hours = readable_hours(rule)
    if hours is None:
        log.error("Reminder rule %s cannot be read and is left out.", rule.id)
    return hours


def _days_around(now: datetime) -> tuple[date, date]:
    # The dates it can be anywhere on earth, from now to 48 hours ahead.
    return now.astimezone(UTC).date() - timedelta(days=1), (now + rules.AHEAD).astimezone(UTC).date() + timedelta(
        days=1
    )


def _planned_already(active: list[ReminderRule], now: datetime) -> dict[UUID, set[tuple[date, str]]]:
    found: dict[UUID, set[tuple[date, str]]] = defaultdict(set)
    rows = db.session.execute(
        select(Delivery.rule_id, Delivery.local_date, Delivery.slot).where(
            Delivery.rule_id.in_([rule.id for rule in active]), Delivery.local_date >= _days_around(now)[0]
        )
    )
    for row in rows:
        found[row.rule_id].add((row.local_date, row.slot))
    return found


def _dates_taken(active: list[ReminderRule], now: datetime) -> dict[UUID, frozenset[date]]:
    # Days on which an earlier rule about the same thing has reminded: a changed hour is no second reminder.
    rows = db.session.execute(
        select(Delivery.client_id, Delivery.rule_id, Delivery.local_date, ReminderRule.assignment_id)
        .join(ReminderRule, ReminderRule.id == Delivery.rule_id)
        .where(
            Delivery.client_id.in_({rule.client_id for rule in active}),
            Delivery.local_date >= _days_around(now)[0],
            Delivery.state.in_(("accepted", "claimed")),
        )
    ).all()
    return {
        rule.id: frozenset(
            row.local_date
            for row in rows
            if (row.client_id, row.assignment_id) == (rule.client_id, rule.assignment_id) and row.rule_id != rule.id
        )
        for rule in active
    }


def _delivery(rule: ReminderRule, due: Due, things: list) -> dict:
    # A click opens the task where there is no doubt which; otherwise what is planned today.
    one = things[0] if len({thing.assignment_id for thing in things}) == 1 else None
    return {
        "id": new_id(),
        "service_id": rule.service_id,
        "client_id": rule.client_id,
        "rule_id": rule.id,
        "assignment_id": one.assignment_id if one else rule.assignment_id,
        "occurrence_slot": one.slot if one else None,
        "local_date": due.local_date,
        "slot": due.slot,
        "channel": rule.channel,
        "due_at": due.due_at,
        "expires_at": due.expires_at,
        "state": "planned",
        "attempts": 0,
        "code": secrets.token_urlsafe(16),
    }


def _insert(client_id: UUID, rows: list[dict], now: datetime) -> int:
    first = people.next_feed(client_id, len(rows))
    for number, row in enumerate(rows):
        row["feed_seq"] = first + number
    kind = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    # Two planners at once: the second finds the row there, by (rule, local date, slot, channel).
    statement = kind.insert(Delivery).on_conflict_do_nothing().returning(Delivery.id, Delivery.service_id)
    kept = db.session.execute(statement, rows).all()
    add_events(kept, "planned", now)
    return len(kept)
