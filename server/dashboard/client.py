"""One client: four weeks of dots with words, intervals with counts, what is agreed, reminders, phones."""

from datetime import timedelta

from flask import g, redirect, request, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard import dates, figures, presenters
from server.dashboard.about_me import about_me_shown
from server.dashboard.again import agreed_lines
from server.dashboard.agenda import agenda_shown, asked_ids
from server.dashboard.agreeing import plan_rows, rhythm_words
from server.dashboard.barriers import barrier
from server.dashboard.bringing import supervision_line
from server.dashboard.devices import devices_shown, invitation_words
from server.dashboard.guard import dashboard, looked_at, showed
from server.dashboard.hand_over import cover_words, hand_over_words
from server.dashboard.how_counted import rhythm_line
from server.dashboard.last_time import last_times
from server.dashboard.measures_shown import measures_shown
from server.dashboard.occurrences import anchor, barrier_words, interval_words
from server.dashboard.own_hours import reminders_shown
from server.dashboard.pages import page
from server.dashboard.paper_line import line_of
from server.dashboard.put_aside import put_aside_of
from server.dashboard.safe_contact import safe_lines
from server.dashboard.safety import waiting_here
from server.dashboard.today import occurrences_href
from server.engagement import queries as engagement
from server.engagement.attention import to_look_at, waiting_for_review
from server.engagement.rules import Figures, Look, interval_figures, reviewed
from server.entries import on_paper
from server.entries import queries as entries
from server.people import queries as people
from server.reviews import queries as reviews

RESEARCH = {"not_asked": "not asked yet", "yes": "yes, they agreed", "no": "no"}
WEEKS = 4


@dashboard.get("/clients/<uuid:client_id>")
def show_client(client_id):
    """Everything about one client's work on one page, each figure with a way down to its rows."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    looked_at(client)
    zone = people.service_of(g.practitioner).zone
    contact = entries.last_contacts([client.id])[client.id]
    agreed, told = _of_course(client, episode, contact)
    held = caseload.meetings_of([episode.id])
    intervals, meetings = assignments.intervals_of([episode], g.now, held)[episode.id], held[episode.id]
    seen = reviews.of_client(client)
    unreadable = put_aside_of(client, zone)
    return page(
        "dashboard/client.html",
        client=client,
        risks=waiting_here(client, zone),
        work=_work(client, told, agreed, intervals, seen, contact, unreadable, meetings, zone),
        weeks=_weeks(client, told, agreed),
        rhythm=rhythm_line(client, told, contact),
        tasks=_open_tasks(client, agreed, told, intervals, meetings),
        saved=request.args.get("saved", ""),
        lines=agreed_lines(client, agreed),
        ended=[_task(client, one) for one in agreed if one.assignment.state != "open"],
        intervals=[_interval(client, one, told, seen, meetings) for one in reversed(intervals)],
        barriers=_barriers(told, agreed),
        meetings=[_meeting(client, one, zone) for one in reversed(meetings)],
        opening=_opening(client, meetings, zone),
        unreadable=unreadable,
        **_said(client, zone),
        reminders=reminders_shown(client, zone),
        devices=devices_shown(client, zone),
        invitation=invitation_words(client, zone),
        safe=safe_lines(client),
        research=RESEARCH[client.research],
        closed=episode.closed_on,
        covered=cover_words(client, zone),
        handed=hand_over_words(client, episode),
        before=last_times(client, episode),
        supervision=supervision_line(client, episode),
        measures=measures_shown(client, episode, g.practitioner, meetings),
    )


@dashboard.get("/clients/")
def clients():
    """The way to the caseload for somebody who shortened the address."""
    return redirect(url_for(".show_caseload"))


def _of_course(client, episode, contact) -> tuple[list, list]:
    """What was agreed in this course, and every time of it: figures never count across two."""
    agreed = [one for one in assignments.of_client(client) if one.assignment.episode_id == episode.id]
    return agreed, engagement.told_in(client, episode, g.now, contact)


def _work(client, told, agreed, intervals, seen, contact, unreadable, meetings, zone):
    interval = intervals[-1] if intervals else None
    now = interval_figures(told, interval, meetings, g.now)
    reviewed: dict = {}
    for one in seen:
        reviewed.setdefault(str(one.assignment_id), one.recorded_at)
    tasks = {str(one.assignment.id): figures.agreed_as(one) for one in agreed}
    return figures.work(
        now, contact, tasks, occurrences_href(client.id, interval), g.now, zone,
        waiting=len(waiting_for_review(to_look_at(now, told, interval), reviewed)), unreadable=len(unreadable),
    )  # fmt: skip


def _said(client, zone: str) -> dict:
    """In their own words: about themself, and what they want to talk about."""
    agenda = agenda_shown(client, zone)
    showed(client, asked_ids(agenda))
    return {"about": about_me_shown(client, zone), "agenda": agenda}


def _weeks(client, told, agreed) -> dict:
    """Dots by week and task, oldest week first; only tasks that have any."""
    this = dates.week_of(dates.local_day(g.now, client.zone))
    mondays = [this - timedelta(days=7 * n) for n in range(WEEKS - 1, -1, -1)]
    titles = {str(one.assignment.id): one.version.title for one in agreed}
    cells: dict[str, dict] = {}
    for one in told:
        monday = dates.week_of(one.due_on)
        if monday in mondays and one.state != "withdrawn":
            cells.setdefault(one.assignment_id, {}).setdefault(monday, []).append(_dot(client, one))
    used = {mark["code"] for weeks in cells.values() for marks in weeks.values() for mark in marks}
    return {
        "heads": [f"from {dates.short_day(monday)}" for monday in mondays],
        "rows": [
            {"title": titles.get(key, ""), "cells": [weeks.get(monday, []) for monday in mondays]}
            for key, weeks in cells.items()
        ],
        "legend": [mark for code, mark in presenters.STATES.items() if code in used],
    }


def _dot(client, one) -> dict:
    mark = presenters.mark_of(one)
    because = f", {presenters.inside(barrier_words(one))}" if barrier_words(one) else ""
    href = url_for(".show_occurrences", client_id=client.id, assignment=one.assignment_id)
    return {
        "code": mark.code,
        "shape": mark.shape,
        "title": f"{dates.short_day(one.due_on)}: {mark.text.lower()}{because}",
        "href": f"{href}#{anchor(one.assignment_id, one.slot)}",
    }


def _open_tasks(client, agreed, told, intervals, meetings) -> list[dict]:
    """What is agreed now, each with the line in which paper and phone work is written down."""
    interval = intervals[-1] if intervals else None
    held = interval_figures(told, interval, meetings, g.now).told
    stored = {(str(row.assignment_id), row.slot): row for row in assignments.occurrences_of(client.id)}
    written = on_paper.last_written(client)
    return [
        {
            **_task(client, one),
            "line": line_of(client, one.assignment.id, interval, held, stored, written, prefix=f"{n}-"),
        }
        for n, one in enumerate((each for each in agreed if each.assignment.state == "open"), start=1)
    ]


def _task(client, one) -> dict:
    closed = f"{one.assignment.state} {dates.short_day(one.assignment.ended_on)}" if one.assignment.ended_on else ""
    return {
        "id": str(one.assignment.id),
        "href": url_for(".show_assignment", client_id=client.id, assignment_id=one.assignment.id),
        "title": one.version.title,
        "closed": closed,
        "rhythm": rhythm_words(one.version.rhythm),
        "reason": one.version.reason,
        "plan": plan_rows(one.version.plan or {}) if not closed else [],
    }


def _interval(client, interval, told, seen, meetings) -> dict:
    now = interval_figures(told, interval, meetings, g.now)
    looked = reviewed(now.told, [_look(one) for one in seen], interval)
    return {
        "words": interval_words(interval, client.zone),
        "href": occurrences_href(client.id, interval),
        "tried": figures.headline(now),
        "rest": figures.rest(now),
        "barriers": figures.in_the_way(now),
        "reviewed": f"{looked.count} of {presenters.counted(looked.of, 'task')}" if looked.of else "Nothing to review",
    }


def _look(review) -> Look:
    made_in = str(review.appointment_id) if review.appointment_id else None
    return Look(str(review.assignment_id), review.recorded_at, made_in)


def _barriers(told, agreed) -> list[dict]:
    """All that was named so far, most often first, with a way to respond: of its worksheet, if it was only one."""
    sheets = {str(one.assignment.id): one.assignment.worksheet_id for one in agreed}
    rows = []
    named = Figures(tuple(one for one in told if figures.is_in_the_way(one))).barriers
    for code, count in named:
        named_for = {sheets.get(o.assignment_id) for o in told if o.barrier == code}
        rows.append({"of": barrier(code, named_for.pop() if len(named_for) == 1 else None), "count": count})
    return rows


def _meeting(client, meeting, zone: str) -> dict:
    return {
        "href": url_for(".show_appointment", client_id=client.id, appointment_id=meeting.appointment_id),
        "when": dates.moment(meeting.starts_at, zone),
        "state": presenters.ATTENDANCE[meeting.state],
    }


def _opening(client, meetings, zone: str) -> dict | None:
    """The appointment to open: today's or the next one, else the last at which they met; never a cancelled one."""
    near = [m for m in meetings if m.state == "planned"] or [m for m in meetings if m.state == "attended"][-1:]
    if not near:
        return None
    href = url_for(".show_appointment", client_id=client.id, appointment_id=near[0].appointment_id)
    return {"href": href, "text": f"Open the appointment of {dates.moment(near[0].starts_at, zone)}"}
