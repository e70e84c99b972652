"""Tables of what was agreed: assignments, their versions with reason and plan, and their occurrences."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Json, Moment, Row, known
from server.people.models import OfClient
from server.sealing import Sealed

STORED = ("open", "done", "partial", "tried", "not_done", "nothing_happened", "exempt", "moved", "withdrawn")
SIZES = ("small", "usual", "bigger")
MEDIA = ("worksheet", "said", "paper", "phone_call")


class Assignment(OfClient, Row):
    """A worksheet (or a free task) agreed with a client. What was agreed is in its versions."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index("ix_assignment_client", "client_id"),
        Index("ix_assignment_episode", "episode_id"),
        known("state", "open", "withdrawn", "ended"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    set_id: Mapped[UUID | None] = mapped_column(Id)
    worksheet_id: Mapped[str | None]  # "low-intensity-cbt/thought-record"; empty: a free task
    worksheet_version: Mapped[int | None]
    agreed_on: Mapped[date]  # in the client's zone: weeks of the assignment count from here
    agreed_at: Mapped[datetime] = mapped_column(Moment)
    agreed_in: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    agreed_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    from_assignment: Mapped[UUID | None] = mapped_column(Id)  # carried over or repeated from this one
    state: Mapped[str] = mapped_column(default="open")
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # empty where only the day was kept
    version: Mapped[int] = mapped_column(default=1)  # the newest


class AssignmentVersion(OfClient, Row):
    """What was agreed from a day on: title, reason, plan, rhythm, size. Appended; past slots stay as they were."""

    __tablename__ = "assignment_version"
    __table_args__ = (
        Index("ix_assignment_version_feed", "client_id", "feed_seq"),
        known("size", *SIZES),
        known("made_by", "practitioner", "client"),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    from_date: Mapped[date]
    until_date: Mapped[date | None]
    rhythm: Mapped[dict] = mapped_column(Json)
    size: Mapped[str] = mapped_column(default="usual")
    done_rule: Mapped[dict | None] = mapped_column(Json)  # loosened for this client; empty: the worksheet's own
    specificity: Mapped[int | None]  # 0-8, for the practitioner only
    title_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    plan_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by: Mapped[str] = mapped_column(default="practitioner")
    made_by_id: Mapped[UUID | None] = mapped_column(Id)
    revision_id: Mapped[UUID | None] = mapped_column(Id)  # when the client changed their plan
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)  # when the client said that it is right
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    feed_seq: Mapped[int] = mapped_column(Big)

    title = Sealed()
    reason = Sealed()
    plan = Sealed(as_json=True)


class Occurrence(Row):
    """One time an assignment falls due, and what became of it: a projection of versions and revisions."""

    __tablename__ = "occurrence"
    __table_args__ = (
        Index("ix_occurrence_client_due", "client_id", "due_on", postgresql_include=["state", "barrier"]),
        Index("ix_occurrence_service_due", "service_id", "due_on", postgresql_include=["state", "client_id"]),
        Index("ix_occurrence_feed", "client_id", "feed_seq"),
        known("state", *STORED),
        known("medium", *MEDIA),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)  # 2026-11-23#1 · w3#2 · i:<opening appointment>
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    version: Mapped[int]
    opens_on: Mapped[date]  # first and last day of its window, in the client's zone
    due_on: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(Moment)  # the end of its window
    state: Mapped[str] = mapped_column(default="open")
    size: Mapped[str] = mapped_column(default="usual")
    barrier: Mapped[str | None]
    moved_to: Mapped[date | None]
    medium: Mapped[str | None]
    entered_by: Mapped[str | None]
    helped_by: Mapped[str | None]
    done_at: Mapped[datetime | None] = mapped_column(Moment)  # when it happened, as the client lived it
    filled_by: Mapped[UUID | None] = mapped_column(Id)  # the revision that says so
    extra: Mapped[int] = mapped_column(default=0)  # further entries for a slot that was filled
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    feed_seq: Mapped[int] = mapped_column(Big)


class ClientWeek(Row):
    """How many of a client's times of practice fell due in a calendar week, by stored state: a cache of the above."""

    __tablename__ = "client_week"
    __table_args__ = (Index("ix_client_week_service", "service_id", "week"),)

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    open: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    partial: Mapped[int] = mapped_column(default=0)
    tried: Mapped[int] = mapped_column(default=0)
    not_done: Mapped[int] = mapped_column(default=0)
    nothing_happened: Mapped[int] = mapped_column(default=0)
    exempt: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    computed_at: Mapped[datetime] = mapped_column(Moment)
