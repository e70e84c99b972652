"""The ways on from a task that was agreed: repeat it, carry it over, make it smaller. Each is two clicks."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from flask import g, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard import dates
from server.dashboard.agreeing import task_as_typed
from server.dashboard.amount import is_over
from server.dashboard.changes import not_taken_of
from server.dashboard.forms import Form
from server.dashboard.shelf import picked
from server.errors import Missing
from server.people import queries as people
from server.reviews import queries as reviews

NOT_DONE = ("open", "moved", "not_done")
NEWS = timedelta(days=14)  # what a client said of a plan before that was seen in an appointment since


def ways_on(client, agreed: Iterable, appointment: str = "") -> dict[UUID, list[dict]]:
    """`{text, href}` of each way on, by assignment. None once the course has ended."""
    if caseload.open_episode(client.id) is None:
        return {}
    left = {row.assignment_id for row in assignments.occurrences_of(client.id) if row.state in NOT_DONE}
    today = dates.local_day(g.now, client.zone)
    return {
        one.assignment.id: _over(client, one, one.assignment.id in left, appointment)
        if is_over(one, today)
        else [_smaller(client, one)]
        for one in agreed
    }


def agreed_lines(client, agreed: Iterable, appointment: str = "") -> dict[str, dict]:
    """Under each task on a page: its ways on, and what the client said of the plan on their phone. By assignment id."""
    agreed, zone = list(agreed), people.service_of(g.practitioner).zone
    ways, left = ways_on(client, agreed, appointment), not_taken_of(client, agreed)
    carried = _carried(client, agreed, appointment)
    return {
        str(one.assignment.id): {
            "ways": ways.get(one.assignment.id, []),
            "not_taken": left.get(one.assignment.id, []),
            "carried": carried.get(one.assignment.id, ""),
            "change": url_for("dashboard.show_change", client_id=client.id, assignment_id=one.assignment.id),
            **_said(client, one, zone),
        }
        for one in agreed
    }


def follows(mark: str, client, agreed, appointment: str) -> str | None:
    """The filled-in form that a review mark leads to; None where the task goes on or stops by itself."""
    over = is_over(agreed, dates.local_day(g.now, client.zone))
    if mark not in ("carry_over", "make_smaller") or (over and not _on_the_shelf(agreed.assignment.worksheet_id)):
        return None
    if over:
        return repeat_href(client, agreed, appointment, saved=1, smaller=1 if mark == "make_smaller" else None)
    place = {"client_id": client.id, "assignment_id": agreed.assignment.id}
    return url_for("dashboard.show_change", **place, smaller=1, saved=1) if mark == "make_smaller" else None


def repeated(client, agreed) -> Form:
    """The form for agreeing it once more from today: its words, plan, rhythm and size; its last day is not carried."""
    form = task_as_typed(agreed.version)
    form.typed["worksheet"] = agreed.assignment.worksheet_id or ""
    form.typed["again"] = str(agreed.assignment.id)
    form.typed["from_date"] = dates.local_day(g.now, client.zone).isoformat()
    form.typed.pop("until_date", None)
    return form


def repeated_from(client, typed: str):
    """The assignment that a form repeats, or None. `Missing` for anybody else's."""
    if not typed:
        return None
    try:
        return assignments.of_assignment(client, UUID(typed))
    except ValueError:
        raise Missing from None


def repeat_href(client, agreed, appointment: str = "", **more) -> str:
    """Where agreeing it once more begins."""
    place = {"client_id": client.id, "again": agreed.assignment.id, "appointment": appointment or None}
    return url_for("dashboard.choose_task", **place, **more)


def _said(client, one, zone: str) -> dict:
    """Whether the client changed the plan, or said that it is right: a line, and where to read it."""
    version, place = one.version, {"client_id": client.id, "assignment_id": one.assignment.id}
    changes = url_for("dashboard.show_assignment", **place, _anchor="changes")
    if g.now - (version.confirmed_at or version.recorded_at) > NEWS:
        return {"said": "", "href": ""}
    if version.made_by == "client":
        return {"said": f"changed this plan on {dates.moment(version.recorded_at, zone)}", "href": changes}
    if version.confirmed_at:
        return {"said": f"said on {dates.moment(version.confirmed_at, zone)} that this is the plan", "href": ""}
    return {"said": "", "href": ""}


def _carried(client, agreed: list, appointment: str) -> dict[UUID, str]:
    """What goes on of something earlier says so: of a task before it, or of an appointment that carried it over."""
    began = {one.assignment.id: dates.short_day(one.assignment.agreed_on) for one in agreed}
    found = {
        one.assignment.id: f"Carried on since {began[one.assignment.id]} from a task agreed on {began[before]}."
        for one in agreed
        if (before := one.assignment.from_assignment) in began
    }
    last: dict = {}
    for one in reviews.of_client(client):  # newest first; what was agreed in this very appointment stands there anyway
        if not appointment or str(one.appointment_id) != appointment:
            last.setdefault(one.assignment_id, one)
    for assignment_id, one in last.items():
        if one.mark == "carry_over":
            day = dates.short_day(dates.local_day(one.recorded_at, client.zone))
            found[assignment_id] = f"{found.get(assignment_id, '')} Carried over on {day}.".strip()
    return found


def _over(client, one, left: bool, appointment: str) -> list[dict]:
    if not _on_the_shelf(one.assignment.worksheet_id):
        return []
    carried = left and one.assignment.state == "open"
    again = {"text": "Carry over" if carried else "Repeat", "href": repeat_href(client, one, appointment)}
    return [again, {"text": "Make smaller", "href": repeat_href(client, one, appointment, smaller=1)}]


def _smaller(client, one) -> dict:
    place = {"client_id": client.id, "assignment_id": one.assignment.id}
    return {"text": "Make smaller", "href": url_for("dashboard.show_change", **place, smaller=1)}


def _on_the_shelf(worksheet_id: str | None) -> bool:
    """Whether it can still be agreed by this practitioner: an own task may be offered no more."""
    if worksheet_id is None:
        return True
    try:
        return picked(worksheet_id).may_be_agreed_by(g.practitioner.roles)
    except Missing:
        return False
