"""Choosing the next task: what fits the problem, what was agreed before, then everything there is."""

import re
from functools import partial

from flask import g, redirect, request, url_for

from server.assignments import queries as assignments
from server.caseload import actions as caseload_actions
from server.caseload import queries as caseload
from server.caseload.problems import PROBLEMS
from server.dashboard import dates, presenters
from server.dashboard.again import repeated, repeated_from, ways_on
from server.dashboard.agreeing import complete, new_task, rhythm_words
from server.dashboard.amount import load_words, make_smaller
from server.dashboard.forms import OneOf, Typed, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.last_time import last_times
from server.dashboard.pages import page
from server.dashboard.preview import preview_of
from server.dashboard.shelf import can_be_agreed, may_build, partly, picked, risk_allowed, together_why
from server.dashboard.task_page import agreed_in, task_page
from server.entries import queries as entries
from server.extensions import atomic
from server.worksheets.suggestions import suggestions

MARK = re.compile(r" ?\[[A-Z]\w*\]")  # how sure we are of a source: for whoever reads the file, not in a call
MOST_SUGGESTED = 6
MOST_BEFORE = 6
NEARLY_OVER = 5  # attended appointments, of the six to eight of a course: a staying well plan is suggested


class ProblemForm(Typed):
    """What a course is for."""

    problem = OneOf(PROBLEMS, **needed("Choose what this course is for."))


@dashboard.get("/clients/<uuid:client_id>/assignments/new")
def choose_task(client_id):
    """Which worksheet, or a task in own words; with `worksheet` or `again` given, the form itself."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    looked_at(client)
    if again := repeated_from(client, request.args.get("again", "")):
        return _again_page(client, again)
    chosen = request.args.get("worksheet")
    if chosen is None:
        return _choose_page(client, episode)
    worksheet = worksheet_named(chosen)
    return task_page(client, worksheet, new_task(worksheet, dates.local_day(g.now, client.zone), None))


@dashboard.post("/clients/<uuid:client_id>/problem")
def name_problem(client_id):
    """Write down what the course is for: it decides what is suggested first."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    form = read(ProblemForm)
    if not form.ok:
        looked_at(client)
        return _choose_page(client, episode, form), 422
    with atomic():
        caseload_actions.name_problem(episode=episode, problem=form.values["problem"], by=g.practitioner, now=g.now)
    return redirect(url_for(".choose_task", client_id=client_id, appointment=agreed_in() or None), 303)


def worksheet_named(chosen: str):
    """The newest version of the worksheet an address or a form names; None for a task in own words."""
    return picked(chosen) if chosen else None


def goals_of(client, agreed) -> list[str]:
    """The client's goals in their own words, as they last wrote them; none of what they keep for now."""
    found = suggestions()
    for one in agreed:
        if found.asks_for_goals(one.assignment.worksheet_id):
            for view in entries.entries_of(client, one.assignment.id):
                if goals := found.goals_in(one.assignment.worksheet_id, view.answers):
                    return goals[:MOST_SUGGESTED]
    return []


def _again_page(client, agreed) -> str:
    """The filled-in form with its preview: the next click agrees it."""
    worksheet = worksheet_named(agreed.assignment.worksheet_id or "")
    form = repeated(client, agreed)
    made = make_smaller(form, worksheet) if request.args.get("smaller") else ""
    ready = complete(form) and preview_of(client, worksheet, form.values, without=agreed.assignment.id)
    return task_page(client, worksheet, form, preview=ready or None, made=made)


def _choose_page(client, episode, problem=None) -> str:
    allowed = risk_allowed()
    families = can_be_agreed(client.language, allowed)
    agreed = assignments.of_client(client)
    before = _before(client, agreed)
    return page(
        "dashboard/choose_task.html", client=client, families=families, may_build=may_build(),
        together_why=partial(together_why, allowed=allowed), partly=partial(partly, allowed=allowed),
        appointment=agreed_in(), suggested=_suggested(episode, agreed, families), before=before,
        goals=goals_of(client, agreed),
        load=load_words(client), earlier=last_times(client, episode), form=problem or blank(problem=episode.problem),
        problems=presenters.options(PROBLEMS, first="Choose one"),
    )  # fmt: skip


def _suggested(episode, agreed, families) -> dict:
    """What fits: `{worksheets, words, source}`, without what is agreed already."""
    found, meetings = suggestions(), caseload.meetings_of([episode.id])[episode.id]
    fits = found.of(episode.problem)
    nearly = sum(one.state == "attended" for one in meetings) >= NEARLY_OVER
    ids = [
        *(found.first.worksheets if not agreed else ()),
        *fits.worksheets,
        *(found.last.worksheets if nearly else ()),
    ]
    here = {one.id: one for family in families for one in family["worksheets"]}
    taken = {one.assignment.worksheet_id for one in agreed if one.assignment.state == "open"}
    worksheets = [here[one] for one in dict.fromkeys(ids) if one in here and one not in taken]
    return {
        "worksheets": worksheets[:MOST_SUGGESTED],
        "words": presenters.inside(PROBLEMS.get(episode.problem, "")),
        "source": MARK.sub("", fits.source or (found.first.source if ids else "")),
    }


def _before(client, agreed) -> list[dict]:
    """What was agreed before, newest first, each named once, with its ways on."""
    ways = ways_on(client, agreed, agreed_in())
    newest: dict = {}
    for one in agreed:
        newest.setdefault((one.assignment.worksheet_id, one.version.title), one)
    rows = [_agreed_row(one, ways.get(one.assignment.id, [])) for one in newest.values()]
    return [row for row in rows if row["ways"]][:MOST_BEFORE]


def _agreed_row(one, ways: list[dict]) -> dict:
    return {
        "title": one.version.title,
        "rhythm": rhythm_words(one.version.rhythm),
        "state": "agreed now" if one.assignment.state == "open" else one.assignment.state,
        "ways": ways,
    }
