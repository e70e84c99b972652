"""Look up own tasks: by id for whatever was agreed, and for a service's own shelf."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from server.extensions import db
from server.people.models import Practitioner
from server.worksheets.definition import Worksheet, worksheet_from
from server.worksheets.models import OwnTask

FAMILY = "own"


@dataclass(frozen=True)
class OwnOne:
    """One own task of a service: its newest version, who made that, and whether it is still offered."""

    row: OwnTask
    worksheet: Worksheet


def is_own(worksheet_id: str) -> bool:
    """Whether this id is that of an own task."""
    return worksheet_id.startswith(f"{FAMILY}/")


def own_task(worksheet_id: str, version: int) -> Worksheet | None:
    """This version, of whatever service, retired or not: entries that name it stay readable."""
    known = _KNOWN.get((worksheet_id, version))
    if known is not None:
        return known
    row = db.session.scalar(select(OwnTask).where(OwnTask.worksheet_id == worksheet_id, OwnTask.version == version))
    return _opened(row) if row is not None else None


def own_newest(service_id: UUID, worksheet_id: str) -> Worksheet | None:
    """The newest version of a task of this service that is still offered, or None."""
    row = newest_row(service_id, worksheet_id)
    return _opened(row) if row is not None and row.retired_at is None else None


def newest_row(service_id: UUID, worksheet_id: str) -> OwnTask | None:
    """The newest row of a task of this service, retired or not; None for another service's."""
    return db.session.scalar(
        select(OwnTask)
        .where(OwnTask.worksheet_id == worksheet_id, OwnTask.service_id == service_id)
        .order_by(OwnTask.version.desc())
        .limit(1)
    )


def own_of(practitioner: Practitioner) -> list[OwnOne]:
    """Every own task of this practitioner's service, retired ones last, by title."""
    return _all_of(practitioner.service_id)


def own_of_service(service_id: UUID) -> list[Worksheet]:
    """The newest version of every own task of a service; retired ones too, which somebody may still be filling in."""
    return [one.worksheet for one in _all_of(service_id)]


def _all_of(service_id: UUID) -> list[OwnOne]:
    newest = (
        select(OwnTask.worksheet_id, func.max(OwnTask.version).label("version"))
        .where(OwnTask.service_id == service_id)
        .group_by(OwnTask.worksheet_id)
        .subquery()
    )
    rows = db.session.scalars(
        select(OwnTask).join(
            newest, (OwnTask.worksheet_id == newest.c.worksheet_id) & (OwnTask.version == newest.c.version)
        )
    )
    found = [OwnOne(row, _opened(row)) for row in rows]
    return sorted(found, key=lambda one: (one.row.retired_at is not None, one.worksheet.title.casefold()))


def shelf_of(practitioner: Practitioner) -> list[Worksheet]:
    """The own tasks that can be agreed with clients of this practitioner's service."""
    return [one.worksheet for one in own_of(practitioner) if one.row.retired_at is None]


def data_of(row: OwnTask) -> dict[str, Any]:
    """The data of one version, as it was made."""
    data: dict[str, Any] = json.loads(row.definition)
    return data


def is_of_service(worksheet_id: str, service_id: UUID) -> bool:
    """Whether people of this service may have it: anything but an own task of another service."""
    return not is_own(worksheet_id) or newest_row(service_id, worksheet_id) is not None


# A version never changes and its id is never given twice, so it is opened once for each process.
_KNOWN: dict[tuple[str, int], Worksheet] = {}


def _opened(row: OwnTask) -> Worksheet:
    key = (row.worksheet_id, row.version)
    if key not in _KNOWN:
        _KNOWN[key] = worksheet_from(data_of(row), row.sha256)
    return _KNOWN[key]
