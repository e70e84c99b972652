"""Tables of reviews."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Moment, Row, known
from server.people.models import OfClient
from server.sealing import Sealed

MARKS = ("reviewed", "carry_over", "make_smaller", "stop")
RESPONSES = ("smaller", "moved", "swapped", "talked", "nothing_needed")


class Review(OfClient, Row):
    """The look at one assignment's work in one interval. Appended; the newest of an interval holds."""

    __tablename__ = "review"
    __table_args__ = (
        Index("ix_review_assignment", "assignment_id", "recorded_at"),
        Index("ix_review_feed", "client_id", "feed_seq"),
        known("mark", *MARKS),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    mark: Mapped[str]
    line_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # what the client can read
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # what staff alone can read
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    feed_seq: Mapped[int] = mapped_column(Big)

    line = Sealed()
    note = Sealed()


class BarrierResponse(Row):
    """What a practitioner did about one thing that was not done. Appended; the newest of an occurrence holds.

    `barrier` is what had been said when it was answered, None where nothing was: a later barrier is another matter.
    """

    __tablename__ = "barrier_response"
    __table_args__ = (
        Index("ix_barrier_response_client", "client_id", "recorded_at"),
        Index("ix_barrier_response_slot", "assignment_id", "slot", "id"),
        known("what", *RESPONSES),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    slot: Mapped[str]
    barrier: Mapped[str | None]
    what: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class PracticeRating(Row):
    """How much of the practice an interval held, and how well it went, as the practitioner sees it (clinical.md A4).

    Each 0 to 4, each optional. Appended; the newest of an appointment holds, and is about the interval before it.
    """

    __tablename__ = "practice_rating"
    __table_args__ = (
        Index("ix_practice_rating_client", "client_id", "recorded_at"),
        CheckConstraint("amount BETWEEN 0 AND 4", name="amount_range"),
        CheckConstraint("quality BETWEEN 0 AND 4", name="quality_range"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    amount: Mapped[int | None]
    quality: Mapped[int | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
