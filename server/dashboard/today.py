"""Today: my appointments in order, and for each client what is worth knowing in fifteen seconds."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from flask import g, request, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.caseload.rules import Interval, last_interval
from server.dashboard import dates, figures, presenters
from server.dashboard.about_me import other_name
from server.dashboard.fifteen_seconds import in_lines
from server.dashboard.guard import dashboard
from server.dashboard.pages import page
from server.dashboard.safety import waiting_everywhere
from server.dashboard.urgent import alerts
from server.dashboard.whose import unread, whose
from server.engagement import queries as engagement
from server.engagement.attention import too_late, waiting_for_review
from server.engagement.rules import counts_until, interval_figures
from server.entries import agenda, personal
from server.entries import queries as entries
from server.people import queries as people
from server.reminders import asking
from server.reviews import queries as reviews
from server.reviews.first_look import looks

ATTENDED = {"attended": "nhsuk-tag--green", "missed": "nhsuk-tag--grey"}


@dashboard.get("/today")
def today():
    """The page people open forty times a day."""
    zone = people.service_of(g.practitioner).zone
    now_day = dates.local_day(g.now, zone)
    day = _day(request.args.get("day")) or now_day
    visits = caseload.day_of(g.practitioner, day, g.now)
    risks = waiting_everywhere(zone)
    mine = [line.client for line in caseload.clients_of(g.practitioner, g.now)]
    return page(
        "dashboard/today.html",
        heading=f"Today, {dates.day(day)}" if day == now_day else dates.day(day),
        is_today=day == now_day,
        before=(day - timedelta(days=1)).isoformat(),
        after=(day + timedelta(days=1)).isoformat(),
        visits=_visits(visits, risks, zone),
        count=presenters.counted(len(visits), "appointment"),
        risks=risks,
        alerts=alerts(zone),
        late=unread(zone),
        elsewhere=_elsewhere(mine, {visit.client.id for visit in visits}),
        unasked=_unasked(mine),
    )


def _visits(visits, risks: list[dict], zone: str) -> list[dict]:
    ids = [visit.client.id for visit in visits]
    contacts = entries.last_contacts(ids)
    meetings = caseload.meetings_of([visit.episode.id for visit in visits])
    intervals = assignments.intervals_of([visit.episode for visit in visits], g.now, meetings)
    shown = [last_interval(intervals[visit.episode.id], visit.meeting.starts_at) for visit in visits]
    since = min((interval.opens_at for interval in shown if interval), default=None)
    told = engagement.told_of(ids, g.now, contacts, since, _until(visits, shown, meetings))
    agreed, interpreted, names = agreed_with(ids), personal.with_interpreter(ids), personal.names_of(ids)
    unread, asked = entries.unread_counts(ids), agenda.waiting_counts(ids)
    reviewed = reviews.last_of({UUID(one.assignment_id) for each in told.values() for one in each})
    last_look = {str(assignment_id): at for assignment_id, at in reviewed.items()}
    flagged, covered = Counter(one["client_id"] for one in risks), whose(visits, zone, until=False)
    rows = []
    for visit, interval in zip(visits, shown, strict=True):
        key = visit.client.id
        mine = engagement.of_course(told[key], visit.episode)
        held = interval_figures(mine, interval, meetings[visit.episode.id], g.now)
        late = too_late(mine, interval)
        fresh = [o for o in (*held.told, *late) if waiting_for_review([o], last_look)]
        waiting = looks(
            risks=flagged[key], unreadable=unread.get(key, 0), questions=asked[key],
            came=Counter(o.assignment_id for o in fresh),
            not_done={o.assignment_id for o in fresh if o.state == "not_done"},
        )  # fmt: skip
        lines = in_lines(visit, interval, held, late, agreed[key], contacts[key], waiting, zone)
        row = _visit(visit, zone, lines, key in interpreted, covered.get(key, ""))
        rows.append({**row, "called": other_name(visit.client, names.get(key, ""))})
    return rows


def _until(visits, shown: list, meetings: dict) -> dict:
    """For each client, the moment after which nothing that is merely planned is in the figures of the page."""
    found: dict = {}
    for visit, interval in zip(visits, shown, strict=True):
        if interval:
            ends = counts_until(interval, meetings[visit.episode.id], g.now)
            found[visit.client.id] = max(ends, found.get(visit.client.id, ends))
    return found


def _visit(visit, zone: str, lines, interpreter: bool, covered: str) -> dict:
    client, meeting = visit.client, visit.meeting
    return {
        "time": dates.clock_time(meeting.starts_at, zone),
        "mode": presenters.MODES[meeting.mode],
        "interpreter": interpreter,
        "past": meeting.state != "planned",
        "name": client.preferred_name,
        "born": dates.birth_short(client.date_of_birth) if client.date_of_birth else "",
        "href": url_for(".show_appointment", client_id=client.id, appointment_id=meeting.appointment_id),
        "attendance": _attendance(meeting.state),
        "whose": covered,
        "lines": lines,
        "behind": occurrences_href(client.id, lines.interval),
    }


def agreed_with(client_ids) -> dict:
    """What is, or was, agreed with each client: client id -> assignment id as text -> `figures.Agreed`."""
    found: dict = {client_id: {} for client_id in client_ids}
    for one in assignments.of_clients(client_ids):
        found[one.assignment.client_id][str(one.assignment.id)] = figures.agreed_as(one)
    return found


def occurrences_href(client_id, interval: Interval | None, assignment_id=None) -> str:
    """The rows behind the figures of an interval, or of one task in it."""
    number = interval.number if interval else None
    return url_for(".show_occurrences", client_id=client_id, interval=number, assignment=assignment_id)


def _unasked(mine: list) -> list[dict]:
    """Whose reminders wait until they are asked, alone, how to reach them safely: where that is done."""
    waiting = asking.not_asked([client.id for client in mine])
    return [
        {"name": client.preferred_name, "href": url_for(".show_safe_contact", client_id=client.id)}
        for client in mine
        if client.id in waiting
    ]


def _elsewhere(mine: list, shown: set) -> list[dict]:
    clients = {client.id: client for client in mine}
    unread = entries.unread_counts([client_id for client_id in clients if client_id not in shown])
    return [
        {
            "name": clients[client_id].preferred_name,
            "href": url_for(".show_client", client_id=client_id) + "#unreadable",
            "why": f"{presenters.counted(count, 'thing')} they sent could not be read",
        }
        for client_id, count in unread.items()
    ]


def _attendance(state: str):
    if state == "planned":
        return None
    return presenters.Mark(state, presenters.ATTENDANCE[state], "", ATTENDED.get(state, "nhsuk-tag--white"))


def _day(given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        return None
