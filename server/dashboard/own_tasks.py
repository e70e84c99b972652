"""Own tasks: what practitioners of a service build for their clients when no worksheet fits."""

from flask import g, redirect, request, url_for

from server.dashboard import presenters
from server.dashboard.agreeing import RHYTHMS
from server.dashboard.forms import Form, Nothing, blank, read
from server.dashboard.guard import dashboard
from server.dashboard.own_task_form import OwnTaskForm, as_typed, errors_of, typed_of
from server.dashboard.pages import page
from server.dashboard.sheet import parts
from server.dashboard.shelf import may_build
from server.errors import Missing, Refused
from server.extensions import atomic
from server.people import queries as people
from server.worksheets import own_actions as own
from server.worksheets.definition import worksheet_from
from server.worksheets.own_building import MOST_QUESTIONS, TYPES, definition_of, typed_from
from server.worksheets.own_queries import FAMILY, data_of, newest_row, own_of

RISK = (
    {"value": "no", "text": "No"},
    {"value": "yes", "text": "Yes"},
    {"value": "", "text": "Not decided yet"},
)
DONE = (
    {"value": "all", "text": "Every question marked as needed is answered"},
    {"value": "any", "text": "Any one question is answered"},
)


@dashboard.get("/own-tasks")
def show_own_tasks():
    """The tasks built in this service, who built each, and whether it is still offered."""
    _only_for_builders()
    names = {one.id: one.name for one in people.practitioners_of(g.practitioner)}
    rows = [
        {
            "name": _name(one.row.worksheet_id),
            "title": one.worksheet.title,
            "summary": one.worksheet.summary,
            "questions": presenters.counted(len(one.worksheet.fields), "question"),
            "made_by": names.get(one.row.made_by, ""),
            "at": one.row.recorded_at,
            "version": one.row.version,
            "retired": one.row.retired_at is not None,
            "together": one.worksheet.staff_entry,
        }
        for one in own_of(g.practitioner)
    ]
    return page("dashboard/own_tasks.html", rows=rows, saved=request.args.get("saved") == "1")


@dashboard.get("/own-tasks/new")
def show_new_own_task():
    """A blank one."""
    _only_for_builders()
    return _form_page(blank(done="all", rhythm="per_week", times="3", minutes="3", neutral_title="My notes"), None)


@dashboard.post("/own-tasks/new")
def make_own_task():
    """Look at it as the client will see it, or make it."""
    _only_for_builders()
    return _save(None)


@dashboard.get("/own-tasks/<own_name>/change")
def show_change_own_task(own_name):
    """The same form with what it asks now."""
    _only_for_builders()
    row = _row(own_name)
    return _form_page(blank(**as_typed(typed_from(data_of(row)))), own_name)


@dashboard.post("/own-tasks/<own_name>/change")
def change_own_task(own_name):
    """The next version; what was agreed before stays as it was."""
    _only_for_builders()
    _row(own_name)
    return _save(own_name)


@dashboard.post("/own-tasks/<own_name>/retire")
def retire_own_task(own_name):
    """Offer it no more."""
    _only_for_builders()
    _row(own_name)
    if read(Nothing).ok:
        with atomic():
            own.retire(worksheet_id=f"{FAMILY}/{own_name}", by=g.practitioner, now=g.now)
    return redirect(url_for(".show_own_tasks"), 303)


def _save(name: str | None):
    form = read(OwnTaskForm)
    if not form.ok:
        return _form_page(form, name), 422
    typed = typed_of(form.values)
    problems = own.problems_in(typed)
    form.errors = errors_of(problems)
    if form.errors:
        return _form_page(form, name), 422
    if form.values.get("step") != "save":
        return _form_page(form, name, preview=_preview(typed), advice=[one for one in problems if one.warning])
    try:
        with atomic():
            if name is None:
                own.make(typed=typed, by=g.practitioner, now=g.now)
            else:
                own.change(worksheet_id=f"{FAMILY}/{name}", typed=typed, by=g.practitioner, now=g.now)
    except Refused as no:
        return _form_page(form.refuse(no), name), 422
    return redirect(url_for(".show_own_tasks", saved=1), 303)


def _preview(typed) -> dict:
    sheet = worksheet_from(definition_of(typed, f"{FAMILY}/draft", 1), "")
    return {"worksheet": sheet, "parts": parts(sheet, "normal"), "together": sheet.staff_entry}


def _form_page(form: Form, name: str | None, preview: dict | None = None, advice=()) -> str:
    return page(
        "dashboard/own_task.html",
        form=form,
        name=name,
        preview=preview,
        advice=[one.message for one in advice],
        numbers=range(1, MOST_QUESTIONS + 1),
        types=[{"value": "", "text": "No question"}, *({"value": code, "text": text} for code, text in TYPES.items())],
        rhythms=[{"value": code, "text": RHYTHMS[code]} for code in RHYTHMS],
        risk=RISK,
        done=DONE,
    )


def _row(name: str):
    row = newest_row(g.practitioner.service_id, f"{FAMILY}/{name}")
    if row is None:
        raise Missing
    return row


def _name(worksheet_id: str) -> str:
    return worksheet_id.partition("/")[2]


def _only_for_builders() -> None:
    if not may_build():
        raise Missing
