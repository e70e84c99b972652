"""Cover for leave: given by a practitioner for themself, or by an administrator, who sees no client doing it."""

from datetime import timedelta
from uuid import UUID

from flask import g, redirect, request, url_for
from marshmallow import ValidationError, fields, validates_schema

from server.caseload import cover
from server.dashboard import dates, presenters
from server.dashboard.forms import Day, Form, Nothing, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.errors import Missing, Refused
from server.extensions import atomic
from server.people import queries as people

SCOPES = {"all": "All my clients, and whoever comes to me meanwhile", "chosen": "Only the clients I choose"}


class CoverForm(Typed):
    """Who stands in, from when until when, for whom, and why."""

    away = fields.UUID(load_default=None)
    colleague = fields.UUID(**needed("Choose who stands in."))
    first = Day(**needed("Enter the first day."))
    last = Day(**needed("Enter the last day."))
    scope = OneOf(SCOPES, load_default="all")
    clients = fields.List(fields.UUID(), load_default=list)
    reason = Words(longest=200, **needed("Say why, for the record. For example: annual leave."))

    @validates_schema
    def fits(self, values, **_):
        """The last day does not come before the first."""
        if "first" in values and "last" in values and values["last"] < values["first"]:
            raise ValidationError("The last day comes before the first.", "last")


@dashboard.get("/cover")
def show_cover():
    """Who stands in for me, for whom I stand in, and the form."""
    return _page(_start())


@dashboard.post("/cover")
def give_cover():
    """A colleague stands in for me."""
    return _give(g.practitioner, ".show_cover", _page)


@dashboard.post("/cover/<uuid:cover_id>/end")
def end_cover(cover_id):
    """End a cover sooner than planned: the one who is back, or the one who stood in."""
    return _end(cover.cover_of(g.practitioner, cover_id), ".show_cover")


@dashboard.get("/administration/cover")
def show_service_cover():
    """Every cover of the service that holds or is to come. No client is named here."""
    only_for("administrator")
    return _service_page(_start())


@dashboard.post("/administration/cover")
def give_service_cover():
    """Somebody is away without having arranged it: a colleague stands in for all their clients."""
    only_for("administrator")
    away = _account(g.typed.get("away"))
    return _give(away, ".show_service_cover", _service_page)


@dashboard.post("/administration/cover/<uuid:cover_id>/end")
def end_service_cover(cover_id):
    """End a cover of the service sooner than planned."""
    only_for("administrator")
    return _end(cover.cover_of(g.practitioner, cover_id, everybodys=True), ".show_service_cover")


def _start() -> Form:
    today = dates.local_day(g.now, people.service_of(g.practitioner).zone)
    return blank(first=today.isoformat(), scope="all")


def _account(typed: str | None):
    try:
        return people.account_of(g.practitioner, UUID(typed or ""))
    except (ValueError, Missing):
        return None


def _give(away, onward: str, again):
    form = read(CoverForm)
    if away is None and not g.again:
        form.errors = {"away": "Choose who is away.", **form.errors}
    if not form.ok:
        return again(form), 422
    values, zone = form.values, people.service_of(g.practitioner).zone
    try:
        with atomic():
            cover.give(
                practitioner=away, colleague=people.account_of(g.practitioner, values["colleague"]),
                scope=values["scope"], client_ids=values["clients"], reason=values["reason"],
                from_at=dates.midnight(values["first"], zone),
                until_at=dates.midnight(values["last"] + timedelta(days=1), zone),
                by=g.practitioner, now=g.now,
            )  # fmt: skip
    except Refused as no:
        form.refuse(no)
        form.errors = {"last" if name == "until" else name: said for name, said in form.errors.items()}
        return again(form), 422
    return redirect(url_for(onward, saved=1), 303)


def _end(held, onward: str):
    if read(Nothing).ok:
        with atomic():
            cover.end(cover=held, by=g.practitioner, now=g.now)
    return redirect(url_for(onward, saved=1), 303)


def _page(form: Form) -> str:
    clients = [{"value": str(one.id), "text": one.preferred_name} for one in cover.own_clients(g.practitioner, g.now)]
    return page(
        "dashboard/cover.html", form=form, covers=_lines(False), away=[], clients=clients,
        colleagues=presenters.accounts(cover.can_stand_in(g.practitioner), g.now), service_wide=False, saved=_saved(),
        scopes=presenters.options(SCOPES),
    )  # fmt: skip


def _service_page(form: Form) -> str:
    everybody = [one for one in people.practitioners_of(g.practitioner) if set(one.roles) - {"administrator"}]
    return page(
        "dashboard/cover.html", form=form, covers=_lines(True), away=presenters.accounts(everybody), clients=[],
        colleagues=presenters.accounts(cover.can_stand_in(g.practitioner), g.now), service_wide=True, saved=_saved(),
        scopes=[],
    )  # fmt: skip


def _saved() -> bool:
    return request.args.get("saved") == "1"


def stands_in(account) -> list[dict]:
    """For the page that ends an account: the cover it gives now and later."""
    return [_line(one) for one in cover.covers(account, g.now) if one.row.colleague_id == account.id]


def _lines(everybodys: bool) -> list[dict]:
    return [_line(one) for one in cover.covers(g.practitioner, g.now, everybodys)]


def _line(one: cover.Covered) -> dict:
    zone = people.service_of(g.practitioner).zone
    return {
        "id": one.row.id,
        "away": one.away.name,
        "colleague": one.colleague.name + (" (cannot sign in)" if one.colleague.disabled_at else ""),
        "from": dates.short_day(dates.local_day(one.row.from_at, zone)),
        "last": dates.short_day(dates.last_day(one.row.until_at, zone)),
        "whom": f"All clients ({one.clients} so far)"
        if one.row.scope == "all"
        else presenters.counted(one.clients, "chosen client"),
        "reason": one.row.reason or "",
        "begun": one.row.from_at <= g.now,
    }
