"""Phones paired weeks ago: the rows that pairing leaves, without its slow hashing; nobody ever knew their codes."""

from datetime import datetime, timedelta

from sqlalchemy import select

from server.audit import actions as audit
from server.extensions import db
from server.people import codes, sign_in
from server.people.models import Client, Device, Invitation, Practitioner


def paired_at(moment: datetime, *, client: Client, by: Practitioner, platform: str) -> Device:
    """A phone of this client, let in at a moment by a code that was made a minute before."""
    asked = moment - timedelta(minutes=1)
    device = Device(
        service_id=client.service_id,
        client_id=client.id,
        token_hash=sign_in.hash_token(sign_in.new_token()),
        platform=platform,
        display="standalone" if platform == "ios" else "browser",
        app_version="0.1.0",
        paired_at=moment,
    )
    db.session.add(device)
    db.session.flush()
    invitation = Invitation(
        service_id=client.service_id,
        client_id=client.id,
        selector=_free_selector(),
        secret_hash=sign_in.nobody(),
        expires_at=asked + timedelta(days=7),
        used_at=moment,
        device_id=device.id,
        created_by=by.id,
        created_at=asked,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record("invitation.made", about=invitation, by=by, detail={"purpose": "pair"}, now=asked)
    audit.record("device.paired", about=device, by=client, client_id=client.id, now=moment)
    return device


def _free_selector() -> str:
    while True:
        selector = codes.new_code()[: codes.SELECTOR]
        if db.session.scalar(select(Invitation.id).where(Invitation.selector == selector)) is None:
            return selector
