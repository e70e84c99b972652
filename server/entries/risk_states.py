"""What of newly stored entries may raise a flag about risk: every state of each, as safety takes it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from server.entries.actions import Received
from server.entries.models import Revision
from server.entries.reading import Read
from server.extensions import db
from server.people.models import Client
from server.safety.actions import Answered
from server.worksheets.library import library


def risk_states(client: Client, received: Received, now: datetime) -> list[Answered]:
    """The states of every entry that may raise a flag and has something new, oldest first: of one, all its states.

    The earlier ones are needed to know which answers a follow-up belongs to, and what was acknowledged already.
    Deleting an entry says nothing about risk. What was put aside because its work is not here says as much about it as
    any other: whoever answered does not know that a copy was put back.
    """
    return [*_of_stored(client, received), *(_unplaced(read, now) for read in received.unplaced if _is_entry(read))]


def _of_stored(client: Client, received: Received) -> list[Answered]:
    stored = [read for read in received.stored if _is_entry(read)]
    touched = {read.entry_id for read in stored if _may_raise(read)}
    if not touched:
        return []
    new = {read.revision_id for read in stored}
    rows = db.session.scalars(
        select(Revision)
        .where(Revision.client_id == client.id, Revision.entry_id.in_(touched), Revision.subject_kind == "entry")
        .where(Revision.kind != "delete", Revision.form_key.is_not(None))
        .order_by(Revision.feed_seq)
    )
    return [_answered(row, row.revision_id in new) for row in rows]


def typed_in(client: Client, revision_id: UUID) -> tuple[str, date, UUID | None] | None:
    """Of a state that staff wrote down: its medium, the day it was lived, and who wrote it. None for a phone's own."""
    row = db.session.get(Revision, (client.id, revision_id))
    if row is None or row.entered_by != "practitioner":
        return None
    return row.medium, datetime.fromisoformat(row.happened_local).date(), row.practitioner_id


def _is_entry(read: Read) -> bool:
    return read.subject_kind == "entry" and read.kind != "delete" and bool(read.form_key)


def _may_raise(read: Read) -> bool:
    worksheet = library().get(read.form_key or "", read.form_version or 0)
    return read.payload.get("safe_now") is not None or bool(worksheet and worksheet.risk_flags)


def _answered(row: Revision, is_new: bool) -> Answered:
    payload = row.body["payload"]
    return Answered(
        entry_id=row.entry_id, revision_id=row.revision_id, assignment_id=row.assignment_id,
        worksheet_id=row.form_key or "", worksheet_version=row.form_version or 0, answers=payload.get("answers"),
        safe_now=payload.get("safe_now"), saved_at=row.effective_at, received_at=row.received_at,
        parents=tuple(UUID(one) for one in row.parents), is_new=is_new,
    )  # fmt: skip


def _unplaced(read: Read, now: datetime) -> Answered:
    return Answered(
        entry_id=read.entry_id, revision_id=read.revision_id, assignment_id=None,
        worksheet_id=read.form_key or "", worksheet_version=read.form_version or 0, answers=read.payload.get("answers"),
        safe_now=read.payload.get("safe_now"), saved_at=min(read.created_at, now), received_at=now,
        parents=tuple(UUID(one) for one in read.parents), is_new=True,
    )  # fmt: skip
