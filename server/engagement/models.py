"""Tables of figures kept ready: a cache of occurrences, rebuilt to the same rows at any time."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Moment, Row


class ClientWeek(Row):
    """How many of a client's occurrences fell due in a calendar week, by stored state."""

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
