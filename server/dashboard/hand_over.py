"""Handing a client over: from a day on a colleague looks after them, with a summary of where it stands."""

from flask import g, redirect, request, url_for
from marshmallow import fields

from server.caseload import handing_over
from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Day, Form, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.hand_over_summary import summary_of
from server.dashboard.pages import page
from server.dashboard.whose import whose
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people

APPOINTMENTS = {
    "go": "Go to the new practitioner",
    "stay": "Stay with me. I keep access until the last of them is over",
}


class HandOverForm(Typed):
    """To whom, from which day, what becomes of the appointments, and what else the colleague has to know."""

    to = fields.UUID(**needed("Choose who takes over."))
    day = Day(**needed("Enter the day from which they take over."))
    appointments = OneOf(APPOINTMENTS, **needed("Choose what becomes of the appointments."))
    note = Words(longest=2000, load_default="")


@dashboard.get("/clients/<uuid:client_id>/hand-over")
def show_hand_over(client_id):
    """The last hand-over with its summary, and the form for the next."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    today = dates.local_day(g.now, people.service_of(g.practitioner).zone)
    return _page(client, blank(day=today.isoformat(), appointments="go"))


@dashboard.post("/clients/<uuid:client_id>/hand-over")
def hand_over(client_id):
    """Hand this course of treatment over. The client's phone says so with its next contact."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    form = read(HandOverForm)
    if not form.ok:
        looked_at(client)
        return _page(client, form), 422
    values, to = form.values, people.account_of(g.practitioner, form.values["to"])
    try:
        with atomic():
            handing_over.hand_over(
                episode=episode, to=to, from_day=values["day"], appointments=values["appointments"],
                summary=summary_of(client, episode, values["note"], g.now), by=g.practitioner, now=g.now,
            )  # fmt: skip
    except Refused as no:
        looked_at(client)
        form.refuse(no)
        form.errors = {"day" if name == "from" else name: said for name, said in form.errors.items()}
        return _page(client, form), 422
    if _still_theirs(client_id):
        return redirect(url_for(".show_hand_over", client_id=client_id, saved=1), 303)
    return redirect(url_for(".show_caseload", saved="handed-over"), 303)


def cover_words(client, zone: str) -> str:
    """For the client's page: whose they are, where they are not one's own."""
    return whose([one for one in caseload.clients_of(g.practitioner, g.now) if one.client.id == client.id], zone).get(
        client.id, ""
    )


def hand_over_words(client, episode) -> str:
    """For the client's page: who looks after them now, or from when on, where that has changed or will."""
    last = handing_over.newest_of(client)
    if last is None or last.episode_id != episode.id:
        return ""
    name = people.name_of(str(last.to_practitioner_id))
    before = people.name_of(str(last.from_practitioner_id))
    begun = last.from_at <= g.now
    return f"{name} {'has looked' if begun else 'looks'} after them from {dates.day(last.from_day)} on, after {before}."


def _still_theirs(client_id) -> bool:
    return any(line.client.id == client_id for line in caseload.clients_of(g.practitioner, g.now))


def _page(client, form: Form) -> str:
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    takers = handing_over.takers(episode, g.practitioner, g.now)
    last = handing_over.newest_of(client)
    return page(
        "dashboard/hand_over.html", client=client, form=form, closed=episode.closed_on,
        words=hand_over_words(client, episode), last=last and (last.summary or ""),
        preview=summary_of(client, episode, "", g.now), saved=request.args.get("saved") == "1",
        colleagues=presenters.accounts(takers, g.now), appointments=presenters.options(APPOINTMENTS),
    )  # fmt: skip
