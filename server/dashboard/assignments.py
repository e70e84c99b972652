"""Agreeing a task with a client: say why, plan together, see the next five times; change it, withdraw it."""

from flask import g, redirect, request, url_for

from server.assignments import actions as assignments
from server.assignments import queries as assignment_queries
from server.assignments.rules import SURE_ENOUGH
from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.again import repeated_from, ways_on
from server.dashboard.agreeing import TaskForm, complete, plan_of, plan_rows, rhythm_of, rhythm_words, task_as_typed
from server.dashboard.amount import load_words, make_smaller
from server.dashboard.changes import history_of
from server.dashboard.choosing import worksheet_named
from server.dashboard.forms import Form, Nothing, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.dashboard.preview import preview_of
from server.dashboard.reminder_time import apart_words, move_reminder, reminder_at
from server.dashboard.task_page import appointment_here, begin_reason, choices, task_page
from server.engagement import actions as engagement
from server.entries import personal
from server.errors import Refused
from server.extensions import atomic
from server.reminders import actions as reminders
from server.worksheets.library import library


@dashboard.post("/clients/<uuid:client_id>/assignments/preview")
def preview_task(client_id):
    """The same page with the next five times and what the client will see. Nothing is kept yet."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(TaskForm)
    worksheet = worksheet_named(form.text("worksheet"))
    again = repeated_from(client, form.text("again"))
    looked_at(client)
    if not _may_begin(form, client):
        return task_page(client, worksheet, form), 422
    return task_page(client, worksheet, form, preview=_preview(client, worksheet, form, again))


@dashboard.post("/clients/<uuid:client_id>/assignments/help")
def help_task(client_id):
    """The same page one step smaller (`smaller`) or with a starter sentence in the reason (`start`); all else stays."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(TaskForm)
    worksheet = worksheet_named(form.text("worksheet"))
    again = repeated_from(client, form.text("again"))
    looked_at(client)
    made = ""
    if not form.again:
        form.errors = {}
        begin_reason(form, request.args.get("start", ""))
        made = make_smaller(form, worksheet) if request.args.get("smaller") else ""
    ready = not form.again and made and complete(form) and _may_begin(form, client)
    preview = _preview(client, worksheet, form, again) if ready else None
    begun = "reason" if "start" in request.args else None
    return task_page(client, worksheet, form, preview=preview, made=made, focus=begun)


@dashboard.post("/clients/<uuid:client_id>/assignments")
def agree_task(client_id):
    """Agree it: from here on it is on the client's phone. What it repeats comes to its end."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    form = read(TaskForm)
    worksheet = worksheet_named(form.text("worksheet"))
    again = repeated_from(client, form.text("again"))
    if not _may_begin(form, client):
        return task_page(client, worksheet, form), 422
    meeting, before = appointment_here(episode), again.assignment.id if again else None
    try:
        with atomic():
            made = assignments.assign(
                client=client, episode=episode, worksheet=worksheet, title=form.values.get("title"),
                reason=form.values["reason"], plan=plan_of(form.values), rhythm=rhythm_of(form.values),
                from_date=form.values["from_date"], until_date=form.values.get("until_date"),
                size=form.values["size"], agreed_in=meeting, from_assignment=before, by=g.practitioner, now=g.now,
            )  # fmt: skip
            move_reminder(client, form.values)
            if before:
                reminders.cancel_for(why="replaced", assignment_id=before, now=g.now)
            engagement.refresh(client=client, assignment_ids=[made.id, *([before] if before else [])], now=g.now)
            made_id = made.id
    except Refused as no:
        return task_page(client, worksheet, form.refuse(no)), 422
    if meeting:
        back = {"client_id": client_id, "appointment_id": meeting, "made": made_id, "_anchor": "next"}
        return redirect(url_for(".show_appointment", **back), 303)
    return redirect(url_for(".show_assignment", client_id=client_id, assignment_id=made_id, made=1), 303)


@dashboard.get("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>")
def show_assignment(client_id, assignment_id):
    """What is agreed: reason, plan, rhythm, and how definite the plan is."""
    client, agreed = _theirs(client_id, assignment_id)
    looked_at(client)
    return page(
        "dashboard/assignment.html", client=client, assignment=agreed.assignment, version=agreed.version,
        plan=plan_rows(agreed.version.plan or {}), rhythm=rhythm_words(agreed.version.rhythm),
        specific=_specific(agreed.version), made=request.args.get("made") == "1",
        size=presenters.SIZES[agreed.version.size],
        ways=ways_on(client, [agreed]).get(assignment_id, []), history=history_of(client, agreed),
        takeaway=_takeaway(client, agreed.assignment.agreed_in),
        load=load_words(client), apart=apart_words(client, (agreed.version.plan or {}).get("at")),
    )  # fmt: skip


@dashboard.get("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>/change")
def show_change(client_id, assignment_id):
    """The same form, filled in with what is agreed now."""
    client, agreed = _theirs(client_id, assignment_id)
    looked_at(client)
    form = task_as_typed(agreed.version)
    worksheet = worksheet_of(agreed.assignment)
    made = make_smaller(form, worksheet) if request.args.get("smaller") else ""
    ready = made and complete(form)
    held = agreed.assignment
    preview = preview_of(client, worksheet, form.values, held.id, held.agreed_on) if ready else None
    return _change_page(client, agreed, form, made, preview)


@dashboard.post("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>/change")
def change_task(client_id, assignment_id):
    """A new version from today on; past times stay as they were."""
    client, agreed = _theirs(client_id, assignment_id)
    form = read(TaskForm)
    if not form.ok:
        return _change_page(client, agreed, form), 422
    try:
        with atomic():
            assignments.change(
                assignment=agreed.assignment, title=form.values.get("title") or agreed.version.title,
                reason=form.values["reason"], plan=plan_of(form.values), rhythm=rhythm_of(form.values),
                size=form.values["size"], until_date=form.values.get("until_date"), by=g.practitioner, now=g.now,
            )  # fmt: skip
            move_reminder(client, form.values)
            engagement.refresh(client=client, assignment_ids=[assignment_id], now=g.now)
    except Refused as no:
        return _change_page(client, agreed, form.refuse(no)), 422
    return redirect(url_for(".show_assignment", client_id=client_id, assignment_id=assignment_id), 303)


@dashboard.post("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>/withdraw")
def withdraw_task(client_id, assignment_id):
    """Take it back: what was not due yet is withdrawn, what was due stays."""
    client, agreed = _theirs(client_id, assignment_id)
    if read(Nothing).ok:
        with atomic():
            assignments.withdraw(assignment=agreed.assignment, by=g.practitioner, now=g.now)
            reminders.cancel_for(why="withdrawn", assignment_id=assignment_id, now=g.now)
            engagement.refresh(client=client, assignment_ids=[assignment_id], now=g.now)
    return redirect(url_for(".show_client", client_id=client_id), 303)


def worksheet_of(assignment):
    """The worksheet of an assignment; None for a free task, or for one this installation no longer has."""
    return library().get(assignment.worksheet_id, assignment.worksheet_version) if assignment.worksheet_id else None


def _may_begin(form: Form, client) -> bool:
    """Whether it may be agreed like this: nobody can agree today what was to be done yesterday."""
    if form.ok and form.values["from_date"] < dates.local_day(g.now, client.zone):
        form.errors = {"from_date": "Choose today or a later day."}
    return form.ok


def _theirs(client_id, assignment_id):
    client = caseload.client_of(g.practitioner, client_id, g.now)
    return client, assignment_queries.of_assignment(client, assignment_id)


def _preview(client, worksheet, form: Form, again) -> dict:
    return preview_of(client, worksheet, form.values, without=again.assignment.id if again else None)


def _change_page(client, agreed, form: Form, made: str = "", preview: dict | None = None) -> str:
    worksheet = worksheet_of(agreed.assignment)
    return page(
        "dashboard/change_task.html", client=client, assignment=agreed.assignment, worksheet=worksheet, form=form,
        saved=request.args.get("saved") == "1", made=made, preview=preview, load=load_words(client),
        focus="" if form.errors else "agree" if preview else "reason", reminder_at=reminder_at(client),
        **choices(worksheet),
    )  # fmt: skip


def _takeaway(client, meeting):
    """What they took away from the appointment that it was agreed in; None where nothing was said."""
    return personal.takeaways_of(client).get(meeting) if meeting else None


def _specific(version) -> dict:
    score = version.specificity
    sure = (version.plan or {}).get("confidence")
    return {"score": score, "shrink": sure is not None and sure < SURE_ENOUGH, "sure": sure}
