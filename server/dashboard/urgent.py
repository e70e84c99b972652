"""Break-glass: open a client for a reason, for a day at most; and what somebody has to know of who reached clients."""

from flask import g, redirect, url_for

from server.caseload import cover, urgent
from server.dashboard import dates
from server.dashboard.forms import Form, Nothing, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard
from server.dashboard.pages import landing, page
from server.dashboard.presenters import options
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.people import sign_in

HOURS = {"1": "1 hour", "4": "4 hours", "24": "24 hours"}


class UrgentForm(Typed):
    """Whom, for how long, and why."""

    number = Words(longest=60, **needed("Enter the client’s local number."))
    hours = OneOf(HOURS, **needed("Choose for how long."))
    reason = Words(longest=300, **needed("Say why this cannot wait. Others will read it."))


@dashboard.get("/urgent")
def show_urgent():
    """The form, with what follows from it."""
    return _page(blank(hours="1"))


@dashboard.post("/urgent")
def open_urgently():
    """Open the client. Every try counts, so that numbers cannot be guessed through."""
    form = read(UrgentForm)
    if not form.ok:
        return _page(form), 422
    with atomic():
        sign_in.allow(f"break-glass|{g.practitioner.id}", g.now, urgent.TRIES, urgent.TRIES_WINDOW)
    try:
        with atomic():
            found = urgent.open_urgently(
                number=form.values["number"], reason=form.values["reason"], hours=int(form.values["hours"]),
                by=g.practitioner, now=g.now,
            )  # fmt: skip
            client_id = found.id
    except Refused as no:
        form.errors["number"] = no.message
        return _page(form), 422
    return redirect(url_for(".show_client", client_id=client_id), 303)


@dashboard.post("/alerts/<uuid:access_id>/known")
def acknowledge_alert(access_id):
    """I know of it now."""
    if read(Nothing).ok:
        with atomic():
            urgent.acknowledge(access_id=access_id, by=g.practitioner, now=g.now)
    return redirect(landing(g.practitioner), 303)


@dashboard.post("/cover/<uuid:cover_id>/known")
def acknowledge_cover(cover_id):
    """I know now that somebody stands in for me."""
    if read(Nothing).ok:
        with atomic():
            cover.know(cover_id=cover_id, by=g.practitioner, now=g.now)
    return redirect(landing(g.practitioner), 303)


@dashboard.app_template_global()
def covers_given() -> list[dict]:
    """For the first page of who is covered: which cover somebody else arranged, who it is, and for how long."""
    zone = people.service_of(g.practitioner).zone
    return [
        {
            "id": one.row.id,
            "by": people.name_of(str(one.row.given_by)),
            "colleague": one.colleague.name,
            "at": dates.moment(one.row.recorded_at, zone),
            "from": dates.short_day(dates.local_day(one.row.from_at, zone)),
            "last": dates.short_day(dates.last_day(one.row.until_at, zone)),
            "ended": one.row.ended_at is not None,
            "reason": one.row.reason or "",
        }
        for one in cover.given_by_others(g.practitioner)
    ]


def alerts(zone: str) -> list[dict]:
    """For the first page of whoever has to know: who opened whose record, when, until when and why."""
    return [
        {
            "id": one.access.id,
            "by": one.opened_by.name,
            "at": dates.moment(one.access.from_at, zone),
            "until": dates.moment(one.access.until_at, zone),
            # An account that meets no clients reads neither who it was nor what was written about them.
            "name": one.client.preferred_name if one.client else None,
            "reason": one.access.reason if one.client else None,
        }
        for one in urgent.alerts_for(g.practitioner, g.now)
    ]


def _page(form: Form) -> str:
    return page("dashboard/urgent.html", form=form, hours=options(HOURS))
