"""Writing down how a practitioner saw the practice, and what the client takes away: both optional."""

from flask import g, redirect, url_for

from server.dashboard import appointments
from server.dashboard.check_in_shown import AMOUNT, QUALITY
from server.dashboard.forms import OneOf, Typed, Words, read
from server.dashboard.guard import dashboard
from server.entries import personal
from server.entries.said import LONGEST_TAKEAWAY, TAKEAWAY
from server.extensions import atomic
from server.reviews import ratings


class RatingForm(Typed):
    """The practitioner's own view of the practice."""

    amount = OneOf(AMOUNT)
    quality = OneOf(QUALITY)


class TakeawayForm(Typed):
    """What the client takes away, as they said it."""

    words = Words(longest=LONGEST_TAKEAWAY, load_default="")


@dashboard.post("/clients/<uuid:client_id>/appointments/<uuid:appointment_id>/rating")
def rate_practice(client_id, appointment_id):
    """How much was done and how well it went, as the practitioner sees it. The last one of an appointment holds."""
    client, episode, meeting, _ = appointments.theirs(client_id, appointment_id)
    form = read(RatingForm, prefix="rating-")
    if not form.ok:
        return appointments.appointment_page(client, episode, meeting, rating=form), 422
    with atomic():
        ratings.rate(
            client=client, episode=episode, appointment_id=appointment_id, amount=_number(form.values.get("amount")),
            quality=_number(form.values.get("quality")), by=g.practitioner, now=g.now,
        )  # fmt: skip
    return _back(client_id, appointment_id, "check-in")


@dashboard.post("/clients/<uuid:client_id>/appointments/<uuid:appointment_id>/takeaway")
def write_takeaway(client_id, appointment_id):
    """The main thing they take away, typed during the call: their phone shows it as their words."""
    client, episode, meeting, _ = appointments.theirs(client_id, appointment_id)
    form = read(TakeawayForm, prefix="takeaway-")
    if not form.ok:
        return appointments.appointment_page(client, episode, meeting, takeaway=form), 422
    value = {"appointment_id": str(appointment_id), "text": form.values["words"]}
    with atomic():
        personal.write_down(client=client, name=TAKEAWAY, value=value, by=g.practitioner, now=g.now)
    return _back(client_id, appointment_id, "takeaway")


def _number(code: str | None) -> int | None:
    return int(code) if code is not None else None


def _back(client_id, appointment_id, where: str):
    place = {"client_id": client_id, "appointment_id": appointment_id, "saved": where}
    return redirect(url_for(".show_appointment", **place, _anchor=where), 303)
