"""Look at reminders: what is due, whether they reach the phone, and what a code stands for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select

from server.entries.models import Revision
from server.errors import Missing
from server.extensions import db
from server.people.models import Client, Device
from server.reminders import proofs
from server.reminders.models import Delivery, DeliveryEvent, PushSubscription, ReminderRule
from server.reminders.rules import UNREADABLE, Hours
from server.reminders.timetable import OWN

PUT_OFF = "put-off"  # *Later* was pressed on it
LAPSES_AFTER = timedelta(days=60)
STUCK = timedelta(minutes=5)  # trust.md C2: something due and nothing claimed for so long is an alarm


@dataclass(frozen=True)
class Reach:
    """Whether reminders reach a phone of this client now, and since when not (None: never, or not for months)."""

    reaching: bool
    since: datetime | None


def due(now: datetime) -> int:
    """How many deliveries wait to be sent at this moment. For jobs."""
    return db.session.scalar(select(func.count()).select_from(Delivery).where(*is_due(now))) or 0


def is_due(now: datetime) -> tuple:
    """What makes a delivery ready to be claimed: its time has come, and nobody holds a lease on it."""
    return (or_(and_(*ready(now)), and_(*lapsed(now))),)


def ready(now: datetime) -> tuple:
    """Due, planned, and not waiting for another try."""
    return *not_gone(now), or_(Delivery.try_after.is_(None), Delivery.try_after <= now)


def not_gone(now: datetime) -> tuple:
    """Due, planned, and not gone out, whether it waits for another try or not."""
    return Delivery.state == "planned", Delivery.due_at <= now, Delivery.expires_at > now


def lapsed(now: datetime) -> tuple:
    """Claimed by somebody who never said what came of it, and is taken for dead."""
    return Delivery.state == "claimed", Delivery.lease_until <= now, Delivery.expires_at > now


def stuck_since(now: datetime) -> datetime | None:
    """The oldest reminder that has waited for five minutes and nobody claimed, for the self-check; None is well."""
    return db.session.scalar(
        select(func.min(Delivery.due_at)).where(
            Delivery.state == "planned",
            Delivery.due_at <= now - STUCK,
            Delivery.expires_at > now,
            Delivery.attempts == 0,
            Delivery.try_after.is_(None),
        )
    )


def rules_to_plan(today: date, after: UUID | None, most: int) -> list[UUID]:
    """The next of the rules that still hold, after one of them or from the first: a country has millions. For jobs."""
    following = () if after is None else (ReminderRule.id > after,)
    return list(
        db.session.scalars(
            select(ReminderRule.id)
            .where(
                ReminderRule.ended_at.is_(None),
                or_(ReminderRule.until_date.is_(None), ReminderRule.until_date >= today - timedelta(days=1)),
                *following,
            )
            .order_by(ReminderRule.id)
            .limit(most)
        )
    )


def holding(client: Client) -> list[ReminderRule]:
    """All that holds of a client now: their own hours and what comes besides them, oldest first."""
    holds = select(ReminderRule).where(ReminderRule.client_id == client.id, ReminderRule.ended_at.is_(None))
    return list(db.session.scalars(holds.order_by(ReminderRule.id)))


def rules_of(client: Client) -> list[ReminderRule]:
    """The client's own hours as they are now, by the time of day."""
    return sorted((rule for rule in holding(client) if rule.kind == OWN), key=lambda rule: rule.at)


def hours_of(rule: ReminderRule) -> Hours:
    """A rule's hours as a value. `ValueError` when they cannot be read."""
    return Hours.of(
        at=rule.at,
        weekdays=rule.weekdays,
        zone=rule.zone,
        quiet=rule.quiet,
        from_date=rule.from_date,
        until_date=rule.until_date,
        paused_from=rule.paused_from,
        paused_until=rule.paused_until,
        shift=rule.shift,
    )


def readable_hours(rule: ReminderRule) -> Hours | None:
    """A rule's hours, or None when they cannot be read: it reminds of nothing, and the others go on."""
    try:
        return hours_of(rule)
    except UNREADABLE:
        return None


def said_at_of(client_id: UUID, revision_id: UUID | None) -> datetime | None:
    """When a client said something, by the corrected clock of `entries`; None where there is no such revision."""
    return db.session.scalar(
        select(Revision.effective_at).where(Revision.client_id == client_id, Revision.revision_id == revision_id)
    )


def reach_of(client_id: UUID, now: datetime) -> Reach:
    """Whether a phone of this client takes reminders: "yes", or "not since 12 May".

    An address that the app has not confirmed for 60 days counts as lost: browsers let them lapse without a word.
    """
    row = db.session.execute(
        select(
            func.max(func.coalesce(PushSubscription.accepted_at, PushSubscription.confirmed_at)).label("last"),
            func.max(case((and_(*is_live()), PushSubscription.confirmed_at))).label("confirmed"),
        )
        .join(Device, Device.id == PushSubscription.device_id)
        .where(PushSubscription.client_id == client_id)
    ).one()
    return Reach(row.confirmed is not None and now - row.confirmed < LAPSES_AFTER, row.last)


def is_live() -> tuple:
    """What makes a subscription one that can be sent to: neither it nor its phone has ended."""
    return PushSubscription.ended_at.is_(None), Device.revoked_at.is_(None), Device.ended_at.is_(None)


def deliveries_since(client_id: UUID, after: int, limit: int) -> list[Delivery]:
    """The codes a phone needs to open the right task offline, by the client's feed."""
    return list(
        db.session.scalars(
            select(Delivery)
            .where(Delivery.client_id == client_id, Delivery.feed_seq > after)
            .order_by(Delivery.feed_seq)
            .limit(limit)
        )
    )


def delivery_of(client: Client, code: str) -> Delivery:
    """The client's own delivery by its code. `Missing` for anybody else's, and for none."""
    found = db.session.scalar(select(Delivery).where(Delivery.code == code, Delivery.client_id == client.id))
    if found is None:
        raise Missing
    return found


def proof_of(code: str, device_id: UUID) -> str:
    """What only the phone knows that opened the message of this code: which phone, and its proof. Kept nowhere."""
    return proofs.made("delivery-beacon", device_id, f"{code}|{device_id.hex}")


def proven_delivery(code: str, proof: str) -> tuple[Delivery, Device]:
    """The delivery a phone's worker tells of, and that phone. `Missing` without the right proof, before any look."""
    device_id = proofs.named_by(proof)
    if device_id is None or not proofs.same(proof_of(code, device_id), proof):
        raise Missing
    delivery = db.session.scalar(select(Delivery).where(Delivery.code == code))
    device = db.session.get(Device, device_id)
    if delivery is None or device is None or device.client_id != delivery.client_id:
        raise Missing
    return delivery, device


def was_put_off(delivery: Delivery) -> bool:
    """Whether *Later* was pressed on it."""
    pressed = DeliveryEvent.delivery_id == delivery.id, DeliveryEvent.what == PUT_OFF
    return db.session.scalar(select(DeliveryEvent.id).where(*pressed).limit(1)) is not None


def subscription_of(device: Device) -> PushSubscription | None:
    """Where this phone takes push messages now."""
    return db.session.scalar(
        select(PushSubscription)
        .where(PushSubscription.device_id == device.id, PushSubscription.ended_at.is_(None))
        .order_by(PushSubscription.confirmed_at.desc())
        .limit(1)
    )
