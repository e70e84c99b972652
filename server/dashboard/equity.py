"""Equity fields of one client, for the practitioner of that client only: shown, and written down as the client says."""

from flask import g, redirect, url_for

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Form, OneOf, Typed, blank, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.extensions import atomic
from server.people.equity import EQUITY, LABELS, in_words
from server.people.equity_actions import record_equity
from server.people.equity_queries import newest_equity

SOURCES = {"csv": "from a list", "practitioner": "written down here"}


class EquityForm(Typed):
    """What the client says of themself; a field left open keeps what it had."""

    ethnicity = OneOf(EQUITY["ethnicity"])
    gender = OneOf(EQUITY["gender"])
    disability = OneOf(EQUITY["disability"])
    sexual_orientation = OneOf(EQUITY["sexual_orientation"])
    imd_decile = OneOf(EQUITY["imd_decile"])
    age_band = OneOf(EQUITY["age_band"])


@dashboard.get("/clients/<uuid:client_id>/equity")
def show_equity(client_id):
    """What is held, and the form."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    held = newest_equity(client)
    return _page(client, blank(**{name: getattr(held, name, None) for name in EQUITY}), held)


@dashboard.post("/clients/<uuid:client_id>/equity")
def change_equity(client_id):
    """Write down what the client says now."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(EquityForm)
    if not form.ok:
        return _page(client, form, newest_equity(client)), 422
    with atomic():
        record_equity(client=client, fields=form.values, source="practitioner", by=g.practitioner, now=g.now)
    return redirect(url_for(".show_client", client_id=client_id), 303)


def _page(client, form: Form, held) -> str:
    looked_at(client)
    when = held and f"{dates.ago(held.recorded_at, g.now, client.zone)}, {SOURCES[held.source]}"
    choices = [
        (name, LABELS[name], presenters.options({code: in_words(name, code) for code in codes}, "Never recorded"))
        for name, codes in EQUITY.items()
    ]
    return page("dashboard/equity.html", client=client, form=form, choices=choices, when=when or "")
