"""Tables of reminders: subscriptions of phones, rules of clients, deliveries and what happened to each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Json, Moment, Row, known
from server.people.models import OfClient
from server.reminders.channels import CHANNELS
from server.reminders.timetable import BEFORE, LATER, OWN
from server.sealing import Sealed

KINDS = (OWN, LATER, BEFORE)
DELIVERY = ("planned", "claimed", "accepted", "failed", "expired", "cancelled")
# What can happen to a delivery, and which state that leaves it in; None leaves it as it was.
EVENTS = {
    **{state: state for state in DELIVERY},
    **{"taken-over": "claimed", "later": "planned", "unanswered": "planned"},
    **{"shown": None, "opened": None, "put-off": None},
    **{"delivered": "accepted", "no-such-number": "failed", "undelivered": "failed"},  # receipts of texts
}


class PushSubscription(OfClient, Row):
    """Where a phone's browser takes push messages. Its address is a capability, so it is sealed."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        UniqueConstraint("endpoint_lookup"),
        Index("ix_push_subscription_client", "client_id"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    endpoint_lookup: Mapped[str]
    origin: Mapped[str]  # https://host of the push service: back-off is per origin
    keys_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # {endpoint, p256dh, auth}
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime] = mapped_column(Moment)  # last time the app said it still has it
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)  # last time the push service took a message
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_why: Mapped[str | None]

    keys = Sealed(as_json=True)


class ReminderRule(Row):
    """A client's own hours: wall time and zone, on these weekdays. Replaced, never edited; only its way changes."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        Index("ix_reminder_rule_client", "client_id"),
        Index("ix_reminder_rule_active", "ended_at"),
        known("channel", *CHANNELS),
        known("kind", *KINDS),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str] = mapped_column(default=OWN, server_default=OWN)
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))  # empty: anything planned
    at: Mapped[str]  # "13:30", the client's wall clock
    weekdays: Mapped[list] = mapped_column(Json)  # Monday = 0
    zone: Mapped[str]
    level: Mapped[int] = mapped_column(default=1)  # 0 nothing, 1 neutral, 2 own words (which stay on the phone)
    channel: Mapped[str] = mapped_column(default="push")
    quiet: Mapped[dict | None] = mapped_column(Json)  # {from: "22:00", until: "07:00"}
    from_date: Mapped[date | None]
    until_date: Mapped[date | None]
    paused_from: Mapped[date | None]
    paused_until: Mapped[date | None]  # the first day on which it reminds again
    shift: Mapped[dict | None] = mapped_column(Json)  # {from, until, at, quiet?}: other hours on these days
    most: Mapped[int | None]  # how many a day they want at most; empty: as `rules.cap` says
    steady: Mapped[bool] = mapped_column(default=False, server_default=false())  # never fewer when nobody answers
    revision_id: Mapped[UUID | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class ClientZone(Row):
    """From when a client lived by which clock, as they said: appended."""

    __tablename__ = "client_zone"
    __table_args__ = (Index("ix_client_zone_client", "client_id", "id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    zone: Mapped[str]
    revision_id: Mapped[UUID | None] = mapped_column(Id)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Delivery(Row):
    """One reminder at one local date and time through one channel: planned once, whoever plans it."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("rule_id", "local_date", "slot", "channel"),
        UniqueConstraint("code"),
        Index("ix_delivery_due", "state", "due_at"),
        Index("ix_delivery_client", "client_id", "due_at"),
        Index("ix_delivery_feed", "client_id", "feed_seq"),
        known("state", *DELIVERY),
        known("channel", *CHANNELS),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("reminder_rule.id"))
    assignment_id: Mapped[UUID | None] = mapped_column(Id)
    occurrence_slot: Mapped[str | None]
    local_date: Mapped[date]
    slot: Mapped[str]  # the local time it stands for: "13:30"
    channel: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="planned")
    why: Mapped[str | None]  # code of a cancellation or failure
    code: Mapped[str]  # opaque, in the payload: tells nothing by itself
    lease_token: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[datetime | None] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    shown_at: Mapped[datetime | None] = mapped_column(Moment)  # the phone's worker said so; silence says nothing
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    feed_seq: Mapped[int] = mapped_column(Big)


class DeliveryEvent(Row):
    """What happened to a delivery, in order: appended."""

    __tablename__ = "delivery_event"
    __table_args__ = (Index("ix_delivery_event_delivery", "delivery_id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"))
    what: Mapped[str]  # of EVENTS
    status: Mapped[int | None]  # what the message service answered
    origin: Mapped[str | None]  # which one that was: https://host of a push service, smtp, notify
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class PushOrigin(Row):
    """A push service that had trouble: left alone until then, by every worker on every machine."""

    __tablename__ = "push_origin"

    origin: Mapped[str] = mapped_column(primary_key=True)  # https://host
    stalls: Mapped[int] = mapped_column(default=0)  # in a row, without an answer
    rest_until: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Beat(Row):
    """When a step of the timetable last went well, whichever machine took it."""

    __tablename__ = "beat"

    step: Mapped[str] = mapped_column(primary_key=True)  # plan, dispatch
    at: Mapped[datetime] = mapped_column(Moment)


class Way(OfClient, Row):
    """By which ways this client is reminded, in their order, and to which addresses. Appended; the newest holds."""

    __tablename__ = "way"
    __table_args__ = (Index("ix_way_client", "client_id", "id"), known("why", "said", "unsubscribed", "unreachable"))

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    channels: Mapped[list] = mapped_column(Json)  # push, email, sms: the first that works is used
    addresses_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # {email, sms}
    why: Mapped[str]
    recorded_by: Mapped[UUID | None] = mapped_column(Id)  # empty: the client, or what a mail or text server said
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    addresses = Sealed(as_json=True)


class CalendarFeed(Row):
    """A private calendar of reminders. Whoever has its address can read it, so only a hash of that is kept."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("secret_hash"), Index("ix_calendar_feed_client", "client_id"))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    secret_hash: Mapped[str]
    created_by: Mapped[UUID | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)  # by a calendar program, to the day
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class DecisionPoint(Row):
    """One moment at which a reminder could be sent: what was known then, what was done, and by which chance."""

    __tablename__ = "decision_point"
    __table_args__ = (
        UniqueConstraint("delivery_id"),
        Index("ix_decision_point_client", "client_id", "at"),
        Index("ix_decision_point_service", "service_id", "at"),
        CheckConstraint("chance >= 0 AND chance <= 1", name="chance_share"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    minutes_since_entry: Mapped[int | None]  # empty: nothing was written before
    to_do: Mapped[bool]  # something agreed was open; false: done already, or nothing agreed
    paused: Mapped[bool]
    sent_that_day: Mapped[int]
    phones: Mapped[int]  # that could be sent to, for a push
    policy: Mapped[str]  # by which rule it was decided
    chance: Mapped[float] = mapped_column(Float)  # of sending, before the draw; 0 where something spoke against it
    sent: Mapped[bool]
    why: Mapped[str | None]  # what spoke against it
