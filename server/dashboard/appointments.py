"""The appointment: opens on the last interval's work; who came, the next date, a summary to copy."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import g, redirect, request, url_for
from marshmallow import ValidationError, validates_schema

from server.assignments import queries as assignments
from server.caseload import actions as caseload_actions
from server.caseload import queries as caseload
from server.caseload.rules import last_interval
from server.dashboard import dates, presenters
from server.dashboard.about_me import about_me_shown
from server.dashboard.again import agreed_lines
from server.dashboard.agenda import agenda_shown
from server.dashboard.barriers import NAMED, barrier
from server.dashboard.check_in_shown import agreed_here, both_sides, takeaway_shown
from server.dashboard.forms import Day, Form, OneOf, Typed, WallTime, Whole, blank, needed, read, wall
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.hand_over import hand_over_words
from server.dashboard.interval_work import interval_work
from server.dashboard.measures_shown import measures_shown
from server.dashboard.pages import page
from server.dashboard.responding import in_the_way
from server.dashboard.safety import waiting_here
from server.dashboard.same_time import again_shown
from server.dashboard.summary import summary_of
from server.engagement import actions as engagement
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people

WEEK = timedelta(days=7)
CAME = {code: words for code, words in presenters.ATTENDANCE.items() if code != "planned"}


class AttendanceForm(Typed):
    """What became of an appointment."""

    state = OneOf(CAME, **needed("Choose what became of this appointment."))


class BookingForm(Typed):
    """A new or moved appointment, in the service's own time."""

    day = Day(**needed("Enter the day, like 22/11/2026."))
    at = WallTime(**needed("Enter the time, like 13:30."))
    mode = OneOf(presenters.MODES, **needed("Choose how you meet."))
    minutes = Whole(5, 240, load_default=30)

    @validates_schema
    def fits(self, values, **_):
        """Not a year that was mistyped."""
        if values.get("day") and abs((values["day"] - g.now.date()).days) > 400:
            raise ValidationError("This day is more than a year away. Check the year.", "day")


@dashboard.get("/clients/<uuid:client_id>/appointments/<uuid:appointment_id>")
def show_appointment(client_id, appointment_id):
    """Opens on the interval's work, entry by entry."""
    client, episode, meeting, _ = theirs(client_id, appointment_id)
    return appointment_page(client, episode, meeting)


@dashboard.post("/clients/<uuid:client_id>/appointments/<uuid:appointment_id>/attendance")
def record_attendance(client_id, appointment_id):
    """Write down who came: an attended appointment closes one interval and opens the next."""
    client, episode, meeting, appointment = theirs(client_id, appointment_id)
    form = read(AttendanceForm)
    if not form.ok:
        return appointment_page(client, episode, meeting, attendance=form), 422
    try:
        with atomic():
            caseload_actions.record_attendance(
                appointment=appointment, episode=episode, state=form.values["state"], by=g.practitioner, now=g.now
            )
            engagement.refresh_all(client=client, now=g.now)
    except Refused as no:
        return appointment_page(client, episode, meeting, attendance=form.refuse(no)), 422
    return _back(client_id, appointment_id, saved="came", _anchor="came")


@dashboard.post("/clients/<uuid:client_id>/appointments/<uuid:appointment_id>/move")
def move_appointment(client_id, appointment_id):
    """Another day or time for the same appointment."""
    client, episode, meeting, appointment = theirs(client_id, appointment_id)
    form = read(BookingForm, prefix="move-")
    if not form.ok:
        return appointment_page(client, episode, meeting, move=form), 422
    with atomic():
        caseload_actions.move(
            appointment=appointment, starts_local=wall(form.values["day"], form.values["at"]),
            mode=form.values["mode"], by=g.practitioner, now=g.now,
        )  # fmt: skip
        engagement.refresh_all(client=client, now=g.now)
    return _back(client_id, appointment_id)


@dashboard.get("/clients/<uuid:client_id>/appointments/new")
def show_booking(client_id):
    """The form for a new appointment, a week after the last one by default."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    if episode.closed_on is not None:
        raise Refused("client-closed")
    looked_at(client)
    return _booking(client, _next_by_default(caseload.meetings_of([episode.id])[episode.id]))


@dashboard.post("/clients/<uuid:client_id>/appointments")
def book(client_id):
    """Book an appointment."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    form = read(BookingForm)
    if not form.ok:
        return _booking(client, form), 422
    zone = people.service_of(g.practitioner).zone
    with atomic():
        local = wall(form.values["day"], form.values["at"])
        made_id = _book(client, episode, local, zone, form.values["mode"], form.values["minutes"])
    return _back(client_id, made_id)


def theirs(client_id, appointment_id):
    """Client, episode, meeting and appointment, of one's own caseload. `Missing` otherwise."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    meeting, appointment = caseload.meeting_of(episode, appointment_id)
    return client, episode, meeting, appointment


def appointment_page(
    client, episode, meeting, attendance=None, move=None, refused=None, rating=None, takeaway=None
) -> str:
    """The page, with whichever form was just refused filled in as it was typed."""
    looked_at(client)
    zone = people.service_of(g.practitioner).zone
    interval = last_interval(assignments.intervals_of([episode], g.now)[episode.id], meeting.starts_at)
    meetings = caseload.meetings_of([episode.id])[episode.id]
    upcoming = next((m for m in meetings if m.state == "planned" and m.starts_at > max(g.now, meeting.starts_at)), None)
    parts = _parts(client, episode, meeting, interval, meetings, zone, refused, rating, takeaway)
    return page(
        "dashboard/appointment.html",
        client=client,
        appointment_id=meeting.appointment_id,
        when=dates.moment(meeting.starts_at, zone),
        mode=presenters.MODES[meeting.mode],
        state=presenters.ATTENDANCE[meeting.state],
        attendance=attendance or blank(state="" if meeting.state == "planned" else meeting.state),
        came=presenters.options(CAME),
        move=move or _as_booked(meeting),
        modes=presenters.options(presenters.MODES),
        choices=_choices(),
        closed=episode.closed_on is not None,
        same_time=None if episode.closed_on else again_shown(client, meeting, meetings),
        upcoming=upcoming and dates.moment(upcoming.starts_at, zone),
        handed=hand_over_words(client, episode),
        **parts,
        summary=summary_of(meeting, upcoming, zone, **parts),
        saved=request.args.get("saved", ""),
        made=request.args.get("made", ""),
        refused=[form for form in (attendance, move, rating, takeaway, *(refused or {}).values()) if form],
    )


def _parts(client, episode, meeting, interval, meetings, zone: str, refused, rating, takeaway) -> dict:
    """What the page is made of, from top to bottom; the summary is written from the same."""
    work = interval_work(client, episode, interval, meeting, meetings, refused)
    agreed = assignments.of_client(client)
    return {
        "about": about_me_shown(client, zone),
        "risks": waiting_here(client, zone),
        "agenda": agenda_shown(client, zone, meeting.appointment_id),
        "measures": measures_shown(client, episode, g.practitioner, meetings),
        "work": work,
        "in_the_way": in_the_way(client, meeting, work.to_look_at, agreed, zone),
        "lines": agreed_lines(client, agreed, str(meeting.appointment_id)),
        "check_in": both_sides(client, interval, meeting, work.check_in, rating),
        "agreed": agreed_here(agreed, meeting),
        "takeaway": takeaway_shown(client, meeting, takeaway),
    }


def _choices() -> dict:
    return {
        "marks": presenters.options(presenters.REVIEW_MARKS),
        "told": presenters.options(presenters.TOLD),
        "media": presenters.options(presenters.RECORDED_BY),
        "helped": presenters.options(presenters.HELPED),
        "barriers": presenters.options({code: barrier(code).words for code in NAMED}, "Nothing was named"),
    }


def _next_by_default(meetings) -> Form:
    last = meetings[-1] if meetings else None
    if last is None:
        return blank(mode="telephone", minutes=30)
    local = last.starts_at.astimezone(ZoneInfo(last.zone)) + WEEK
    while local < g.now:
        local += WEEK
    return blank(day=local.date().isoformat(), at=f"{local:%H:%M}", mode=last.mode, minutes=last.minutes)


def _as_booked(meeting) -> Form:
    local = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    typed = {"day": local.date().isoformat(), "at": f"{local:%H:%M}", "mode": meeting.mode}
    return blank(prefix="move-", **typed)


def _booking(client, form: Form) -> str:
    return page("dashboard/booking.html", client=client, form=form, modes=presenters.options(presenters.MODES))


def _book(client, episode, local: datetime, zone: str, mode: str, minutes: int):
    made = caseload_actions.book(
        episode=episode, practitioner=g.practitioner, starts_local=local, zone=zone, mode=mode, minutes=minutes,
        by=g.practitioner, now=g.now,
    )  # fmt: skip
    made_id = made.id
    engagement.refresh_all(client=client, now=g.now)
    return made_id


def _back(client_id, appointment_id, **said):
    return redirect(url_for(".show_appointment", client_id=client_id, appointment_id=appointment_id, **said), 303)
