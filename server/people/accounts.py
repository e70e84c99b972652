"""Change what an account is for. Somebody who can change it back is always left."""

from datetime import datetime

from sqlalchemy import select

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Practitioner, Service
from server.people.who_sees import ROLES, may_enter


def change_roles(*, practitioner: Practitioner, roles: list[str], by: Practitioner, now: datetime) -> None:
    """Give an account these roles instead of those it has; from its next page on.

    Refused `bad-input` without a role, to oneself (or an administrator would open the caseload to themself), and for
    the last administrator.
    """
    if practitioner.id == getattr(by, "id", None):
        raise Refused("bad-input", fields={"roles": "Nobody changes their own roles. Ask another administrator."})
    kept = [role for role in ROLES if role in roles]
    if not kept:
        raise Refused("bad-input", fields={"roles": "Choose at least one role."})
    _leave_an_administrator(practitioner, kept)
    before = list(practitioner.roles)
    practitioner.roles = kept
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
