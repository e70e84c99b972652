"""Tables of endings: how a course ended, what a service sets for it, and what clients say of their course."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Moment, Row, known
from server.people.models import OfClient
from server.sealing import Sealed

STAYING_WELL = ("on_phone", "on_paper", "not_wanted", "not_done")


class Ending(OfClient, Row):
    """How one course ended: its last day, until when the client can read, the staying-well plan, where to turn."""

    __tablename__ = "ending"
    __table_args__ = (
        UniqueConstraint("episode_id"),
        Index("ix_ending_client", "client_id"),
        known("staying_well", *STAYING_WELL),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    reason: Mapped[str]  # a code, the episode's own close_reason
    last_day: Mapped[date]
    read_until: Mapped[date]
    staying_well: Mapped[str]
    signposting_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    signposting = Sealed()


class EndingSetting(Row):
    """What a service sets for endings: how long clients can read, and where it sends everybody. Newest holds."""

    __tablename__ = "ending_setting"
    __table_args__ = (Index("ix_ending_setting_service", "service_id", "id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    reading_days: Mapped[int]
    signposting: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[UUID | None] = mapped_column(Id)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Feedback(OfClient, Row):
    """What a client says of their course, and whether it may be quoted without a name. Appended; the newest holds."""

    __tablename__ = "feedback"
    __table_args__ = (
        Index("ix_feedback_episode", "episode_id", "effective_at"),
        Index("ix_feedback_service", "service_id"),
        known("medium", "worksheet", "paper", "phone_call"),
        known("entered_by", "client", "practitioner"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    worksheet_id: Mapped[str]
    worksheet_version: Mapped[int]
    answers_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    quote: Mapped[bool] = mapped_column(default=False)
    medium: Mapped[str]
    entered_by: Mapped[str]
    revision_id: Mapped[UUID | None] = mapped_column(Id)  # empty: staff typed it in
    recorded_by: Mapped[UUID | None] = mapped_column(Id)
    effective_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    answers = Sealed(as_json=True)
