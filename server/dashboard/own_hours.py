"""A client's own reminder hours, set together with them: the time and days, hours without any, a break, other times."""

from datetime import timedelta

from flask import g, redirect, url_for
from marshmallow import ValidationError, fields, validates_schema

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Day, Form, OneOf, Typed, WallTime, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.next_reminders import set_words
from server.dashboard.pages import page
from server.dashboard.reach import reach_words
from server.dashboard.ways import ways_line
from server.extensions import atomic
from server.people import queries as people
from server.reminders import moving, said

DAYS = {str(number): name for number, name in enumerate(presenters.WEEKDAYS)}
FIRST = "18:00"
SILENT = (
    "This is in the hours in which they want none. Choose another time, or set other quiet hours for these days "
    "on their phone."
)


class HoursForm(Typed):
    """What a phone has in its settings, but for how much a reminder says: that is chosen on the phone alone."""

    at = WallTime(**needed("Enter the time of the reminder, like 13:30."))
    weekdays = fields.List(OneOf(DAYS), **needed("Choose at least one day."))
    quiet_from = WallTime()
    quiet_until = WallTime()
    pause_from = Day()
    pause_until = Day()
    shift_at = WallTime()
    shift_from = Day()
    shift_until = Day()

    @validates_schema
    def goes_together(self, values, **_):
        """Half of a pair says nothing, and a break ends on its first day or later."""
        for one, other in (("quiet_from", "quiet_until"), ("pause_from", "pause_until"), ("shift_at", "shift_until")):
            if (one in values) != (other in values):
                raise ValidationError("Fill in both, or neither.", one if other in values else other)
        if values.get("pause_until") and values["pause_until"] < values["pause_from"]:
            raise ValidationError("The last day comes after the first.", "pause_until")
        if "shift_until" in values and values["shift_until"] < values.get("shift_from", values["shift_until"]):
            raise ValidationError("The last day comes after the first.", "shift_until")


@dashboard.get("/clients/<uuid:client_id>/reminders/hours")
def show_hours(client_id):
    """Their hours as they are now."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    return _page(client, _as_set(client))


@dashboard.post("/clients/<uuid:client_id>/reminders/hours")
def set_hours(client_id):
    """Keep what was agreed: their phone takes it up, and the reminders to come follow it."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(HoursForm)
    parts = _parts(client, form) if form.ok else {}
    if not form.ok:  # as typed, or as it goes together with the rest
        looked_at(client)
        return _page(client, form), 422
    with atomic():
        moving.agree(client=client, parts=parts, by=g.practitioner, now=g.now)
    return redirect(url_for(".show_client", client_id=client_id) + "#reminders", 303)


def reminders_shown(client, zone: str) -> dict:
    """For the client's page: whether they arrive, by which ways, and what the client set."""
    return {"reach": reach_words(client, zone), "line": ways_line(client), "hours": set_words(client)}


def _parts(client, form: Form) -> dict:
    """What was filled in, as a phone would say it; refuses on the form what would never remind."""
    values = form.values
    parts = {
        "at": f"{values['at']:%H:%M}",
        "weekdays": sorted(int(day) for day in set(values["weekdays"])),
        "quiet": _pair(values, "quiet", "%H:%M"),
        "pause": _pair(values, "pause", "%Y-%m-%d"),
        "shift": _shift(client, form),
    }
    if said.is_silent_at(parts["at"], parts["quiet"], parts["weekdays"], client.zone, g.now):
        form.errors["at"] = "This is in the hours in which they want none."
    shift = parts["shift"]
    if shift and said.is_silent_at(
        shift["at"], shift["quiet"] or parts["quiet"], parts["weekdays"], client.zone, g.now
    ):
        form.errors["shift_at"] = SILENT
    return parts


def _pair(values: dict, name: str, written: str) -> dict | None:
    ends = {end: values.get(f"{name}_{end}") for end in ("from", "until")}
    return {end: one.strftime(written) for end, one in ends.items()} if ends["from"] is not None else None


def _shift(client, form: Form) -> dict | None:
    """Other times until that day. One that runs keeps its own quiet hours."""
    until, today = form.values.get("shift_until"), dates.local_day(g.now, client.zone)
    if until is None:
        return None
    if until < today:
        form.errors["shift_until"] = "This day is over."
    before = _running(client, today)
    at, began = f"{form.values['shift_at']:%H:%M}", form.values.get("shift_from")
    first = began.isoformat() if began else before.get("from", today.isoformat())
    return {"from": first, "until": until.isoformat(), "at": at, "quiet": before.get("quiet")}


def _running(client, today) -> dict:
    kept = moving.shift_of(client)
    return kept if kept and kept["until"] >= today.isoformat() else {}


def _as_set(client) -> Form:
    rule = moving.own_rule(client)
    if rule is None:
        return blank(at=FIRST, weekdays=list(DAYS))
    today = dates.local_day(g.now, client.zone)
    quiet, running = rule.quiet or {}, _running(client, today)
    paused = (rule.paused_from or today) if rule.paused_until and rule.paused_until > today else None
    return blank(
        at=rule.at, weekdays=rule.weekdays, quiet_from=quiet.get("from"), quiet_until=quiet.get("until"),
        pause_from=paused, pause_until=rule.paused_until - timedelta(days=1) if paused else None,
        shift_at=running.get("at"), shift_from=running.get("from"), shift_until=running.get("until"),
    )  # fmt: skip


def _page(client, form: Form) -> str:
    return page(
        "dashboard/own_hours.html", client=client, form=form, weekdays=presenters.options(DAYS),
        reach=reach_words(client, people.service_of(g.practitioner).zone), line=ways_line(client),
        is_new=moving.own_rule(client) is None,
    )  # fmt: skip
