"""Tables of reviews."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Moment, Row, known
from server.people.models import OfClient
from server.sealing import Sealed

MARKS = ("reviewed", "carry_over", "make_smaller", "stop")


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
