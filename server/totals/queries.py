"""Count a whole service afresh from its rows and its weekly cache, and look at what was counted last."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select

from server.assignments.models import STORED, Assignment, AssignmentVersion, ClientWeek, Occurrence
from server.assignments.queries import closed_at
from server.assignments.quick_sql import counts_as_practice
from server.assignments.weeks import monday
from server.caseload.models import Appointment, Attendance, Episode
from server.engagement.rules import ATTEMPTED, weeks
from server.entries.models import Contact
from server.entries.queries import last_contacts
from server.extensions import db
from server.people.equity import EQUITY
from server.people.equity_queries import equity_of
from server.people.models import Client, Device, Practitioner, Service
from server.totals.app_use import app_use_of
from server.totals.measuring import measures_of
from server.totals.models import ServiceTotal, TotalSetting
from server.totals.rules import FEWEST_EVER, HIDE_UP_TO, Silent, Spread, equity_counts, line
from server.totals.window import Window, window
from server.worksheets.own_queries import is_own

AT_ONCE = 500  # clients asked about in one look
SILENT_STATES = ("open", "moved")
FREE, OWN = "free", "own"


def held(service_id: UUID) -> ServiceTotal | None:
    """What was counted last for a service."""
    return db.session.get(ServiceTotal, service_id)


def hide_up_to(service_id: UUID) -> int:
    """Up to how many people are hidden in this service's breakdowns and copies."""
    found = db.session.scalar(
        select(TotalSetting.hide_up_to)
        .where(TotalSetting.service_id == service_id)
        .order_by(TotalSetting.id.desc())
        .limit(1)
    )
    return max(found, FEWEST_EVER) if found is not None else HIDE_UP_TO


def services_to_count(before: datetime) -> list[UUID]:
    """Services whose last count is older than that, or that have none."""
    return list(
        db.session.scalars(
            select(Service.id)
            .outerjoin(ServiceTotal, ServiceTotal.service_id == Service.id)
            .where((ServiceTotal.counted_at.is_(None)) | (ServiceTotal.counted_at < before))
            .order_by(ServiceTotal.counted_at.is_not(None), ServiceTotal.counted_at)
        )
    )


def service_to_count(service_id: UUID) -> Service:
    """One of those, for the tick."""
    return db.session.get(Service, service_id)


def count(service: Service, now: datetime) -> dict:
    """Everything the service page shows, in exact numbers, as of `now`. It changes nothing."""
    over = window(service.zone, now)
    open_in = _clients_in(service.id, over)
    spread = _spread(service.id, over, now)
    paired = _with_phone(service.id)
    return {
        "first": over.first.isoformat(),
        "last_contact": _last_contact(service.id),
        "weeks": _weeks(service.id, over, spread),
        "worksheets": _worksheets(service.id, over, spread),
        "after_end": _after_end(service.id, over),
        "clients": _people(open_in, spread, paired),
        "equity": _equity(service, open_in, spread, paired),
        "app": app_use_of(service.id, over),
        **measures_of(service.id, over),
    }


def cached_weeks(service_id: UUID, over: Window) -> dict[date, dict[str, int]]:
    """Monday → stored state → count, from the cache that each sync keeps in step (`client_week`)."""
    columns = [func.sum(getattr(ClientWeek, state)) for state in STORED]
    rows = db.session.execute(
        select(ClientWeek.week, *columns)
        .where(ClientWeek.service_id == service_id, ClientWeek.week >= over.first, ClientWeek.week < over.after)
        .group_by(ClientWeek.week)
    )
    found = weeks((row[0], {state: int(n) for state, n in zip(STORED, row[1:], strict=True)}) for row in rows)
    return {one.monday: dict(one.counts) for one in found}


def _spread(service_id: UUID, over: Window, now: datetime) -> Spread:
    """The states of every time that fell due: what was answered as it is stored, the rest by the last contact."""
    spread = Spread()
    for client_id, worksheet, due_on, state, number in _answered(service_id, over):
        spread.add(monday(due_on), worksheet, str(client_id), state, number)
    silent = _silent(service_id, over)
    emptied = _emptied({UUID(one.client) for one in silent})
    for one in silent:
        state = one.state(emptied.get(one.client), now)
        if state:
            spread.add(one.week, one.worksheet, one.client, state)
    return spread


def _due_in(service_id: UUID, over: Window):
    o = Occurrence
    return and_(o.service_id == service_id, o.due_on >= over.first, o.due_on < over.after)


def _answered(service_id: UUID, over: Window):
    o = Occurrence
    return db.session.execute(
        select(o.client_id, Assignment.worksheet_id, o.due_on, o.state, func.count())
        .join(Assignment, Assignment.id == o.assignment_id)
        .where(_due_in(service_id, over), o.state.not_in((*SILENT_STATES, "withdrawn")))
        .group_by(o.client_id, Assignment.worksheet_id, o.due_on, o.state)
    )


def _silent(service_id: UUID, over: Window) -> list[Silent]:
    o, v = Occurrence, AssignmentVersion
    rows = db.session.execute(
        select(o.client_id, Assignment.worksheet_id, o.due_on, o.state, o.due_at, v.rhythm["kind"].as_string())
        .join(Assignment, Assignment.id == o.assignment_id)
        .join(v, and_(v.assignment_id == o.assignment_id, v.number == o.version))
        .where(_due_in(service_id, over), o.state.in_(SILENT_STATES))
    )
    return [
        Silent(str(client), worksheet, monday(due_on), state, due_at, kind == "event")
        for client, worksheet, due_on, state, due_at, kind in rows
    ]


def _after_end(service_id: UUID, over: Window) -> int:
    """How much practice was answered after the last day of its course: in these totals, and in no interval."""
    o = Occurrence
    rows = db.session.execute(
        select(Episode, o.done_at, o.due_at)
        .join(o, o.episode_id == Episode.id)
        .join(Assignment, Assignment.id == o.assignment_id)
        .where(_due_in(service_id, over), o.state.in_((*ATTEMPTED, "not_done")))
        .where(counts_as_practice(Assignment.worksheet_id))
        .where(Episode.closed_on.is_not(None), o.due_on >= Episode.closed_on)
    )
    return sum(min(done_at or due_at, due_at) >= closed_at(episode) for episode, done_at, due_at in rows)


def _emptied(client_ids: set[UUID]) -> dict[str, datetime | None]:
    found: dict[str, datetime | None] = {}
    for some in _batches(sorted(client_ids)):
        found |= {str(who): one.emptied_at for who, one in last_contacts(some).items()}
    return found


def _batches(ids: list[UUID]) -> Iterator[list[UUID]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _weeks(service_id: UUID, over: Window, spread: Spread) -> list[dict]:
    cached, meetings = cached_weeks(service_id, over), _meetings(service_id, over)
    agreed, phones = _agreed(service_id, over), _phones(service_id, over)
    found = []
    for week in over.mondays:
        told = spread.weeks.get(week, {})
        # what was answered comes from the cache; only the silent, whose state depends on the moment, from their rows
        silence = {state: told.get(state, 0) for state in ("no_answer", "unknown")}
        found.append(
            {
                "monday": week.isoformat(),
                "agreed": agreed.get(week, 0),
                **line({**cached.get(week, {}), **silence}),
                "attended": meetings.get((week, "attended"), 0),
                "missed": meetings.get((week, "missed"), 0),
                "cancelled": sum(meetings.get((week, f"cancelled_by_{who}"), 0) for who in ("client", "service")),
                "phones": phones.get(week, 0),
            }
        )
    return found


def _by_week(rows) -> dict:
    found: dict = {}
    for day, number in rows:
        found[monday(day)] = found.get(monday(day), 0) + number
    return found


def _agreed(service_id: UUID, over: Window) -> dict[date, int]:
    """New assignments by the week in which they were agreed, without what asks about practice."""
    a = Assignment
    return _by_week(
        db.session.execute(
            select(a.agreed_on, func.count())
            .join(Client, Client.id == a.client_id)
            .where(Client.service_id == service_id, a.agreed_on >= over.first, a.agreed_on < over.after)
            .where(counts_as_practice(a.worksheet_id))
            .group_by(a.agreed_on)
        )
    )


def _meetings(service_id: UUID, over: Window) -> dict[tuple[date, str], int]:
    """(Monday, state) → appointments, each by its newest attendance; an appointment of two people is two."""
    newest = (
        select(func.max(Attendance.id).label("id"), Appointment.local_date.label("day"))
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .join(Practitioner, Practitioner.id == Appointment.practitioner_id)
        .where(Practitioner.service_id == service_id)
        .where(Appointment.local_date >= over.first, Appointment.local_date < over.after)
        .group_by(Attendance.appointment_id, Attendance.episode_id, Appointment.local_date)
        .subquery()
    )
    rows = db.session.execute(
        select(newest.c.day, Attendance.state, func.count())
        .join(Attendance, Attendance.id == newest.c.id)
        .group_by(newest.c.day, Attendance.state)
    )
    found: dict[tuple[date, str], int] = {}
    for day, state, number in rows:
        found[monday(day), state] = found.get((monday(day), state), 0) + number
    return found


def _phones(service_id: UUID, over: Window) -> dict[date, int]:
    """People whose phone was in contact at least once in the week, by UTC weeks."""
    found = {}
    for week in over.mondays:
        begins = datetime.combine(week, time(), tzinfo=UTC)
        found[week] = db.session.scalar(
            select(func.count(Contact.client_id.distinct()))
            .join(Client, Client.id == Contact.client_id)
            .where(Client.service_id == service_id, Contact.hour >= begins, Contact.hour < begins + timedelta(days=7))
        )
    return found


def _worksheets(service_id: UUID, over: Window, spread: Spread) -> list[dict]:
    """A line for each worksheet something was due of or agreed of; all own tasks in one, all free tasks in one."""
    a = Assignment
    agreed = dict(
        db.session.execute(
            select(a.worksheet_id, func.count())
            .join(Client, Client.id == a.client_id)
            .where(Client.service_id == service_id, a.agreed_on >= over.first, a.agreed_on < over.after)
            .group_by(a.worksheet_id)
        ).all()
    )
    found: dict[str, dict[str, int]] = {}
    for worksheet in {*agreed, *spread.worksheets}:
        of = found.setdefault(_named(worksheet), {})
        for name, number in {"agreed": agreed.get(worksheet, 0), **line(spread.worksheets.get(worksheet, {}))}.items():
            of[name] = of.get(name, 0) + number
    return [{"worksheet": name, **counts} for name, counts in sorted(found.items())]


def _named(worksheet_id: str | None) -> str:
    return FREE if worksheet_id is None else OWN if is_own(worksheet_id) else worksheet_id


def _clients_in(service_id: UUID, over: Window) -> dict[str, str]:
    """Client → language, of everybody whose course was open in the window."""
    e = Episode
    rows = db.session.execute(
        select(Client.id, Client.language)
        .join(e, e.client_id == Client.id)
        .where(Client.service_id == service_id, e.opened_on < over.after)
        .where((e.closed_on.is_(None)) | (e.closed_on >= over.first))
    )
    return {str(client_id): language for client_id, language in rows}


def _with_phone(service_id: UUID) -> set[str]:
    rows = db.session.scalars(
        select(Device.client_id)
        .join(Client, Client.id == Device.client_id)
        .where(Client.service_id == service_id, Device.revoked_at.is_(None), Device.ended_at.is_(None))
    )
    return {str(client_id) for client_id in rows}


def _last_contact(service_id: UUID) -> str | None:
    """When any phone of the service was last in contact: beside every nought stands when we could have known."""
    at = db.session.scalar(
        select(func.max(Device.last_contact_at))
        .join(Client, Client.id == Device.client_id)
        .where(Client.service_id == service_id)
    )
    return at.isoformat() if at else None


def _people(open_in: dict[str, str], spread: Spread, paired: set[str]) -> dict[str, int]:
    """The same counts of people as the equity breakdowns, of everybody together."""
    everybody = equity_counts(dict.fromkeys(open_in, "all"), spread, paired, ["all"])["all"]
    return dict(zip(("open", "due", "tried", "phone"), everybody, strict=True))


def _equity(service: Service, open_in: dict[str, str], spread: Spread, paired: set[str]) -> dict[str, dict]:
    """Field → code → counts of people. Codes are in the order they are shown."""
    said = {str(client_id): fields for client_id, fields in equity_of(service).items()}
    found = {}
    for name, codes in EQUITY.items():
        groups = {client: said.get(client, {}).get(name) for client in open_in}
        found[name] = equity_counts(groups, spread, paired, codes)
    found["language"] = equity_counts(dict(open_in), spread, paired, sorted(set(open_in.values())))
    return found
