"""The button *Same time next week*: it names the day it books, and says what stands in the way of the one before."""

from datetime import datetime

from flask import g, redirect, url_for

from server.caseload import actions as caseload_actions
from server.caseload import queries as caseload
from server.caseload.bookings import is_busy
from server.caseload.same_time import same_time
from server.dashboard import dates
from server.dashboard.forms import Typed, Words, needed, read
from server.dashboard.guard import dashboard
from server.engagement import actions as engagement
from server.extensions import atomic

MINUTE = "%Y-%m-%dT%H:%M"


class AgainForm(Typed):
    """Which time the page offered."""

    starts = Words(longest=16, **needed("Choose a time."))


def again_shown(client, meeting, meetings) -> dict | None:
    """The time that would be booked, in words, with what has to be said of it. None where there is none."""
    found = same_time(meeting, meetings, g.now)
    if found is None:
        return None
    starts = dates.in_utc(found.starts_local, meeting.zone)
    said = []
    if found.passed:
        said.append("Next week’s time has passed.")
    if found.booked:
        said.append("An earlier week is booked already.")
    if is_busy(g.practitioner, found.starts_local.date(), starts, client.id):
        said.append("You have another client then.")
    weeks = "next week" if found.weeks == 1 else f"in {found.weeks} weeks"
    return {
        "action": url_for(".book_again", client_id=client.id, appointment_id=meeting.appointment_id),
        "starts": found.starts_local.strftime(MINUTE),
        "words": f"Same time {weeks}: {dates.moment(starts, meeting.zone)}",
        "said": " ".join(said),
    }


@dashboard.post("/clients/<uuid:client_id>/appointments/<uuid:appointment_id>/again")
def book_again(client_id, appointment_id):
    """Book the time that the page offered. Pressed twice it is booked once: the second press offers another."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    meeting, _ = caseload.meeting_of(episode, appointment_id)
    form = read(AgainForm)
    if form.ok:
        with atomic():
            caseload_actions.hold(client)
            found = same_time(meeting, caseload.meetings_of([episode.id])[episode.id], g.now)
            if found and found.starts_local.strftime(MINUTE) == form.values["starts"]:
                _book(client, episode, meeting, found.starts_local)
    return redirect(url_for(".show_appointment", client_id=client_id, appointment_id=appointment_id), 303)


def _book(client, episode, meeting, starts_local: datetime) -> None:
    caseload_actions.book(
        episode=episode, practitioner=g.practitioner, starts_local=starts_local, zone=meeting.zone, mode=meeting.mode,
        minutes=meeting.minutes, by=g.practitioner, now=g.now,
    )  # fmt: skip
    engagement.refresh_all(client=client, now=g.now)
