"""Administration: what the service tells its clients, and who may sign in. To others these pages do not exist."""

from datetime import date
from zoneinfo import available_timezones

from flask import g, redirect, request, url_for
from marshmallow import ValidationError, fields, validates_schema

from server.caseload.stranded import stranded
from server.caseload.written import day_written
from server.dashboard import dates
from server.dashboard.forms import Nothing, OneOf, Typed, Whole, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.dashboard.procedure import risk_state
from server.dashboard.role_words import ROLES, role_words
from server.dashboard.urgent import alerts
from server.dashboard.watching import reminder_alarms
from server.errors import Refused
from server.extensions import atomic
from server.people import actions as people
from server.people import queries as people_queries
from server.people.settling import is_known, may_confirm
from server.worksheets.library import library

NATIONS = {"england": "England", "wales": "Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland"}
SETTINGS = (
    *("name", "nation", "zone", "crisis_name", "crisis_number", "crisis_hours"),
    *("reading_promise", "reading_days", "closed_days", "weekly_cap"),
)


MOST_CLOSED = 100


class ClosedDays(fields.Field):
    """Days as they are pasted, one on each line, to ISO days in order."""

    def _deserialize(self, value, attr, data, **options) -> list[str]:
        found = set()
        for line in filter(None, (one.strip() for one in value.split("\n"))):
            day = day_written(line)
            if isinstance(day, str):
                raise ValidationError(f"“{line[:40]}”: {day}")
            found.add(day.isoformat())
        if len(found) > MOST_CLOSED:
            raise ValidationError(f"List {MOST_CLOSED} days or fewer. Those that have passed can go.")
        return sorted(found)


class ServiceForm(Typed):
    """What the service tells its clients. The last four are needed before a client can be invited."""

    name = Words(longest=120, **needed("Enter the name of your service."))
    nation = OneOf(NATIONS, **needed("Choose the nation: it decides which national help lines are shown."))
    zone = Words(longest=60, **needed("Enter the time zone of your service, like Europe/London."))
    crisis_name = Words(longest=120, load_default="")
    crisis_number = Words(longest=40, load_default="")
    crisis_hours = Words(longest=120, load_default="")
    reading_promise = Words(longest=400, load_default="")
    weekly_cap = Whole(1, 50)
    reading_days = Whole(1, 20, load_default=None, allow_none=True)
    closed_days = ClosedDays(load_default=list)

    @validates_schema
    def fits(self, values, **_):
        """A number has digits, a zone exists."""
        if values.get("zone") and values["zone"] not in available_timezones():
            raise ValidationError("Enter a time zone, like Europe/London.", "zone")
        if values.get("crisis_number") and not any(c.isdigit() for c in values["crisis_number"]):
            raise ValidationError("Enter a phone number with digits.", "crisis_number")


class AccountForm(Typed):
    """A new account."""

    person = Words(longest=120, **needed("Enter the name, as clients know this person."))
    login = Words(longest=120, **needed("Enter a sign-in name, like a work email address."))
    roles = fields.List(OneOf(ROLES), **needed("Choose at least one role."))


@dashboard.get("/administration")
def show_administration():
    """The service's settings and its accounts."""
    only_for("administrator")
    service = people_queries.service_of(g.practitioner)
    return _administration(settings=_as_set(service))


@dashboard.post("/administration/service")
def set_up_service():
    """Change what the service tells its clients."""
    only_for("administrator")
    form = read(ServiceForm)
    if not form.ok:
        return _administration(settings=form), 422
    with atomic():
        people.set_up_service(
            service=people_queries.service_of(g.practitioner), by=g.practitioner, now=g.now, **form.values
        )
    return redirect(url_for(".show_administration", saved=1), 303)


@dashboard.post("/administration/accounts")
def add_account():
    """A new account. Its one-time password is shown in this answer and nowhere else."""
    only_for("administrator")
    form = read(AccountForm, prefix="new-")
    if not form.ok:
        return _administration(account=form), 422
    try:
        with atomic():
            added, password = people.add_practitioner(
                service=people_queries.service_of(g.practitioner), name=form.values["person"],
                sign_in_name=form.values["login"], roles=form.values["roles"], by=g.practitioner, now=g.now,
            )  # fmt: skip
            added_id = added.id
    except Refused as no:
        form.errors["login"] = no.message
        return _administration(account=form), 422
    added = people_queries.account_of(g.practitioner, added_id)
    return page("dashboard/new_account.html", heading="Account added", added=added, once=password)


@dashboard.post("/administration/accounts/<uuid:practitioner_id>/password")
def reset_password(practitioner_id):
    """A new one-time password for somebody who cannot sign in: shown in this answer and nowhere else."""
    only_for("administrator")
    locked_out = people_queries.account_of(g.practitioner, practitioner_id)
    if not read(Nothing).ok:
        return redirect(url_for(".show_administration"), 303)
    with atomic():
        password = people.reset_password(practitioner=locked_out, by=g.practitioner, now=g.now)
    again = people_queries.account_of(g.practitioner, practitioner_id)
    return page("dashboard/new_account.html", heading="New one-time password", added=again, once=password)


def _administration(settings=None, account=None) -> str:
    service = people_queries.service_of(g.practitioner)
    settings = settings or _as_set(service)
    return page(
        "dashboard/administration.html", settings=settings, account=account or blank(prefix="new-"),
        accounts=[_account(one) for one in people_queries.practitioners_of(g.practitioner)],
        left_out=[str(one) for one in library().problems],
        alerts=alerts(service.zone), stranded=len(stranded(g.practitioner, g.now)),
        alarms=reminder_alarms(),
        ready=people_queries.ready(service), risk=risk_state(service), saved=request.args.get("saved") == "1",
        nations=[{"value": code, "text": text} for code, text in NATIONS.items()],
        roles=[{"value": code, "text": text} for code, text in ROLES.items()],
    )  # fmt: skip


def _as_set(service):
    held = {name: getattr(service, name) for name in SETTINGS}
    days = "\n".join(dates.day(date.fromisoformat(one)) for one in service.closed_days)
    return blank(**{**held, "closed_days": days})


def _account(row) -> dict:
    return {
        "id": row.id,
        "name": row.name,
        "login": row.sign_in_name,
        "roles": role_words(row.roles),
        "disabled_at": row.disabled_at,
        "is_me": row.id == g.practitioner.id,
        "waits": row.must_change_password,
        "is_new": not is_known(row, g.now),
        "may_confirm": may_confirm(row, g.practitioner, g.now),
    }
