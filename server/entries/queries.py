"""Look at what clients did: for staff (less what was kept for now), for the phone, and for figures."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from json import loads
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select, union

from server.assignments.rules import Answer, Head
from server.entries.models import DAMAGED, HEAD, Contact, Entry, Quarantined, Revision
from server.entries.quick_sql import FOR_SETTLING
from server.entries.reading import MOST_SEQ
from server.entries.rules import Arrived, Phone, arrived_of_all, digest_text, emptied_for, known_until, phone_of
from server.errors import Missing
from server.extensions import db
from server.people.models import Client, Device
from server.prepared import listed
from server.sealing import CannotOpen, DataKey, data_key, open_sealed
from server.worksheets.definition import Worksheet
from server.worksheets.library import library


@dataclass(frozen=True)
class EntryView:
    """One entry as staff may see it: `answers` is None while its author keeps it for now, or where it is damaged."""

    entry: Entry
    revision: Revision
    worksheet: Worksheet | None
    answers: dict[str, Any] | None
    removed_elsewhere: bool = False  # one of its states, made on another device, removes it
    damaged: bool = False  # its bytes were changed in the database

    @property
    def in_two(self) -> bool:
        """Saved on two devices: both are kept."""
        return self.entry.heads > 1


@dataclass(frozen=True)
class LastContact:
    """The last completed sync of any of a client's phones, and what each of them may still hold."""

    at: datetime | None
    outbox: int | None
    phones: tuple[Phone, ...]
    paired: bool

    def emptied_for(self, due_at: datetime) -> datetime | None:
        """Since when nothing said of what fell due at a moment can be unsent."""
        return emptied_for(self.phones, due_at)

    @property
    def known_until(self) -> datetime | None:
        """Until when all is known."""
        return known_until(self.phones)


def entries_of(client: Client, assignment_id: UUID | None = None) -> list[EntryView]:
    """A client's worksheet entries, newest first. The client comes from `caseload.queries.client_of`."""
    wanted = [Entry.client_id == client.id, Entry.subject_kind == "entry", Entry.deleted.is_(False)]
    if assignment_id:
        wanted.append(Entry.assignment_id == assignment_id)
    rows = db.session.execute(
        select(Entry, Revision).join(Revision, HEAD).where(*wanted).order_by(Entry.happened_at.desc(), Entry.entry_id)
    )
    return [_view(entry, revision) for entry, revision in rows]


def entry_of(client: Client, entry_id: UUID) -> list[EntryView]:
    """One entry with all its heads, the shown one first. `Missing` otherwise."""
    entry = db.session.get(Entry, (client.id, entry_id))
    if entry is None or entry.subject_kind != "entry" or entry.deleted:
        raise Missing
    rows = db.session.scalars(
        select(Revision)
        .where(Revision.client_id == client.id, Revision.entry_id == entry_id)
        .order_by(Revision.effective_at.desc(), Revision.feed_seq.desc())
    ).all()
    shown = [row for row in rows if row.revision_id == entry.head_id]
    parents = {parent for row in rows for parent in row.parents}
    others = [row for row in rows if row.revision_id != entry.head_id and str(row.revision_id) not in parents]
    # Where one phone removed what another changed, what was changed is shown; a removal is no state to read.
    heads = [*shown, *others]
    living = [row for row in heads if row.kind != "delete"]
    return [replace(_view(entry, row), removed_elsewhere=len(living) < len(heads)) for row in living]


def shown_of(client: Client, entry_ids: Iterable[UUID]) -> list[EntryView]:
    """The shown state of these worksheet entries, of removed ones too. For what goes by it in the sync."""
    rows = db.session.execute(
        select(Entry, Revision)
        .join(Revision, HEAD)
        .where(Entry.client_id == client.id, Entry.entry_id.in_(list(entry_ids)), Entry.subject_kind == "entry")
        .order_by(Entry.entry_id)
    )
    return [_view(entry, revision) for entry, revision in rows]


def words_of_answers(client: Client, revision_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What the client wrote beside an answer, for the revisions that filled occurrences."""
    rows = db.session.scalars(
        select(Revision).where(
            Revision.client_id == client.id,
            Revision.revision_id.in_(list(revision_ids)),
            Revision.subject_kind == "answer",
        )
    )
    return {row.revision_id: str(row.body["payload"].get("words") or "") for row in rows}


def swapped_for(client: Client, revision_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The id of the other task that was done instead, for the answers among these revisions that name one."""
    rows = db.session.scalars(
        select(Revision).where(
            Revision.client_id == client.id,
            Revision.revision_id.in_(list(revision_ids)),
            Revision.answer_outcome == "swap",
        )
    )
    named = {row.revision_id: row.body["payload"].get("swap_assignment_id") for row in rows}
    return {revision_id: str(other) for revision_id, other in named.items() if other}


def said_before(client: Client, assignment_ids: Iterable[UUID]) -> dict[tuple[UUID, str], Revision]:
    """(assignment, slot) -> what the client said of it last without a worksheet, also where staff wrote more since."""
    wanted = [Entry.client_id == client.id, Entry.subject_kind == "answer", Entry.deleted.is_(False)]
    rows = db.session.scalars(
        select(Revision)
        .join(Entry, HEAD)
        .where(*wanted, Revision.entered_by == "client", Revision.assignment_id.in_(list(assignment_ids)))
        .order_by(Revision.effective_at, Revision.feed_seq)
    )
    return {(row.assignment_id, row.slot): row for row in rows if row.assignment_id and row.slot}


def lived_on(client: Client, revision_id: UUID) -> date | None:
    """The day that a phone gave for a state of an entry, by the client's wall."""
    row = db.session.get(Revision, (client.id, revision_id))
    return date.fromisoformat(row.happened_local[:10]) if row else None


def quarantined_of(client: Client, unseen_only: bool = False) -> list[Quarantined]:
    """What of this client could not be read, newest first."""
    wanted = [Quarantined.client_id == client.id]
    if unseen_only:
        wanted.append(Quarantined.seen_at.is_(None))
    return list(db.session.scalars(select(Quarantined).where(*wanted).order_by(Quarantined.received_at.desc())))


def quarantined(client: Client, quarantined_id: UUID) -> Quarantined:
    """One of them. `Missing` otherwise."""
    found = db.session.get(Quarantined, quarantined_id)
    if found is None or found.client_id != client.id:
        raise Missing
    return found


def unread_counts(client_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many things of each client could not be read and were not seen yet."""
    rows = db.session.execute(
        select(Quarantined.client_id, func.count())
        .where(Quarantined.client_id.in_(list(client_ids)), Quarantined.seen_at.is_(None))
        .group_by(Quarantined.client_id)
    )
    return dict(rows.all())


def last_contacts(client_ids: Iterable[UUID]) -> dict[UUID, LastContact]:
    """The last contact with each client's phones. Beside every zero stands the time of it."""
    ids = list(client_ids)
    phones = db.session.execute(
        select(Device.id, Device.client_id, Device.paired_at, Device.revoked_at, Device.ended_at)
        .where(Device.client_id.in_(ids))
        .order_by(Device.paired_at, Device.id)
    ).all()
    # The newest contact of each phone and the last that left nothing on it: two rows a phone at most.
    c = Contact
    newest = select(func.max(c.id).label("id")).where(c.client_id.in_(ids)).group_by(c.device_id)
    emptied = newest.where(c.emptied_at.is_not(None))
    rows = db.session.execute(
        select(c.device_id, c.at, c.outbox, c.emptied_at).where(c.id.in_(union(newest, emptied))).order_by(c.at)
    ).all()
    told: dict[UUID, list] = {}
    for row in rows:
        told.setdefault(row.device_id, []).append(row)
    theirs: dict[UUID, list] = {client_id: [] for client_id in ids}
    for one in phones:
        theirs[one.client_id].append(one)
    return {who: _last(found, told) for who, found in theirs.items()}


def _last(devices: list, told: Mapping[UUID, list]) -> LastContact:
    phones = tuple(phone_of(one, told.get(one.id, ())) for one in devices)
    heard = [told[one.id][-1].at for one in devices if one.id in told]
    outbox = sum(phone.outbox for phone in phones if phone.gone_at is None) if heard else None
    return LastContact(max(heard, default=None), outbox, phones, any(phone.gone_at is None for phone in phones))


def heads_and_answers(
    client_id: UUID, assignment_ids: Iterable[UUID], until: datetime | None = None
) -> tuple[dict[UUID, list[Head]], dict[UUID, list[Answer]]]:
    """What settling needs, by assignment: the shown states of entries that count, and what was said. Plain columns."""
    ids = list(assignment_ids)
    if not ids:
        return {}, {}
    size, wanted = listed("id", ids)
    rows = FOR_SETTLING.rows(size, client=client_id, **wanted)
    heads: dict[UUID, list[Head]] = {assignment_id: [] for assignment_id in ids}
    answers: dict[UUID, list[Answer]] = {assignment_id: [] for assignment_id in ids}
    for row in rows:
        if row.subject_kind == "answer":
            answers[row.assignment_id].append(_answer(row))
        elif row.outcome is not None:
            heads[row.assignment_id].append(_head(row))
    return heads, answers


def feed_of(client_id: UUID, after: int, limit: int) -> list[Revision]:
    """Revisions past a number of the feed, for the phone; what was mended stands where it is told again."""
    told_seq = func.coalesce(Revision.mended_seq, Revision.feed_seq)
    # `feed_seq` is no more than `mended_seq`: what was not mended, and what was, each by an index of its own.
    past = or_(Revision.feed_seq > after, Revision.mended_seq > after)
    return list(
        db.session.scalars(
            select(Revision).where(Revision.client_id == client_id, past).order_by(told_seq).limit(limit)
        )
    )


def is_damaged(body: Any) -> bool:
    """Whether the body of a revision does not open: its bytes were changed in the database."""
    return body is DAMAGED


def digest(client_id: UUID) -> tuple[list[UUID], str]:
    """All revision ids of a client, and the SHA-256 both sides compare after each cycle."""
    ids = list(db.session.scalars(select(Revision.revision_id).where(Revision.client_id == client_id)))
    return ids, hashlib.sha256(digest_text(ids).encode()).hexdigest()


TAKEN = Quarantined.reason == "id-reused"


def numbers_aside(taken: Iterable[Any], key: Callable[[], DataKey]) -> dict[UUID, set[int]]:
    """By phone, the numbers of what was put aside because its id was `TAKEN`: it came, so it is no hole.

    The phone saves such a thing once more under another number. Of what does not open any more nothing is known, nor of
    what came in no shape that could be kept (`reading.canonical`). `taken`: `id`, `device_id` and `raw_sealed` of each.
    `key`: the client's, asked for only where there is any of them.
    """
    found: dict[UUID, set[int]] = {}
    for one in taken:
        try:
            body = loads(open_sealed(key(), one.raw_sealed, f"{Quarantined.__tablename__}|{one.id}|raw|1"))
        except (CannotOpen, ValueError, RecursionError):
            continue
        number = body.get("device_seq") if isinstance(body, dict) else None
        if one.device_id and type(number) is int and 0 < number <= MOST_SEQ:
            found.setdefault(one.device_id, set()).add(number)
    return found


def arrived(client: Client) -> dict[UUID, Arrived]:
    """Per phone, how much was saved on it and how much of that is here, readable or not."""
    r, q = Revision, Quarantined
    numbers: dict[UUID, set[int]] = {}
    for device_id, number in db.session.execute(select(r.device_id, r.device_seq).where(r.client_id == client.id)):
        numbers.setdefault(device_id, set()).add(number)
    sealed = case((TAKEN, q.raw_sealed))  # the others are counted, and never fetched: each may be megabytes
    put_aside = db.session.execute(
        select(q.id, q.device_id, sealed.label("raw_sealed")).where(q.client_id == client.id)
    ).all()
    key = partial(data_key, client.data_key, f"client|{client.id}")
    for device_id, came in numbers_aside((one for one in put_aside if one.raw_sealed is not None), key).items():
        numbers[device_id] = numbers.get(device_id, set()) | came
    unreadable = Counter(one.device_id for one in put_aside if one.raw_sealed is None)
    newest_first = select(Device).where(Device.client_id == client.id).order_by(Device.paired_at.desc())
    phones = {
        one.id: (
            *(numbers.get(one.id, set()), one.highest_seq, one.last_outbox or 0, unreadable.get(one.id, 0)),
            one.copy_of is not None,
        )
        for one in db.session.scalars(newest_first)
    }
    return dict(zip(phones, arrived_of_all(phones.values()), strict=True))


def _view(entry: Entry, revision: Revision) -> EntryView:
    worksheet = library().get(revision.form_key, revision.form_version or 0) if revision.form_key else None
    body = revision.body
    damaged = is_damaged(body)
    answers = None if entry.kept or damaged else body["payload"].get("answers", {})
    return EntryView(entry, revision, worksheet, answers, damaged=damaged)


def _head(row) -> Head:
    return Head(
        str(row.entry_id),
        str(row.revision_id),
        row.slot,
        row.happened_at,
        row.outcome,
        row.medium,
        row.entered_by,
        row.helped_by,
    )


def _answer(row) -> Answer:
    return Answer(
        str(row.revision_id),
        row.slot,
        row.answer,
        row.answer_outcome,
        row.barrier,
        date.fromisoformat(row.moved_to) if row.moved_to else None,
        row.happened_at,
        (row.effective_at, row.feed_seq),
        row.medium,
        row.entered_by,
        row.helped_by,
    )
