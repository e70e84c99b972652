"""What a practitioner writes down from paper or a phone call: a whole count at once, one worksheet; and taken back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from server.assignments.rules import ANSWER_OF, OpenTime, fill, happened_by, on_day
from server.caseload.rules import Interval
from server.entries.actions import Received, receive
from server.entries.models import HEAD, Entry, Revision
from server.entries.recording import raw_revision
from server.errors import Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Client, Practitioner
from server.worksheets.definition import Worksheet

MOST_AT_ONCE = 3 * 99  # times in one count: as many of each kind as the form takes


@dataclass(frozen=True)
class Written:
    """How something was done away from the phone, and who helped."""

    medium: str
    helped_by: str


def write_count(
    *,
    client: Client,
    assignment_id: UUID,
    key: UUID,
    times: Iterable[OpenTime],
    counts: dict[str, int],
    interval: Interval,
    how: Written,
    by: Practitioner,
    now: datetime,
) -> Received:
    """Answers for so many of the open times of an interval. `key` is the form's: sent twice, it counts once.

    Refused `already-written` where that very form said something else before, or was taken back; `too-many-times`
    where there are fewer open times.
    """
    people.lock(client.id)
    before = _of_form(client, assignment_id, key)
    if before:
        _same_or_refused(client, before, counts, how)
        return Received()
    zone = ZoneInfo(client.zone)
    try:
        filled = fill(times, counts, now.astimezone(zone).date())
    except ValueError:
        raise Refused("too-many-times") from None
    raws = [
        raw_revision(
            client=client, assignment_id=assignment_id, slot=one.slot, subject_kind="answer",
            payload={"answer": answer}, now=now, medium=how.medium, helped_by=how.helped_by,
            happened_local=happened_by(one, interval.opens_at, interval.closes_at, now, zone).astimezone(zone),
            revision_id=_name(client, assignment_id, key, n),
        )
        for n, (one, answer) in enumerate(filled)
    ]  # fmt: skip
    return receive(client=client, revisions=raws, practitioner=by, now=now)


def write_worksheet(
    *,
    client: Client,
    assignment_id: UUID,
    slot: str | None,
    open_times: Iterable[OpenTime],
    key: UUID,
    worksheet: Worksheet,
    answers: dict[str, Any],
    happened_local: datetime,
    how: Written,
    by: Practitioner,
    now: datetime,
) -> tuple[UUID, Received]:
    """One worksheet in full, with its wording. `key` is the form's: sent twice it is one entry, corrected a revision.

    Without a `slot` it is for the open time of its day, and corrected it stays where it was while its day does.
    Returns (entry id, what was received). Refused `bad-input` when it could not be stored; `already-written` where what
    is shown now is not what this form wrote: the client went on with it or keeps it for now, or it was taken back.
    """
    people.lock(client.id)
    entry_id = _name(client, assignment_id, key, 0)
    head = _own_head(client, entry_id)
    stays = head is not None and head.happened_local[:10] == happened_local.date().isoformat()
    likely = head.slot if stays else on_day(open_times, happened_local.date())
    raw = raw_revision(
        client=client, assignment_id=assignment_id, slot=slot or likely, subject_kind="entry",
        payload={"answers": answers, "kept": False}, now=now, medium=how.medium, helped_by=how.helped_by,
        happened_local=happened_local, form=(worksheet.id, worksheet.version),
        wording={"language": worksheet.language, "sha256": worksheet.sha256}, entry_id=entry_id,
        parents=(head.revision_id,) if head else (),
    )  # fmt: skip
    if head is not None and all(head.body.get(name) == raw[name] for name in SAID):
        return entry_id, Received()
    received = receive(client=client, revisions=[raw], practitioner=by, now=now)
    if received.receipts[0].status != "stored":
        raise Refused("bad-input")
    return entry_id, received


SAID = ("subject", "payload", "happened_at", "medium", "helped_by")  # what makes one state differ from another


def last_written(client: Client, assignment_id: UUID | None = None) -> dict[UUID, list[Revision]]:
    """What staff wrote down last for each assignment and nobody took back: one worksheet, one answer, or a count."""
    wanted = [Entry.client_id == client.id, Entry.deleted.is_(False), Revision.entered_by == "practitioner"]
    if assignment_id:
        wanted.append(Entry.assignment_id == assignment_id)
    rows = db.session.scalars(
        select(Revision)
        .join(Entry, HEAD)
        .where(*wanted, Entry.subject_kind.in_(("entry", "answer")))
        .order_by(Revision.received_at.desc(), Revision.feed_seq)
    )
    found: dict[UUID, list[Revision]] = {}
    for row in rows:
        same = found.setdefault(row.assignment_id, [])
        if not same or same[0].received_at == row.received_at:
            same.append(row)
    return found


def take_back(*, client: Client, assignment_id: UUID, revision_id: UUID, by: Practitioner, now: datetime) -> Received:
    """Undo what was written down last, if `revision_id` is still of it: a delete of each, and what was there before
    holds again. Of anything else, or a second time, it does nothing.
    """
    people.lock(client.id)
    last = last_written(client, assignment_id).get(assignment_id, [])
    if revision_id not in {one.revision_id for one in last}:
        return Received()
    raws = [
        raw_revision(
            client=client, assignment_id=assignment_id, slot=one.slot, subject_kind=one.subject_kind, payload={},
            now=now, medium=one.medium, helped_by=one.helped_by, kind="delete", entry_id=one.entry_id,
            parents=(one.revision_id,),
        )
        for one in last
    ]  # fmt: skip
    return receive(client=client, revisions=raws, practitioner=by, now=now)


def _of_form(client: Client, assignment_id: UUID, key: UUID) -> list[Revision]:
    names = [_name(client, assignment_id, key, n) for n in range(MOST_AT_ONCE)]
    rows = select(Revision).where(Revision.client_id == client.id, Revision.revision_id.in_(names))
    return list(db.session.scalars(rows))


def _same_or_refused(client: Client, before: list[Revision], counts: dict[str, int], how: Written) -> None:
    """The same numbers once more are no mistake; other numbers, or after it was taken back, are."""
    said = Counter((one.answer, one.medium, one.helped_by) for one in before)
    wanted = {(ANSWER_OF[state], how.medium, how.helped_by): count for state, count in counts.items() if count}
    ids = [one.entry_id for one in before]
    gone = select(Entry.entry_id).where(Entry.client_id == client.id, Entry.entry_id.in_(ids), Entry.deleted.is_(True))
    if said != wanted or db.session.scalars(gone).first() is not None:
        raise Refused("already-written")


def _own_head(client: Client, entry_id: UUID) -> Revision | None:
    """What this form wrote last; None before its first writing. Nobody but staff takes what staff wrote as a parent."""
    entry = db.session.get(Entry, (client.id, entry_id))
    if entry is None:
        return None
    head = db.session.get(Revision, (client.id, entry.head_id))
    if entry.kept or entry.heads > 1 or head.entered_by != "practitioner" or head.kind == "delete":
        raise Refused("already-written")
    return head


def _name(client: Client, assignment_id: UUID, key: UUID, number: int) -> UUID:
    """An id that this form gives every time, for this client and task alone."""
    return uuid5(key, f"{client.id}/{assignment_id}/{number}")
