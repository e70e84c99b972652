"""Courses of treatment before this one: what was agreed, what they said helped, last scores, the staying-well plan."""

from flask import g, url_for

from server.assignments import queries as assignments
from server.dashboard import dates, ending_words, figures, measure_words
from server.endings import queries
from server.endings.rules import PLAN
from server.engagement import queries as engagement
from server.engagement.rules import Figures
from server.entries import queries as entries
from server.measures import queries as measures
from server.measures.library import measures as library
from server.people import queries as people
from server.worksheets.rules import reading_form

HELPED = "what_helped"  # the question of the staying-well plan that says it


def last_times(client, episode) -> list[dict]:
    """Every earlier course that has ended, the newest first; none for most. Counts are of that course alone."""
    before = [one for one in queries.ended_courses(client) if one.episode.id != episode.id]
    if not before:
        return []
    agreed = assignments.of_client(client)
    contact = entries.last_contacts([client.id])[client.id]
    told = engagement.told_of([client.id], g.now, {client.id: contact})[client.id]
    at = ending_words.contact_words(contact, people.service_of(g.practitioner).zone)
    written = [one for one in entries.entries_of(client) if one.worksheet and one.worksheet.id == PLAN and one.answers]
    return [_course(client, one, agreed, told, written, at) for one in before]


def _course(client, course, agreed, told, written, contact: str) -> dict:
    of_it = [one for one in agreed if one.assignment.episode_id == course.episode.id]
    ids = {one.assignment.id for one in of_it}
    plan = next((one for one in written if one.entry.assignment_id in ids), None)
    return {
        "heading": f"Last time, {_months(course.episode)}",
        "why": ending_words.why(course.episode),
        "tasks": [_task(client, one, told, contact) for one in of_it],
        "scores": _last_scores(client, course.episode),
        "helped": _helped(plan),
        "plan": url_for(".show_entry", client_id=client.id, entry_id=plan.entry.entry_id) if plan else "",
        "staying_well": ending_words.STAYING_WELL_LINE[course.ending.staying_well] if course.ending else "not recorded",
    }


def _months(episode) -> str:
    """March to June 2026 · November 2025 to January 2026 · May 2026."""
    first, last = episode.opened_on, episode.closed_on
    if (first.year, first.month) == (last.year, last.month):
        return f"{last:%B %Y}"
    return f"{first:%B}{f' {first.year}' if first.year != last.year else ''} to {last:%B %Y}"


def _task(client, one, told, contact: str) -> dict:
    """A task and its count; a nought never without the last contact."""
    of_it = Figures(tuple(each for each in told if each.assignment_id == str(one.assignment.id)))
    return {
        "title": one.version.title,
        "href": url_for(".show_assignment", client_id=client.id, assignment_id=one.assignment.id),
        "words": figures.of_task(of_it),
        "contact": contact if of_it.tried.of and not of_it.done.count else "",
    }


def _last_scores(client, episode) -> list[str]:
    series = measures.series(measures.of_client(client, episode))
    found = []
    for measure in library().all():
        dated = [one for one in series.get((measure.id, measure.main.id), []) if one.score.value is not None]
        if dated:
            last = dated[-1]
            words = f"{measure_words.value_words(last.score)} on {dates.short_day(last.taken_on)}"
            words += "" if len(dated) > 1 else ", the only one"
            found.append(f"{measure.name} {words}")
    return found


def _helped(plan) -> str:
    """What they ticked and wrote under “What has helped you?”, as it reads on the page of the entry."""
    if plan is None or HELPED not in plan.answers:
        return ""
    said = reading_form(plan.worksheet, {HELPED: plan.answers[HELPED]})
    return "; ".join(text for _, text in said)
