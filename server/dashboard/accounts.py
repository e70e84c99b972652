"""One account: what it is for, and what it would leave behind. Administrators only."""

from flask import g, redirect, url_for
from marshmallow import fields

from server.caseload import cover
from server.dashboard import presenters
from server.dashboard.administration import ROLES
from server.dashboard.forms import OneOf, Typed, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.errors import Refused
from server.extensions import atomic
from server.people import accounts
from server.people import queries as people


class RolesForm(Typed):
    """What an account is for."""

    roles = fields.List(OneOf(ROLES), **needed("Choose at least one role."))


@dashboard.get("/administration/accounts/<uuid:practitioner_id>/roles")
def show_roles(practitioner_id):
    """The roles of an account, each with what it sees."""
    only_for("administrator")
    account = people.account_of(g.practitioner, practitioner_id)
    return _page(account, blank(roles=account.roles))


@dashboard.post("/administration/accounts/<uuid:practitioner_id>/roles")
def change_roles(practitioner_id):
    """Change what an account is for: from its next page on."""
    only_for("administrator")
    account = people.account_of(g.practitioner, practitioner_id)
    form = read(RolesForm)
    if not form.ok:
        return _page(account, form), 422
    try:
        with atomic():
            accounts.change_roles(practitioner=account, roles=form.values["roles"], by=g.practitioner, now=g.now)
    except Refused as no:
        return _page(people.account_of(g.practitioner, practitioner_id), form.refuse(no)), 422
    return redirect(url_for(".show_administration", saved=1), 303)


# What each role is told to open, in a line: people/who_sees.py in words.
SEES = {
    "practitioner": "Their own clients and those they cover, less what a client keeps for now.",
    "trainee": "As a practitioner.",
    "supervisor": "Who their supervisees’ clients are, and counts. Words only of cases brought to supervision.",
    "service_lead": "Totals of the service. No client.",
    "administrator": "Accounts and settings. No client.",
    "researcher": "De-identified data only. No client.",
}


def _page(account, form) -> str:
    clients = len(cover.own_clients(account, g.now))
    return page(
        "dashboard/roles.html", account=account, form=form,
        clients=presenters.counted(clients, "client") if clients else "",
        roles=[{"value": code, "text": text, "hint": {"text": SEES[code]}} for code, text in ROLES.items()],
    )  # fmt: skip
