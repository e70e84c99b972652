"""Flags about risk: at the top of Today and of the client's page until somebody says what they did."""

from datetime import datetime, timedelta

from flask import g, redirect, url_for

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Form, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.entries import queries as entries
from server.entries.risk_states import typed_in
from server.errors import Missing, Refused
from server.extensions import atomic
from server.people import queries as people
from server.safety import actions as safety
from server.safety import queries
from server.worksheets.definition import every_field
from server.worksheets.library import library

RED = presenters.Mark("red", "Risk: red", "", "nhsuk-tag--red")
RAISED = presenters.Mark("raised", "Risk", "", "nhsuk-tag--orange")
# What they answered to: Do you feel able to keep yourself safe right now?
FOLLOW_UP = {
    None: "They were asked if they feel able to keep safe, and have not answered.",
    "yes": "They feel able to keep safe right now.",
    "not_sure": "They are not sure that they can keep safe right now.",
    "no": "They do not feel able to keep safe right now.",
}
NOT_KNOWN = "It is not known if they feel able to keep safe right now."  # paper asks nothing back
AT_ONCE = timedelta(minutes=5)


class OutcomeForm(Typed):
    """What somebody did about a flag."""

    outcome = Words(longest=300, **needed("Say in a line what you did."))
    seen = Words(longest=64, load_default="")


@dashboard.get("/clients/<uuid:client_id>/entries/<uuid:entry_id>/flag")
def show_flag(client_id, entry_id):
    """The flags of one entry: what waits, with the form, and what was done before."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    return _page(client, entry_id, blank())


@dashboard.post("/clients/<uuid:client_id>/entries/<uuid:entry_id>/flag")
def acknowledge_flag(client_id, entry_id):
    """Somebody who works with this client says what they did."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(OutcomeForm)
    if not form.ok:
        looked_at(client)
        return _page(client, entry_id, form), 422
    try:
        with atomic():
            waiting = [flag for flag in queries.of_entry(client, entry_id) if flag.ack_at is None]
            if not waiting:
                _refuse(client, entry_id)
            safety.acknowledge(flag=waiting[0], by=g.practitioner, now=g.now, **form.values)
    except Refused as no:
        if no.code != "risk-changed":
            raise
        looked_at(client)
        form.errors["outcome"] = no.message
        return _page(client, entry_id, form), 409
    return redirect(url_for(".show_client", client_id=client_id), 303)


def waiting_everywhere(zone: str) -> list[dict]:
    """For Today: what waits, of everybody this practitioner works with, with their names."""
    return [
        {
            **_shown(client, flag, zone),
            "client_id": client.id,
            "name": client.preferred_name,
            "home": url_for(".show_client", client_id=client.id),
        }
        for flag, client in queries.waiting_for(g.practitioner, g.now)
    ]


def waiting_here(client, zone: str) -> list[dict]:
    """For one client's pages: what waits."""
    return [_shown(client, flag, zone) for flag in queries.waiting_of(client)]


def delay_words(made: datetime, received: datetime, zone: str) -> str:
    """When it was saved and when it arrived: a phone without signal may bring it hours later."""
    saved = f"Saved on the phone {dates.moment(made, zone)}."
    if received - made < AT_ONCE:
        return f"{saved} It arrived at once."
    return f"{saved} It arrived {_lasting(received - made)} later, {dates.moment(received, zone)}."


def _lasting(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return presenters.counted(minutes, "minute")
    hours = minutes // 60
    return presenters.counted(hours, "hour") if hours < 48 else presenters.counted(hours // 24, "day")


def _shown(client, flag, zone: str) -> dict:
    worksheet = library().get(flag.worksheet_id, flag.worksheet_version)
    labels = {field.id: field.label for field in every_field(worksheet.fields)} if worksheet else {}
    typed, added = typed_in(client, flag.revision_id), queries.added_at(flag)
    return {
        "mark": RED if queries.raised_by(flag).is_red else RAISED,
        "level": f"level {flag.level}",
        "worksheet": worksheet.title if worksheet else flag.worksheet_id,
        "questions": [labels.get(name, name) for name in flag.fields],
        "follow_up": NOT_KNOWN if typed and flag.follow_up is None else FOLLOW_UP[flag.follow_up],
        "when": _typed_words(typed, flag, zone) if typed else delay_words(flag.created_at, flag.received_at, zone),
        "added": f"More was added {dates.moment(added, zone)}." if added else "",
        "seen": queries.mark_of(flag),
        "told": f"The inbox was told {dates.moment(flag.escalated_at, zone)}." if flag.escalated_at else "",
        "href": url_for(".show_flag", client_id=flag.client_id, entry_id=flag.entry_id),
        "entry": _entry_href(client, flag.entry_id),
        "waits": flag.ack_at is None,
        "done": _done(flag, zone) if flag.ack_at else None,
    }


def _typed_words(typed, flag, zone: str) -> str:
    """On paper or told, on its true day, and typed in by whom: nothing of it was on a phone."""
    medium, day, by = typed
    name = (people.name_of(str(by)) if by else "") or "staff"
    how = presenters.RECORDED_BY.get(medium, "Written down")
    return f"{how}, {dates.day(day)}. Typed in by {name} {dates.moment(flag.received_at, zone)}."


def _entry_href(client, entry_id) -> str:
    """Where the entry is read; nowhere once its author removed it. What it raised stays."""
    try:
        entries.entry_of(client, entry_id)
    except Missing:
        return ""
    return url_for(".show_entry", client_id=client.id, entry_id=entry_id)


def _done(flag, zone: str) -> dict:
    by = people.name_of(str(flag.ack_by))
    return {"by": by, "at": dates.moment(flag.ack_at, zone), "outcome": flag.outcome}


def _refuse(client, entry_id) -> None:
    """Acknowledged meanwhile; or never an entry of this client, which is the same as none."""
    entries.entry_of(client, entry_id)
    raise Refused("risk-acknowledged")


def _page(client, entry_id, form: Form) -> str:
    flags = queries.of_entry(client, entry_id)
    if not flags:
        entries.entry_of(client, entry_id)  # another client's, or nobody's
    zone = people.service_of(g.practitioner).zone
    shown = [_shown(client, flag, zone) for flag in flags]
    return page(
        "dashboard/flag.html", client=client, entry_id=entry_id, form=form,
        waiting=[one for one in shown if one["waits"]], before=[one for one in shown if not one["waits"]],
    )  # fmt: skip
