"""Who supervises whom, for administrators: pairs with their days, and after how many days a case is due again."""

from datetime import timedelta

from flask import g, redirect, request, url_for
from marshmallow import ValidationError, fields, validates_schema

from server.caseload import supervising
from server.dashboard import dates, presenters
from server.dashboard.forms import Day, Form, Nothing, Typed, Whole, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.people.who_sees import supervising as supervises
from server.people.who_sees import working
from server.supervision import actions, queries
from server.supervision.rules import FEWEST_DAYS, MOST_DAYS


class PairForm(Typed):
    """Who supervises whom, from when, and until when if that is known."""

    supervisor = fields.UUID(**needed("Choose who supervises."))
    supervisee = fields.UUID(**needed("Choose whom they supervise."))
    first = Day(**needed("Enter the first day."))
    last = Day(load_default=None)

    @validates_schema
    def fits(self, values, **_):
        """The last day does not come before the first."""
        if values.get("last") and "first" in values and values["last"] < values["first"]:
            raise ValidationError("The last day comes before the first.", "last")


class DaysForm(Typed):
    """After how many days a case is due again."""

    days = Whole(FEWEST_DAYS, MOST_DAYS, **needed(f"Enter a number of days from {FEWEST_DAYS} to {MOST_DAYS}."))


@dashboard.get("/administration/supervision")
def show_pairs():
    """The pairs that hold or are to come. No client is named here."""
    only_for("administrator")
    return _page(_start(), _days())


@dashboard.post("/administration/supervision")
def add_pair():
    """Let somebody supervise a practitioner: opens the way to their open cases, and to those that come."""
    only_for("administrator")
    form = read(PairForm)
    if not form.ok:
        return _page(form, _days()), 422
    values, zone = form.values, people.service_of(g.practitioner).zone
    try:
        with atomic():
            supervising.begin(
                supervisor=people.account_of(g.practitioner, values["supervisor"]),
                supervisee=people.account_of(g.practitioner, values["supervisee"]),
                from_at=dates.midnight(values["first"], zone),
                until_at=dates.midnight(values["last"] + timedelta(days=1), zone) if values["last"] else None,
                by=g.practitioner, now=g.now,
            )  # fmt: skip
    except Refused as no:
        return _page(form.refuse(no), _days()), 422
    return redirect(url_for(".show_pairs", saved=1), 303)


@dashboard.post("/administration/supervision/<uuid:pair_id>/end")
def end_pair(pair_id):
    """End it now: the way to every case is closed."""
    only_for("administrator")
    pair = supervising.pair_of_service(g.practitioner, pair_id)
    if read(Nothing).ok:
        with atomic():
            supervising.end(pair=pair, by=g.practitioner, now=g.now)
    return redirect(url_for(".show_pairs", saved=1), 303)


@dashboard.post("/administration/supervision/days")
def set_days():
    """After how many days without a word a case is due."""
    only_for("administrator")
    form = read(DaysForm, prefix="due-")
    if not form.ok:
        return _page(_start(), form), 422
    with atomic():
        actions.set_days_between(
            service=people.service_of(g.practitioner), days=form.values["days"], by=g.practitioner, now=g.now
        )
    return redirect(url_for(".show_pairs", saved=1), 303)


def _start() -> Form:
    return blank(first=dates.local_day(g.now, people.service_of(g.practitioner).zone).isoformat())


def _days() -> Form:
    return blank(prefix="due-", days=queries.days_between(people.service_of(g.practitioner)))


def _page(form: Form, days: Form) -> str:
    accounts = [one for one in people.practitioners_of(g.practitioner) if one.disabled_at is None]
    return page(
        "dashboard/pairs.html",
        form=form,
        days=days,
        saved=request.args.get("saved") == "1",
        pairs=_pairs(),
        supervisors=presenters.accounts(one for one in accounts if supervises(one.roles)),
        supervisees=presenters.accounts(one for one in accounts if working(one.roles)),
    )


def _pairs() -> list[dict]:
    zone = people.service_of(g.practitioner).zone
    return [
        {
            "id": one.row.id,
            "supervisor": one.supervisor.name,
            "supervisee": one.supervisee.name,
            "from": dates.day(dates.local_day(one.row.from_at, zone)),
            "last": dates.day(dates.last_day(one.row.until_at, zone)) if one.row.until_at else "Open",
            "begun": one.row.from_at <= g.now,
        }
        for one in supervising.pairs_of_service(g.practitioner, g.now)
    ]
