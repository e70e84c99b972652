"""Tables of a service's totals: the last count, which is only a cache, and how many people are too few to show."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Json, Moment, Row


class ServiceTotal(Row):
    """What was counted for one service, and when. A cache: counting again from the rows gives the same,
    but for the counts of people, which are those of the week's first count."""

    __tablename__ = "service_total"

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    counted_at: Mapped[datetime] = mapped_column(Moment)
    body: Mapped[dict] = mapped_column(Json)  # exact numbers; whoever shows them to others hides small ones


class TotalSetting(Row):
    """Up to how many are hidden in this service's breakdowns and copies. Appended; the newest holds."""

    __tablename__ = "total_setting"
    __table_args__ = (Index("ix_total_setting_service", "service_id", "id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    hide_up_to: Mapped[int]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
