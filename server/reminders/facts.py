"""What is known about deliveries just before they are sent, however many, in a handful of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from server.assignments.models import Assignment, AssignmentVersion, Occurrence
from server.caseload.models import Episode
from server.caseload.queries import meetings_of
from server.extensions import among, db
from server.people.models import Device
from server.reminders.models import Delivery, PushSubscription, ReminderRule
from server.reminders.queries import is_live, readable_hours
from server.reminders.rules import Facts, Hours
from server.reminders.timetable import BEFORE, OWN

MET = ("planned", "attended")


@dataclass(frozen=True)
class ToDo:
    """One agreed thing that is open on a day: with the slot to fill, or without one (whenever it happens)."""

    assignment_id: UUID
    slot: str | None


def live_phones(client_ids: Iterable[UUID]) -> dict[UUID, list[PushSubscription]]:
    """The subscriptions that can be sent to, per client, the one the app confirmed last first."""
    rows = db.session.scalars(
        select(PushSubscription)
        .join(Device, Device.id == PushSubscription.device_id)
        .where(among(PushSubscription.client_id, set(client_ids)), *is_live())
        .order_by(PushSubscription.confirmed_at.desc(), PushSubscription.id.desc())
    )
    phones: dict[UUID, list[PushSubscription]] = defaultdict(list)
    for row in rows:
        phones[row.client_id].append(row)
    return phones


def to_do(client_ids: Iterable[UUID], first: date, last: date) -> dict[UUID, dict[date, list[ToDo]]]:
    """What is agreed, open and not done yet, per client and local day from `first` to `last`."""
    clients = set(client_ids)
    found: dict[UUID, dict[date, list[ToDo]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(_open_occurrences(clients, first, last)):
        begins, ends = (row.moved_to,) * 2 if row.state == "moved" else (row.opens_on, row.due_on)
        for day in _days(max(begins, first), min(ends, last)):
            found[row.client_id][day].append(ToDo(row.assignment_id, row.slot))
    for row in db.session.execute(_open_versions(clients)):
        if row.rhythm.get("kind") == "event":
            for day in _days(max(row.from_date, first), min(row.until_date or last, last)):
                found[row.client_id][day].append(ToDo(row.assignment_id, None))
    return found


def meetings_for(clients: Iterable[UUID]) -> dict[UUID, list[datetime]]:
    """Appointments that took place or are to take place. One that was missed or cancelled brings nobody back."""
    open_ones = select(Episode.id, Episode.client_id)
    rows = db.session.execute(open_ones.where(among(Episode.client_id, set(clients)), Episode.closed_on.is_(None)))
    episodes = {row.id: row.client_id for row in rows}
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for episode_id, meetings in meetings_of(episodes).items():
        found[episodes[episode_id]] += [one.starts_at for one in meetings if one.state in MET]
    return found


def facts_of(deliveries: Sequence[Delivery], phones: Mapping[UUID, Sequence[PushSubscription]]) -> dict[UUID, Facts]:
    """What the last check needs to know of each delivery, in a few queries however many there are.

    `phones`: those that can be sent to, as `live_phones` has them.
    """
    clients = {row.client_id for row in deliveries}
    days = [row.local_date for row in deliveries]
    rules_by_id = {
        rule.id: rule for rule in db.session.scalars(select(ReminderRule).where(among(ReminderRule.client_id, clients)))
    }
    own = [rule for rule in rules_by_id.values() if rule.ended_at is None and rule.kind == OWN]
    active, most = Counter(rule.client_id for rule in own), _most(own)
    in_care = set(
        db.session.scalars(
            select(Episode.client_id).where(among(Episode.client_id, clients), Episode.closed_on.is_(None))
        )
    )
    open_things = to_do(clients, min(days), max(days))
    same_days, met = _sent_or_sending(clients, days), meetings_for(clients)
    return {
        row.id: Facts(
            due_at=row.due_at,
            expires_at=row.expires_at,
            local_date=row.local_date,
            hours=_active_hours(rules_by_id[row.rule_id]),
            in_care=row.client_id in in_care,
            to_do=_wanted(
                rules_by_id[row.rule_id], row.local_date, open_things[row.client_id], met.get(row.client_id, ())
            ),
            sent_that_day=_before(row, same_days[row.client_id, row.local_date]),
            rules=active[row.client_id],
            phones=len(phones.get(row.client_id, ())) if row.channel == "push" else 1,
            most=most.get(row.client_id),
            counts=rules_by_id[row.rule_id].kind == OWN,
        )
        for row in deliveries
    }


def about(assignment_id: UUID | None, things: list[ToDo]) -> list[ToDo]:
    """Those of the things that a rule is for: one assignment, or (None) anything."""
    return [thing for thing in things if assignment_id in (None, thing.assignment_id)]


def _wanted(rule: ReminderRule, day: date, things: dict[date, list[ToDo]], met: Iterable[datetime]) -> bool:
    if rule.kind == BEFORE:
        hours = _active_hours(rule)
        return hours is not None and day + timedelta(days=1) in {at.astimezone(hours.zone).date() for at in met}
    return bool(about(rule.assignment_id, things[day]))


def _most(own: Iterable[ReminderRule]) -> dict[UUID, int]:
    said: dict[UUID, int] = {}
    for rule in own:
        if rule.most is not None:
            said[rule.client_id] = max(rule.most, said.get(rule.client_id, 0))
    return said


def _active_hours(rule: ReminderRule) -> Hours | None:
    return readable_hours(rule) if rule.ended_at is None else None


def _sent_or_sending(clients: set[UUID], days: list[date]) -> dict[tuple[UUID, date], list[tuple[str, UUID]]]:
    rows = db.session.execute(
        select(Delivery.client_id, Delivery.local_date, Delivery.state, Delivery.id)
        .join(ReminderRule, ReminderRule.id == Delivery.rule_id)
        .where(
            among(Delivery.client_id, clients),
            Delivery.local_date.in_(set(days)),
            Delivery.state.in_(("accepted", "claimed")),
            ReminderRule.kind == OWN,
        )
    )
    found: dict[tuple[UUID, date], list[tuple[str, UUID]]] = defaultdict(list)
    for row in rows:
        found[row.client_id, row.local_date].append((row.state, row.id))
    return found


def _before(delivery: Delivery, others: list[tuple[str, UUID]]) -> int:
    # Of two on their way at once the elder goes first, so that both workers count the same.
    return sum(state == "accepted" or other < delivery.id for state, other in others if other != delivery.id)


def _open_occurrences(clients: set[UUID], first: date, last: date):
    return (
        select(
            Occurrence.client_id, Occurrence.assignment_id, Occurrence.slot, Occurrence.state,
            Occurrence.opens_on, Occurrence.due_on, Occurrence.moved_to,
        )
        .join(Assignment, Assignment.id == Occurrence.assignment_id)
        .where(
            among(Occurrence.client_id, clients),
            Assignment.state == "open",
            or_(
                and_(Occurrence.state == "open", Occurrence.opens_on <= last, Occurrence.due_on >= first),
                and_(Occurrence.state == "moved", Occurrence.moved_to.between(first, last)),
            ),
        )
        .order_by(Occurrence.due_at, Occurrence.slot)
    )  # fmt: skip


def _open_versions(clients: set[UUID]):
    newest = and_(AssignmentVersion.assignment_id == Assignment.id, AssignmentVersion.number == Assignment.version)
    return (
        select(
            Assignment.client_id, AssignmentVersion.assignment_id, AssignmentVersion.rhythm,
            AssignmentVersion.from_date, AssignmentVersion.until_date,
        )
        .join(AssignmentVersion, newest)
        .where(among(Assignment.client_id, clients), Assignment.state == "open")
    )  # fmt: skip


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
