"""Supervision as the practitioner has it: bring a case with a question, and see what was decided about it."""

from flask import g, redirect, request, url_for
from marshmallow import fields

from server.caseload import queries as caseload
from server.caseload import supervising
from server.dashboard import dates, reason_words
from server.dashboard.decisions import decided
from server.dashboard.forms import Form, Nothing, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.dashboard.presenters import listed
from server.engagement.attention import REASONS, SUPERVISION
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.supervision import actions, queries
from server.supervision.rules import STATES

ANSWERED_BY_IT = [one.code for one in REASONS if SUPERVISION in one.answers]


class BringForm(Typed):
    """What somebody wants to ask, and the reason on the caseload that it answers."""

    question = Words(longest=1000, **needed("Say what you want to ask."))
    reason = OneOf(ANSWERED_BY_IT, load_default=None)


class StateForm(Typed):
    """What became of a decision."""

    decision = fields.UUID(**needed("Choose the decision."))
    state = OneOf(STATES, **needed("Choose what became of it."))


@dashboard.get("/clients/<uuid:client_id>/supervision")
def show_case(client_id):
    """What is brought, the form to bring it, and every decision so far."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    why = request.args.get("reason", "")
    return _page(client, blank(reason=why if why in ANSWERED_BY_IT else ""))


@dashboard.post("/clients/<uuid:client_id>/supervision")
def bring_case(client_id):
    """Bring it with a question: from now on the supervisor reads text and plan, until it is discussed."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(BringForm)
    if form.ok:
        try:
            with atomic():
                _bring(client, form.values["question"], form.values["reason"])
        except Refused as no:
            form.refuse(no)
    if not form.ok:
        looked_at(client)
        return _page(client, form), 422
    return redirect(url_for(".show_case", client_id=client_id, saved=1), 303)


@dashboard.post("/clients/<uuid:client_id>/supervision/back")
def take_case_back(client_id):
    """Bring it no longer."""
    caseload.client_of(g.practitioner, client_id, g.now)
    if read(Nothing).ok:
        with atomic():
            episode = caseload.episode_of(g.practitioner, client_id, g.now)
            actions.take_back(episode=episode, by=g.practitioner, now=g.now)
    return redirect(url_for(".show_case", client_id=client_id), 303)


@dashboard.post("/clients/<uuid:client_id>/supervision/decided")
def set_own_decision(client_id):
    """Done, not done, or open again."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(StateForm)
    if not form.ok:
        looked_at(client)
        return _page(client, form), 422
    with atomic():
        actions.set_state(
            client=client, decision_id=form.values["decision"], state=form.values["state"], by=g.practitioner, now=g.now
        )
    return redirect(url_for(".show_case", client_id=client_id, saved=1), 303)


def supervision_line(client, episode) -> dict:
    """For the client page: what waits to be discussed, what was decided and is still open, and the last decision."""
    zone = people.service_of(g.practitioner).zone
    brought = queries.brought_now([episode.id], g.now).get(episode.id)
    shown = _decisions(episode, zone)
    return {
        "href": url_for("dashboard.show_case", client_id=client.id),
        "action": url_for("dashboard.set_own_decision", client_id=client.id),
        "brought": _brought(brought, zone) if brought else None,
        "open": [one for one in shown if one["open"]],
        "last": shown[0] if shown and not shown[0]["open"] else None,
    }


def _bring(client, question: str, why: str | None) -> None:
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    if not supervising.supervisors_of([episode.id], g.now)[episode.id]:
        raise Refused("bad-input", fields={"question": "Nobody supervises this case. Ask an administrator."})
    actions.bring(client=client, episode=episode, question=question, by=g.practitioner, now=g.now)
    if why:
        meetings = caseload.meetings_of([episode.id])[episode.id]
        coming = next((m.starts_at for m in meetings if m.state == "planned" and m.starts_at > g.now), None)
        actions.answer(
            client=client, episode=episode, reason=why, what=SUPERVISION, line=None, next_at=coming,
            by=g.practitioner, now=g.now,
        )  # fmt: skip


def _page(client, form: Form) -> str:
    zone = people.service_of(g.practitioner).zone
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    brought = queries.brought_now([episode.id], g.now).get(episode.id)
    supervisors = [one.name for one in supervising.supervisors_of([episode.id], g.now)[episode.id]]
    why = form.text("reason")
    return page(
        "dashboard/bring_case.html",
        client=client,
        form=form,
        saved=request.args.get("saved") == "1",
        supervisors=listed(supervisors),
        closed=episode.closed_on is not None,
        why=reason_words.WHY.get(why, ""),
        brought=_brought(brought, zone) if brought else None,
        decisions=_decisions(episode, zone),
        before=[_brought(one, zone) for one in queries.brought_before(episode.id) if one.ended_at],
    )


def _decisions(episode, zone: str) -> list[dict]:
    today = dates.local_day(g.now, zone)
    return [
        decided(one, _who(one.row.supervisee_id), zone, today) for one in queries.decisions_of([episode.id])[episode.id]
    ]


def _who(supervisee_id) -> str:
    return "You" if supervisee_id == g.practitioner.id else people.name_of(str(supervisee_id))


def _brought(row, zone: str) -> dict:
    return {
        "day": dates.short_day(dates.local_day(row.recorded_at, zone)),
        "question": row.question or "",
        "how": {"discussed": "discussed", "taken_back": "taken back"}.get(row.ended_how or "", ""),
    }
