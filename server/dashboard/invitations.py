"""Adding a client, and inviting their phone: the code is shown once, in the answer to the button."""

from zoneinfo import ZoneInfo, available_timezones

import segno
from flask import g, jsonify, redirect, url_for
from markupsafe import Markup
from marshmallow import ValidationError, validates_schema

from server.caseload import actions as caseload
from server.caseload import queries as caseload_queries
from server.dashboard import dates, presenters
from server.dashboard.forms import Day, Nothing, Words, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import config, page
from server.dashboard.safe_contact import SafeContactForm, asked_by, safe_choices, safe_contact_of, safe_lines
from server.errors import Refused
from server.extensions import atomic
from server.people import actions as people
from server.people import codes, pairing
from server.people import queries as people_queries

NEAR = ("Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Madrid", "Europe/Paris", "Europe/Warsaw",
        "Europe/Bucharest", "Europe/Athens", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Africa/Lagos")  # fmt: skip


class ClientForm(SafeContactForm):
    """A new client, and how they can be reached safely."""

    preferred_name = Words(longest=80, **needed("Enter the name the client likes to be called."))
    date_of_birth = Day(**needed("Enter the date of birth, like 31/03/1980."))
    local_number = Words(longest=40)
    zone = Words(longest=60, load_default="Europe/London")

    @validates_schema
    def fits(self, values, **_):
        """What only shows when the answers are seen together."""
        if values.get("date_of_birth") and dates.age(values["date_of_birth"], g.now.date()) < 16:
            raise ValidationError("Meantime is for people of 16 or older.", "date_of_birth")
        if values["zone"] not in available_timezones():
            raise ValidationError("Enter a time zone, like Europe/London.", "zone")


@dashboard.get("/clients/new")
def show_new_client():
    """The form for a new client."""
    zone = people_queries.service_of(g.practitioner).zone
    return _new_client(blank(zone=zone, voicemail="none")), 200


@dashboard.post("/clients")
def add_client():
    """Take on a new client."""
    form = read(ClientForm)
    if not form.ok:
        return _new_client(form), 422
    try:
        with atomic():
            client = people.add_client(
                service=people_queries.service_of(g.practitioner), by=g.practitioner, now=g.now,
                **_client_values(form.values),
            )  # fmt: skip
            caseload.take_on(client=client, practitioner=g.practitioner, by=g.practitioner, now=g.now)
            client_id = client.id
    except Refused as no:
        return _new_client(form.refuse(no)), 422
    return redirect(url_for(".show_invitation", client_id=client_id), 303)


@dashboard.get("/clients/<uuid:client_id>/invitation")
def show_invitation(client_id):
    """Whether a phone was invited, and whether it is in."""
    client = caseload_queries.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    return _invitation(client)


@dashboard.post("/clients/<uuid:client_id>/invitation")
def invite(client_id):
    """Make a code, and show it this once."""
    client = caseload_queries.client_of(g.practitioner, client_id, g.now)
    if not read(Nothing).ok:
        return redirect(url_for(".show_invitation", client_id=client_id), 303)
    try:
        with atomic():
            invitation, code = pairing.invite(client=client, by=g.practitioner, now=g.now)
            until = invitation.expires_at
    except Refused as no:
        return _invitation(client, refused=no.message), 409
    return _invitation(client, card=_card(code, until, client.zone))


@dashboard.get("/clients/<uuid:client_id>/invitation/state")
def invitation_state(client_id):
    """The same in two words, for the page that waits for a phone."""
    client = caseload_queries.client_of(g.practitioner, client_id, g.now)
    found = people_queries.invited(client)
    return jsonify(words=_words(found), finished=found.state(g.now) == "paired")


def _new_client(form):
    zones = sorted({*NEAR, form.text("zone")} & available_timezones()) or list(NEAR)
    return page(
        "dashboard/new_client.html", form=form, zones=[{"value": z, "text": z} for z in zones],
        **safe_choices(),
    )  # fmt: skip


def _client_values(values: dict) -> dict:
    plain = {name: values.get(name) for name in ("preferred_name", "date_of_birth", "local_number", "zone")}
    return {**plain, "safe_contact": safe_contact_of(values) | asked_by(values)}


def _invitation(client, card: dict | None = None, refused: str | None = None) -> str:
    found = people_queries.invited(client)
    return page(
        "dashboard/invitation.html", client=client, card=card, refused=refused, state=found.state(g.now),
        words=_words(found), invitation=found.invitation, is_https=config().is_https,
        administrator="administrator" in g.practitioner.roles, loopback=not config().is_public,
        missing=_not_set_yet(), administrators=_administrators(), safe=safe_lines(client),
        never_text=bool((client.safe_contact or {}).get("never_sms")),
    )  # fmt: skip


def _not_set_yet() -> list[str]:
    """What the service has to tell its clients first, as far as it is not set; empty when clients can be invited."""
    service = people_queries.service_of(g.practitioner)
    told = (service.reading_promise, service.crisis_number, service.crisis_hours)
    words = ("the reading promise: when work is read", "the local crisis number", "the hours of that number")
    return [] if people_queries.ready(service) else [w for w, t in zip(words, told, strict=True) if not t]


def _administrators() -> str:
    """The names of those who can set it."""
    colleagues = people_queries.practitioners_of(g.practitioner)
    return presenters.listed([c.name for c in colleagues if "administrator" in c.roles and not c.disabled_at])


def _words(found) -> str:
    return invitation_state_words(found, people_queries.service_of(g.practitioner).zone)


def invitation_state_words(found, zone: str) -> str:
    """Paired at 10:42 · waiting for the phone · the last one no longer works."""
    state = found.state(g.now)
    if state == "paired":
        return f"Paired {_when(found.device.paired_at if found.device else found.invitation.used_at, zone)}"
    if state == "open":
        return "Waiting for the phone"
    return "No invitation has been made" if state == "none" else "The last invitation no longer works"


def _when(moment, zone: str) -> str:
    """At 10:42, or with the day when that was not today."""
    same = dates.local_day(moment, zone) == dates.local_day(g.now, zone)
    return f"at {dates.clock_time(moment, zone)}" if same else f"on {dates.moment(moment, zone)}"


def _card(code: str, until, zone: str) -> dict:
    link = f"{config().base_url}/#pair={codes.spell(code)}"
    day = dates.day(dates.local_day(until.astimezone(ZoneInfo(zone)), zone))
    return {
        "link": link,
        "code": codes.spell(code),
        "aloud": codes.read_aloud(code),
        "address": config().base_url,
        "until": day,
        "message": f"Here is the link we talked about: {link}\nIt works once, until {day}. "
        "If you did not expect this message, you can delete it.",
        "qr": _square(link),
    }


def _square(link: str) -> Markup:
    drawn = segno.make(link, error="m").svg_inline(scale=5, border=4, svgclass="staff-qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - plain SVG from our own link; nothing in it was typed by anybody
