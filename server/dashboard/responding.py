"""What got in the way, a suggested response, and one click that says what was done about it."""

from collections import Counter
from dataclasses import dataclass

from flask import g, redirect, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.caseload.rules import last_interval
from server.dashboard import dates, figures
from server.dashboard.barriers import barrier
from server.dashboard.forms import OneOf, Typed, Words, needed, read
from server.dashboard.guard import dashboard
from server.engagement import queries as engagement
from server.engagement.attention import to_look_at
from server.engagement.rules import interval_figures
from server.errors import Missing
from server.extensions import atomic
from server.reviews import response_actions, response_queries
from server.worksheets.responses import Response

DONE_ABOUT_IT = {
    "smaller": "We made it smaller",
    "moved": "We moved it",
    "swapped": "We swapped it",
    "talked": "We talked, it stays",
    "nothing_needed": "Nothing was needed",
}
UNNAMED = Response("", "Not done, and nothing was named")
SETTLED = ("done", "nothing_happened", "withdrawn")  # of these nothing is asked any more


class ResponseForm(Typed):
    """What was done about one barrier of one task."""

    barrier = Words(longest=40, load_default="")
    what = OneOf(DONE_ABOUT_IT, **needed("Choose what you did about it."))


@dataclass(frozen=True)
class InTheWay:
    """One barrier of one task in an interval, how often, and what was done about it ("" while nobody said)."""

    barrier: Response
    times: int
    in_the_way: int  # how many of these count among what got in the way, as Today says it
    done: str
    action: str
    choices: list[dict]


def in_the_way(client, meeting, told, agreed, zone: str) -> dict[str, list[InTheWay]]:
    """Assignment → its barriers among what an appointment looks at, most often first, each with its response."""
    found = _asked(told)
    counted = Counter((one.assignment_id, one.barrier) for one in told if figures.is_in_the_way(one))
    recorded = response_queries.responses_of([client.id])
    worksheets = {str(one.assignment.id): one.assignment.worksheet_id for one in agreed}
    shown: dict[str, list[InTheWay]] = {}
    for (assignment_id, code), slots in sorted(found.items(), key=lambda one: (-len(one[1]), one[0][1] or "")):
        place = {"client_id": client.id, "appointment_id": meeting.appointment_id, "assignment_id": assignment_id}
        held = [recorded.get((assignment_id, slot)) for slot in slots]
        shown.setdefault(assignment_id, []).append(
            InTheWay(
                barrier(code, worksheets.get(assignment_id)) if code else UNNAMED,
                len(slots),
                counted[assignment_id, code],
                _done(held, code, zone),
                url_for(".respond", **place),
                [{"value": what, "text": words} for what, words in DONE_ABOUT_IT.items()],
            )
        )
    return shown


@dashboard.post(
    "/clients/<uuid:client_id>/appointments/<uuid:appointment_id>/assignments/<uuid:assignment_id>/response"
)
def respond(client_id, appointment_id, assignment_id):
    """Write down what was done about one barrier, for each time it was named in the interval of this appointment."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    meeting, _ = caseload.meeting_of(episode, appointment_id)
    agreed = assignments.of_assignment(client, assignment_id)
    form = read(ResponseForm)
    if form.ok:
        code = form.values["barrier"] or None
        slots = _slots(client, episode, meeting).get((str(assignment_id), code))
        if not slots:
            raise Missing
        with atomic():
            response_actions.respond(
                assignment=agreed.assignment, slots=slots, barrier=code, what=form.values["what"], by=g.practitioner,
                now=g.now,
            )  # fmt: skip
    place = {"client_id": client_id, "appointment_id": appointment_id}
    return redirect(url_for(".show_appointment", **place, _anchor=f"task-{assignment_id}"), 303)


def _slots(client, episode, meeting) -> dict:
    interval = last_interval(assignments.intervals_of([episode], g.now)[episode.id], meeting.starts_at)
    meetings = caseload.meetings_of([episode.id])[episode.id]
    told = engagement.told_in(client, episode, g.now)
    return _asked(to_look_at(interval_figures(told, interval, meetings, g.now), told, interval))


def _asked(told) -> dict[tuple[str, str | None], list[str]]:
    """(assignment, barrier) → its slots: what was named, and what was said to be not done without naming anything."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for one in told:
        if one.state not in SETTLED and (one.barrier or one.state == "not_done"):
            slots = found.setdefault((one.assignment_id, one.barrier), [])
            if one.slot not in slots:
                slots.append(one.slot)
    return found


def _done(held: list, code: str | None, zone: str) -> str:
    """The last thing done about it, once each time has its response; an answer to another barrier is none."""
    if not all(row is not None and row.barrier == code for row in held):
        return ""
    last = max(held, key=lambda row: row.id)
    return f"{DONE_ABOUT_IT[last.what]}, {dates.ago(last.recorded_at, g.now, zone)}"
