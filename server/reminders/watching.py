"""How reminders go on an installation or in one service: counts only, for operators, administrators and alarms."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Float, and_, cast, extract, func, select
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.sql.elements import ColumnElement

from server.extensions import db
from server.reminders.models import DELIVERY, DecisionPoint, Delivery, DeliveryEvent, PushOrigin
from server.reminders.queries import not_gone

LATE = 120  # seconds from due to accepted: what p99 is held to (trust.md C2)
KEYS_REFUSED, NOT_ACCEPTED = "keys-refused", "not-accepted"  # somebody has to look at these; the rest mends itself


@dataclass(frozen=True)
class Refusal:
    """By which way, by whom, for which cause and with which answer messages were refused for good."""

    channel: str
    origin: str | None  # as `DeliveryEvent.origin`
    why: str  # KEYS_REFUSED or NOT_ACCEPTED
    status: int | None


@dataclass(frozen=True)
class Watch:
    """What became of the reminders that fell due in a stretch of time, and what waits now."""

    since: datetime
    waiting: int  # due and not gone out: nobody has taken them yet, or they wait for another try
    oldest_seconds: int  # how long the oldest of those has waited
    sent: int
    late: int  # of those sent, more than two minutes after they were due
    expired: int
    failed: dict[tuple[str, str], int] = field(default_factory=dict)  # (channel, why) -> how many
    not_wanted: dict[str, int] = field(default_factory=dict)  # why -> how many were held back
    taken_over: int = 0  # taken again after a worker died; Topic and tag hide it if the first was sent
    refused: dict[Refusal, int] = field(default_factory=dict)
    held_up: dict[tuple[str, str], int] = field(default_factory=dict)  # of those waiting: (channel, why) -> how many


def watch(now: datetime, back: timedelta, service_id: UUID | None = None) -> Watch:
    """The reminders due in the last so many hours, of one service or of all."""
    since = now - back
    mine = (Delivery.service_id == service_id,) if service_id else ()
    fell_due = and_(Delivery.due_at >= since, Delivery.due_at <= now, *mine)
    waiting = db.session.execute(
        select(func.count(), func.min(Delivery.due_at)).select_from(Delivery).where(*not_gone(now), *mine)
    ).one()
    states = _states(fell_due)
    by_state = {state: sum(n for (s, _, _), n in states.items() if s == state) for state in ("accepted", "expired")}
    return Watch(
        since=since,
        waiting=waiting[0],
        oldest_seconds=int((now - waiting[1]).total_seconds()) if waiting[1] else 0,
        sent=by_state["accepted"],
        late=_late(fell_due),
        expired=by_state["expired"],
        failed={(channel, why or "unknown"): n for (state, channel, why), n in states.items() if state == "failed"},
        not_wanted=_by_why(states),
        taken_over=_taken_over(fell_due),
        refused=refusals(now, back, service_id),
        held_up=_held_up(now, mine),
    )


def refusals(
    now: datetime,
    back: timedelta,
    service_id: UUID | None = None,
    session: Session | scoped_session[Session] = db.session,
) -> dict[Refusal, int]:
    """What was refused for good of the reminders due in the last so many hours, by whom and why."""
    mine = (Delivery.service_id == service_id,) if service_id else ()
    which = (Delivery.channel, DeliveryEvent.origin, Delivery.why, DeliveryEvent.status)
    rows = session.execute(
        select(*which, func.count())
        .join(DeliveryEvent, and_(DeliveryEvent.delivery_id == Delivery.id, DeliveryEvent.what == "failed"))
        .where(Delivery.state == "failed", Delivery.why.in_((KEYS_REFUSED, NOT_ACCEPTED)))
        .where(Delivery.due_at >= now - back, Delivery.due_at <= now, *mine)
        .group_by(*which)
    )
    return {Refusal(*row[:4]): row[4] for row in rows}


def resting(now: datetime) -> dict[str, datetime]:
    """Which message services are left alone for a while, and until when. The same for every service."""
    rows = select(PushOrigin.origin, PushOrigin.rest_until).where(PushOrigin.rest_until > now)
    return {row.origin: row.rest_until for row in db.session.execute(rows.order_by(PushOrigin.origin))}


def decided(now: datetime, back: timedelta, service_id: UUID) -> tuple[int, int]:
    """How many moments were decided, and how many of those were left to chance (M17)."""
    chancy = and_(DecisionPoint.chance > 0, DecisionPoint.chance < 1)
    row = db.session.execute(
        select(func.count(), func.count().filter(chancy)).where(
            DecisionPoint.service_id == service_id, DecisionPoint.at >= now - back, DecisionPoint.at <= now
        )
    ).one()
    return row[0], row[1]


def _held_up(now: datetime, mine: tuple) -> dict[tuple[str, str], int]:
    rows = db.session.execute(
        select(Delivery.channel, Delivery.why, func.count())
        .where(*not_gone(now), Delivery.why.is_not(None), *mine)
        .group_by(Delivery.channel, Delivery.why)
    )
    return {(channel, why): n for channel, why, n in rows}


def _states(fell_due: ColumnElement[bool]) -> dict[tuple[str, str, str | None], int]:
    # Named, since the index begins with the state.
    told = Delivery.state.in_(("accepted", "failed", "expired", "cancelled"))
    rows = db.session.execute(
        select(Delivery.state, Delivery.channel, Delivery.why, func.count())
        .where(told, fell_due)
        .group_by(Delivery.state, Delivery.channel, Delivery.why)
    )
    return {(state, channel, why): n for state, channel, why, n in rows}


def _by_why(states: dict[tuple[str, str, str | None], int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (state, _, why), n in states.items():
        if state == "cancelled" and why:
            found[why] = found.get(why, 0) + n
    return found


def _taken_over(fell_due: ColumnElement[bool]) -> int:
    rows = select(func.count()).select_from(DeliveryEvent).join(Delivery, Delivery.id == DeliveryEvent.delivery_id)
    rows = rows.where(DeliveryEvent.what == "taken-over", Delivery.state.in_(DELIVERY), fell_due)
    return db.session.scalar(rows) or 0


def _late(fell_due: ColumnElement[bool]) -> int:
    if db.engine.dialect.name == "postgresql":
        seconds = cast(extract("epoch", Delivery.accepted_at - Delivery.due_at), Float)
    else:
        seconds = (func.julianday(Delivery.accepted_at) - func.julianday(Delivery.due_at)) * 86_400
    late = select(func.count()).select_from(Delivery).where(Delivery.state == "accepted", fell_due, seconds > LATE)
    return db.session.scalar(late) or 0
