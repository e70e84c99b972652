"""Work done on paper or told by phone, written down by a practitioner: in one line, or one worksheet in full."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import g, redirect, request, url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.assignments import worksheet_of
from server.dashboard.forms import Day, Form, OneOf, Typed, WallTime, Words, blank, clean, needed, read, wall, whole
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.keeping import MACHINERY
from server.dashboard.occurrences import when
from server.dashboard.pages import page
from server.dashboard.paper_answers import MOST_ROWS, read_answers, rows_of
from server.dashboard.paper_line import OPEN, LineForm, UndoForm, form_key, line_of, open_times, still_open
from server.engagement import actions as engagement
from server.engagement import queries as engagement_queries
from server.engagement.rules import interval_figures
from server.entries import on_paper
from server.entries.risk_states import risk_states
from server.errors import Missing, Refused
from server.extensions import atomic, new_id
from server.measures.from_clients import is_measure
from server.safety import actions as safety
from server.worksheets.rule_words import condition

NOON = "12:00"
LONGEST_AGO = timedelta(days=400)


class PaperForm(Typed):
    """What is said about the paper itself; its answers are read by `paper_answers`."""

    key = form_key()
    day = Day(**needed("Enter the day it was done, like 22/11/2026."))
    at = WallTime(load_default=None)
    slot = Words(longest=60, load_default=None)
    medium = OneOf(presenters.RECORDED_BY, **needed("Choose how you know."))
    helped_by = OneOf(presenters.HELPED, load_default="none")


@dashboard.get("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>/paper")
def show_paper(client_id, assignment_id):
    """The line, and the worksheet's own questions as a form."""
    client, agreed = _theirs(client_id, assignment_id)
    return _paper_page(client, agreed)


@dashboard.post("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>/line")
def write_line(client_id, assignment_id):
    """So many done, tried and not done: answers for the earliest open times. Sent twice, it counts once."""
    client, agreed = _theirs(client_id, assignment_id)
    form = read(LineForm)
    if not form.ok:
        return _paper_page(client, agreed, line=form), 422
    interval, held = _interval_of(client, form.values["interval"])
    stored, today = _stored(client, assignment_id), dates.local_day(g.now, client.zone)
    times = open_times(held, stored, str(assignment_id), today)
    try:
        with atomic():
            received = on_paper.write_count(
                client=client, assignment_id=assignment_id, key=form.values["key"], times=times,
                counts={name: form.values[name] for name in ("done", "tried", "not_done")}, interval=interval,
                how=_how(form), by=g.practitioner, now=g.now,
            )  # fmt: skip
            engagement.refresh(client=client, assignment_ids=received.assignment_ids, now=g.now)
    except Refused as no:
        return _paper_page(client, agreed, line=_line_refused(form, no, len(times))), 422
    return _back(client_id, assignment_id, form.values["appointment"])


@dashboard.post("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>/undo")
def undo_paper(client_id, assignment_id):
    """Take back what was written down last; what was there before holds again."""
    client, _ = _theirs(client_id, assignment_id)
    form = read(UndoForm)
    if form.ok:
        with atomic():
            received = on_paper.take_back(
                client=client, assignment_id=assignment_id, revision_id=form.values["last"], by=g.practitioner,
                now=g.now,
            )  # fmt: skip
            engagement.refresh(client=client, assignment_ids=received.assignment_ids, now=g.now)
    return _back(client_id, assignment_id, form.values.get("appointment"))


@dashboard.post("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>/paper")
def write_paper(client_id, assignment_id):
    """One worksheet in full, with its true date. A further row of a list is the same page again, nothing lost."""
    client, agreed = _theirs(client_id, assignment_id)
    worksheet = worksheet_of(agreed.assignment)
    if worksheet is None:
        raise Missing
    if is_measure(worksheet):
        return redirect(_scores_of(client, worksheet), 303)
    form = _read_paper(client, agreed, worksheet)
    if form.typed.get("more"):
        return _paper_page(client, agreed, full=_with_a_row(form, worksheet))
    if not form.ok:
        return _paper_page(client, agreed, full=form), 422
    try:
        with atomic():
            entry_id, received = on_paper.write_worksheet(
                client=client, assignment_id=assignment_id, slot=form.values["slot"], key=form.values["key"],
                open_times=still_open(assignments.occurrences_of(client.id, assignment_id)), worksheet=worksheet,
                answers=form.values["answers"], how=_how(form), happened_local=form.values["lived"],
                by=g.practitioner, now=g.now,
            )  # fmt: skip
            engagement.refresh(client=client, assignment_ids=received.assignment_ids, now=g.now)
            # flagged like what came from a phone: nobody may have read it yet
            safety.flag(client=client, answered=risk_states(client, received, g.now), now=g.now)
    except Refused as no:
        return _paper_page(client, agreed, full=_made_new(form, no).refuse(no)), 422
    return redirect(url_for(".show_entry", client_id=client_id, entry_id=entry_id, saved=1), 303)


def _read_paper(client, agreed, worksheet) -> Form:
    typed = MultiDict((name, clean(text)) for name, text in g.typed.items(multi=True) if name not in MACHINERY)
    form = Form(typed=typed, prefix="paper-", again=g.again)
    if g.again or typed.get("more"):
        return form
    try:
        form.values = PaperForm().load(MultiDict((name, typed[name]) for name in PaperForm().fields if name in typed))
        form.errors = _wrong_day(client, agreed, form)
    except ValidationError as wrong:
        form.errors = {name: str(said[0]) for name, said in wrong.normalized_messages().items()}
    form.values["answers"], off = read_answers(worksheet, typed)
    form.errors |= off
    return form


def _wrong_day(client, agreed, form: Form) -> dict[str, str]:
    """It was done after it was agreed and not in the future; its time, where one is given, is one of this task's."""
    day, today = form.values["day"], dates.local_day(g.now, client.zone)
    form.values["lived"] = wall(day, form.values["at"] or WallTime().deserialize(NOON))
    if day == today and form.values["at"] is None:  # noon may not have come
        form.values["lived"] = g.now.astimezone(ZoneInfo(client.zone)).replace(tzinfo=None)
    if day > today or dates.in_utc(form.values["lived"], client.zone) > g.now:
        return {"day" if day > today else "at": "This has not come yet. Check the day and the time."}
    if day < agreed.assignment.agreed_on:
        return {"day": f"This was agreed on {dates.day(agreed.assignment.agreed_on)}. Check the day."}
    if day < today - LONGEST_AGO:
        return {"day": f"This is more than {LONGEST_AGO.days} days ago. Check the day."}
    slot = form.values["slot"]
    if slot and slot not in {one["value"] for one in _slots(client, _stored(client, agreed.assignment.id))}:
        return {"slot": "Choose one from the list."}
    return {}


def _with_a_row(form: Form, worksheet) -> Form:
    """Room for one more item of the list whose button was pressed."""
    chosen = next((one for one in worksheet.fields if one.id == form.typed["more"] and one.type == "list"), None)
    if chosen:
        form.typed[f"rows.{chosen.id}"] = str(min(rows_of(chosen, form.typed) + 1, chosen.max_items or MOST_ROWS))
    return form


def _paper_page(client, agreed, line: Form | None = None, full: Form | None = None) -> str:
    looked_at(client)
    assignment, worksheet = agreed.assignment, worksheet_of(agreed.assignment)
    number = whole(line.text("interval")) if line else None
    interval, held = _interval_of(client, number)
    stored = _stored(client, assignment.id)
    written = on_paper.last_written(client, assignment.id)
    full = full or blank(prefix="paper-", key=new_id(), medium="paper", helped_by="none")
    return page(
        "dashboard/paper_entry.html",
        client=client,
        assignment=assignment,
        title=agreed.version.title,
        worksheet=worksheet,
        scores=_scores_of(client, worksheet) if is_measure(worksheet) else "",
        form=full,
        errors=[one for one in (line, full) if one],
        line=line_of(
            client, assignment.id, interval, held, stored, written, form=line,
            appointment=line.text("appointment") if line else request.args.get("appointment", ""),
        ),
        slots=[{"value": "", "text": "The one its date falls in"}, *_slots(client, stored)],
        media=presenters.options(presenters.RECORDED_BY),
        helped=presenters.options(presenters.HELPED),
        rows={one.id: rows_of(one, full.typed) for one in worksheet.fields if one.type == "list"} if worksheet else {},
        conditions=_conditions(worksheet) if worksheet else {},
    )  # fmt: skip


def _scores_of(client, worksheet) -> str:
    """Where a measure filled in on paper is typed in: an entry here would make no score."""
    return url_for(".show_items", client_id=client.id, measure=worksheet.measure)


def _conditions(worksheet) -> dict[tuple, str]:
    """(list or "", question) -> If …; nothing for a question that is always asked."""
    found = {("", one.id): condition(one.show_when, worksheet.fields) for one in worksheet.fields}
    for one in worksheet.fields:
        found |= {(one.id, inner.id): condition(inner.show_when, worksheet.fields) for inner in one.fields}
    return found


def _interval_of(client, number: int | None):
    """(interval, its occurrences): the one of this number, or the latest."""
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    intervals = assignments.intervals_of([episode], g.now)[episode.id]
    chosen = [one for one in intervals if number is None or one.number == number]
    if not chosen:
        if number is not None:
            raise Missing
        return None, []
    meetings = caseload.meetings_of([episode.id])[episode.id]
    told = engagement_queries.told_in(client, episode, g.now)
    return chosen[-1], interval_figures(told, chosen[-1], meetings, g.now).told


def _stored(client, assignment_id) -> dict:
    """The occurrences of this task, by (assignment id as text, slot), the earliest first."""
    return {(str(one.assignment_id), one.slot): one for one in assignments.occurrences_of(client.id, assignment_id)}


def _slots(client, stored: dict) -> list[dict]:
    """The times of this task that are open and have begun, the newest first."""
    today, rows = dates.local_day(g.now, client.zone), reversed(stored.values())
    return [{"value": row.slot, "text": when(row)} for row in rows if row.state in OPEN and row.opens_on <= today]


def _made_new(form: Form, no: Refused) -> Form:
    """What was written before stays as it is: sent again, the form writes something of its own."""
    if no.code == "already-written":
        form.typed["key"] = str(new_id())
    return form


def _line_refused(form: Form, no: Refused, count: int) -> Form:
    _made_new(form, no)
    if no.code == "too-many-times":
        open_now = presenters.counted(count, "time is", "times are") if count else "No time is"
        no.fields = {"done": f"{open_now} still open. Enter no more than that."}
    return form.refuse(no)


def _how(form: Form) -> on_paper.Written:
    return on_paper.Written(form.values["medium"], form.values["helped_by"])


def _theirs(client_id, assignment_id):
    client = caseload.client_of(g.practitioner, client_id, g.now)
    return client, assignments.of_assignment(client, assignment_id)


def _back(client_id, assignment_id, appointment_id):
    """To the task on the page it was written down on."""
    anchor = f"task-{assignment_id}"
    if appointment_id:
        place = {"client_id": client_id, "appointment_id": appointment_id, "saved": assignment_id}
        return redirect(url_for(".show_appointment", **place, _anchor=anchor), 303)
    return redirect(url_for(".show_client", client_id=client_id, saved=assignment_id, _anchor=anchor), 303)
