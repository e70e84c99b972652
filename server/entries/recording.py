"""Work on paper or told by phone, written down by a practitioner: a revision like any other, said to be so."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.entries.actions import Received, receive
from server.extensions import new_id
from server.people.models import Client, Practitioner


def record_for(
    *,
    client: Client,
    assignment_id: UUID,
    slot: str | None,
    subject_kind: str,
    payload: dict,
    by: Practitioner,
    now: datetime,
    medium: str = "phone_call",
    helped_by: str = "none",
    happened_local: datetime | None = None,
    **more: Any,
) -> Received:
    """Write down what a client did or said, away from their phone. `happened_local`: a wall time in their zone.

    `more`: whatever else `raw_revision` takes, such as the form and the wording of a worksheet.
    """
    raw = raw_revision(
        client=client, assignment_id=assignment_id, slot=slot, subject_kind=subject_kind, payload=payload, now=now,
        medium=medium, helped_by=helped_by, happened_local=happened_local, **more,
    )  # fmt: skip
    return receive(client=client, revisions=[raw], practitioner=by, now=now)


def raw_revision(
    *,
    client: Client,
    assignment_id: UUID | None,
    slot: str | None,
    subject_kind: str,
    payload: dict,
    now: datetime,
    medium: str = "phone_call",
    helped_by: str = "none",
    happened_local: datetime | None = None,
    form: tuple[str, int] | None = None,
    wording: dict[str, str] | None = None,
    kind: str = "save",
    revision_id: UUID | None = None,
    entry_id: UUID | None = None,
    parents: tuple[UUID, ...] = (),
) -> dict[str, Any]:
    """One revision as a phone would send it (docs/protocol.md), entered by a practitioner."""
    lived = happened_local or now.astimezone(ZoneInfo(client.zone)).replace(tzinfo=None)
    raw: dict[str, Any] = {
        "revision_id": str(revision_id or new_id()),
        "entry_id": str(entry_id or new_id()),
        "subject": {"kind": subject_kind, **_about(assignment_id, slot)},
        "parents": [str(parent) for parent in parents],
        "kind": kind,
        "payload": payload,
        "happened_at": {
            "local": lived.replace(tzinfo=None).isoformat(timespec="minutes"),
            "zone": client.zone,
            "utc_offset": _offset(lived, client.zone),
        },
        "medium": medium,
        "entered_by": "practitioner",
        "helped_by": helped_by,
        "device_seq": 0,
        "created_at": now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "app_version": None,
        "schema_version": 1,
    }
    if form:
        raw |= {"form_key": form[0], "form_version": form[1]}
    if wording:
        raw["wording"] = wording
    return raw


def _about(assignment_id: UUID | None, slot: str | None) -> dict[str, str]:
    about = {"assignment_id": str(assignment_id)} if assignment_id else {}
    return {**about, "slot": slot} if slot else about


def _offset(lived: datetime, zone: str) -> int:
    offset = lived.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0
