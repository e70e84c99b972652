"""Accounts that an administrator alone made or renewed: a second person says that they know whose they are (019)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Practitioner, Service
from server.people.who_sees import may_enter

WAITS = timedelta(days=14)
SAME_HAND = "The other account was made or changed by you, or both by the same person. Somebody else has to do this."
NOT_KNOWN = "This account is new or was changed. A service lead or another administrator has to know it first."
YOU_NOT_KNOWN = "Your account is new or was changed. A service lead or another administrator has to know it first."


def unsettle(practitioner: Practitioner, *, by, now: datetime) -> None:
    """Somebody else made this account, gave it a password or a role: for a while it counts as not known.

    Everybody who did so is remembered until somebody else knows it, known by time or not: none of them is a second
    person. Not while the service itself is as new as that: then there is nothing to reach yet, and nobody to ask.
    """
    service = db.session.get(Service, practitioner.service_id)
    if isinstance(by, Practitioner) and service.created_at <= now - WAITS:
        before = practitioner.changed_by or []
        practitioner.changed_by = [*before, *({str(by.id)} - set(before))]
        practitioner.settles_at = now + WAITS


def is_known(practitioner: Practitioner, now: datetime) -> bool:
    """Whether enough time has passed, or a second person has said whose account this is."""
    return practitioner.settles_at is None or practitioner.settles_at <= now


def must_be_known(practitioner: Practitioner, field: str, now: datetime) -> None:
    """Refuse `bad-input`, beside a field, to open other people's clients to an account that is not known yet."""
    if not is_known(practitioner, now):
        raise Refused("bad-input", fields={field: NOT_KNOWN})


def who_acts_must_be_known(by, field: str, now: datetime) -> None:
    """Refuse `bad-input` to an account that is not known yet what opens clients to others, or makes them accounts."""
    if isinstance(by, Practitioner) and not is_known(by, now):
        raise Refused("bad-input", YOU_NOT_KNOWN, fields={field: YOU_NOT_KNOWN})


def hands_of(practitioner: Practitioner) -> set[str]:
    """The ids of everybody who could sign in as this account: itself, who made or changed it since somebody else last
    knew it, and whoever did so with their accounts."""
    found: set[str] = set()
    look = [str(practitioner.id)]
    while look:
        one = look.pop()
        found.add(one)
        account = db.session.get(Practitioner, UUID(one))
        look += set(account.changed_by if account else ()) - found
    return found


def are_two(one: Practitioner, other: Practitioner) -> bool:
    """Whether nobody has a hand in both accounts, however long ago."""
    return not hands_of(one) & hands_of(other)


def must_be_two(other: Practitioner, by: Practitioner, now: datetime) -> None:
    """Refuse `bad-input` what needs two people, unless both accounts are known and nobody has a hand in both."""
    who_acts_must_be_known(by, "", now)
    must_be_known(other, "", now)
    if not are_two(other, by):
        raise Refused("bad-input", SAME_HAND)


def not_known_yet(by: Practitioner, now: datetime) -> list[Practitioner]:
    """The accounts of somebody's service that wait for a second person, oldest first."""
    rows = db.session.scalars(
        select(Practitioner)
        .where(Practitioner.service_id == by.service_id, Practitioner.disabled_at.is_(None))
        .where(Practitioner.settles_at > now)
        .order_by(Practitioner.created_at, Practitioner.id)
    )
    return list(rows)


def may_confirm(practitioner: Practitioner, by: Practitioner, now: datetime) -> bool:
    """A service lead or administrator who is known, is not this account, and did not make or change it."""
    leads = may_enter(by.roles, "service") or may_enter(by.roles, "administration")
    return leads and is_known(by, now) and str(by.id) not in (str(practitioner.id), *practitioner.changed_by)


def confirm(*, practitioner: Practitioner, by: Practitioner, now: datetime) -> None:
    """A second person knows whose account this is. Saying so twice is once. Refused `bad-input` where they may not."""
    if is_known(practitioner, now):
        return
    if not may_confirm(practitioner, by, now):
        raise Refused("bad-input", "Somebody who did not make or change this account has to say this.")
    if are_two(practitioner, by):
        practitioner.changed_by = []  # from now on whoever made it counts as another person
    practitioner.settles_at = now
    db.session.flush()
    audit.record("practitioner.confirmed", about=practitioner, by=by, now=now)
