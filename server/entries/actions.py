"""Take in what clients do: once, for good, and before anybody is told it arrived."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import load_only

from server.assignments.queries import Ground, whose
from server.audit import actions as audit
from server.entries.hashes import bound_to, hash_of, sealed_hash
from server.entries.heads import project
from server.entries.mending import mend
from server.entries.models import Contact, Quarantined, Revision
from server.entries.quick_sql import ADD_REVISION, IN_CARE, KNOWN
from server.entries.reading import Read, Unreadable, canonical, read, revision_id_of
from server.entries.rules import effective_at
from server.extensions import db, new_id
from server.people import actions as people
from server.people.models import Client, Device
from server.prepared import listed
from server.safety.queries import has_response_procedure
from server.sealing import DataKey, data_key, seal
from server.worksheets.library import library
from server.worksheets.rules import completeness, outcome


@dataclass(frozen=True)
class Receipt:
    """The answer for one revision, in the order sent."""

    revision_id: UUID | None
    content_hash: str
    status: str  # stored, duplicate, stored_conflict, quarantined, refused
    code: str | None = None


@dataclass
class Received:
    """What came of a batch: receipts, and what was stored, for those who act on it."""

    receipts: list[Receipt] = field(default_factory=list)
    stored: list[Read] = field(default_factory=list)
    unplaced: list[Read] = field(default_factory=list)  # put aside just now, readable: only its work is not here
    moved: set[UUID] = field(default_factory=set)  # every assignment that a touched entry belongs or belonged to

    @property
    def assignment_ids(self) -> set[UUID]:
        """Assignments whose occurrences may have changed."""
        touched = any(r.subject_kind in ("entry", "answer") for r in self.stored)
        return self.moved if touched else set()

    def of(self, subject_kind: str) -> list[Read]:
        """What was stored about one kind of subject, in order."""
        return [r for r in self.stored if r.subject_kind == subject_kind]


@dataclass(frozen=True)
class Item:
    """One raw revision on its way in."""

    raw: Any
    text: bytes
    content_hash: str
    revision_id: UUID | None
    read: Read | None
    trouble: str | None


def receive(
    *,
    client: Client,
    revisions: Sequence[Any],
    now: datetime,
    device: Device | None = None,
    practitioner=None,
    sent_at: datetime | None = None,
    made_on: Mapping[UUID, UUID] | None = None,
) -> Received:
    """Store what is new of a batch of raw revisions, and answer for each. The client comes from who is signed in.

    `made_on`: on which device that was made which a phone gives back after a restore, and did not make itself.

    Nothing is rejected: what cannot be read is quarantined, and so is what is about an assignment that is not this
    client's, with the same answer as for one that does not exist. An older copy that was put back does not know what
    was agreed after it: what was done of that comes again, and must not stay on the phone alone.
    """
    items = [look(raw) for raw in revisions]
    people.lock(client.id)
    there = _there(client.id, [i.revision_id for i in items if i.revision_id])
    key = data_key(client.data_key, f"client|{client.id}")
    known = {row.revision_id: hash_of(key, client.id, row) for row in there}
    sent = {i.revision_id: i for i in items if i.revision_id}
    mended = mend(client, key, there, known, sent)
    mine = whose(client.id, {i.read.assignment_id for i in items if i.read and i.read.assignment_id})
    received, rows, aside = Received(), [], []
    for item in items:
        receipt = _place(item, known, mine)
        received.receipts.append(receipt)
        if receipt.status == "stored" and item.read:
            known[item.read.revision_id] = item.content_hash
            received.stored.append(item.read)
            rows.append(item)
        elif receipt.status == "quarantined":
            aside.append((item, receipt))
    if rows:
        _store(rows, client, key, mine, device, practitioner, sent_at, now, made_on or {})
    if moved := {r.entry_id for r in received.stored} | _shared([*received.stored, *(i.read for i in mended)]):
        done = project(client, moved)
        received.moved = done.assignment_ids
        received.receipts = [
            _conflicted(r, item, done.in_two) for r, item in zip(received.receipts, items, strict=True)
        ]
    received.unplaced = _quarantine(client, device, aside, made_on or {}, now)
    by = practitioner or device or client
    counts = _counts(received) | ({"mended": len(mended)} if mended else {})
    audit.record("entries.received", about=client, by=by, client_id=client.id, detail=counts, now=now)
    return received


def _shared(reads: Iterable[Read | None]) -> set[UUID]:
    """The entries that these choices to share or to keep are about."""
    choices = (r for r in reads if r and r.subject_kind == "sharing" and r.kind != "delete")
    return {UUID(r.payload["entry_id"]) for r in choices}


def _store(
    rows: list[Item], client: Client, key, mine: dict[UUID, Ground], device, practitioner, sent_at, now, made_on
) -> None:
    first = people.next_feed(client.id, len(rows))
    # Who typed it is known from who is signed in, never from the body.
    author = {
        "device_id": device.id if device else None,
        "practitioner_id": getattr(practitioner, "id", None),
        "entered_by": "practitioner" if practitioner else "client",
    }
    closed = not IN_CARE.rows(client=client.id)
    values = [
        {
            **author,
            **({"device_id": made_on[item.revision_id]} if item.revision_id in made_on else {}),
            **values_of(item, item.read, client, key, mine, closed, sent_at, now),
            "feed_seq": first + n,
            "mended_seq": None,
        }
        for n, item in enumerate(rows)
        if item.read
    ]
    ADD_REVISION.run(values)
    if device:
        own = [item.read.device_seq for item in rows if item.read and item.read.revision_id not in made_on]
        device.highest_seq = max(device.highest_seq, *own, 0)


def contact(*, client: Client, device: Device, outbox: int, device_seq: int, now: datetime) -> None:
    """Write down a completed sync, and how much the phone still holds: one row an hour, the latest of it."""
    device.last_contact_at, device.last_outbox = now, outbox
    device.highest_seq = max(device.highest_seq, device_seq)
    hour = now.replace(minute=0, second=0, microsecond=0)
    emptied = {"emptied_at": now} if outbox == 0 else {}
    found = db.session.execute(
        update(Contact)
        .where(Contact.device_id == device.id, Contact.hour == hour)
        .values(at=now, outbox=outbox, **emptied)
        .execution_options(synchronize_session=False)
    )
    if not found.rowcount:  # type: ignore[attr-defined]
        row = {"service_id": client.service_id, "client_id": client.id, "device_id": device.id, "hour": hour}
        db.session.execute(insert(Contact), [{**row, "at": now, "outbox": outbox, "recorded_at": now, **emptied}])
    db.session.flush()


def mark_quarantined_seen(*, quarantined: Quarantined, by, now: datetime) -> None:
    """A practitioner saw that something could not be read."""
    quarantined.seen_at, quarantined.seen_by = now, by.id
    db.session.flush()
    audit.record("quarantined.seen", about=quarantined, by=by, now=now)


def look(raw: Any) -> Item:
    """One raw revision with its canonical form and hash; what cannot be read says why in `trouble`."""
    text, content_hash, fits = canonical(raw)
    try:
        if not fits:
            raise Unreadable("no canonical form")
        return Item(raw, text, content_hash, revision_id_of(raw), read(raw), None)
    except Unreadable as wrong:
        return Item(raw, text, content_hash, revision_id_of(raw), None, wrong.reason)


def _there(client_id: UUID, revision_ids: Sequence[UUID]) -> Sequence[Any]:
    if not revision_ids:
        return []
    size, ids = listed("id", revision_ids)
    return list(KNOWN.rows(size, client=client_id, **ids))


def _place(item: Item, known: dict[UUID, str], mine: dict[UUID, Ground]) -> Receipt:
    """stored · duplicate · quarantined, for one item."""

    def receipt(status: str, code: str | None = None) -> Receipt:
        return Receipt(item.revision_id, item.content_hash, status, code)

    if item.revision_id in known:
        same = known[item.revision_id] == item.content_hash
        return receipt("duplicate") if same else receipt("quarantined", "id-reused")
    if item.read is None:
        return receipt("quarantined", item.trouble)
    if item.read.assignment_id and item.read.assignment_id not in mine:
        return receipt("quarantined", "unknown-subject")
    if not _is_its_worksheet(item.read, mine):
        return receipt("quarantined", "unknown-worksheet")
    return receipt("stored")


def _is_its_worksheet(r: Read, mine: dict[UUID, Ground]) -> bool:
    """Whether an entry is a filled-in worksheet we know, and the one that was agreed. Any version of it will do."""
    if r.form_key and library().get(r.form_key, r.form_version or 0) is None:
        return False
    if r.subject_kind != "entry" or r.kind == "delete" or r.assignment_id is None:
        return True
    agreed = mine[r.assignment_id]
    return agreed.worksheet_id == r.form_key or (r.form_key is None and _is_together(agreed))


def _is_together(agreed: Ground) -> bool:
    """Whether phones show it as a task in own words, since its questions about risk are only asked together."""
    worksheet = library().get(agreed.worksheet_id or "", agreed.worksheet_version or 0)
    return worksheet is not None and worksheet.for_staff_only(has_response_procedure(agreed.service_id))


def values_of(
    item: Item, r: Read, client: Client, key: DataKey, mine: dict[UUID, Ground], closed: bool, sent_at, now: datetime
) -> dict[str, Any]:
    """The columns of a revision, but for its author and its number in the feed. `closed`: no course of theirs is open.

    `mine`: what of the client's it may be about. Of the client their id and service are enough.
    """
    ground = mine.get(r.assignment_id) if r.assignment_id else None
    answer = r.payload if r.subject_kind == "answer" else {}
    return {
        "client_id": client.id,
        "revision_id": r.revision_id,
        "service_id": client.service_id,
        "entry_id": r.entry_id,
        "subject_kind": r.subject_kind,
        "assignment_id": r.assignment_id,
        "slot": r.slot,
        "parents": list(r.parents),
        "kind": r.kind,
        "form_key": r.form_key,
        "form_version": r.form_version,
        "body_sealed": seal(key, item.text, bound_to(client.id, r.revision_id, "body")),
        "content_hash_sealed": sealed_hash(key, client.id, r.revision_id, item.content_hash),
        "happened_at": r.happened_at,
        "happened_local": r.happened_local,
        "happened_zone": r.happened_zone,
        "medium": r.medium,
        "helped_by": r.helped_by,
        "device_seq": r.device_seq,
        "created_at": r.created_at,
        "received_at": now,
        "effective_at": effective_at(r.created_at, sent_at, now),
        "late": closed or (ground is not None and ground.state != "open"),
        "kept": bool(r.payload.get("kept")) if r.subject_kind == "entry" else False,
        "answer": answer.get("answer"),
        "answer_outcome": answer.get("outcome"),
        "barrier": answer.get("barrier"),
        "moved_to": answer.get("moved_to"),
        "app_version": r.app_version,
        "schema_version": r.schema_version,
        **_figures(r, ground),
    }


def _figures(r: Read, ground: Ground | None) -> dict[str, Any]:
    """What the done rule says of this state, and how many of its fields are answered."""
    if r.subject_kind != "entry" or r.kind == "delete":
        return {"outcome": None, "answered": None, "asked": None}
    answers = r.payload["answers"]
    worksheet = library().get(r.form_key, r.form_version or 0) if r.form_key else None
    if worksheet is None:  # a free task: anything written is trying it
        return {"outcome": "tried" if answers else None, "answered": len(answers), "asked": None}
    said = outcome(worksheet, answers, ground.done_rule if ground else None)
    answered, asked = completeness(worksheet, answers)
    return {"outcome": None if said == "empty" else said, "answered": answered, "asked": asked}


def _quarantine(
    client: Client, device: Device | None, aside: list[tuple[Item, Receipt]], made_on: Mapping, now: datetime
) -> list[Read]:
    """What is not there yet is put there. Returns what of that could be read, and only has no place."""
    if not aside:
        return []
    reasons = {receipt.code for _, receipt in aside}
    alike = select(Quarantined).where(Quarantined.client_id == client.id, Quarantined.reason.in_(reasons))
    brief = load_only(Quarantined.client_id, Quarantined.reason, Quarantined.content_hash_sealed)
    held = {(one.reason, one.content_hash) for one in db.session.scalars(alike.options(brief))}
    unplaced = []
    for item, receipt in aside:
        if (receipt.code, item.content_hash) in held:
            continue
        held.add((receipt.code, item.content_hash))
        if item.read and receipt.code == "unknown-subject":
            unplaced.append(item.read)
        db.session.add(
            Quarantined(
                id=new_id(),
                service_id=client.service_id,
                client_id=client.id,
                device_id=made_on.get(item.revision_id, device.id if device else None),
                revision_id=item.revision_id,
                reason=receipt.code,
                content_hash=item.content_hash,
                raw=item.text.decode(),
                received_at=now,
            )
        )
    db.session.flush()
    return unplaced


def _conflicted(receipt: Receipt, item: Item, in_two: set[UUID]) -> Receipt:
    if receipt.status == "stored" and item.read and item.read.entry_id in in_two:
        return Receipt(receipt.revision_id, receipt.content_hash, "stored_conflict")
    return receipt


def _counts(received: Received) -> dict[str, int]:
    counts: dict[str, int] = {}
    for receipt in received.receipts:
        counts[receipt.status] = counts.get(receipt.status, 0) + 1
    return counts


def highest_seq(device_id: UUID) -> int:
    """The highest number of a device that arrived: what was told and never came was lost with the phone."""
    return db.session.scalar(select(func.max(Revision.device_seq)).where(Revision.device_id == device_id)) or 0
