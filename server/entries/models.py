"""Tables of what clients do: revisions (never changed), entries (their heads), the unreadable, and contacts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Json, Moment, Row, known
from server.people.models import OfClient
from server.sealing import Sealed

SUBJECTS = ("entry", "answer", "plan", "agenda", "setting", "research", "sharing")
# What a revision says whose bytes were damaged in the database: nothing. The rest goes on without it.
DAMAGED: dict[str, Any] = {"payload": {}}
MENDED = text("mended_seq IS NOT NULL")


class Revision(OfClient, Row):
    """One saved state of anything a client does. Inserted once, by `entries.receive`; never updated."""

    __tablename__ = "revision"
    __table_args__ = (
        Index("ix_revision_feed", "client_id", "feed_seq"),
        Index("ix_revision_mended", "client_id", "mended_seq", postgresql_where=MENDED, sqlite_where=MENDED),
        Index("ix_revision_entry", "client_id", "entry_id"),
        Index("ix_revision_assignment", "assignment_id"),
        known("subject_kind", *SUBJECTS),
        known("kind", "save", "delete", "restore"),
        known("medium", "worksheet", "said", "paper", "phone_call"),
        known("entered_by", "client", "practitioner"),
        known("helped_by", "none", "interpreter", "supporter"),
    )

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), primary_key=True)
    revision_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    entry_id: Mapped[UUID] = mapped_column(Id)
    device_id: Mapped[UUID | None] = mapped_column(Id)  # empty: recorded by a practitioner
    practitioner_id: Mapped[UUID | None] = mapped_column(Id)
    subject_kind: Mapped[str]
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    slot: Mapped[str | None]
    parents: Mapped[list] = mapped_column(Json, default=list)
    kind: Mapped[str]
    form_key: Mapped[str | None]
    form_version: Mapped[int | None]
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the canonical JSON that the hash covers, whole
    content_hash_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    happened_at: Mapped[datetime] = mapped_column(Moment)
    happened_local: Mapped[str]
    happened_zone: Mapped[str]
    medium: Mapped[str]
    entered_by: Mapped[str]
    helped_by: Mapped[str]
    device_seq: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)  # by the phone's clock
    received_at: Mapped[datetime] = mapped_column(Moment)
    effective_at: Mapped[datetime] = mapped_column(Moment)  # min(created_at + offset at push, received_at)
    late: Mapped[bool] = mapped_column(default=False)  # arrived for something withdrawn, ended or closed
    outcome: Mapped[str | None]  # done, partial, tried, nothing_happened: what the done rule says of this state
    answered: Mapped[int | None]  # field completeness: answered of asked
    asked: Mapped[int | None]
    kept: Mapped[bool] = mapped_column(default=False)  # "keep for now": counts, text not shown to staff
    answer: Mapped[str | None]  # subject answer: its closed codes, since figures count them
    answer_outcome: Mapped[str | None]
    barrier: Mapped[str | None]
    moved_to: Mapped[str | None]
    app_version: Mapped[str | None]
    schema_version: Mapped[int]
    feed_seq: Mapped[int] = mapped_column(Big)  # the order in which they came: it never changes
    mended_seq: Mapped[int | None] = mapped_column(Big)  # where the feed tells it again, mended since

    body = Sealed(as_json=True, damaged=DAMAGED)
    content_hash = Sealed(damaged="")

    @property
    def told_seq(self) -> int:
        """Its number in the feed."""
        return self.mended_seq or self.feed_seq

    def identity(self) -> str:
        return f"{self.client_id}/{self.revision_id}"


class Entry(Row):
    """What an entry is now: its displayed head among its revisions. A projection."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("ix_entry_assignment", "assignment_id"),
        known("subject_kind", *SUBJECTS),
    )

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    subject_kind: Mapped[str]
    assignment_id: Mapped[UUID | None] = mapped_column(Id)
    slot: Mapped[str | None]  # as settled
    head_id: Mapped[UUID] = mapped_column(Id)
    heads: Mapped[int] = mapped_column(default=1)  # two: saved on two devices, both kept
    revisions: Mapped[int] = mapped_column(default=1)
    deleted: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str | None]
    happened_at: Mapped[datetime] = mapped_column(Moment)
    first_received_at: Mapped[datetime] = mapped_column(Moment)


# An entry with its shown revision. The entry's own id is said too: else PostgreSQL goes through all entries of a client
# for each of their revisions, and a push of somebody who wrote much takes twice as long.
HEAD = and_(
    Revision.client_id == Entry.client_id,
    Revision.entry_id == Entry.entry_id,
    Revision.revision_id == Entry.head_id,
)


class EntryShown(Row):
    """That the words of an entry stood on a page of staff, and when first. Whose look it was, the audit says."""

    __tablename__ = "entry_shown"

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    shown_at: Mapped[datetime] = mapped_column(Moment)


class Quarantined(OfClient, Row):
    """What could not be read, kept byte for byte and shown to staff."""

    __tablename__ = "quarantined"
    __table_args__ = (
        Index("ix_quarantined_client", "client_id", "reason"),
        known("reason", "id-reused", "unreadable", "unknown-worksheet", "unknown-subject"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    device_id: Mapped[UUID | None] = mapped_column(Id)
    revision_id: Mapped[UUID | None] = mapped_column(Id)
    reason: Mapped[str]
    content_hash_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    raw_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_by: Mapped[UUID | None] = mapped_column(Id)

    raw = Sealed()
    content_hash = Sealed(damaged="")


class Contact(Row):
    """A completed sync in which the phone said how much it still holds; one row an hour per device."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("device_id", "hour"),
        Index("ix_contact_client", "client_id", "at"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    hour: Mapped[datetime] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)  # the last of that hour
    emptied_at: Mapped[datetime | None] = mapped_column(Moment)  # the last of that hour with an empty outbox
    outbox: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class AboutMe(OfClient, Row):
    """What a client said of themself to those they work with: the parts that one revision changed. Appended.

    The last word on each part holds. Whether an interpreter comes stands in the open, since the day's list says it.
    """

    __tablename__ = "about_me"
    __table_args__ = (
        Index("ix_about_me_client", "client_id", "effective_at"),
        UniqueConstraint("client_id", "revision_id"),
        known("interpreter", "yes", "no"),
        known("entered_by", "client", "practitioner"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    revision_id: Mapped[UUID] = mapped_column(Id)
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # {part: text}, "" for one that was taken back
    interpreter: Mapped[str | None]  # None: this revision says nothing of it
    entered_by: Mapped[str]
    effective_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    words = Sealed(as_json=True)


class Takeaway(OfClient, Row):
    """The main thing a client takes away from an appointment, in their words. Appended; the last said holds."""

    __tablename__ = "takeaway"
    __table_args__ = (
        Index("ix_takeaway_client", "client_id", "effective_at"),
        UniqueConstraint("client_id", "revision_id"),
        known("entered_by", "client", "practitioner"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    revision_id: Mapped[UUID] = mapped_column(Id)
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # empty: taken back
    entered_by: Mapped[str]
    effective_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    words = Sealed()


class TalkedAbout(Row):
    """That a question for the agenda was talked about, or is open again. Appended; the newest holds."""

    __tablename__ = "talked_about"
    __table_args__ = (
        Index("ix_talked_about_client", "client_id", "recorded_at"),
        known("state", "talked_about", "open"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    entry_id: Mapped[UUID] = mapped_column(Id)
    state: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
