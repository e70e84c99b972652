"""Marking an interval's work as looked at, and writing down what was done away from the phone."""

from flask import g, redirect, url_for
from marshmallow import ValidationError, validates_schema

from server.assignments import queries as assignments
from server.dashboard import presenters
from server.dashboard.again import follows
from server.dashboard.appointments import appointment_page, theirs
from server.dashboard.barriers import NAMED
from server.dashboard.forms import OneOf, Typed, Words, needed, read
from server.dashboard.guard import dashboard
from server.engagement import actions as engagement
from server.entries.recording import record_for
from server.extensions import atomic
from server.reviews import actions as reviews


class ReviewForm(Typed):
    """The look at one task."""

    mark = OneOf(presenters.REVIEW_MARKS, **needed("Choose what you agreed about this task."))
    line = Words(longest=600, load_default="")
    note = Words(longest=2000, load_default="")


class RecordForm(Typed):
    """What the client said or brought on paper."""

    slot = Words(longest=60, **needed("Choose which time this was."))
    told = OneOf(presenters.TOLD, **needed("Choose what became of it."))
    barrier = OneOf(NAMED)
    medium = OneOf(presenters.RECORDED_BY, **needed("Choose how you know."))
    helped_by = OneOf(presenters.HELPED, load_default="none")

    @validates_schema
    def fits(self, values, **_):
        """A barrier belongs to something that was not done, or was only tried."""
        if values.get("barrier") and values.get("told") in ("done", "nothing_happened"):
            raise ValidationError("Leave out what got in the way, or choose tried or not done.", "barrier")


@dashboard.post("/clients/<uuid:client_id>/appointments/<uuid:appointment_id>/assignments/<uuid:assignment_id>/review")
def review(client_id, appointment_id, assignment_id):
    """Mark a task; *carry over* of what is over and *make it smaller* go on to the filled-in form for that."""
    client, episode, meeting, _ = theirs(client_id, appointment_id)
    agreed = assignments.of_assignment(client, assignment_id)
    form = read(ReviewForm)
    if not form.ok:
        return appointment_page(client, episode, meeting, refused={("review", str(assignment_id)): form}), 422
    with atomic():
        reviews.review(
            assignment=agreed.assignment, mark=form.values["mark"], line=form.values["line"],
            note=form.values["note"], appointment_id=appointment_id, by=g.practitioner, now=g.now,
        )  # fmt: skip
        engagement.refresh(client=client, assignment_ids=[assignment_id], now=g.now)
    onward = follows(form.values["mark"], client, agreed, str(appointment_id))
    return redirect(onward, 303) if onward else _back(client_id, appointment_id, assignment_id)


@dashboard.post("/clients/<uuid:client_id>/appointments/<uuid:appointment_id>/assignments/<uuid:assignment_id>/record")
def record(client_id, appointment_id, assignment_id):
    """Write down what was done on paper, or told: it counts like anything else, and says where it came from."""
    client, episode, meeting, _ = theirs(client_id, appointment_id)
    assignments.of_assignment(client, assignment_id)
    form = read(RecordForm)
    if not form.ok:
        return appointment_page(client, episode, meeting, refused={("record", str(assignment_id)): form}), 422
    assignments.occurrence_of(client.id, assignment_id, form.values["slot"])
    with atomic():
        received = record_for(
            client=client, assignment_id=assignment_id, slot=form.values["slot"], subject_kind="answer",
            payload=_answer(form.values), medium=form.values["medium"], helped_by=form.values["helped_by"],
            by=g.practitioner, now=g.now,
        )  # fmt: skip
        engagement.refresh(client=client, assignment_ids=received.assignment_ids, now=g.now)
    return _back(client_id, appointment_id, assignment_id)


def _back(client_id, appointment_id, assignment_id):
    """To the task on the appointment's page, which says that it is saved."""
    place = {"client_id": client_id, "appointment_id": appointment_id, "saved": assignment_id}
    return redirect(url_for(".show_appointment", **place, _anchor=f"task-{assignment_id}"), 303)


def _answer(values: dict) -> dict:
    answer = {"answer": values["told"]}
    if values["told"] == "exempt":
        answer["barrier"] = "unwell_physical"
    elif values.get("barrier"):
        answer["barrier"] = values["barrier"]
    return answer
