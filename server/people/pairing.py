"""Invite a client's phone, and let it in: codes that work once, for a week, and burn after five wrong tries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people import codes, sign_in
from server.people.models import Client, Device, Invitation, Service
from server.people.queries import ready

LASTS = {"pair": timedelta(days=7), "install": timedelta(minutes=15)}
TRIES = 5


@dataclass(frozen=True)
class Paired:
    """A phone that was let in, and its token, which is shown to nobody but the phone's cookie."""

    device: Device
    client: Client
    token: str


def invite(*, client: Client, by, now: datetime, purpose: str = "pair") -> tuple[Invitation, str]:
    """A new code for one phone; older open codes of the same purpose end. Returns the row and the 12 characters.

    Refused `not-ready` while the service has not set what clients are told (design.md 9).
    """
    service = db.session.get(Service, client.service_id)
    if not ready(service):
        raise Refused("not-ready")
    still_open = Invitation.used_at.is_(None), Invitation.ended_at.is_(None)
    db.session.execute(
        update(Invitation)
        .where(Invitation.client_id == client.id, Invitation.purpose == purpose, *still_open)
        .values(ended_at=now)
    )
    code = _free_code()
    invitation = Invitation(
        service_id=client.service_id,
        client_id=client.id,
        purpose=purpose,
        selector=code[: codes.SELECTOR],
        secret_hash=sign_in.hash_password(code[codes.SELECTOR :]),
        tries_left=TRIES,
        expires_at=now + LASTS[purpose],
        created_by=by.id,
        created_at=now,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record("invitation.made", about=invitation, by=by, detail={"purpose": purpose}, now=now)
    return invitation, code


def pair(*, code: str, details: dict, now: datetime) -> Paired | Refused:
    """Let a phone in. A refusal is returned, not raised: the try it cost must be committed.

    `details`: platform, display, shared_phone, app_version; device_id: who the phone was, while what it holds is
    locked. Then a code of somebody else is refused `invite-someone-else`, and stays good. An unknown code and a wrong
    one get the same answer.
    """
    bare = codes.bare(code)
    selector, secret = bare[: codes.SELECTOR], bare[codes.SELECTOR :]
    invitation = db.session.scalar(select(Invitation).where(Invitation.selector == selector).with_for_update())
    if invitation is None or len(bare) != codes.LENGTH:
        sign_in.verify_password(sign_in.nobody(), secret)  # as slow as a known one
        return Refused("invite-unknown")
    if not sign_in.verify_password(invitation.secret_hash, secret):
        return _wrong(invitation, now)
    if invitation.used_at:
        return Refused("invite-used")
    if invitation.ended_at:
        return Refused("invite-burned" if invitation.tries_left == 0 else "invite-expired")
    if now >= invitation.expires_at:
        return Refused("invite-expired")
    if _is_of_somebody_else(details.get("device_id"), invitation):
        return Refused("invite-someone-else")
    return _let_in(invitation, details, now)


def _is_of_somebody_else(device_id, invitation: Invitation) -> bool:
    was = db.session.get(Device, device_id) if device_id else None
    return was is not None and was.client_id != invitation.client_id


def _wrong(invitation: Invitation, now: datetime) -> Refused:
    """Count the try. Without the secret nobody hears more than of a code that never was."""
    if invitation.ended_at or invitation.used_at:
        return Refused("invite-unknown")
    invitation.tries_left -= 1
    if invitation.tries_left <= 0:
        invitation.tries_left, invitation.ended_at = 0, now
        audit.record("invitation.burned", about=invitation, by="somebody", now=now)
    db.session.flush()
    return Refused("invite-unknown")


def _let_in(invitation: Invitation, details: dict, now: datetime) -> Paired:
    client = db.session.get(Client, invitation.client_id)
    token = sign_in.new_token()
    device = Device(
        service_id=client.service_id,
        client_id=client.id,
        token_hash=sign_in.hash_token(token),
        platform=details.get("platform", "other"),
        display=details.get("display", "browser"),
        shared_phone=bool(details.get("shared_phone")),
        app_version=details.get("app_version"),
        paired_at=now,
    )
    db.session.add(device)
    invitation.used_at, invitation.device_id = now, device.id
    db.session.flush()
    audit.record("device.paired", about=device, by=client, client_id=client.id, now=now)
    return Paired(device, client, token)


def _free_code() -> str:
    while True:
        code = codes.new_code()
        taken = select(Invitation.id).where(Invitation.selector == code[: codes.SELECTOR])
        if not db.session.scalar(taken):
            return code
