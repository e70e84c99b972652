"""Plans as clients changed them, as they were said: what was taken up of them is in the versions of what was agreed."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from server.assignments.rules import Wish, readable
from server.entries.models import Revision
from server.extensions import db


def wishes_of(client_id: UUID, assignment_ids: Iterable[UUID]) -> dict[UUID, list[Wish]]:
    """By assignment, in the order in which they were said. A yes to a plan is none."""
    found: dict[UUID, list[Wish]] = {one: [] for one in assignment_ids}
    rows = db.session.scalars(
        select(Revision)
        .where(
            Revision.client_id == client_id,
            Revision.assignment_id.in_(list(found)),
            Revision.subject_kind == "plan",
            Revision.kind != "delete",
        )
        .order_by(Revision.effective_at, Revision.feed_seq)
    )
    for row in rows:
        payload = row.body["payload"]
        if "plan" in payload:
            found[row.assignment_id].append(_wish(row, payload))
    return found


def _wish(row: Revision, payload: dict) -> Wish:
    """A phone that says nothing readable of what it changed is asked by its clock instead."""
    parts, seen = payload.get("parts"), payload.get("seen")
    return Wish(
        revision_id=row.revision_id,
        said_at=row.effective_at,
        received_at=row.received_at,
        plan=readable(payload["plan"]),
        parts=frozenset(one for one in parts if isinstance(one, str)) if isinstance(parts, list) else None,
        seen=seen if type(seen) is int else None,
    )
