"""Look at who answers for risk in a service, at flags that wait, and at what the levels are."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from server.audit import queries as audit
from server.caseload.queries import clients_worked_with, somebody_works_with
from server.extensions import db
from server.people.models import Client, Practitioner, Service
from server.safety.models import ResponseProcedure, RiskFlag
from server.safety.rules import Raised
from server.worksheets.definition import RiskFlag as Level
from server.worksheets.definition import Worksheet
from server.worksheets.library import library
from server.worksheets.own_queries import own_of_service

ADDED = "risk_flag.added_to"


@dataclass(frozen=True)
class Threshold:
    """One rule of one worksheet: which answers raise a flag, and of which level."""

    worksheet: Worksheet
    level: Level


def procedure_of(service_id: UUID) -> ResponseProcedure | None:
    """The newest version of a service's response procedure, on or off."""
    return db.session.scalar(
        select(ResponseProcedure)
        .where(ResponseProcedure.service_id == service_id)
        .order_by(ResponseProcedure.number.desc())
        .limit(1)
    )


def versions_of(service: Service) -> list[ResponseProcedure]:
    """Every version, newest first."""
    return list(
        db.session.scalars(
            select(ResponseProcedure)
            .where(ResponseProcedure.service_id == service.id)
            .order_by(ResponseProcedure.number.desc())
        )
    )


def has_response_procedure(service_id: UUID) -> bool:
    """Whether clients of this service may be asked about risk in the app (clinical reference D1, option B).

    A procedure and a named person are on record and switched on, and there is a mail server for what waits too long.
    """
    if not current_app.config["MEANTIME"].sends_mail:
        return False
    held = procedure_of(service_id)
    return held is not None and held.state == "on"


def waiting_for(practitioner: Practitioner, now: datetime) -> list[tuple[RiskFlag, Client]]:
    """Flags that nobody acknowledged, of everybody this practitioner works with: red first, then the oldest.

    Discharge does not hide one: it may arrive days after it was made.
    """
    rows = db.session.execute(
        select(RiskFlag, Client)
        .join(Client, Client.id == RiskFlag.client_id)
        .where(RiskFlag.ack_at.is_(None), RiskFlag.client_id.in_(clients_worked_with(practitioner, now)))
        .order_by(RiskFlag.received_at, RiskFlag.id)
    ).all()
    return sorted(((flag, client) for flag, client in rows), key=lambda row: not raised_by(row[0]).is_red)


def waiting_of(client: Client) -> list[RiskFlag]:
    """What nobody acknowledged of one client. The client comes from `caseload.queries.client_of`."""
    found = db.session.scalars(
        select(RiskFlag)
        .where(RiskFlag.client_id == client.id, RiskFlag.ack_at.is_(None))
        .order_by(RiskFlag.received_at, RiskFlag.id)
    )
    return sorted(found, key=lambda flag: not raised_by(flag).is_red)


def waiting_counts(client_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many flags nobody acknowledged, by client, for clients the caller was given."""
    rows = db.session.execute(
        select(RiskFlag.client_id, func.count())
        .where(RiskFlag.client_id.in_(list(client_ids)), RiskFlag.ack_at.is_(None))
        .group_by(RiskFlag.client_id)
    )
    return dict(rows.all())


def of_entry(client: Client, entry_id: UUID) -> list[RiskFlag]:
    """Every flag of one entry, the one that waits first. The client comes from `caseload.queries.client_of`."""
    return list(
        db.session.scalars(
            select(RiskFlag)
            .where(RiskFlag.client_id == client.id, RiskFlag.entry_id == entry_id)
            .order_by(RiskFlag.ack_at.is_not(None), RiskFlag.received_at.desc(), RiskFlag.id.desc())
        )
    )


def raised_by(flag: RiskFlag) -> Raised:
    """A flag's row as the value that rules take."""
    return Raised(tuple(flag.fields), flag.level, flag.card, flag.follow_up)


def added_at(flag: RiskFlag) -> datetime | None:
    """When more of the same entry was last folded into it; None where nothing was."""
    return audit.last_at(ADDED, flag)


def mark_of(flag: RiskFlag) -> str:
    """What a page shows of a flag, as one opaque mark: another one later means that it has changed meanwhile."""
    shown = [flag.id, flag.level, sorted(flag.fields), flag.card, flag.follow_up, added_at(flag)]
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()


def counts_of(service: Service, now: datetime) -> dict[str, int]:
    """How many flags of a service wait, were escalated, could not be, and are seen by nobody. No ids: for accounts.

    `unseen`: of clients whom nobody works with any more, so that no practitioner's page shows them.
    """
    rows = db.session.execute(
        select(RiskFlag.escalated_at.is_not(None), RiskFlag.escalation_trouble.is_not(None), func.count())
        .where(RiskFlag.service_id == service.id, RiskFlag.ack_at.is_(None))
        .group_by(RiskFlag.escalated_at.is_not(None), RiskFlag.escalation_trouble.is_not(None))
    ).all()
    return {
        "waiting": sum(count for _, _, count in rows),
        "escalated": sum(count for told, _, count in rows if told),
        "stuck": sum(count for told, trouble, count in rows if trouble and not told),
        "unseen": _unseen(service, now),
    }


def _unseen(service: Service, now: datetime) -> int:
    return db.session.scalar(
        select(func.count())
        .select_from(RiskFlag)
        .where(RiskFlag.service_id == service.id, RiskFlag.ack_at.is_(None))
        .where(~somebody_works_with(RiskFlag.client_id, now))
    )


def thresholds(service: Service) -> list[Threshold]:
    """Every rule that raises a flag in this service: of each worksheet's newest version, and of its own tasks."""
    every = [*library().all(), *own_of_service(service.id)]
    return [Threshold(one, flag) for one in every for flag in one.risk_flags]


def thresholds_hash(some: Iterable[Threshold]) -> str:
    """What was confirmed when somebody confirmed the levels: another hash later means that they changed."""
    rows = [[one.worksheet.key, one.level.field, one.level.level, one.level.card, one.level.when] for one in some]
    return hashlib.sha256(json.dumps(sorted(rows, key=str), sort_keys=True).encode()).hexdigest()
