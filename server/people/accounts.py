"""Change what an account is for. Somebody who can change it back is always left."""

from datetime import datetime

from sqlalchemy import select

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Practitioner, Service
from server.people.settling import unsettle, who_acts_must_be_known
from server.people.who_sees import ROLES, may_enter

ANOTHER = "Nobody gives themself a role. Another administrator does it. If there is none, make somebody one first."


def change_roles(*, practitioner: Practitioner, roles: list[str], by: Practitioner, now: datetime) -> None:
    """Give an account these roles instead of those it has; from its next page on.

    Refused `bad-input` without a role, for a role more to oneself (or an administrator would open the caseload to
    themself), for the last administrator, and, for other accounts than one's own, to who is not known yet. An account
    that gains a role is not known for a while (`settling`).
    """
    kept = [role for role in ROLES if role in roles]
    if not kept:
        raise Refused("bad-input", fields={"roles": "Choose at least one role."})
    before = list(practitioner.roles)
    gains = set(kept) - set(before)
    if practitioner.id != getattr(by, "id", None):
        who_acts_must_be_known(by, "roles", now)
    elif gains:
        raise Refused("bad-input", fields={"roles": ANOTHER})
    _leave_an_administrator(practitioner, kept)
    practitioner.roles = kept
    if gains:
        unsettle(practitioner, by=by, now=now)
    db.session.flush()
    audit.record(
        "practitioner.roles_changed", about=practitioner, by=by, detail={"before": before, "roles": kept}, now=now
    )


def _leave_an_administrator(practitioner: Practitioner, roles: list[str]) -> None:
    """Under the lock of the service, so that two administrators cannot remove each other at the same moment."""
    if may_enter(roles, "administration"):
        return
    db.session.execute(select(Service.id).where(Service.id == practitioner.service_id).with_for_update())
    others = db.session.scalars(
        select(Practitioner).where(
            Practitioner.service_id == practitioner.service_id,
            Practitioner.id != practitioner.id,
            Practitioner.disabled_at.is_(None),
        )
    )
    if not any(may_enter(one.roles, "administration") for one in others):
        raise Refused("bad-input", fields={"roles": "This is the last administrator. Make another one first."})
