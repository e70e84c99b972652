"""Agreeing a task with a client: choose, say why, plan together, see the next five times; change it, withdraw it."""

from functools import partial
from uuid import UUID

from flask import g, redirect, request, url_for

from server.assignments import actions as assignments
from server.assignments import queries as assignment_queries
from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.agreeing import (
    STARTERS,
    WEEKDAY_CODES,
    TaskForm,
    allowed_rhythms,
    new_task,
    plan_of,
    plan_rows,
    rhythm_of,
    rhythm_words,
    size_choices,
    task_as_typed,
)
from server.dashboard.forms import Form, Nothing, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.dashboard.preview import SURE_ENOUGH, preview_of
from server.dashboard.shelf import can_be_agreed, may_build, partly, picked, risk_allowed, together_why
from server.engagement import actions as engagement
from server.errors import Refused
from server.extensions import atomic
from server.reminders import actions as reminders
from server.worksheets.library import library


@dashboard.get("/clients/<uuid:client_id>/assignments/new")
def choose_task(client_id):
    """Which worksheet, or a task in own words; with `worksheet` given, the form itself."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    chosen = request.args.get("worksheet")
    if chosen is None:
        allowed = risk_allowed()
        return page(
            "dashboard/choose_task.html",
            client=client,
            families=can_be_agreed(client.language, allowed),
            together_why=partial(together_why, allowed=allowed),
            partly=partial(partly, allowed=allowed),
            may_build=may_build(),
            appointment=_agreed_in(),
        )
    worksheet = _worksheet(chosen)
    return _task_page(client, worksheet, new_task(worksheet, dates.local_day(g.now, client.zone), None))


@dashboard.post("/clients/<uuid:client_id>/assignments/preview")
def preview_task(client_id):
    """The same page with the next five times and what the client will see. Nothing is kept yet."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(TaskForm)
    worksheet = _worksheet(form.text("worksheet"))
    looked_at(client)
    if not _may_begin(form, client):
        return _task_page(client, worksheet, form), 422
    return _task_page(client, worksheet, form, preview=preview_of(client, worksheet, form.values))


@dashboard.post("/clients/<uuid:client_id>/assignments")
def agree_task(client_id):
    """Agree it: from here on it is on the client's phone."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    form = read(TaskForm)
    worksheet = _worksheet(form.text("worksheet"))
    if not _may_begin(form, client):
        return _task_page(client, worksheet, form), 422
    meeting = _appointment_here(episode)
    try:
        with atomic():
            made = assignments.assign(
                client=client, episode=episode, worksheet=worksheet, title=form.values.get("title"),
                reason=form.values["reason"], plan=plan_of(form.values), rhythm=rhythm_of(form.values),
                from_date=form.values["from_date"], until_date=form.values.get("until_date"),
                size=form.values["size"], agreed_in=meeting, by=g.practitioner, now=g.now,
            )  # fmt: skip
            engagement.refresh(client=client, assignment_ids=[made.id], now=g.now)
            made_id = made.id
    except Refused as no:
        return _task_page(client, worksheet, form.refuse(no)), 422
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
        worksheet=worksheet_of(agreed.assignment), size=presenters.SIZES[agreed.version.size],
    )  # fmt: skip


@dashboard.get("/clients/<uuid:client_id>/assignments/<uuid:assignment_id>/change")
def show_change(client_id, assignment_id):
    """The same form, filled in with what is agreed now."""
    client, agreed = _theirs(client_id, assignment_id)
    looked_at(client)
    form = task_as_typed(agreed.version)
    if request.args.get("smaller"):
        form.typed["size"] = "small"
    return _change_page(client, agreed, form)


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


def _worksheet(chosen: str):
    if not chosen:
        return None
    return picked(chosen)


def _agreed_in() -> str:
    given = request.args.get("appointment", "")
    try:
        return str(UUID(given)) if given else ""
    except ValueError:
        return ""


def _appointment_here(episode) -> UUID | None:
    """The appointment this is agreed in, when the address names one of this episode."""
    given = _agreed_in()
    if not given:
        return None
    caseload.meeting_of(episode, UUID(given))
    return UUID(given)


def _task_page(client, worksheet, form: Form, preview: dict | None = None) -> str:
    return page(
        "dashboard/agree_task.html", client=client, worksheet=worksheet, form=form, preview=preview,
        appointment=_agreed_in(), together_why=together_why(worksheet, risk_allowed()), **_choices(worksheet),
    )  # fmt: skip


def _change_page(client, agreed, form: Form) -> str:
    worksheet = worksheet_of(agreed.assignment)
    return page(
        "dashboard/change_task.html", client=client, assignment=agreed.assignment, worksheet=worksheet, form=form,
        saved=request.args.get("saved") == "1",
        **_choices(worksheet),
    )  # fmt: skip


def _choices(worksheet) -> dict:
    return {
        "starters": STARTERS,
        "rhythms": allowed_rhythms(worksheet),
        "weekdays": [{"value": code, "text": name} for code, name in WEEKDAY_CODES.items()],
        "sizes": size_choices(worksheet),
        "confidence": [{"value": "", "text": "Not asked"}, *({"value": str(n), "text": str(n)} for n in range(11))],
    }


def _specific(version) -> dict:
    score = version.specificity
    sure = (version.plan or {}).get("confidence")
    return {"score": score, "shrink": sure is not None and sure < SURE_ENOUGH, "sure": sure}
