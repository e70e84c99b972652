"""Agreeing a task with a client: choose, say why, plan together, see the next five times; change it, withdraw it."""

from collections import Counter
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g, redirect, request, url_for

from server.assignments import actions as assignments
from server.assignments import queries as assignment_queries
from server.assignments.rules import Rhythm, Span, Window, next_times, plan_specificity
from server.caseload import queries as caseload
from server.caseload.rules import intervals
from server.dashboard import dates, presenters
from server.dashboard.agreeing import (
    STARTERS,
    WEEKDAY_CODES,
    TaskForm,
    allowed_rhythms,
    new_task,
    plan_of,
    rhythm_of,
    rhythm_words,
    task_as_typed,
)
from server.dashboard.forms import Form, Nothing, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.engagement import actions as engagement
from server.errors import Missing, Refused
from server.extensions import atomic
from server.reminders import actions as reminders
from server.worksheets.library import library

SURE_ENOUGH = 7  # clinical.md A2, row 15: below this, shrink the task


@dashboard.get("/clients/<uuid:client_id>/assignments/new")
def choose_task(client_id):
    """Which worksheet, or a task in own words; with `worksheet` given, the form itself."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    chosen = request.args.get("worksheet")
    if chosen is None:
        return page("dashboard/choose_task.html", client=client, families=_families(), appointment=_agreed_in())
    worksheet = _worksheet(chosen)
    return _task_page(client, worksheet, new_task(worksheet, dates.local_day(g.now, client.zone), None))


@dashboard.post("/clients/<uuid:client_id>/assignments/preview")
def preview_task(client_id):
    """The same page with the next five times and what the client will see. Nothing is kept yet."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(TaskForm)
    worksheet = _worksheet(form.text("worksheet"))
    looked_at(client)
    if not form.ok:
        return _task_page(client, worksheet, form), 422
    return _task_page(client, worksheet, form, preview=_preview(client, worksheet, form.values))


@dashboard.post("/clients/<uuid:client_id>/assignments")
def agree_task(client_id):
    """Agree it: from here on it is on the client's phone."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    form = read(TaskForm)
    worksheet = _worksheet(form.text("worksheet"))
    if not form.ok:
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


def plan_rows(plan: dict) -> list[tuple[str, str]]:
    """A plan as (label, text), what is empty left out."""
    words = (
        ("When", _when(plan)), ("Where", plan.get("where")), ("With whom", plan.get("with_whom")),
        ("How long", plan.get("how_long")), ("What will remind me", plan.get("reminder")),
        ("What could get in the way", plan.get("obstacle")), ("Then I will", plan.get("then")),
    )  # fmt: skip
    rows = [(label, text) for label, text in words if text]
    sure = plan.get("confidence")
    return rows + ([("How sure I am", f"{sure} out of 10")] if sure is not None else [])


def worksheet_of(assignment):
    """The worksheet of an assignment; None for a free task, or for one this installation no longer has."""
    return library().get(assignment.worksheet_id, assignment.worksheet_version) if assignment.worksheet_id else None


def _when(plan: dict) -> str:
    days = presenters.listed([presenters.WEEKDAYS[n] for n in plan.get("weekdays") or []])
    return ", ".join(part for part in (plan.get("when"), days, f"at {plan['at']}" if plan.get("at") else "") if part)


def _theirs(client_id, assignment_id):
    client = caseload.client_of(g.practitioner, client_id, g.now)
    return client, assignment_queries.of_assignment(client, assignment_id)


def _worksheet(chosen: str):
    if not chosen:
        return None
    found = library().newest(chosen)
    if found is None:
        raise Missing
    return found


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


def _families() -> list[dict]:
    families: dict[str, list] = {}
    for worksheet in library().all():
        if not worksheet.asks_about_risk:
            families.setdefault(worksheet.family, []).append(worksheet)
    return [{"name": presenters.FAMILIES.get(family, family), "worksheets": ws} for family, ws in families.items()]


def _task_page(client, worksheet, form: Form, preview: dict | None = None) -> str:
    return page(
        "dashboard/agree_task.html", client=client, worksheet=worksheet, form=form, preview=preview,
        appointment=_agreed_in(), **_choices(worksheet),
    )  # fmt: skip


def _change_page(client, agreed, form: Form) -> str:
    worksheet = worksheet_of(agreed.assignment)
    return page(
        "dashboard/change_task.html", client=client, assignment=agreed.assignment, worksheet=worksheet, form=form,
        **_choices(worksheet),
    )  # fmt: skip


def _choices(worksheet) -> dict:
    return {
        "starters": STARTERS,
        "rhythms": allowed_rhythms(worksheet),
        "weekdays": [{"value": code, "text": name} for code, name in WEEKDAY_CODES.items()],
        "sizes": presenters.options(presenters.SIZES),
        "confidence": [{"value": "", "text": "Not asked"}, *({"value": str(n), "text": str(n)} for n in range(11))],
    }


def _preview(client, worksheet, values: dict) -> dict:
    rhythm, today = rhythm_of(values), dates.local_day(g.now, client.zone)
    span = Span(1, Rhythm.read(rhythm), values["from_date"], values.get("until_date"), values["size"])
    found = next_times([span], today, max(today, values["from_date"]), _intervals_to_come(client))
    plan = plan_of(values)
    return {
        "times": _times(found, plan),
        "count": len(found),
        "rhythm": rhythm_words(rhythm),
        "plan": plan_rows(plan),
        "title": values.get("title") or (worksheet.title if worksheet else ""),
        "reason": values["reason"],
        "specific": plan_specificity(plan),
        "shrink": plan["confidence"] is not None and plan["confidence"] < SURE_ENOUGH,
    }


def _intervals_to_come(client) -> list[Window]:
    """For a task that is done once before each appointment."""
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    meetings = caseload.meetings_of([episode.id])[episode.id]
    found = intervals(meetings, g.now, None, g.now)
    return assignment_queries.windows(found, meetings, ZoneInfo(client.zone), g.now)


def _times(found, plan: dict) -> list[str]:
    """Monday 23 November 2026 at 18:30 · 3 times between Mon 23 Nov and Sun 29 Nov."""
    at = f" at {plan['at']}" if plan.get("at") else ""
    counted = Counter((slot.opens_on, slot.due_on) for slot in found)
    words = []
    for (opens_on, due_on), count in counted.items():
        if opens_on == due_on:
            words.append(dates.day(due_on) + (f", {count} times" if count > 1 else at))
        else:
            start = f"{count} times between" if count > 1 else "Any time between"
            words.append(f"{start} {dates.short_day(opens_on)} and {dates.short_day(due_on)}")
    return words


def _specific(version) -> dict:
    score = version.specificity
    sure = (version.plan or {}).get("confidence")
    return {"score": score, "shrink": sure is not None and sure < SURE_ENOUGH, "sure": sure}
