"""A client's phones."""

from flask import g, redirect, url_for

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Nothing, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.invitations import invitation_state_words
from server.dashboard.pages import page
from server.entries import queries as entries
from server.extensions import atomic
from server.people import actions as people_actions
from server.people import queries as people

SECOND = (
    "If the client has no second phone, somebody copied their sign-in: end access here. That locks the phone it came "
    "from too, and the client needs a new code."
)
COPIED = (
    "because its sign-in was used on two phones: it may have been copied. Nothing was wiped. Ask the client, and give "
    "them a new code."
)


@dashboard.get("/clients/<uuid:client_id>/devices/<uuid:device_id>/end")
def show_end_phone(client_id, device_id):
    """The question before a phone is ended: what had not arrived from it, and what will happen."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    device = people.device_of_client(client, device_id)
    looked_at(client)
    zone = people.service_of(g.practitioner).zone
    shown = {one["id"]: one for one in devices_shown(client, zone)}
    along = [shown[one.id] for one in people.locked_along(device)]
    return page("dashboard/end_phone.html", client=client, device=shown[device.id], along=along)


@dashboard.post("/clients/<uuid:client_id>/devices/<uuid:device_id>/revoke")
def revoke_device(client_id, device_id):
    """End a phone: at its next contact it says what is unsent, and is cleared."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    device = people.device_of_client(client, device_id)
    if read(Nothing).ok:
        with atomic():
            people_actions.revoke_device(device=device, by=g.practitioner, now=g.now)
    return redirect(url_for(".show_client", client_id=client_id), 303)


def devices_shown(client, zone: str) -> list[dict]:
    """Each phone: what it is, since when, when last in contact, what never arrived from it."""
    arrived = entries.arrived(client)
    newest_first = people.devices_of(client)
    # Counted from the first one paired: two of one kind are told apart.
    names = {one.id: f"Phone {number}" for number, one in enumerate(reversed(newest_first), start=1)}
    return [_device(one, names, arrived[one.id], zone) for one in newest_first]


def invitation_words(client, zone: str) -> str:
    """What became of the newest invitation, as part of a sentence."""
    words = invitation_state_words(people.invited(client), zone)
    return presenters.inside(words)


def _device(one, names: dict, arrived: entries.Arrived, zone: str) -> dict:
    ended = one.revoked_at or one.ended_at
    installed = "installed app" if one.display == "standalone" else "in the browser"
    copy = f", a second phone with the backup of {names.get(one.copy_of, 'another').lower()}" if one.copy_of else ""
    unsent = f", {one.last_outbox} known to be unsent then" if one.last_outbox else ""
    contact = dates.ago(one.last_contact_at, g.now, zone)
    return {
        "id": one.id,
        "name": names[one.id],
        "what": f"{presenters.PLATFORMS.get(one.platform, 'Another device')}, {installed}",
        "paired": f"Paired {dates.moment(one.paired_at, zone)}" + (", shared phone" if one.shared_phone else "") + copy,
        "contact": f"Last in contact {contact}{unsent}",
        "missing": f"{_missing(arrived)} {'never' if ended else 'have not'} arrived" if arrived.missing else "",
        "at_stake": _at_stake(arrived, contact if one.last_contact_at else ""),
        "second": SECOND if one.copy_of and not ended else "",
        "can_be_wiped": not ended or (one.copied_at and not one.revoked_at),
        "ended": _ended(one, dates.moment(ended, zone)) if ended else "",
    }


def _missing(arrived: entries.Arrived) -> str:
    return f"At least {arrived.missing} of {presenters.counted(arrived.made, 'thing')} saved on it"


def _at_stake(arrived: entries.Arrived, contact: str) -> str:
    """What would be lost with a phone, as far as it told; what was saved on it since then nobody here can know."""
    if not contact:
        return "It has not told us yet what is saved on it."
    if arrived.missing:
        return f"{_missing(arrived)} had not arrived when it last spoke to us, {contact}. There may be more by now."
    known = "It has told us of nothing that was saved on it."
    if arrived.made:
        known = f"Everything that we know was saved on it has arrived: {presenters.counted(arrived.made, 'thing')}."
    return f"{known} It last spoke to us {contact}, and what was saved on it after that we do not know."


def _ended(one, at: str) -> str:
    if one.revoked_at:
        return f"Ended by staff {at}"
    return f"Ended {at} {COPIED}" if one.copied_at else f"Removed by the client {at}"
