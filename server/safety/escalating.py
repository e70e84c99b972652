"""Tells a service's inbox once of a flag that waited longer than a working day, or that nobody sees. For the tick."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update

from server.audit import actions as audit
from server.caseload.queries import somebody_works_with
from server.extensions import db
from server.people.models import Service
from server.safety.models import ResponseProcedure, RiskFlag
from server.safety.queries import procedure_of
from server.safety.rules import escalate_at

LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)
SHORTEST_DAY = timedelta(hours=23)  # nothing is due sooner after it arrived
AT_ONCE = 5  # mail has its own patience, and reminders wait behind it


@dataclass(frozen=True)
class Escalation:
    """A flag whose inbox is to be told, held under a lease."""

    flag_id: UUID
    client_id: UUID
    entry_id: UUID
    inbox: str
    unseen: bool  # nobody works with the client any more


def claim(*, now: datetime) -> list[Escalation]:
    """Flags that waited longer than a working day, each for this process alone for a while. For the tick.

    A flag of a client whom nobody works with is on no practitioner's page, and waits for no working day.

    The claim is committed before anything is sent: after a crash the lease runs out and it is sent again.
    """
    claimed = []
    for row, procedure, unseen in _waited_too_long(now):
        won = db.session.execute(
            update(RiskFlag)
            .where(RiskFlag.id == row.id, RiskFlag.escalated_at.is_(None), RiskFlag.ack_at.is_(None), _may_try(now))
            .values(escalation_after=now + LEASE, escalation_tries=RiskFlag.escalation_tries + 1)
            .execution_options(synchronize_session=False)
        )
        if won.rowcount:  # type: ignore[attr-defined]
            claimed.append(Escalation(row.id, row.client_id, row.entry_id, procedure.words["inbox"], unseen))
        if len(claimed) == AT_ONCE:
            break
    db.session.expire_all()
    return claimed


def record(*, escalation: Escalation, trouble: str | None, now: datetime) -> None:
    """The mail server took the message; or why not: then it is tried again, later each time, in the end hourly."""
    row = db.session.get(RiskFlag, escalation.flag_id)
    row.escalation_trouble = trouble
    if trouble is None:
        row.escalated_at = now
        detail = {"tries": row.escalation_tries}
        audit.record("risk_flag.escalated", about=row, by="tick", client_id=row.client_id, detail=detail, now=now)
    else:
        row.escalation_after = now + min(LEASE * 2 ** min(row.escalation_tries - 1, 6), LONGEST_WAIT)
    db.session.flush()


def _waited_too_long(now: datetime) -> list[tuple[RiskFlag, ResponseProcedure, bool]]:
    unseen = ~somebody_works_with(RiskFlag.client_id, now)
    waiting = db.session.execute(
        select(RiskFlag, unseen)
        .where(RiskFlag.ack_at.is_(None), RiskFlag.escalated_at.is_(None), _may_try(now))
        .where(or_(RiskFlag.received_at <= now - SHORTEST_DAY, unseen))
        .order_by(RiskFlag.received_at, RiskFlag.id)
    ).all()
    held: dict[UUID, tuple[ResponseProcedure | None, ZoneInfo]] = {}
    found = []
    for row, is_unseen in waiting:
        if row.service_id not in held:
            zone = ZoneInfo(db.session.get(Service, row.service_id).zone)
            held[row.service_id] = (procedure_of(row.service_id), zone)
        procedure, zone = held[row.service_id]
        if procedure is not None and (is_unseen or _due(row, procedure, zone) < now):
            found.append((row, procedure, bool(is_unseen)))
    return found


def _due(row: RiskFlag, procedure: ResponseProcedure, zone: ZoneInfo) -> datetime:
    begins, ends = time.fromisoformat(procedure.works_from), time.fromisoformat(procedure.works_until)
    return escalate_at(row.received_at, zone, procedure.working_days, begins, ends)


def _may_try(now: datetime):
    return or_(RiskFlag.escalation_after.is_(None), RiskFlag.escalation_after <= now)
