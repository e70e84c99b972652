"""Work that nobody has read within the time the service promises its clients (docs/decisions/015)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, literal, select

from server.entries.models import HEAD, Entry, EntryShown, Revision
from server.extensions import Moment, db, inserting
from server.people.models import Service

SATURDAY = 5
SOON = timedelta(days=28)  # ahead of a closed day clients are told of it
READ = ("entry", "agenda")  # what carries words to read; one-tap answers do not


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
    its words stood on a page that staff opened (`mark_shown`), whatever else of the client they looked at.
    """
    if service.reading_days is None:
        return {}
    zone = ZoneInfo(service.zone)
    newest = past_promise(now.astimezone(zone).date(), service.reading_days, closed_days(service))
    before = datetime.combine(newest + timedelta(days=1), datetime.min.time(), zone)
    ids = list(client_ids)
    rows = db.session.execute(
        select(Entry.client_id, func.count(), func.min(Entry.first_received_at))
        .join(Revision, HEAD)
        .where(Entry.client_id.in_(ids), Entry.subject_kind.in_(READ), Entry.first_received_at < before, ~_shown())
        .where(Entry.deleted.is_(False), Entry.kept.is_(False), Revision.device_id.is_not(None))
        .group_by(Entry.client_id)
    )
    return {client_id: Unread(count, since) for client_id, count, since in rows}


def mark_shown(client_id: UUID, entry_ids: Iterable[UUID], now: datetime) -> None:
    """Write down that the words of these entries stand on a page of staff, for those of which it is new.

    Once per entry, in one statement: a second look writes nothing, and two at once do not meet.
    """
    new = (
        select(Entry.client_id, Entry.entry_id, Entry.service_id, literal(now, Moment()))
        .where(Entry.client_id == client_id, Entry.entry_id.in_(list(entry_ids)), Entry.subject_kind.in_(READ))
        .where(~_shown())
        .order_by(Entry.entry_id)  # two looks at once take them in one order
    )
    columns = ["client_id", "entry_id", "service_id", "shown_at"]
    db.session.execute(inserting(EntryShown).from_select(columns, new).on_conflict_do_nothing())


def _shown():
    here = (EntryShown.client_id == Entry.client_id, EntryShown.entry_id == Entry.entry_id)
    return select(EntryShown.entry_id).where(*here).correlate(Entry).exists()
