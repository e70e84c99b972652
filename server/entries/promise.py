"""Work that nobody has read within the time the service promises its clients (docs/decisions/015)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select

from server.audit.models import AuditEvent
from server.entries.models import Entry, Revision
from server.extensions import db
from server.people.models import Service

SATURDAY = 5
SOON = timedelta(days=28)  # ahead of a closed day clients are told of it
# Pages on which the words of entries stand; and those that show what is on the agenda.
ENTRY_PAGES = ("show_appointment", "list_entries", "show_entry", "show_occurrences", "show_flag")
AGENDA_PAGES = (*ENTRY_PAGES, "show_client")


@dataclass(frozen=True)
class Unread:
    """How many things of a client wait longer than promised, and since when the first of them does."""

    count: int
    since: datetime


def closed_days(service: Service) -> frozenset[date]:
    """The days on which a service is closed besides weekends, as an administrator listed them."""
    return frozenset(date.fromisoformat(one) for one in service.closed_days)


def read_by(arrived: date, days: int, closed: Collection[date] = ()) -> date:
    """The last day of the promise: the `days`-th working day after the day something arrived.

    Working days are Monday to Friday without those on which the service is `closed`.
    """
    last = arrived
    while days > 0:
        last += timedelta(days=1)
        days -= last.weekday() < SATURDAY and last not in closed
    return last


def past_promise(today: date, days: int, closed: Collection[date] = ()) -> date:
    """The newest day of arrival whose promise is over: what came on it, or before, was to be read by yesterday."""
    arrived = today - timedelta(days=1)
    while read_by(arrived, days, closed) >= today:
        arrived -= timedelta(days=1)
    return arrived


def promise_told(service: Service, today: date) -> str:
    """The promise as clients are told it: the service's words, that working days count, and when it is closed soon."""
    said = [service.reading_promise.strip()]
    if service.reading_promise and service.reading_days is not None:
        said.append("We read on working days, Monday to Friday.")
    soon = sorted(one for one in closed_days(service) if today <= one <= today + SOON and one.weekday() < SATURDAY)
    if service.reading_promise and soon:
        named = [f"{one:%A} {one.day} {one:%B}" for one in soon]
        said.append(f"We are closed on {' and '.join([', '.join(named[:-1]), named[-1]] if named[1:] else named)}.")
    return " ".join(said)


def unread_past(service: Service, client_ids: Iterable[UUID], now: datetime) -> dict[UUID, Unread]:
    """What of these clients nobody has looked at in time; nothing where the service's promise names no days.

    Counted: worksheet entries and questions that came from a phone, were not removed, and are not kept for now. Read:
    any look of staff, after it first arrived, at a page on which it stands.
    """
    if service.reading_days is None:
        return {}
    zone = ZoneInfo(service.zone)
    newest = past_promise(now.astimezone(zone).date(), service.reading_days, closed_days(service))
    before = datetime.combine(newest + timedelta(days=1), datetime.min.time(), zone)
    ids = list(client_ids)
    looked = _looks(ids).subquery()
    at = case((Entry.subject_kind == "agenda", looked.c.agenda), else_=looked.c.entries)
    head = and_(Revision.client_id == Entry.client_id, Revision.revision_id == Entry.head_id)
    rows = db.session.execute(
        select(Entry.client_id, func.count(), func.min(Entry.first_received_at))
        .join(Revision, head)
        .outerjoin(looked, looked.c.client_id == Entry.client_id)
        .where(Entry.client_id.in_(ids), Entry.subject_kind.in_(("entry", "agenda")))
        .where(Entry.deleted.is_(False), Entry.kept.is_(False), Revision.device_id.is_not(None))
        .where(Entry.first_received_at < before, or_(at.is_(None), at < Entry.first_received_at))
        .group_by(Entry.client_id)
    )
    return {client_id: Unread(count, since) for client_id, count, since in rows}


def _looks(ids: list[UUID]):
    """When staff last looked at each kind of page of these clients."""
    page = AuditEvent.detail["page"].as_string()
    return (
        select(
            AuditEvent.client_id,
            func.max(case((page.in_(ENTRY_PAGES), AuditEvent.at))).label("entries"),
            func.max(AuditEvent.at).label("agenda"),
        )
        .where(AuditEvent.client_id.in_(ids), AuditEvent.verb == "client.seen", page.in_(AGENDA_PAGES))
        .group_by(AuditEvent.client_id)
    )
