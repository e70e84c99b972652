"""What clients want to talk about: a question waits until somebody marks it as talked about, on every page alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from server.audit import actions as audit
from server.entries.models import Entry, Revision, TalkedAbout
from server.entries.said import still_asked
from server.errors import Missing
from server.extensions import db
from server.people.models import Client

TALKED, OPEN = "talked_about", "open"


@dataclass(frozen=True)
class Question:
    """Something a client put on the agenda. `talked_at`: when it was marked as talked about, None while it waits."""

    entry_id: UUID
    text: str
    asked_at: datetime
    talked_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.talked_at is None


def agenda_of(client: Client) -> list[Question]:
    """Every question of a client, newest first. The client comes from `caseload.queries.client_of`."""
    head = and_(Revision.client_id == Entry.client_id, Revision.revision_id == Entry.head_id)
    rows = db.session.scalars(
        select(Revision)
        .join(Entry, head)
        .where(Entry.client_id == client.id, Entry.subject_kind == "agenda", Entry.deleted.is_(False))
        .order_by(Revision.effective_at.desc())
    ).all()
    marks = _marks([client.id]) if rows else {}
    return [_question(row, marks.get((client.id, row.entry_id), [])) for row in rows]


def waiting_counts(client_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many questions of each client still wait, for clients the caller was given. Nothing sealed is opened."""
    ids = list(client_ids)
    head = and_(Revision.client_id == Entry.client_id, Revision.revision_id == Entry.head_id)
    rows = db.session.execute(
        select(Entry.client_id, Entry.entry_id, Revision.received_at)
        .join(Revision, head)
        .where(Entry.client_id.in_(ids), Entry.subject_kind == "agenda", Entry.deleted.is_(False))
    ).all()
    marks = _marks(ids) if rows else {}
    counts = dict.fromkeys(ids, 0)
    for client_id, entry_id, received_at in rows:
        counts[client_id] += still_asked(received_at, marks.get((client_id, entry_id), []))
    return counts


def mark_question(*, client: Client, entry_id: UUID, state: str, by, now: datetime) -> TalkedAbout:
    """Say that a question was talked about (`TALKED`), or that it waits again (`OPEN`). `Missing` where it is not."""
    entry = db.session.get(Entry, (client.id, entry_id))
    if entry is None or entry.subject_kind != "agenda" or entry.deleted:
        raise Missing
    row = TalkedAbout(
        service_id=client.service_id, client_id=client.id, entry_id=entry_id, state=state, recorded_by=by.id,
        recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(f"question.{state}", about=row, by=by, client_id=client.id, now=now)
    return row


def _question(row: Revision, marks: list[tuple[datetime, str]]) -> Question:
    waits = still_asked(row.received_at, marks)
    talked_at = None if waits else max(marks)[0]
    return Question(row.entry_id, str(row.body["payload"].get("text", "")), row.happened_at, talked_at)


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
