"""How a client can be reached safely: the form, the words, and changing it."""

from datetime import datetime

from flask import g, redirect, url_for
from marshmallow import ValidationError, fields, validates_schema

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Form, OneOf, Typed, WallTime, blank, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.extensions import atomic
from server.people import actions as people
from server.people import queries as people_queries
from server.reminders import actions as reminders

CHANNELS = {"call": "Phone call", "text": "Text message", "email": "Email"}
VOICEMAIL = {"none": "Do not leave a message", "neutral": "A name and “please call back”, nothing else"}


class SafeContactForm(Typed):
    """By which ways, at which hours, and what may be left on a voicemail."""

    channels = fields.List(OneOf(CHANNELS), load_default=list)
    never_sms = OneOf({"yes"})
    voicemail = OneOf(VOICEMAIL, load_default="none")
    hours_from = WallTime()
    hours_until = WallTime()
    asked_alone = OneOf({"yes"})

    @validates_schema
    def agrees(self, values, **_):
        """A text message cannot be both a way and never a way."""
        if "text" in values["channels"] and values.get("never_sms"):
            raise ValidationError("Choose either text message or never a text message.", "never_sms")


@dashboard.get("/clients/<uuid:client_id>/safe-contact")
def show_safe_contact(client_id):
    """The form, filled in with what is known."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    return _page(client, _as_kept(client.safe_contact or {}))


@dashboard.post("/clients/<uuid:client_id>/safe-contact")
def change_safe_contact(client_id):
    """Keep what the client says now."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(SafeContactForm)
    if not form.ok:
        looked_at(client)
        return _page(client, form), 422
    said = safe_contact_of(form.values) | asked_by(form.values, client.safe_contact)
    with atomic():
        people.change_safe_contact(client=client, safe_contact=said, by=g.practitioner, now=g.now)
        reminders.use_ways(client=client, by=g.practitioner, now=g.now)
    return redirect(url_for(".show_client", client_id=client_id) + "#safe-contact", 303)


def safe_contact_of(values: dict) -> dict:
    """The form's values as they are kept."""
    ends = {name: values.get(f"hours_{name}") for name in ("from", "until")}
    return {
        "channels": values["channels"],
        "never_sms": bool(values.get("never_sms")),
        "voicemail": values["voicemail"],
        "asked_alone": bool(values.get("asked_alone")),
        "hours": {name: at.strftime("%H:%M") for name, at in ends.items() if at},
    }


def asked_by(values: dict, held: dict | None = None) -> dict:
    """Who asked last while the client was alone, and when: this time, or as it is kept."""
    if values.get("asked_alone"):
        return {"asked": {"at": g.now.isoformat(), "by": str(g.practitioner.id)}}
    return {"asked": held["asked"]} if held and held.get("asked") else {}


def safe_choices() -> dict:
    """The closed lists of the form."""
    return {"channels": presenters.options(CHANNELS), "voicemail": presenters.options(VOICEMAIL)}


def safe_lines(client) -> list[str]:
    """How this client can be reached safely, in words."""
    safe = client.safe_contact or {}
    if not safe:
        return ["Not asked yet. Ask when the client is on their own. No reminder is sent before"]
    channels = [CHANNELS.get(code, code).lower() for code in safe.get("channels", [])]
    lines = [f"Reach by {presenters.listed(channels)}" if channels else "No channel was agreed"]
    if safe.get("never_sms"):
        lines.append("Never send a text message")
    lines.append(f"Voicemail: {VOICEMAIL.get(safe.get('voicemail', 'none'), VOICEMAIL['none']).lower()}")
    if safe.get("hours"):
        lines.append(_hours(safe["hours"]))
    return [*lines, *filter(None, [asked_line(client)]), _alone(safe)]


def asked_line(client) -> str:
    """When they were last asked alone and by whom; nothing where that was not kept."""
    asked = (client.safe_contact or {}).get("asked")
    if not asked:
        return ""
    day = dates.local_day(datetime.fromisoformat(asked["at"]), client.zone)
    return f"Last asked alone on {dates.short_day(day)} {day.year} by {people_queries.name_of(asked['by'])}"


def _alone(safe: dict) -> str:
    if safe.get("asked_alone"):
        return "Asked while they were alone"
    if safe.get("asked"):
        return "Changed since without asking them alone: no reminder is sent until they are asked"
    return "Not yet asked while they were alone: no reminder is sent before"


def _hours(kept) -> str:
    """From 09:00 until 17:30; hours kept as plain text are shown as they are."""
    if not isinstance(kept, dict):
        return f"Hours: {kept}"
    return " ".join(f"{word} {kept[word]}" for word in ("from", "until") if kept.get(word)).capitalize()


def _as_kept(safe: dict) -> Form:
    kept = safe.get("hours")
    hours = kept if isinstance(kept, dict) else {}
    return blank(
        channels=safe.get("channels", []),
        never_sms="yes" if safe.get("never_sms") else None,
        voicemail=safe.get("voicemail", "none"),
        hours_from=hours.get("from"),
        hours_until=hours.get("until"),
    )  # whether they were alone is asked anew each time


def _page(client, form: Form) -> str:
    return page("dashboard/safe_contact.html", client=client, form=form, asked=asked_line(client), **safe_choices())
