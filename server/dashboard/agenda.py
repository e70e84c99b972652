"""What a client wants to talk about, on each page about them: one click says that it was talked about."""

from flask import g, redirect, request, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.barriers import barrier
from server.dashboard.forms import Nothing, read
from server.dashboard.guard import dashboard
from server.entries import agenda
from server.extensions import atomic

MOST_TALKED = 5  # of what was talked about: enough to take a slip back


def agenda_shown(client, zone: str, appointment_id: str = "") -> dict:
    """What waits, and the last that was talked about; with where their buttons lead back to."""
    found, titles = agenda.agenda_of(client), _titles(client)
    place = {"client_id": client.id, "appointment": appointment_id or None}
    return {
        "waiting": [_question(one, titles, zone, place) for one in found if one.waits],
        "talked": [_question(one, titles, zone, place) for one in found if not one.waits][:MOST_TALKED],
    }


def asked_ids(agenda: dict) -> list:
    """The ids of the questions that `agenda_shown` shows."""
    return [one["id"] for one in (*agenda["waiting"], *agenda["talked"])]


def waiting_words(client) -> list[str]:
    """What waits, each in one line of plain text, for a summary."""
    titles = _titles(client)
    waiting = [one for one in agenda.agenda_of(client) if one.waits]
    return [one_line(_about(one, titles), presenters.shown(one.text)) for one in waiting]


def one_line(about: str, text: str) -> str:
    """Not done: Worry time. Forgot. “I was at my sister’s”"""
    return f"{about} “{text}”" if about and text else about or text


def _titles(client) -> dict:
    return {one.assignment.id: one.version.title for one in assignments.of_client(client)}


def _about(one: agenda.Question, titles: dict) -> str:
    """Not done: Worry time. Forgot. · "" for a question."""
    if one.assignment_id is None:
        return ""
    named = barrier(one.barrier) if one.barrier else None
    why = f" {named.words}." if named and named.got_in_the_way else ""
    return f"Not done: {presenters.shown(titles.get(one.assignment_id, ''))}.{why}"


@dashboard.post("/clients/<uuid:client_id>/questions/<uuid:question_id>/talked-about")
def talk_about(client_id, question_id):
    """A question was talked about: it waits no more."""
    return _mark(client_id, question_id, agenda.TALKED)


@dashboard.post("/clients/<uuid:client_id>/questions/<uuid:question_id>/not-yet")
def ask_again(client_id, question_id):
    """That was a slip: it waits again."""
    return _mark(client_id, question_id, agenda.OPEN)


def _mark(client_id, question_id, state: str):
    client = caseload.client_of(g.practitioner, client_id, g.now)
    if read(Nothing).ok:
        with atomic():
            agenda.mark_question(client=client, entry_id=question_id, state=state, by=g.practitioner, now=g.now)
    return redirect(_back(client_id, request.args.get("appointment", "")) + "#questions", 303)


def _back(client_id, appointment_id: str) -> str:
    """To the appointment it was pressed on, if that is one of theirs; else to the client."""
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    theirs = [one.appointment_id for one in caseload.meetings_of([episode.id])[episode.id]]
    if appointment_id in theirs:
        return url_for(".show_appointment", client_id=client_id, appointment_id=appointment_id)
    return url_for(".show_client", client_id=client_id)


def _question(one: agenda.Question, titles: dict, zone: str, place: dict) -> dict:
    return {
        "id": one.entry_id,
        "about": _about(one, titles),
        "text": one.text,
        "asked": dates.short_day(dates.local_day(one.asked_at, zone)),
        "talked": dates.short_day(dates.local_day(one.talked_at, zone)) if one.talked_at else "",
        "action": url_for(".talk_about" if one.waits else ".ask_again", question_id=one.entry_id, **place),
    }
