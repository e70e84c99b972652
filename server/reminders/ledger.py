"""What became of each reminder of a client, as codes for their own phone and for staff; no word of theirs is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from server.extensions import db
from server.people.models import Client, Device
from server.reminders.asking import is_asked
from server.reminders.models import Delivery, PushSubscription

SHOWN = 30
# What a reminder can have become, as words of ours: `accepted` is told by how far it got after that.
BECAME = ("coming", "waiting", "sending", "sent", "shown", "opened", "failed", "expired", "cancelled")
# Why it got no further: not wanted any more, could not go, refused, lost on the way. Staff pages have words for each.
WHYS = (
    *("rule-ended", "replaced", "care-ended", "discharged", "withdrawn", "nothing-to-do", "quiet-hours", "not-now"),
    *("enough-today", "not-asked", "not-safe", "unsafe-hours", "too-late"),
    *("no-phone", "no-such-address", "not-set-up", "resting", "later", "gone", "trouble", "perhaps-sent"),
    *("keys-refused", "not-accepted", "no-such-number", "undelivered"),
)
GOT_ON = ("sent", "shown", "opened")
TURNED_OFF = ("switched-off", "permission-lost")
MOVED_ON = ("replaced",)  # it was never due: the client's hours changed, and it is listed at the new one


@dataclass(frozen=True)
class Line:
    """One reminder: when it was due on the client's clock, which way, how far it got, and why not further."""

    local_date: date
    slot: str
    channel: str
    became: str  # of BECAME; never "seen", which nobody can know
    why: str | None
    at: datetime  # when it got there; of one to come, when it is due
    attempts: int
    due_at: datetime


def ledger_of(client: Client, now: datetime, limit: int = SHOWN) -> list[Line]:
    """The client's reminders, the newest first. Staff have the client from `caseload.queries.client_of`.

    None is said to come before they were asked, alone, how to reach them safely.
    """
    promised = () if is_asked(client) else (Delivery.state != "planned",)
    rows = db.session.scalars(
        select(Delivery)
        .where(Delivery.client_id == client.id, *_was_meant(), *promised)
        .order_by(Delivery.due_at.desc(), Delivery.id.desc())
        .limit(limit)
    )
    return [_line(row, now) for row in rows]


def fell_due(client: Client, since: datetime, until: datetime) -> list[Line]:
    """Each reminder that fell due from one moment to another and was wanted to the end, oldest first: those of M16.

    One that failed one way and went the next is one reminder, and counts as it got on.
    """
    rows = db.session.scalars(
        select(Delivery)
        .where(Delivery.client_id == client.id, Delivery.due_at >= since, Delivery.due_at < until)
        .where(Delivery.state.in_(("accepted", "failed", "expired")))
        .order_by(Delivery.due_at, Delivery.id)
    )
    best: dict[tuple, Line] = {}
    for row in rows:
        which, line = (row.rule_id, row.local_date, row.slot), _line(row, until)
        if which not in best or line.became in GOT_ON:
            best[which] = line
    return list(best.values())


def turned_off_at(client: Client) -> list[datetime]:
    """When the client turned reminders off, in the app or on the phone."""
    said = PushSubscription.ended_why.in_(TURNED_OFF)
    ended = select(PushSubscription.ended_at).where(PushSubscription.client_id == client.id, said)
    return [at for at in db.session.scalars(ended) if at]


def why_lost(client_id: UUID) -> str | None:
    """Why the last phone that was reached is not any more, as a code; None where none ever was."""
    row = db.session.execute(
        select(PushSubscription.ended_why, Device.revoked_at, Device.ended_at)
        .join(Device, Device.id == PushSubscription.device_id)
        .where(PushSubscription.client_id == client_id)
        .order_by(PushSubscription.confirmed_at.desc(), PushSubscription.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return "phone-ended" if row.revoked_at or row.ended_at else row.ended_why or "lapsed"


def _was_meant() -> Sequence:
    return (or_(Delivery.state != "cancelled", Delivery.why.is_(None), Delivery.why.not_in(MOVED_ON)),)


def _line(row: Delivery, now: datetime) -> Line:
    became = _became(row, now)
    reached = {"opened": row.opened_at, "shown": row.shown_at, "sent": row.accepted_at}.get(became)
    return Line(row.local_date, row.slot, row.channel, became, row.why, reached or row.due_at, row.attempts, row.due_at)


def _became(row: Delivery, now: datetime) -> str:
    if row.state == "accepted":
        return "opened" if row.opened_at else "shown" if row.shown_at else "sent"
    if row.state == "planned":
        return "coming" if row.due_at > now else "waiting" if row.expires_at > now else "expired"
    return {"claimed": "sending"}.get(row.state, row.state)
