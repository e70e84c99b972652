"""A practitioner's own side of it (M15), for them and in supervision: plans, reasons, looks. Compared with nobody."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask import g

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard.guard import dashboard
from server.dashboard.occurrences import interval_words
from server.dashboard.pages import page
from server.dashboard.presenters import counted
from server.dashboard.today import occurrences_href
from server.engagement import queries as engagement
from server.engagement.rules import Look, Share, Task, care, interval_figures, median_survival, pooled, rating, waits
from server.reviews import queries as reviews

BACK = timedelta(weeks=12)
DAY = 24  # hours


@dataclass
class Parts:
    """What every time between two appointments adds."""

    tasks: list = field(default_factory=list)
    cares: list = field(default_factory=list)
    waits: list = field(default_factory=list)
    not_looked_at: list = field(default_factory=list)


@dashboard.get("/caseload/own-work")
def show_own_work():
    """M15 of the last twelve weeks, over one's own clients and what has been closed by an appointment or its end."""
    parts = _parts([one for one in caseload.clients_of(g.practitioner, g.now) if one.role == "own"])
    return page("dashboard/own_work.html", lines=_lines(parts), not_looked_at=parts.not_looked_at)


def own_side(cases) -> list[tuple[str, str]]:
    """The same lines over the cases a supervisor was given, of one practitioner alone."""
    return _lines(_parts(cases))


def _parts(cases) -> Parts:
    ids, since = [one.client.id for one in cases], g.now - BACK
    meetings = caseload.meetings_of([one.episode.id for one in cases])
    found = assignments.intervals_of([one.episode for one in cases], g.now, meetings)
    told, looks = engagement.told_of(ids, g.now), _looks(ids)
    answered = {(str(assignment_id), slot) for assignment_id, slot in reviews.with_a_response(ids)}
    tasks = {
        str(one.assignment.id): Task(
            str(one.assignment.id), one.version.specificity, one.version.reason_sealed is not None
        )
        for one in assignments.of_clients(ids)
    }
    parts = Parts()
    for one in cases:
        mine = engagement.of_course(told[one.client.id], one.episode)
        for interval in found[one.episode.id]:
            if interval.closes_at is not None and since <= interval.closes_at <= g.now:
                held = interval_figures(mine, interval, meetings[one.episode.id], g.now).told
                _add(parts, one.client, interval, held, looks, tasks, answered)
    return parts


def _add(parts: Parts, client, interval, held, looks, tasks, answered) -> None:
    touched = [tasks[key] for key in sorted({o.assignment_id for o in held if o.is_eligible})]
    found = care(tasks=touched, told=held, looks=looks, answered=answered, interval=interval, until=g.now)
    parts.tasks += touched
    parts.cares.append(found)
    parts.waits += waits(held, looks, g.now)
    if found.reviewed.count < found.reviewed.of:
        left = found.reviewed.of - found.reviewed.count
        parts.not_looked_at.append(
            {
                "name": client.preferred_name,
                "words": interval_words(interval, client.zone),
                "href": occurrences_href(client.id, interval),
                "left": counted(left, "task"),
            }
        )


def _lines(parts: Parts) -> list[tuple[str, str]]:
    """(what, how much) in plain words; counts, since a percentage of few says little."""
    plans = rating(task.specificity for task in parts.tasks)
    hours = median_survival(parts.waits)
    return [
        ("Parts of a plan filled in", f"{plans.mean:.1f} of 8, mean of {plans.n}" if plans.n else "no plan yet"),
        ("With a reason", _of(Share(sum(task.has_reason for task in parts.tasks), len(parts.tasks)), "task")),
        ("Looked at together", _of(pooled(one.reviewed for one in parts.cares), "task")),
        ("From hearing of it to looking at it", _long(hours, len(parts.waits))),
        ("Said not done, with an answer on record", _of(pooled(one.responded for one in parts.cares), "time")),
    ]


def _of(share: Share, what: str) -> str:
    return f"{share.count} of {counted(share.of, what)}" if share.of else "nothing to count"


def _long(hours: float | None, of: int) -> str:
    if not of:
        return "nothing was heard of"
    if hours is None:
        return f"more than half wait still (of {counted(of, 'task')})"
    within = counted(round(hours), "hour") if hours < 2 * DAY else counted(round(hours / DAY), "day")
    return f"half within {within} (of {counted(of, 'task')})"


def _looks(client_ids) -> list[Look]:
    return [
        Look(str(one.assignment_id), one.recorded_at, str(one.appointment_id) if one.appointment_id else None)
        for one in reviews.looks_at(client_ids)
    ]
