"""What changed of a task since it was agreed, as a phone is told: by whom, when, and only the parts that differ."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from server.api import wire
from server.assignments import queries as assignments
from server.assignments.rules import Change, changes, left_out
from server.entries.plan_wishes import wishes_of
from server.people import queries as people

MOST = 5  # changes of one task that a phone is told, the newest
# How sure somebody is has a place in the appointment, and none in a list of what changed.
NOT_TOLD = {"confidence"}


def changes_of(client, agreed: Iterable) -> dict[UUID, list[dict[str, Any]]]:
    """By assignment, newest first: `{at, by, who, parts: [{part, was, now}], not_taken: [{part, now}]}`.

    Nothing for what never changed. What a client wrote and was not taken up stands in an item of its own.
    """
    changed = [one.assignment.id for one in agreed if one.version.number > 1]
    if not changed:
        return {}
    versions = assignments.versions_of_several(client.id, changed)
    wishes = wishes_of(client.id, changed)
    told = {
        key: [_told(client, one) for one in changes(rows)] + _not_taken(client, rows, wishes[key])
        for key, rows in versions.items()
    }
    newest = {key: sorted(rows, key=lambda one: one["at"], reverse=True) for key, rows in told.items()}
    return {key: [one for one in rows if one["parts"] or one["not_taken"]][:MOST] for key, rows in newest.items()}


def _not_taken(client, versions, wishes) -> list[dict[str, Any]]:
    return [
        {
            "at": wire.moment(wish.said_at),
            "by": "client",
            "who": client.preferred_name,
            "parts": [],
            "not_taken": [{"part": part, "now": now} for part, now in parts.items() if part not in NOT_TOLD],
        }
        for wish, parts in left_out(versions, wishes)
    ]


def _told(client, one: Change) -> dict[str, Any]:
    version = one.version
    parts = [part for part in one.parts if part.part not in NOT_TOLD]
    return {
        "at": wire.moment(version.recorded_at),
        "by": version.made_by,
        "who": client.preferred_name if version.made_by == "client" else _name(version.made_by_id),
        "parts": [{"part": part.part, "was": _plain(part.was), "now": _plain(part.now)} for part in parts],
        "not_taken": [],
    }


def _name(practitioner_id: UUID | None) -> str:
    return people.name_of(str(practitioner_id)) if practitioner_id else ""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
