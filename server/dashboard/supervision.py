"""Supervision as the supervisor has it: whom I supervise, and for each of them an agenda that writes itself."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, redirect, url_for

from server.caseload import supervising
from server.dashboard import dates, figures, presenters
from server.dashboard.attention import Standing, standings
from server.dashboard.bringing import StateForm
from server.dashboard.decisions import decided, one_line
from server.dashboard.forms import read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.own_work import own_side
from server.dashboard.pages import page
from server.dashboard.reason_words import WHY
from server.dashboard.urgent import alerts
from server.engagement.attention import for_supervision, place_in_list
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.supervision import actions, queries
from server.supervision.queries import Decided
from server.supervision.rules import due_on, why_on_agenda


@dataclass(frozen=True)
class Case:
    """One open case of a supervisee: how it stands, what is brought, decided, and when it is due again."""

    standing: Standing
    brought: Any
    decisions: list[Decided]
    discussed_on: date | None
    due: date
    why: list[str]


@dashboard.get("/supervision")
def show_supervision():
    """Whom I supervise, in the order of their accounts: nobody is ranked by a figure."""
    zone = people.service_of(g.practitioner).zone
    found = []
    for one in supervising.supervisees_of(g.practitioner, g.now):
        cases = supervising.cases_of(g.practitioner, one, g.now)
        brought = len(queries.brought_now([each.episode.id for each in cases], g.now))
        words = presenters.counted(len(cases), "open case")
        words += f", {brought} brought with a question" if brought else ""
        found.append({"name": one.name, "href": _agenda(one.id), "words": words})
    return page("dashboard/supervision.html", supervisees=found, alerts=alerts(zone))


@dashboard.get("/supervision/<uuid:practitioner_id>")
def show_agenda(practitioner_id):
    """The agenda of one supervisee: last actions, cases brought, cases with a reason, cases due.

    A question is text about a client: reading it here is a look at them, written down as on the page of the case.
    """
    supervisee = supervising.supervisee_of(g.practitioner, practitioner_id, g.now)
    service = people.service_of(g.practitioner)
    today, days = dates.local_day(g.now, service.zone), queries.days_between(service)
    cases = _cases(supervisee, today, days, service.zone)
    looked_at(*(one.standing.line.client for one in cases if one.brought))
    return page(
        "dashboard/agenda.html",
        name=supervisee.name,
        actions=_last_actions(cases, supervisee.name, service.zone, today),
        action=url_for(".set_decision", practitioner_id=practitioner_id),
        work=url_for(".show_their_work", practitioner_id=practitioner_id),
        parts=_parts(cases, days, service.zone),
        others=[_row(one, service.zone) for one in cases if not set(one.why) - {"open_actions"}],
        days=days,
        note=_note(cases, supervisee, service.zone, today),
    )


@dashboard.get("/supervision/<uuid:practitioner_id>/work")
def show_their_work(practitioner_id):
    """M15 of one supervisee, on a page of its own: beside nobody else's."""
    supervisee = supervising.supervisee_of(g.practitioner, practitioner_id, g.now)
    cases = supervising.cases_of(g.practitioner, supervisee, g.now)
    return page("dashboard/their_work.html", name=supervisee.name, lines=own_side(cases), back=_agenda(practitioner_id))


@dashboard.post("/supervision/<uuid:practitioner_id>/decided")
def set_decision(practitioner_id):
    """What became of a decision about a case of theirs: done, not done, or open again."""
    supervisee = supervising.supervisee_of(g.practitioner, practitioner_id, g.now)
    form = read(StateForm)
    if form.ok:
        with atomic():
            episodes = [each.episode.id for each in supervising.cases_of(g.practitioner, supervisee, g.now)]
            _set_state(episodes, form.values["decision"], form.values["state"])
    return redirect(_agenda(practitioner_id) + "#actions", 303)


def _set_state(episodes: list, decision_id, state: str) -> None:
    theirs = [one for each in queries.decisions_of(episodes).values() for one in each if one.row.id == decision_id]
    if not theirs:
        raise Refused("not-found")
    client, _, _ = supervising.case_of(g.practitioner, theirs[0].row.client_id, g.now)
    actions.set_state(client=client, decision_id=decision_id, state=state, by=g.practitioner, now=g.now)


def _agenda(practitioner_id) -> str:
    return url_for("dashboard.show_agenda", practitioner_id=practitioner_id)


def _cases(supervisee, today: date, days: int, zone: str) -> list[Case]:
    lines = supervising.cases_of(g.practitioner, supervisee, g.now)
    ids = [line.episode.id for line in lines]
    brought, decisions = queries.brought_now(ids, g.now), queries.decisions_of(ids)
    found = []
    for standing in standings(lines, g.now):
        episode = standing.line.episode
        held = decisions[episode.id]
        discussed = dates.local_day(held[0].row.recorded_at, zone) if held else None
        due = due_on(discussed, episode.opened_on, days)
        why = why_on_agenda(
            open_actions=sum(one.state == "open" for one in held), brought=episode.id in brought, due=due,
            reasons=for_supervision(standing.open), today=today,
        )  # fmt: skip
        found.append(Case(standing, brought.get(episode.id), held, discussed, due, why))
    return found


def _parts(cases: list[Case], days: int, zone: str) -> list[dict]:
    """The agenda: each case once, where it first belongs; within a part by the rules, or longest due first."""
    titles = {
        "brought": "Brought with a question",
        "attention": "Something stands out",
        "due": f"Nobody spoke of them for {days} days",
    }
    left, parts = list(cases), []
    for code, title in titles.items():
        here = [one for one in left if code in one.why]
        here.sort(key=lambda one: (one.due if code == "due" else date.min, place_in_list(one.standing.open), one.due))
        left = [one for one in left if one not in here]
        parts.append({"code": code, "title": title, "rows": [_row(one, zone) for one in here]})
    return [part for part in parts if part["rows"]]


def _row(one: Case, zone: str) -> dict:
    standing, line = one.standing, one.standing.line
    return {
        "name": line.client.preferred_name,
        "number": line.client.local_number or "",
        "href": url_for(".show_supervised", client_id=line.client.id),
        "question": one.brought.question or "" if one.brought else "",
        "why": [WHY[code] for code in standing.open],
        "due": "due" in one.why,
        "discussed": dates.short_day(one.discussed_on) if one.discussed_on else "not yet",
        "opened": dates.short_day(line.episode.opened_on),
        "work": figures.short(standing.shown) if standing.agreed else "Nothing agreed",
        "contact": figures.short_contact(line.contact, g.now, zone),
        "next": dates.moment(standing.next.starts_at, zone) if standing.next else "None booked",
    }


def _last_actions(cases: list[Case], name: str, zone: str, today: date) -> list[dict]:
    """Every decision that is open, and those of the last time that are not: the oldest first."""
    every = [(one, each) for one in cases for each in one.decisions if each.row.who != "nobody"]
    last = max((dates.local_day(each.row.recorded_at, zone) for _, each in every), default=None)
    shown = [
        (one, each)
        for one, each in every
        if each.state == "open" or dates.local_day(each.row.recorded_at, zone) == last
    ]
    shown.sort(key=lambda pair: pair[1].row.recorded_at)
    return [
        {
            **decided(each, name, zone, today),
            "name": one.standing.line.client.preferred_name,
            "href": url_for(".show_supervised", client_id=one.standing.line.client.id),
        }
        for one, each in shown
    ]


def _note(cases: list[Case], supervisee, zone: str, today: date) -> str:
    """What was decided on the last day with decisions, to copy into a record: local numbers, and no client's name."""
    every = [(one, each) for one in cases for each in one.decisions]
    if not every:
        return ""
    last = max(dates.local_day(each.row.recorded_at, zone) for _, each in every)
    lines = [
        f"Supervision, {dates.day(last)}",
        f"Practitioner: {supervisee.name}. Supervisor: {g.practitioner.name}.",
    ]
    for one, each in sorted(every, key=lambda pair: pair[1].row.recorded_at):
        if dates.local_day(each.row.recorded_at, zone) == last:
            line = one.standing.line
            which = line.client.local_number or f"opened {dates.short_day(line.episode.opened_on)}"
            lines.append(f"Case {which}: {one_line(decided(each, supervisee.name, zone, today))}")
    return "\n".join(lines)
