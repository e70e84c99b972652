"""Tables of measures: scores as they were entered, and who looked up a constant. Both are only ever added to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Id, Json, Moment, Row, known
from server.people.models import OfClient, OfService
from server.sealing import Sealed

SOURCES = ("practitioner", "client")
WHAT = ("entered", "corrected", "withdrawn")
REASONS = ("mistyped", "wrong_day", "wrong_measure", "wrong_client", "other")
FOUND = ("agrees", "differs")


class MeasureScore(OfClient, Row):
    """One entry of one measure: item scores or totals. A correction is a row that takes the place of an earlier one."""

    __tablename__ = "measure_score"
    __table_args__ = (
        Index("ix_measure_score_client", "client_id", "taken_on"),
        UniqueConstraint("supersedes"),  # two people correct one entry at once: the second is told
        known("what", *WHAT),
        known("source", *SOURCES),
        known("reason", *REASONS),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    measure_id: Mapped[str]
    measure_version: Mapped[int]
    taken_on: Mapped[date]
    items: Mapped[list | None] = mapped_column(
        Json
    )  # in order: a number, null where missing, "na" where it does not apply
    totals: Mapped[dict | None] = mapped_column(Json)  # by scale, where totals were entered
    source: Mapped[str]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("practitioner.id"))
    what: Mapped[str]
    supersedes: Mapped[UUID | None] = mapped_column(Id)
    entry_id: Mapped[UUID | None] = mapped_column(Id)  # of a client's own: the entry it was made of, and which state
    revision_id: Mapped[UUID | None] = mapped_column(Id)
    reason: Mapped[str | None]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    note = Sealed()


class MeasureCheck(OfService, Row):
    """Somebody of the service looked a constant up. The newest of each constant holds."""

    __tablename__ = "measure_check"
    __table_args__ = (Index("ix_measure_check_service", "service_id", "measure_id"), known("found", *FOUND))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    measure_id: Mapped[str]
    measure_version: Mapped[int]
    constant: Mapped[str]  # total.caseness
    found: Mapped[str]
    against: Mapped[str]  # where it was looked up
    checked_by_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    checked_on: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    checked_by = Sealed()
