"""The table of own tasks: worksheets that practitioners of a service built for themselves and each other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Id, Moment, Row
from server.people.models import OfService
from server.sealing import Sealed


class OwnTask(OfService, Row):
    """One version of one own task. What it asks never changes; a change is the next version."""

    __tablename__ = "own_task"
    __table_args__ = (
        UniqueConstraint("worksheet_id", "version"),
        Index("ix_own_task_service", "service_id"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    worksheet_id: Mapped[str]  # own/t3f9c…: of all services, no two are the same
    version: Mapped[int]
    definition_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the text that sha256 is over
    sha256: Mapped[str]
    risk_said_by: Mapped[UUID | None] = mapped_column(ForeignKey("practitioner.id"))  # empty: staff entry only
    made_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)
    retired_by: Mapped[UUID | None] = mapped_column(Id)

    definition = Sealed()
