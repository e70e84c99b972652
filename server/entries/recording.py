"""Work on paper or told by phone, written down by a practitioner: a revision like any other, said to be so."""

from datetime import datetime
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
    form: tuple[str, int] | None = None,
    entry_id: UUID | None = None,
    parents: tuple[UUID, ...] = (),
) -> Received:
    """Write down what a client did or said, away from their phone. `happened_local`: a wall time in their zone."""
    lived = happened_local or now.astimezone(ZoneInfo(client.zone)).replace(tzinfo=None)
    raw = {
        "revision_id": str(new_id()),
        "entry_id": str(entry_id or new_id()),
        "subject": {"kind": subject_kind, "assignment_id": str(assignment_id), **({"slot": slot} if slot else {})},
        "parents": [str(parent) for parent in parents],
        "kind": "save",
        "payload": payload,
        "happened_at": {
            "local": lived.isoformat(timespec="minutes"),
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
    return receive(client=client, revisions=[raw], practitioner=by, now=now)


def _offset(lived: datetime, zone: str) -> int:
    offset = lived.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0
