"""Break-glass: one client of the service opened for a day at most, for a typed reason, and those who have to know."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, literal, or_, select
from sqlalchemy.orm import aliased

from server.audit import actions as audit
from server.caseload import roads
from server.caseload.models import Access, AccessSeen
from server.caseload.queries import holds_now, newest_course, newest_episode
from server.errors import Missing, Refused
from server.extensions import db
from server.people.actions import number_lookup
from server.people.models import Client, Practitioner
from server.people.settling import who_acts_must_be_known
from server.people.who_sees import may_enter, supervising, working

LONGEST_HOURS = 24
TRIES, TRIES_WINDOW = 10, timedelta(hours=1)  # of one account: local numbers are short, and follow each other
OPENED = "client.opened_urgently"
URGENT = literal("break_glass", literal_execute=True)  # spelled out, so that the partial index is known to fit


@dataclass(frozen=True)
class Alert:
    """A break-glass look that somebody has to know of. Without `client`: an account that meets no clients."""

    access: Access
    opened_by: Practitioner
    client: Client | None


def open_urgently(*, number: str, reason: str, hours: int, by: Practitioner, now: datetime) -> Client:
    """Open the client with this local number for some hours. Call `sign_in.allow` before, in its own commit.

    Whoever looks after or covers them already opens nothing by it. Refused `not-found`, the same for no such number,
    another service's, and no episode; `bad-input`, before any look, to an account that is not known yet
    (`people.settling`): otherwise one administrator alone could open one client after the other.
    """
    who_acts_must_be_known(by, "number", now)
    found = db.session.scalar(
        select(Client).where(
            Client.service_id == by.service_id,
            Client.local_number_lookup == number_lookup(by.service_id, number),
        )
    )
    episode = found and newest_episode(found.id)
    if episode is None or not working(by.roles):
        raise Refused("not-found", "There is no client with this number in your service.")
    if roads.holds(by, episode, ("own", "cover"), now):
        return found  # theirs already: there is nothing to open, and nobody to tell
    until = now + timedelta(hours=min(max(hours, 1), LONGEST_HOURS))
    access = roads.give(
        episode=episode, practitioner=by, role="break_glass", by=by, now=now, reason=reason, until_at=until
    )
    audit.record(OPENED, about=access, by=by, client_id=found.id, now=now)
    return found


_OWN = aliased(Access)  # made once: it takes a millisecond, and Today asks by it each time


def alerts_for(practitioner: Practitioner, now: datetime) -> list[Alert]:
    """What this account has to know of and has not said that it does, oldest first.

    The client's own practitioner, whoever covers, their supervisor; and administrators, who learn of no client.
    """
    said = exists().where(AccessSeen.access_id == Access.id, AccessSeen.practitioner_id == practitioner.id)
    rows = db.session.execute(
        select(Access, Practitioner, Client, _concerned(practitioner, now).label("concerned"))
        .join(Practitioner, Practitioner.id == Access.practitioner_id)
        .join(Client, Client.id == Access.client_id)
        .where(Access.service_id == practitioner.service_id, Access.role == URGENT)
        .where(Access.practitioner_id != practitioner.id, ~said)
        .order_by(Access.from_at, Access.id)
    ).all()
    administers = may_enter(practitioner.roles, "administration")
    return [
        Alert(row.Access, row.Practitioner, row.Client if row.concerned else None)
        for row in rows
        if row.concerned or administers
    ]


def acknowledge(*, access_id: UUID, by: Practitioner, now: datetime) -> None:
    """Somebody knows of it now. Saying so twice is once; `Missing` for what was not theirs to know."""
    known = [one.access for one in alerts_for(by, now) if one.access.id == access_id]
    if not known:
        if db.session.scalar(
            select(AccessSeen.id).where(AccessSeen.access_id == access_id, AccessSeen.practitioner_id == by.id)
        ):
            return
        raise Missing
    db.session.add(AccessSeen(service_id=by.service_id, access_id=access_id, practitioner_id=by.id, recorded_at=now))
    db.session.flush()
    audit.record("access.acknowledged", about=known[0], by=by, now=now)


def _concerned(practitioner: Practitioner, now: datetime):
    """Whether the account works with this client or supervises who does, or had the client as their own at the time.

    So a hand-over, to the very one who looked perhaps, takes no alert from whoever has not read it.
    """
    own = _OWN
    ways = tuple(way for way in working(practitioner.roles) if way != "break_glass")
    is_theirs = and_(
        own.episode_id == newest_course(Access.client_id),
        *holds_now(now, own),
    )
    was_theirs = and_(
        own.episode_id == Access.episode_id,
        own.role == "own",
        *holds_now(Access.from_at, own),
    )
    return exists().where(
        own.practitioner_id == practitioner.id,
        own.service_id == practitioner.service_id,
        own.role.in_((*ways, *supervising(practitioner.roles))),
        or_(is_theirs, was_theirs),
    )
