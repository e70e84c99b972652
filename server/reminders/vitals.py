"""Whether reminders go out at all, on the whole installation: what the signal and every alarm about it are read from.

One client's row that breaks never counts for all. It takes two clients since a message last went out that way, in
the last day; or one, where nothing went out for a day: by that way, or at all where the cause is ours.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from server.extensions import db, inserting
from server.reminders.channels import CHANNELS, NOT_SET_UP
from server.reminders.models import Beat, Delivery, DeliveryEvent
from server.reminders.queries import STUCK
from server.reminders.rules import LIVE_FOR

PLAN, DISPATCH = "plan", "dispatch"
# How long ago each step may last have gone well: planning looks every hour, dispatch every few seconds to a minute.
WITHIN = {PLAN: timedelta(hours=2, minutes=30), DISPATCH: timedelta(minutes=10)}
SELDOM = timedelta(seconds=10)  # a beat is not written more often
QUIET_DAY = timedelta(hours=24)

# Nobody claims it; whoever claims it dies; it breaks the program (`claiming.put_off`).
UNTAKEN, ABANDONED, BROKE = "untaken", "abandoned", "trouble"
OF_OURS = (UNTAKEN, ABANDONED, BROKE)
OF_A_SERVICE = ("keys-refused", "not-accepted", "later", "perhaps-sent", "resting", NOT_SET_UP)
DEATHS = 2  # taken over so often, it is no accident any more

AnySession = Session | scoped_session[Session]


@dataclass(frozen=True)
class Trouble:
    """One thing that keeps reminders from going out: a step that does not go well, or so many clients for a cause."""

    cause: str
    channel: str | None = None
    clients: int = 0


def beat(step: str, now: datetime) -> None:
    """Keep that this step went well. To be committed by the caller; hardly ever writes when it beat a moment ago."""
    kept = inserting(Beat).values(step=step, at=now)
    # After a clock that ran ahead the earlier moment is the true one.
    old = or_(Beat.at < now - SELDOM, Beat.at > now)
    kept = kept.on_conflict_do_update(index_elements=[Beat.step], set_={"at": now}, where=old)
    db.session.execute(kept.execution_options(synchronize_session=False))


def went_well(step: str, now: datetime, session: AnySession = db.session) -> bool:
    """Whether this step went well of late, on whichever machine."""
    at = session.scalar(select(Beat.at).where(Beat.step == step))
    return at is not None and now - at <= WITHIN[step]


def troubles(now: datetime, session: AnySession = db.session) -> list[Trouble]:
    """What keeps reminders from going out now; empty when all is well."""
    found = [Trouble(step) for step in WITHIN if not went_well(step, now, session)]
    last = {way: _last_out(session, now - QUIET_DAY, way) for way in CHANNELS}
    hurt = [Trouble(*row) for row in session.execute(_waiting(now, last))]
    return found + [one for one in hurt if _counts(session, one, now)]


def _counts(session: AnySession, one: Trouble, now: datetime) -> bool:
    if one.clients == 1:
        return not _went_out(session, now - QUIET_DAY, None if one.cause in OF_OURS else one.channel)
    return one.cause in OF_OURS or not _went_out(session, now - LIVE_FOR, one.channel)


def _waiting(now: datetime, last: Mapping[str, datetime]) -> Select:
    """(cause, channel, clients) of what was due for five minutes and more, and is worth something still.

    What failed counts for a day, until a message goes out that way (`last`) or this reminder by another.
    """
    worth = and_(Delivery.due_at > now - LIVE_FOR, Delivery.expires_at > now)
    since = or_(*(and_(Delivery.channel == way, Delivery.due_at > at) for way, at in last.items()))
    failed = and_(Delivery.state == "failed", since, ~_went_another_way())
    rows = (
        select(_cause(now).label("cause"), Delivery.channel, Delivery.client_id)
        .where(Delivery.state.in_(("planned", "claimed", "failed")), Delivery.due_at <= now - STUCK)
        .where(Delivery.due_at > now - QUIET_DAY, or_(and_(Delivery.state != "failed", worth), failed))
        .subquery()
    )
    clients = func.count(rows.c.client_id.distinct())
    found = select(rows.c.cause, rows.c.channel, clients).where(rows.c.cause.is_not(None))
    return found.group_by(rows.c.cause, rows.c.channel).order_by(rows.c.cause, rows.c.channel)


def _cause(now: datetime):
    planned, claimed = Delivery.state == "planned", Delivery.state == "claimed"
    deaths = select(func.count()).where(DeliveryEvent.delivery_id == Delivery.id, DeliveryEvent.what == "taken-over")
    return case(
        (and_(claimed, or_(Delivery.lease_until <= now - STUCK, deaths.scalar_subquery() >= DEATHS)), ABANDONED),
        (and_(planned, Delivery.why == BROKE), BROKE),
        (and_(planned, Delivery.attempts == 0, Delivery.try_after.is_(None)), UNTAKEN),
        (Delivery.why.in_(OF_A_SERVICE), Delivery.why),
    )


def _went_another_way():
    other = aliased(Delivery)
    same = other.rule_id == Delivery.rule_id, other.local_date == Delivery.local_date, other.slot == Delivery.slot
    # A service in trouble is told of all the same. A way that is turned off is missed only where no other was open.
    return and_(Delivery.why == NOT_SET_UP, exists().where(*same, other.state == "accepted"))


def _last_out(session: AnySession, since: datetime, channel: str) -> datetime:
    sent = select(func.max(Delivery.due_at)).where(Delivery.state == "accepted", Delivery.channel == channel)
    return session.scalar(sent.where(Delivery.due_at >= since)) or since


def _went_out(session: AnySession, since: datetime, channel: str | None = None) -> bool:
    mine: Collection = (Delivery.channel == channel,) if channel else ()
    sent = exists().where(Delivery.state == "accepted", Delivery.due_at >= since, *mine)
    return bool(session.scalar(select(sent)))
