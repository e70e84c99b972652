"""Keep and look at what a client says of themself and takes away, from their phone or written down by staff."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.caseload.models import Attendance
from server.entries.actions import Received
from server.entries.models import AboutMe as Kept
from server.entries.models import Revision, Takeaway
from server.entries.reading import Read
from server.entries.recording import raw_revision, receive
from server.entries.said import ABOUT_ME, TAKEAWAY, AboutMe, Said, about_me_in, fold, takeaway_in
from server.extensions import db
from server.people.models import Client


def keep_personal(*, client: Client, received: Received, now: datetime) -> None:
    """Lay out what was just stored of it, so that pages find it. What makes no sense is stored and changes nothing."""
    for revision in received.of("setting"):
        name, value = revision.payload.get("name"), revision.payload.get("value")
        if revision.kind == "delete":
            continue
        if name == ABOUT_ME and (read := about_me_in(value)) is not None:
            words, interpreter = read
            db.session.add(Kept(**_common(client, revision, now), words=words or None, interpreter=interpreter))
        elif name == TAKEAWAY and (said := takeaway_in(value)) is not None:
            _keep_takeaway(client, revision, *said, now)
    db.session.flush()


def write_down(*, client: Client, name: str, value: dict, by, now: datetime, medium: str = "phone_call") -> None:
    """The same, said by a client and typed by a practitioner: a revision like any other, that their phone gets too."""
    raw = raw_revision(
        client=client, assignment_id=None, slot=None, subject_kind="setting", payload={"name": name, "value": value},
        now=now, medium=medium,
    )  # fmt: skip
    received = receive(client=client, revisions=[raw], practitioner=by, now=now)
    keep_personal(client=client, received=received, now=now)


def about_me_of(client: Client) -> AboutMe:
    """What holds now. The client comes from `caseload.queries.client_of`."""
    rows = db.session.scalars(select(Kept).where(Kept.client_id == client.id).order_by(Kept.effective_at, Kept.id))
    return fold((row.effective_at, Said(row.words or {}, row.interpreter, row.entered_by)) for row in rows)


def names_of(client_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of these clients, what those want to be called who said it."""
    said: dict[UUID, list[tuple[datetime, Said]]] = {}
    held = Kept.client_id.in_(list(client_ids))
    for row in db.session.scalars(select(Kept).where(held).order_by(Kept.effective_at, Kept.id)):
        said.setdefault(row.client_id, []).append((row.effective_at, Said(row.words or {}, None, row.entered_by)))
    names = {client_id: fold(each).words.get("name", "") for client_id, each in said.items()}
    return {client_id: name for client_id, name in names.items() if name}


def with_interpreter(client_ids: Iterable[UUID]) -> set[UUID]:
    """Of these clients, those to whom an interpreter comes."""
    rows = db.session.execute(
        select(Kept.client_id, Kept.interpreter)
        .where(Kept.client_id.in_(list(client_ids)), Kept.interpreter.is_not(None))
        .order_by(Kept.effective_at, Kept.id)
    )
    last = dict(rows.all())
    return {client_id for client_id, interpreter in last.items() if interpreter == "yes"}


def takeaways_of(client: Client) -> dict[UUID, Takeaway]:
    """The takeaway of each appointment that has one, by appointment id; what was taken back is left out."""
    rows = db.session.scalars(
        select(Takeaway).where(Takeaway.client_id == client.id).order_by(Takeaway.effective_at, Takeaway.id)
    )
    last = {row.appointment_id: row for row in rows}
    return {appointment_id: row for appointment_id, row in last.items() if row.words}


def _keep_takeaway(client: Client, revision: Read, appointment_id: str, text: str, now: datetime) -> None:
    """Only of an appointment that is this client's own."""
    try:
        wanted = UUID(appointment_id)
    except ValueError:
        return
    theirs = select(Attendance.id).where(Attendance.client_id == client.id, Attendance.appointment_id == wanted)
    if db.session.scalar(theirs.limit(1)) is not None:
        row = _common(client, revision, now)
        db.session.add(Takeaway(**row, appointment_id=wanted, words=text or None))


def _common(client: Client, revision: Read, now: datetime) -> dict:
    """Who said it and when, as the stored revision has it: by the server's clock and from who is signed in."""
    stored = db.session.get_one(Revision, (client.id, revision.revision_id))
    return {
        "service_id": client.service_id,
        "client_id": client.id,
        "revision_id": revision.revision_id,
        "entered_by": stored.entered_by,
        "effective_at": stored.effective_at,
        "recorded_at": now,
    }
