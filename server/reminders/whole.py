"""All that says when a client's reminders come, read for many clients at once, and what follows from it."""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from server.caseload.models import Episode
from server.entries.models import Contact, Revision
from server.extensions import among, db
from server.people.models import Client
from server.reminders import timetable
from server.reminders.facts import meetings_for
from server.reminders.models import Delivery, ReminderRule
from server.reminders.queries import readable_hours
from server.reminders.rules import Due
from server.reminders.timetable import Known, Rule

log = logging.getLogger(__name__)

ON_ITS_WAY = ("accepted", "claimed")


def coming_for(
    active: Sequence[ReminderRule], start: datetime, end: datetime
) -> dict[UUID, list[tuple[ReminderRule, Due]]]:
    """What comes for each of the clients whose rules these are, in seven queries however many there are."""
    clients = {rule.client_id for rule in active}
    gone, met, there = _gone_out(clients, start), meetings_for(clients), _last_there(clients, start)
    of_client: dict[UUID, list[ReminderRule]] = defaultdict(list)
    for rule in active:
        of_client[rule.client_id].append(rule)
    found = {}
    for client_id, own in of_client.items():
        values = [value for rule in own if (value := _value(rule, gone[client_id]))]
        zone = values[0].hours.zone if values else ZoneInfo("UTC")
        known = Known(
            signs=_days((*there[client_id], *(rule.created_at for rule in own)), zone),
            meetings=_days(met[client_id], zone),
            sent=Counter(row.local_date for row in gone[client_id] if row.kind == timetable.OWN),
        )
        by_id = {rule.id: rule for rule in own}
        found[client_id] = [(by_id[rule.key], due) for rule, due in timetable.coming(values, known, start, end)]
    return found


def _value(rule: ReminderRule, gone: Iterable) -> Rule | None:
    hours = readable_hours(rule)
    if hours is None:
        log.error("ALARM: reminder rule %s cannot be read and is left out.", rule.id)  # the others go on
        return None
    # Days on which an earlier rule about the same thing has reminded: a changed hour is no second reminder.
    taken = frozenset(
        row.local_date
        for row in gone
        if row.kind == timetable.OWN and row.assignment_id == rule.assignment_id and row.rule_id != rule.id
    )
    return Rule(rule.id, hours, rule.kind, rule.assignment_id, rule.steady, rule.most, taken)


def _gone_out(clients: Collection[UUID], start: datetime) -> dict[UUID, list]:
    # From the day before, wherever on earth: what went out yesterday there may be today here.
    rows = db.session.execute(
        select(Delivery.client_id, Delivery.rule_id, Delivery.local_date, ReminderRule.assignment_id, ReminderRule.kind)
        .join(ReminderRule, ReminderRule.id == Delivery.rule_id)
        .where(
            among(Delivery.client_id, clients),
            Delivery.local_date >= start.astimezone(UTC).date() - timedelta(days=1),
            Delivery.state.in_(ON_ITS_WAY),
        )
        .distinct()
    )
    found = defaultdict(list)
    for row in rows:
        found[row.client_id].append(row)
    return found


def _last_there(clients: Collection[UUID], start: datetime) -> dict[UUID, list[datetime]]:
    """When they last opened the app with a network, said something, opened a reminder, and began this course."""
    found = defaultdict(list)
    synced = select(Contact.client_id, func.max(Contact.at)).where(
        among(Contact.client_id, clients), Contact.at <= start
    )
    opened = select(Delivery.client_id, func.max(Delivery.opened_at)).where(
        among(Delivery.client_id, clients), Delivery.opened_at.is_not(None)
    )
    began = select(Episode.client_id, Episode.created_at).where(
        among(Episode.client_id, clients), Episode.closed_on.is_(None)
    )
    newest = select(Revision.received_at).where(Revision.client_id == Client.id, Revision.entered_by == "client")
    said = select(Client.id, newest.order_by(Revision.feed_seq.desc()).limit(1).scalar_subquery())
    for client_id, at in db.session.execute(said.where(among(Client.id, clients))):
        found[client_id] += [at] if at else []
    for last in (synced.group_by(Contact.client_id), opened.group_by(Delivery.client_id), began):
        for client_id, at in db.session.execute(last):
            found[client_id].append(at)
    return found


def _days(moments: Iterable[datetime], zone: ZoneInfo) -> frozenset[date]:
    return frozenset(at.astimezone(zone).date() for at in moments)
