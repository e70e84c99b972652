"""One account: what it is for, and what it would leave behind. Administrators only."""

from flask import g, redirect, url_for
from marshmallow import fields

from server.caseload import cover
from server.caseload.stranded import stranded, would_leave
from server.dashboard import presenters
from server.dashboard.forms import Nothing, OneOf, Typed, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.dashboard.role_words import ROLES
from server.errors import Refused
from server.extensions import atomic
from server.people import accounts, actions, settling
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


@dashboard.get("/administration/accounts/<uuid:practitioner_id>/disable")
def show_disable(practitioner_id):
    """What a leaver would leave behind, before the account ends."""
    only_for("administrator")
    leaver = people.account_of(g.practitioner, practitioner_id)
    total, alone = would_leave(leaver, g.now)
    return page(
        "dashboard/disable.html", account=leaver, total=total, alone=alone, is_me=leaver.id == g.practitioner.id
    )


@dashboard.post("/administration/accounts/<uuid:practitioner_id>/disable")
def disable_account(practitioner_id):
    """End an account and everywhere it is signed in; then on to the clients it leaves behind, if there are any."""
    only_for("administrator")
    leaver = people.account_of(g.practitioner, practitioner_id)
    if leaver.id == g.practitioner.id:
        raise Refused("bad-input", "You cannot disable the account you are signed in with. Another administrator can.")
    if read(Nothing).ok:
        with atomic():
            actions.disable_practitioner(practitioner=leaver, by=g.practitioner, now=g.now)
        leaver = people.account_of(g.practitioner, practitioner_id)
        if stranded(g.practitioner, g.now, of=leaver):
            return redirect(url_for(".show_stranded"), 303)
    return redirect(url_for(".show_administration"), 303)


@dashboard.post("/administration/accounts/<uuid:practitioner_id>/known")
def confirm_account(practitioner_id):
    """Another administrator knows whose account this is."""
    only_for("administrator")
    return _confirm(practitioner_id, ".show_administration")


@dashboard.post("/service/accounts/<uuid:practitioner_id>/known")
def confirm_account_as_lead(practitioner_id):
    """The service lead knows whose account this is."""
    only_for("service_lead")
    return _confirm(practitioner_id, ".show_service")


def _confirm(practitioner_id, onward: str):
    account = people.account_of(g.practitioner, practitioner_id)
    if read(Nothing).ok:
        with atomic():
            settling.confirm(practitioner=account, by=g.practitioner, now=g.now)
    return redirect(url_for(onward), 303)


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
