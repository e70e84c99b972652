"""Research, for one client: whether they may be asked, the studies they were asked to, and what they said."""

from flask import g, redirect, request, url_for
from marshmallow import fields

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Form, OneOf, Typed, Whole, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.errors import Missing, Refused
from server.extensions import atomic
from server.studies import consents, counting, queries
from server.studies.consents import Asked

CONTACT = {"yes": "Yes, they may be asked", "no": "No, do not ask them"}
GENERAL = {
    "yes": "Their figures may be used for research.",
    "no": "They said no to research: they are in no bundle, whatever they say to a study.",
    "not_asked": "Nobody has asked yet whether their figures may be used for research. They can choose on their phone.",
}
SAID = {"given": "They said yes", "withdrawn": "They withdrew"}


class ContactForm(Typed):
    """Whether they may be asked about taking part in research."""

    contact = OneOf(CONTACT, **needed("Choose yes or no."))


class ConsentForm(Typed):
    """What they said to a study, and to which version of its text."""

    study = fields.UUID(**needed("Choose a study."))
    text = Whole(0, 10_000, **needed("Choose a study."))
    choice = OneOf({"ask": "", **SAID}, **needed("Choose."))


@dashboard.get("/clients/<uuid:client_id>/research")
def show_client_research(client_id):
    """What they said, and the studies of this service."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    return _page(client)


@dashboard.get("/caseload/research")
def show_could_be_asked():
    """Which of my own clients could be asked to which study: researchers get only their number."""
    pairs = [(one.client, one.episode) for one in caseload.clients_of(g.practitioner, g.now) if one.role == "own"]
    found = counting.own_to_ask(g.practitioner, pairs, g.now)
    mine = [client for client, _ in pairs if client.id in found]
    looked_at(*mine)
    return page(
        "dashboard/could_be_asked.html",
        lines=[
            {"id": one.id, "name": one.preferred_name, "studies": ", ".join(study.name for study in found[one.id])}
            for one in mine
        ],
    )


@dashboard.post("/clients/<uuid:client_id>/research/contact")
def set_client_contact(client_id):
    """Keep whether they may be asked."""
    client, form = caseload.client_of(g.practitioner, client_id, g.now), read(ContactForm)
    return _done(
        client, form, lambda: consents.choose_contact(
            client=client, choice=form.values["contact"], by=g.practitioner, now=g.now
        ),
    )  # fmt: skip


@dashboard.post("/clients/<uuid:client_id>/research/study")
def set_client_study(client_id):
    """Show them a study on their phone, or keep what they said to it."""
    client, form = caseload.client_of(g.practitioner, client_id, g.now), read(ConsentForm)
    return _done(client, form, lambda: _act(client, form))


def _act(client, form: Form) -> None:
    study = next((one.study for one in consents.studies_for(client) if one.study.id == form.values["study"]), None)
    if study is None:
        raise Missing
    if form.values["choice"] == "ask":
        consents.invite(client=client, study=study, by=g.practitioner, now=g.now)
        return
    consents.say(
        client=client, study=study, number=form.values["text"], choice=form.values["choice"], by=g.practitioner,
        now=g.now,
    )  # fmt: skip


def _done(client, form: Form, act):
    client_id = client.id
    if form.ok:
        try:
            with atomic():
                act()
            return redirect(url_for(".show_client_research", client_id=client_id, saved=1), 303)
        except Refused as no:
            form.refuse(no)
    return _page(caseload.client_of(g.practitioner, client_id, g.now), form), 422


def _page(client, form: Form | None = None) -> str:
    looked_at(client)
    contact = queries.newest_contact(client.id)
    return page(
        "dashboard/client_research.html",
        client=client,
        form=form or blank(contact=contact.choice if contact else None),
        general=GENERAL[client.research],
        contact=presenters.options(CONTACT),
        never=contact is not None and contact.choice == "no",
        studies=[_shown(one, client.zone) for one in consents.studies_for(client)],
        saved=request.args.get("saved") == "1",
    )


def _shown(one: Asked, zone: str) -> dict:
    said = ""
    if one.choice:
        said = f"{SAID[one.choice]} on {dates.day(dates.local_day(one.said_at, zone))}"
        said += f", to version {one.said_of}" if one.said_of else ""
    return {
        "id": one.study.id,
        "name": one.study.name,
        "number": one.number,
        "words": one.words,
        "invited": one.invited,
        "said": said,
        "older": bool(one.choice == "given" and one.said_of != one.number),
        "given": one.choice == "given",
        "ended": one.study.ended_at is not None,
        "arm": one.arm,
    }
