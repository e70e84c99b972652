"""One supervised case: who it is and figures; entries and plan only while it is brought; decision, who, by when."""

from flask import g, redirect, url_for
from marshmallow import ValidationError, validates_schema

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.caseload import supervising
from server.dashboard import dates, figures, presenters
from server.dashboard.agreeing import plan_rows, rhythm_words
from server.dashboard.attention import answered_words, standings
from server.dashboard.decisions import decided
from server.dashboard.entries import reading
from server.dashboard.forms import Day, Form, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.measures_shown import measures_shown
from server.dashboard.occurrences import interval_words
from server.dashboard.pages import page
from server.dashboard.reason_words import WHY, how_counted
from server.engagement.attention import reason
from server.engagement.queries import told_in
from server.engagement.rules import interval_figures
from server.entries import queries as entries
from server.extensions import atomic
from server.people import queries as people
from server.supervision import actions, queries
from server.supervision.rules import DOES_IT

MOST_ENTRIES = 10  # newest first; what stands further back belongs to the practitioner's own pages


class DecisionForm(Typed):
    """What was decided, who does it, and by when."""

    words = Words(longest=1000, **needed("Say what was decided."))
    who = OneOf(DOES_IT, **needed("Choose who does it."))
    by_day = Day(load_default=None)

    @validates_schema
    def fits(self, values, **_):
        """What is to be done by a day has somebody who does it."""
        if values.get("by_day") and values.get("who") == "nobody":
            raise ValidationError("Say who does it by this day, or leave the day out.", "by_day")


@dashboard.get("/supervision/clients/<uuid:client_id>")
def show_supervised(client_id):
    """The case as its supervisor may see it."""
    client, episode, supervisee = supervising.case_of(g.practitioner, client_id, g.now)
    looked_at(client)
    return _page(client, episode, supervisee, blank(who="supervisee"))


@dashboard.post("/supervision/clients/<uuid:client_id>")
def decide_case(client_id):
    """Write down the decision: the case counts as discussed today."""
    client, episode, supervisee = supervising.case_of(g.practitioner, client_id, g.now)
    form = read(DecisionForm)
    if form.ok and form.values["by_day"] and form.values["by_day"] < dates.local_day(g.now, _zone()):
        form.errors["by_day"] = "Choose a day from today on."
    if not form.ok:
        looked_at(client)
        return _page(client, episode, supervisee, form), 422
    onward = url_for(".show_agenda", practitioner_id=supervisee.id)
    with atomic():
        actions.decide(
            client=client, episode=episode, supervisee=supervisee, by=g.practitioner, now=g.now, **form.values
        )
    return redirect(f"{onward}#agenda", 303)


def _zone() -> str:
    return people.service_of(g.practitioner).zone


def _page(client, episode, supervisee, form: Form) -> str:
    zone = _zone()
    brought = queries.brought_now([episode.id], g.now).get(episode.id)
    standing = standings([caseload.CaseloadLine(client, episode, "supervision")], g.now)[0]
    meetings = caseload.meetings_of([episode.id])[episode.id]
    return page(
        "dashboard/supervised.html",
        client=client,
        form=form,
        supervisee=supervisee.name,
        back=url_for(".show_agenda", practitioner_id=supervisee.id),
        opened=dates.day(episode.opened_on),
        reasons=[{"text": WHY[code], "how": how_counted(reason(code))} for code in standing.open],
        answered=[answered_words(one, zone) for one in standing.answered],
        contact=figures.contact_words(standing.line.contact, g.now, zone),
        next=dates.moment(standing.next.starts_at, zone) if standing.next else "",
        met=presenters.counted(sum(one.state == "attended" for one in meetings), "appointment"),
        intervals=_intervals(client, episode, standing.line.intervals, meetings),
        measures=measures_shown(client, episode, g.practitioner, meetings),
        brought=_brought(client, episode, brought, standing.shown, zone) if brought else None,
        decisions=_decisions(episode, supervisee.name, zone),
        who=[
            {"value": "supervisee", "text": supervisee.name},
            {"value": "supervisor", "text": f"{g.practitioner.name} (me)"},
            {"value": "nobody", "text": "Nothing to do"},
        ],
    )


def _intervals(client, episode, intervals, meetings) -> list[dict]:
    """Each interval in counts, newest first. What got in the way belongs to a case that is brought."""
    told, rows = told_in(client, episode, g.now), []
    for interval in reversed(intervals):
        shown = interval_figures(told, interval, meetings, g.now)
        rows.append({"words": interval_words(interval, client.zone), "work": figures.sentence(shown)})
    return rows


def _brought(client, episode, row, shown, zone: str) -> dict:
    """What bringing opens: the question, the plan of each open task, what got in the way, and the newest entries."""
    agreed = [one for one in assignments.of_client(client) if one.assignment.episode_id == episode.id]
    theirs = {one.assignment.id: one.version.title for one in agreed}
    views = [view for view in entries.entries_of(client) if view.entry.assignment_id in theirs]
    return {
        "question": row.question or "",
        "by": people.name_of(str(row.brought_by)),
        "day": dates.short_day(dates.local_day(row.recorded_at, zone)),
        "barriers": figures.in_the_way(shown),
        "tasks": [_task(one) for one in agreed if one.assignment.state == "open"],
        "entries": [
            {**reading(client, view), "title": theirs[view.entry.assignment_id]} for view in views[:MOST_ENTRIES]
        ],
        "more": max(len(views) - MOST_ENTRIES, 0),
    }


def _decisions(episode, name: str, zone: str) -> list[dict]:
    today = dates.local_day(g.now, zone)
    return [decided(one, name, zone, today) for one in queries.decisions_of([episode.id])[episode.id]]


def _task(one) -> dict:
    return {
        "title": one.version.title,
        "rhythm": rhythm_words(one.version.rhythm),
        "reason": one.version.reason,
        "plan": plan_rows(one.version.plan or {}),
    }
