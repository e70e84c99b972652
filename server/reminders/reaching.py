"""Whether reminders reach a client by the ways in use: by each, the last try and how it went, and an address at all."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from server.audit.models import AuditEvent
from server.extensions import db
from server.people.models import Client, Device
from server.reminders.channels import PUSH
from server.reminders.ledger import why_lost
from server.reminders.models import Delivery, PushSubscription, Way
from server.reminders.queries import is_live, reach_of
from server.reminders.senders import SENT
from server.reminders.ways import SAID

# What tells of the way itself; who had no phone or no address then may have one by now.
WENT_WRONG = ("keys-refused", "not-accepted", "later", "perhaps-sent", "resting", "trouble", "undelivered")
WRONG_ADDRESS = ("no-such-address", "no-such-number")


@dataclass(frozen=True)
class Last:
    """How one way stands: whether it works, when something was last taken, and why it does not work."""

    channel: str
    works: bool
    taken_at: datetime | None
    why: str | None = None  # as `ledger.WHYS`, or as `ledger.why_lost`; "test" for a test that did not go through
    seen_at: datetime | None = None  # of a notification: when the app was last there on the phone that takes it


def by_way(client: Client, order: tuple[str, ...], now: datetime) -> list[Last]:
    """Each of these ways, in this order. The last try counts, a real one or a test; none yet speaks for no trouble."""
    return [_push(client.id, now) if channel == PUSH else _address(client.id, channel, now) for channel in order]


def _push(client_id: UUID, now: datetime) -> Last:
    reach = reach_of(client_id, now)
    taken, wrong = _taken(client_id, PUSH), _wrong(client_id, PUSH, now)
    tests = select(AuditEvent).where(AuditEvent.client_id == client_id, AuditEvent.verb == "reminder.tested")
    test = db.session.scalar(tests.order_by(AuditEvent.id.desc()).limit(1))
    if test and test.detail.get("outcome") == SENT:
        taken = max(taken or test.at, test.at)
    elif test and (wrong is None or test.at > wrong[0]):
        wrong = test.at, "test"
    if not reach.reaching:
        return Last(PUSH, False, reach.since if taken is None else taken, why_lost(client_id))
    if wrong and (taken is None or wrong[0] > taken):
        return Last(PUSH, False, taken, wrong[1])
    return Last(PUSH, True, taken, seen_at=_seen(client_id))


def _address(client_id: UUID, channel: str, now: datetime) -> Last:
    taken, wrong = _taken(client_id, channel), _wrong(client_id, channel, now)
    ended = wrong is not None and (taken is None or wrong[0] > taken)
    return Last(channel, not ended, taken, wrong[1] if wrong and ended else None)


def _taken(client_id: UUID, channel: str) -> datetime | None:
    mine = Delivery.client_id == client_id, Delivery.channel == channel
    return db.session.scalar(select(func.max(Delivery.accepted_at)).where(*mine))


def _wrong(client_id: UUID, channel: str, now: datetime) -> tuple[datetime, str] | None:
    whys = WENT_WRONG if channel == PUSH else WENT_WRONG + WRONG_ADDRESS
    told = Delivery.state.in_(("failed", "planned")), Delivery.why.in_(whys)
    tried_in_vain = Delivery.state == "expired", Delivery.attempts > 0
    said = select(func.max(Way.recorded_at)).where(Way.client_id == client_id, Way.why == SAID)
    said_at = db.session.scalar(said) if channel != PUSH else None  # another address since: it was the old one's
    row = db.session.execute(
        select(Delivery.due_at, Delivery.why, Delivery.state)
        .where(Delivery.client_id == client_id, Delivery.channel == channel, Delivery.due_at <= now)
        .where(or_(and_(*told), and_(*tried_in_vain)), *((Delivery.due_at >= said_at,) if said_at else ()))
        .order_by(Delivery.due_at.desc())
        .limit(1)
    ).first()
    return (row.due_at, "later" if row.state == "expired" else row.why) if row else None


def _seen(client_id: UUID) -> datetime | None:
    mine = select(Device.last_contact_at).join(PushSubscription, PushSubscription.device_id == Device.id)
    mine = mine.where(PushSubscription.client_id == client_id, *is_live())
    return db.session.scalar(mine.order_by(PushSubscription.confirmed_at.desc(), PushSubscription.id.desc()).limit(1))
