"""Lay out the reminders to come, once each, and cancel those that are not to come any more."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from server.extensions import among, db, inserting, new_id
from server.people import actions as people
from server.reminders import rules
from server.reminders.facts import about, to_do
from server.reminders.models import EVENTS, Delivery, DeliveryEvent, ReminderRule
from server.reminders.rules import Due
from server.reminders.whole import coming_for

NOT_NOW = "not-now"  # as things stood: somebody silent, or an appointment that is not


def plan(now: datetime, rule_ids: Iterable[UUID] | None = None) -> int:
    """Lay out the reminders of the next 48 hours. Planning again plans nothing twice. Returns how many are new."""
    active = _of_the_same_clients(rule_ids)
    if not active:
        return 0
    done, wanted = _planned_already(active, now), []
    for pairs in coming_for(active, now, now + rules.AHEAD).values():
        for rule, due in pairs:
            planned = done[rule.id].pop((due.local_date, due.slot), None)
            if planned is not None:
                _settle(planned, due, rule.channel)
            else:
                wanted.append((rule, due))
    _take_back(done, now)
    return insert_deliveries(_deliveries(wanted, now), now)


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


def add_events(rows: Iterable, what: str, now: datetime) -> None:
    """Append what happened to these deliveries, by a word of `EVENTS`."""
    if what not in EVENTS:
        raise ValueError(what)
    append_events([event_of(row, what, now) for row in rows])


def event_of(row, what: str, now: datetime, status: int | None = None, origin: str = "") -> dict:
    """What happened to one delivery, as a row: `status` is what the message service answered, `origin` which it was."""
    known = {"service_id": row.service_id, "delivery_id": row.id}
    return {**known, "what": what, "status": status, "origin": origin or None, "recorded_at": now}


def append_events(events: Sequence[dict]) -> None:
    """Append these rows, as `event_of` makes them."""
    if events:
        # Asked for a number, so that they go in one statement instead of one each.
        db.session.execute(insert(DeliveryEvent).returning(DeliveryEvent.id), events)


def _of_the_same_clients(rule_ids: Iterable[UUID] | None) -> list[ReminderRule]:
    # All the hours of a client together say which of them come.
    active = select(ReminderRule).where(ReminderRule.ended_at.is_(None))
    if rule_ids is not None:
        whose = select(ReminderRule.client_id).where(among(ReminderRule.id, list(rule_ids)))
        active = active.where(ReminderRule.client_id.in_(whose))
    return list(db.session.scalars(active.order_by(ReminderRule.id)))


def _days_around(now: datetime) -> tuple[date, date]:
    # The dates it can be anywhere on earth, from now to 48 hours ahead.
    return now.astimezone(UTC).date() - timedelta(days=1), (now + rules.AHEAD).astimezone(UTC).date() + timedelta(
        days=1
    )


def _planned_already(active: list[ReminderRule], now: datetime) -> dict[UUID, dict[tuple[date, str], Row]]:
    found: dict[UUID, dict[tuple[date, str], Row]] = defaultdict(dict)
    rows = db.session.execute(
        select(
            Delivery.id,
            Delivery.rule_id,
            Delivery.local_date,
            Delivery.slot,
            Delivery.state,
            Delivery.due_at,
            Delivery.why,
            Delivery.attempts,
        ).where(among(Delivery.rule_id, [rule.id for rule in active]), Delivery.local_date >= _days_around(now)[0])
    )
    for row in rows:
        found[row.rule_id][row.local_date, row.slot] = row
    return found


def _settle(planned: Row, due: Due, channel: str) -> None:
    # The same local time is another moment than it was when this was planned: the zone's own rules have changed.
    # What was taken back is wanted again: somebody who was silent is there, or an appointment is booked anew.
    again = planned.state == "cancelled" and planned.why == NOT_NOW
    if again or (planned.state == "planned" and planned.due_at != due.due_at):
        held = update(Delivery).where(Delivery.id == planned.id, Delivery.state == planned.state)
        way = {"channel": channel} if again else {}  # the client may have chosen another meanwhile
        moment = {"due_at": due.due_at, "expires_at": due.expires_at, "state": "planned", "why": None}
        db.session.execute(held.values(**moment, **way))


def _take_back(left: dict[UUID, dict[tuple[date, str], Row]], now: datetime) -> None:
    """Cancel what was planned for later and does not come any more as things stand now."""
    gone = [
        row.id
        for rows in left.values()
        for row in rows.values()
        if row.state == "planned" and row.due_at >= now and row.attempts == 0
    ]
    if gone:
        cancel(among(Delivery.id, gone), Delivery.attempts == 0, why=NOT_NOW, now=now)


def _deliveries(wanted: Sequence[tuple[ReminderRule, Due]], now: datetime) -> dict[UUID, list[dict]]:
    """As rows, by client. What is agreed is looked up for those alone that have something new to come."""
    todo = to_do({rule.client_id for rule, _ in wanted}, *_days_around(now)) if wanted else {}
    new: dict[UUID, list[dict]] = defaultdict(list)
    for rule, due in wanted:
        new[rule.client_id].append(
            _delivery(rule, due, about(rule.assignment_id, todo[rule.client_id][due.local_date]))
        )
    return new


def _delivery(rule: ReminderRule, due: Due, things: list) -> dict:
    # A click opens the task where there is no doubt which; otherwise what is planned today.
    one = things[0] if len({thing.assignment_id for thing in things}) == 1 else None
    return {
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
    }


def insert_deliveries(of_client: Mapping[UUID, list[dict]], now: datetime) -> int:
    """Append planned deliveries of these clients; what is there already stays as it is. Returns how many are new.

    Each as what it stands for, which way and when; how it begins is the same for all.
    """
    if not of_client:
        return 0
    first = people.next_feeds({client_id: len(rows) for client_id, rows in of_client.items()})
    rows = [
        {**row, **_fresh(), "feed_seq": first[client_id] + number}
        for client_id, some in sorted(of_client.items())
        for number, row in enumerate(some)
    ]
    # Two planners at once: the second finds the row there, by (rule, local date, slot, channel).
    statement = inserting(Delivery).on_conflict_do_nothing().returning(Delivery.id, Delivery.service_id)
    kept = db.session.execute(statement, rows).all()
    add_events(kept, "planned", now)
    return len(kept)


def _fresh() -> dict:
    return {"id": new_id(), "state": "planned", "attempts": 0, "code": secrets.token_urlsafe(16)}
