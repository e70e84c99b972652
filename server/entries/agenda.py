"""What clients want to talk about: a question, or a time that was not done and kept for next time.

Either waits until somebody marks it as talked about, on every page alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.audit import actions as audit
from server.entries.models import HEAD, Entry, Revision, TalkedAbout
from server.entries.queries import is_damaged
from server.entries.said import still_asked
from server.errors import Missing
from server.extensions import db
from server.people.models import Client

TALKED, OPEN = "talked_about", "open"
CANNOT_BE_READ = "This cannot be read: it was damaged in the database."


@dataclass(frozen=True)
class Question:
    """Something a client put on the agenda. `talked_at`: when it was marked as talked about, None while it waits.

    `assignment_id` and `barrier`: of a time that was not done and kept for next time; `text` may then be empty.
    """

    entry_id: UUID
    text: str
    asked_at: datetime
    talked_at: datetime | None
    assignment_id: UUID | None = None
    barrier: str | None = None

    @property
    def waits(self) -> bool:
        return self.talked_at is None


def agenda_of(client: Client) -> list[Question]:
    """All that a client put there, newest first. The client comes from `caseload.queries.client_of`."""
    rows = [*_heads(client.id), *_kept([client.id])]
    rows.sort(key=lambda row: row.effective_at, reverse=True)
    marks = _marks([client.id]) if rows else {}
    return [_question(row, marks.get((client.id, row.entry_id), [])) for row in rows]


def waiting_counts(client_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How much of it still waits for each client, for clients the caller was given. Nothing sealed is opened."""
    ids = list(client_ids)
    asked = db.session.execute(
        select(Entry.client_id, Entry.entry_id, Revision.received_at)
        .join(Revision, HEAD)
        .where(Entry.client_id.in_(ids), Entry.subject_kind == "agenda", Entry.deleted.is_(False))
    ).all()
    rows = [*map(tuple, asked), *((row.client_id, row.entry_id, row.received_at) for row in _kept(ids))]
    marks = _marks(ids) if rows else {}
    counts = dict.fromkeys(ids, 0)
    for client_id, entry_id, received_at in rows:
        counts[client_id] += still_asked(received_at, marks.get((client_id, entry_id), []))
    return counts


def mark_question(*, client: Client, entry_id: UUID, state: str, by, now: datetime) -> TalkedAbout:
    """Say that one was talked about (`TALKED`), or that it waits again (`OPEN`). `Missing` where it is not."""
    entry = db.session.get(Entry, (client.id, entry_id))
    asked = entry is not None and entry.subject_kind == "agenda" and not entry.deleted
    if not asked and entry_id not in {row.entry_id for row in _kept([client.id])}:
        raise Missing
    row = TalkedAbout(
        service_id=client.service_id, client_id=client.id, entry_id=entry_id, state=state, recorded_by=by.id,
        recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(f"question.{state}", about=row, by=by, client_id=client.id, now=now)
    return row


def _heads(client_id: UUID) -> list[Revision]:
    """The questions that were written as such."""
    here = (Entry.client_id == client_id, Entry.subject_kind == "agenda", Entry.deleted.is_(False))
    return list(db.session.scalars(select(Revision).join(Entry, HEAD).where(*here)))


def _kept(client_ids: Iterable[UUID]) -> list[Revision]:
    """What a client kept for the next appointment when they said *not today*, while it is the last word on its time."""
    answers = (Entry.subject_kind == "answer", Entry.deleted.is_(False))
    ids = list(client_ids)
    kept = db.session.scalars(
        select(Revision)
        .join(Entry, HEAD)
        .where(Entry.client_id.in_(ids), *answers, Revision.entered_by == "client")
        .where(Revision.answer == "not_today", Revision.answer_outcome == "keep")
    ).all()
    if not kept:
        return []
    about = {row.assignment_id for row in kept}
    said = db.session.execute(
        select(Revision.assignment_id, Revision.slot, Revision.revision_id)
        .join(Entry, HEAD)
        .where(Entry.client_id.in_(ids), *answers, Revision.assignment_id.in_(about))
        .order_by(Revision.effective_at, Revision.feed_seq)
    )
    last = {(assignment_id, slot): revision_id for assignment_id, slot, revision_id in said}
    return [row for row in kept if last[row.assignment_id, row.slot] == row.revision_id]


def _question(row: Revision, marks: list[tuple[datetime, str]]) -> Question:
    waits = still_asked(row.received_at, marks)
    talked_at = None if waits else max(marks)[0]
    body = row.body
    payload = body["payload"]
    if row.subject_kind == "agenda":
        text = CANNOT_BE_READ if is_damaged(body) else str(payload.get("text", ""))
        return Question(row.entry_id, text, row.happened_at, talked_at)
    words = str(payload.get("words") or "")
    return Question(row.entry_id, words, row.happened_at, talked_at, row.assignment_id, row.barrier)


def _marks(client_ids: list[UUID]) -> dict[tuple[UUID, UUID], list[tuple[datetime, str]]]:
    found: dict[tuple[UUID, UUID], list[tuple[datetime, str]]] = {}
    rows = db.session.execute(
        select(TalkedAbout.client_id, TalkedAbout.entry_id, TalkedAbout.recorded_at, TalkedAbout.state).where(
            TalkedAbout.client_id.in_(client_ids)
        )
    )
    for client_id, entry_id, at, state in rows:
        found.setdefault((client_id, entry_id), []).append((at, state))
    return found
