"""End of treatment: one page with all that belongs to it, and one confirm; afterwards the same page to look back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import g, redirect, request, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.caseload.rules import Meeting
from server.dashboard import dates, ending_words, presenters
from server.dashboard.feedback import feedback_line
from server.dashboard.forms import Day, Form, Nothing, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.endings import actions, queries
from server.endings.queries import Course
from server.endings.rules import PLAN, of_today, to_cancel
from server.engagement import queries as engagement
from server.engagement.rules import Figures
from server.entries import queries as entries
from server.errors import Refused
from server.extensions import atomic
from server.measures import queries as measures
from server.people import queries as people
from server.worksheets.practice import is_practice


class EndingForm(Typed):
    """Why the course ends, on which day, and what the client keeps."""

    reason = OneOf(ending_words.WHY, **needed("Choose why it ends."))
    last_day = Day(**needed("Enter the last day, like 22/11/2026."))
    staying_well = OneOf(ending_words.STAYING_WELL, **needed("Say how the staying-well plan stands."))
    signposting = Words(longest=1000, load_default="")
    came = OneOf(ending_words.CAME, load_default="")


@dataclass(frozen=True)
class _Held:
    """What is known of one course."""

    client: Any
    episode: Any
    course: Course | None
    agreed: list
    meetings: list
    series: dict
    plans: list  # what was written of the staying-well plan in this course, newest first


@dashboard.get("/caseload/ended")
def list_ended():
    """The clients whose course has ended: the way back to their pages, and to another course."""
    rows = [
        {
            "href": url_for(".show_ending", client_id=client.id),
            "name": client.preferred_name,
            "last_day": dates.day(course.episode.closed_on),
            "why": ending_words.why(course.episode),
            "read_until": dates.day(course.read_until),
        }
        for client, course in queries.ended_of(g.practitioner, g.now)
    ]
    return page("dashboard/ended.html", rows=rows)


@dashboard.get("/clients/<uuid:client_id>/ending")
def show_ending(client_id):
    """What is still open, the form, and a summary to copy; after the end, what was written down."""
    held = _held(client_id)
    made = "on_phone" if held.plans else None  # only what the record shows
    return _page(held, blank(last_day=dates.local_day(g.now, held.client.zone).isoformat(), staying_well=made))


@dashboard.post("/clients/<uuid:client_id>/ending")
def end_course(client_id):
    """End the course, all of it or nothing."""
    held = _held(client_id)
    form = read(EndingForm)
    if form.ok and _today(held) and not form.values["came"]:
        form.errors = {"came": "Say what became of today’s appointment."}
    if not form.ok:
        return _page(held, form), 422
    try:
        with atomic():
            actions.end_course(client=held.client, episode=held.episode, by=g.practitioner, now=g.now, **form.values)
    except Refused as no:
        if not no.fields:
            raise
        return _page(held, form.refuse(no)), 422
    return redirect(url_for(".show_ending", client_id=client_id, saved="ended"), 303)


@dashboard.post("/clients/<uuid:client_id>/again")
def start_again(client_id):
    """Another course for somebody who comes back: their phones go on."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    problem = caseload.episode_of(g.practitioner, client_id, g.now).problem
    if read(Nothing).ok:
        with atomic():
            actions.start_again(
                client=client, practitioner=g.practitioner, problem=problem, by=g.practitioner, now=g.now
            )
    return redirect(url_for(".show_client", client_id=client_id), 303)


def _held(client_id) -> _Held:
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    looked_at(client)
    agreed = [one for one in assignments.of_client(client) if one.assignment.episode_id == episode.id]
    return _Held(
        client,
        episode,
        next((one for one in queries.ended_courses(client) if one.episode.id == episode.id), None),
        agreed,
        caseload.meetings_of([episode.id])[episode.id],
        measures.series(measures.of_client(client, episode)),
        _plans(client, {one.assignment.id for one in agreed}),
    )


def _plans(client, assignment_ids: set) -> list:
    written = [one for one in entries.entries_of(client) if one.worksheet and one.worksheet.id == PLAN]
    return [one for one in written if one.entry.assignment_id in assignment_ids]


def _page(held: _Held, form: Form) -> str:
    settings = queries.settings_of(held.client.service_id)
    zone = people.service_of(g.practitioner).zone
    today = dates.local_day(g.now, held.client.zone)
    return page(
        "dashboard/ending.html", client=held.client, form=form, saved=request.args.get("saved", ""),
        reasons=ending_words.reasons(), plans=presenters.options(ending_words.STAYING_WELL, first="Choose one"),
        scores=ending_words.end_scores(held.series), plan=_plan(held, zone),
        enter=url_for(".show_scores", client_id=held.client.id),
        standing=settings.signposting, read_until=dates.day(today + timedelta(days=settings.reading_days)),
        reading_days=presenters.counted(settings.reading_days, "day"),
        open_tasks=[one.version.title for one in held.agreed if one.assignment.state == "open"],
        today=dates.clock_time(today_at.starts_at, zone) if (today_at := _today(held)) else "",
        came=presenters.options(ending_words.CAME, first="Choose one"),
        to_cancel=[dates.moment(one.starts_at, zone) for one in _to_cancel(held)],
        over=_over(held), feedback=feedback_line(held.episode, zone), summary="\n".join(_summary(held)),
    )  # fmt: skip


def _today(held: _Held) -> Meeting | None:
    """Today's own appointment that the page has to ask about, while the course is open."""
    zone = people.service_of(g.practitioner).zone
    return of_today(held.meetings, g.now, zone) if held.episode.closed_on is None else None


def _to_cancel(held: _Held) -> list:
    asked = _today(held)
    return [one for one in to_cancel(held.meetings, g.now) if one != asked]


def _over(held: _Held) -> dict | None:
    """What was written down of a course that has ended."""
    if held.course is None:
        return None
    ending = held.course.ending
    return {
        "last_day": dates.day(held.episode.closed_on),
        "reason": presenters.capital(ending_words.why(held.episode)),
        "read_until": dates.day(held.course.read_until),
        "staying_well": ending_words.STAYING_WELL[ending.staying_well] if ending else "Not recorded",
        "signposting": held.course.signposting,
    }


def _plan(held: _Held, zone: str) -> dict:
    """How far the staying-well plan is, with the ways on."""
    written = held.plans
    agreed = any(one.assignment.worksheet_id == PLAN and one.assignment.state == "open" for one in held.agreed)
    links = {
        "read": url_for(".show_entry", client_id=held.client.id, entry_id=written[0].entry.entry_id) if written else "",
        "print": url_for(".print_entry", client_id=held.client.id, entry_id=written[0].entry.entry_id)
        if written
        else url_for(".print_worksheet", family=PLAN.partition("/")[0], name=PLAN.partition("/")[2]),
        "agree": "" if agreed else url_for(".choose_task", client_id=held.client.id, worksheet=PLAN),
    }
    if written:
        return {"words": f"Filled in on {dates.moment(written[0].entry.happened_at, zone)}.", **links, "agree": ""}
    if held.course:
        return {"words": "Nothing of it was written here.", **links}
    return {"words": "Agreed, nothing has come yet." if agreed else "Not agreed yet.", **links}


def _summary(held: _Held) -> list[str]:
    client = held.client
    contact = entries.last_contacts([client.id])[client.id]
    told = engagement.told_in(client, held.episode, g.now, contact)
    if held.course is None:  # as it would end today: what is not due yet is withdrawn then
        told = [one for one in told if one.state not in ("planned", "moved")]
    said = ending_words.contact_words(contact, people.service_of(g.practitioner).zone)
    agreed = sum(is_practice(one.assignment.worksheet_id) for one in held.agreed)
    return ending_words.summary_lines(
        held.episode, held.course, held.meetings, Figures(tuple(told)), agreed, said, held.series
    )
