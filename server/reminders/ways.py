"""Keep by which ways a client is reminded, look them up for many at once, and go on to the next when one fails."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, takewhile
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from server.audit import actions as audit
from server.errors import CODES, Refused
from server.extensions import db
from server.people.models import Client
from server.reminders import channels
from server.reminders.channels import CHANNELS, EMAIL, PUSH, SMS, Ways
from server.reminders.models import Delivery, Way
from server.reminders.planning import insert_deliveries

SAID = "said"
NO_SUCH_ADDRESS = "no-such-address"
# What a reminder keeps that goes another way.
SAME = ("service_id", "client_id", "rule_id", "assignment_id", "occurrence_slot", "local_date", "slot")
SAME += ("due_at", "expires_at")
DAYS_REFUSED = 2  # one refusal can be a bad day of the mail server's own


def ways_of(client_ids: Iterable[UUID]) -> dict[UUID, Ways]:
    """What may be used for each of these clients now, in two queries however many there are."""
    ids, there = set(client_ids), set_up()
    newest = select(func.max(Way.id)).where(Way.client_id.in_(ids)).group_by(Way.client_id)
    said = {row.client_id: row for row in db.session.scalars(select(Way).where(Way.id.in_(newest)))}
    found = {}
    for client in db.session.scalars(select(Client).where(Client.id.in_(ids))):
        row = said.get(client.id)
        known = (row.channels, row.addresses) if row else (None, None)
        found[client.id] = channels.ways(*known, client.safe_contact, there)
    return found


def set_up() -> tuple[str, ...]:
    """The ways by which this installation can send, in our order; a notification always is one."""
    config = current_app.config["MEANTIME"]
    there = {PUSH: True, EMAIL: config.sends_mail, SMS: config.sends_texts}
    return tuple(channel for channel in CHANNELS if there[channel])


def said_of(client: Client) -> tuple[list[str], dict[str, str]]:
    """What the client said last: the ways in their order, and the addresses. Whether each is safe is not looked at."""
    row = db.session.scalar(select(Way).where(Way.client_id == client.id).order_by(Way.id.desc()).limit(1))
    return (list(row.channels), dict(row.addresses or {})) if row else ([PUSH], {})


@dataclass(frozen=True)
class Standing:
    """How it stands with one client's ways: what is used, what they said, and what ended since (which, why, when)."""

    used: Ways
    said: list[str]
    ended: list[tuple[str, str, datetime]]


def standing_of(client: Client) -> Standing:
    """All of it in one look, for a page."""
    newest = select(Way).where(Way.client_id == client.id).order_by(Way.id.desc()).limit(len(CHANNELS) + 1)
    rows = list(db.session.scalars(newest))
    known = (rows[0].channels, rows[0].addresses) if rows else (None, None)
    ended = [
        (channel, after.why, after.recorded_at)
        for after, before in takewhile(lambda pair: pair[0].why != SAID, pairwise(rows))
        for channel in before.channels
        if channel not in after.channels
    ]
    said = list(rows[0].channels) if rows else [PUSH]
    return Standing(channels.ways(*known, client.safe_contact, set_up()), said, ended)


def change(*, client: Client, order: Sequence[str], email: str, mobile: str, by, now: datetime) -> None:
    """Keep the client's own order of ways, and the addresses. Refused `bad-input` names the field that is wrong.

    Refused `way-not-set-up` for a way by which this installation cannot send. The caller plans afresh
    (`actions.use_ways`). The audit has the ways, never an address.
    """
    if any(channel in CHANNELS and channel not in set_up() for channel in order):
        raise Refused("way-not-set-up", fields={"order": CODES["way-not-set-up"]})
    given = {EMAIL: email.strip(), SMS: mobile.strip()}
    kept = {EMAIL: channels.email_of(given[EMAIL]), SMS: channels.mobile_of(given[SMS])}
    wrong = {}
    if given[EMAIL] and not kept[EMAIL]:
        wrong["email"] = "Enter an email address, like name@example.org."
    if given[SMS] and not kept[SMS]:
        wrong["mobile"] = "Enter a mobile number, like 07700 900123."
    if EMAIL in order and not given[EMAIL]:
        wrong["email"] = "Enter the email address for reminders."
    if SMS in order and not given[SMS]:
        wrong["mobile"] = "Enter the mobile number for reminders."
    if SMS in order and (client.safe_contact or {}).get("never_sms"):
        wrong["order"] = "This client is never to be sent a text message."
    if not set(order) <= set(CHANNELS) or len(set(order)) != len(order):
        wrong["order"] = "Choose each way once."
    if wrong:
        raise Refused("bad-input", fields=wrong)
    _append(client, list(order), {name: value for name, value in kept.items() if value}, SAID, by, now)


def is_dead(row: Delivery) -> bool:
    """Whether the address that this was refused for is dead: a number at once, an email address when it was refused on
    two days since it was said or last took one. What was said after this was due may be another address.
    """
    same = Delivery.client_id == row.client_id, Delivery.channel == row.channel
    by_them = Way.client_id == row.client_id, Way.why == SAID
    said = db.session.scalar(select(func.max(Way.recorded_at)).where(*by_them))
    if row.channel == SMS:
        return said is None or said <= row.due_at
    taken = db.session.scalar(select(func.max(Delivery.accepted_at)).where(*same))
    since = [Delivery.due_at >= at for at in (said, taken) if at]
    refused = Delivery.state == "failed", Delivery.why == NO_SUCH_ADDRESS
    days = select(func.count(Delivery.local_date.distinct())).where(*same, *refused, *since)
    return (db.session.scalar(days) or 0) >= DAYS_REFUSED


def end(*, client: Client, channel: str, why: str, by, now: datetime) -> bool:
    """Nothing goes this way any more: it was stopped, or its address is dead. Answers whether anything did before."""
    order, addresses = said_of(client)
    if channel not in order or channel == PUSH:
        return False
    _append(client, [one for one in order if one != channel], addresses, why, by, now)
    return True


def fall_back(rows: Sequence[Delivery], ways: dict[UUID, Ways], now: datetime) -> int:
    """What failed one way is planned for the next, while it is worth anything. Returns how many are new."""
    new = 0
    for row in rows:
        following = ways[row.client_id].after(row.channel) if row.client_id in ways else None
        if following and now < row.expires_at:
            new += insert_deliveries({row.client_id: [_same_by(row, following)]}, now)
    return new


def _append(client: Client, order: list[str], addresses: dict, why: str, by, now: datetime) -> None:
    row = Way(
        service_id=client.service_id,
        client_id=client.id,
        channels=order,
        why=why,
        recorded_by=getattr(by, "id", None) if by is not client else None,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()  # what is sealed is bound to the row's number, which the database gives
    row.addresses = addresses
    db.session.flush()
    detail = {"order": order, "why": why}
    audit.record("reminder.ways_changed", about=client, by=by, client_id=client.id, detail=detail, now=now)


def _same_by(row: Delivery, channel: str) -> dict:
    return {name: getattr(row, name) for name in SAME} | {"channel": channel}
