"""Clients without a practitioner, for administrators: counted and given on, and never named."""

from flask import g, redirect, request, url_for
from marshmallow import fields

from server.caseload import cover
from server.caseload import stranded as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Form, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people


class GiveForm(Typed):
    """Which courses, to whom, and why."""

    courses = fields.List(fields.UUID(), **needed("Choose at least one."))
    to = fields.UUID(**needed("Choose who looks after them."))
    reason = Words(longest=200, **needed("Say why, for the record. For example: Ben has left."))


@dashboard.get("/administration/without-practitioner")
def show_stranded():
    """Every such course, and the form that gives some of them to a colleague."""
    only_for("administrator")
    return _page(blank())


@dashboard.post("/administration/without-practitioner")
def give_stranded():
    """Give them to a colleague, from now on."""
    only_for("administrator")
    form = read(GiveForm)
    if not form.ok:
        return _page(form), 422
    to = people.account_of(g.practitioner, form.values["to"])
    try:
        with atomic():
            caseload.give(
                episode_ids=form.values["courses"], to=to, reason=form.values["reason"], by=g.practitioner, now=g.now
            )
    except Refused as no:
        return _page(form.refuse(no)), 422
    return redirect(url_for(".show_stranded", saved=1), 303)


def _page(form: Form) -> str:
    rows, zone = caseload.stranded(g.practitioner, g.now), people.service_of(g.practitioner).zone
    shown = rows[: caseload.MOST]
    return page(
        "dashboard/stranded.html", form=form, rows=[_row(one, zone) for one in shown],
        more=len(rows) - len(shown), chosen=form.chosen("courses"), saved=request.args.get("saved") == "1",
        colleagues=presenters.accounts(cover.can_stand_in(g.practitioner)),
    )  # fmt: skip


def _row(one: caseload.Stranded, zone: str) -> dict:
    episode = one.episode
    span = f"Open since {dates.day(episode.opened_on)}"
    if episode.closed_on is not None:
        span = f"Ended {dates.day(episode.closed_on)}"
    return {
        "id": str(episode.id),
        "before": one.before.name,
        "course": span,
        "next": dates.moment(one.next.starts_at, zone) if one.next else "–",
    }
