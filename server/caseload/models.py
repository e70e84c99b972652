"""Tables of the caseload: episodes, access to them, appointments, and who came."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Moment, Row, known
from server.people.models import OfClient, OfService
from server.sealing import Sealed

SCOPES = ("all", "chosen")
URGENT = text("role = 'break_glass'")
ROLES = ("own", "cover", "supervision", "break_glass")
ATTENDANCE = ("planned", "attended", "missed", "cancelled_by_client", "cancelled_by_service")


class Episode(Row):
    """One course of treatment of one client."""

    __tablename__ = "episode"
    __table_args__ = (Index("ix_episode_client", "client_id"),)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    close_reason: Mapped[str | None]
    problem: Mapped[str | None]  # a code
    group_id: Mapped[UUID | None] = mapped_column(Id)
    link_id: Mapped[UUID | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Access(OfClient, Row):
    """The only road from a practitioner to a client: own, cover, supervision and break-glass are rows here."""

    __tablename__ = "access"
    __table_args__ = (
        Index("ix_access_practitioner", "practitioner_id", "until_at"),
        Index("ix_access_episode", "episode_id"),
        Index("ix_access_urgent", "service_id", "from_at", postgresql_where=URGENT, sqlite_where=URGENT),
        Index("ix_access_cover", "cover_id"),
        known("role", *ROLES),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    role: Mapped[str]
    from_at: Mapped[datetime] = mapped_column(Moment)
    until_at: Mapped[datetime | None] = mapped_column(Moment)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    cover_id: Mapped[UUID | None] = mapped_column(Id)  # the cover this row is a part of
    supervision_id: Mapped[UUID | None] = mapped_column(Id)  # the supervision this row is a part of
    given_by: Mapped[UUID | None] = mapped_column(Id)

    reason = Sealed()


class Cover(OfService, Row):
    """One colleague stands in for a practitioner for a while. What it opens are rows of access, one for each client."""

    __tablename__ = "cover"
    __table_args__ = (
        Index("ix_cover_practitioner", "practitioner_id", "until_at"),
        Index("ix_cover_colleague", "colleague_id", "until_at"),
        known("scope", *SCOPES),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))  # who is away
    colleague_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    scope: Mapped[str]  # all: whoever comes to them meanwhile too
    from_at: Mapped[datetime] = mapped_column(Moment)
    until_at: Mapped[datetime] = mapped_column(Moment)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    given_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # sooner than planned
    ended_by: Mapped[UUID | None] = mapped_column(Id)
    known_at: Mapped[datetime | None] = mapped_column(Moment)  # who is covered has read that somebody else gave it

    reason = Sealed()


class Supervision(Row):
    """Somebody supervises a practitioner from … to …. What it opens are rows of access, one for each open episode."""

    __tablename__ = "supervision"
    __table_args__ = (
        Index("ix_supervision_supervisor", "supervisor_id", "until_at"),
        Index("ix_supervision_supervisee", "supervisee_id", "until_at"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    supervisee_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    from_at: Mapped[datetime] = mapped_column(Moment)
    until_at: Mapped[datetime | None] = mapped_column(Moment)
    given_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # said to be over; `until_at` holds it too
    ended_by: Mapped[UUID | None] = mapped_column(Id)


class AccessSeen(Row):
    """Somebody who had to know of a break-glass look has said that they do. Appended."""

    __tablename__ = "access_seen"
    __table_args__ = (UniqueConstraint("access_id", "practitioner_id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    access_id: Mapped[UUID] = mapped_column(ForeignKey("access.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Handover(OfClient, Row):
    """One practitioner gave an episode to another, from a day on, with a summary of where it stood. Appended."""

    __tablename__ = "handover"
    __table_args__ = (
        Index("ix_handover_feed", "client_id", "feed_seq"),
        Index("ix_handover_to", "to_practitioner_id", "from_at"),
        known("appointments", "go", "stay"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    from_practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    to_practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    from_day: Mapped[date]  # by the service's wall
    from_at: Mapped[datetime] = mapped_column(Moment)
    appointments: Mapped[str]  # whether those booked go to the new practitioner
    summary_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    given_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    feed_seq: Mapped[int] = mapped_column(Big)

    summary = Sealed()


class Appointment(Row):
    """One meeting. It has no client of its own: attendance says who was to come, and whether they did."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index("ix_appointment_practitioner", "practitioner_id", "local_date"),
        known("mode", "telephone", "video", "in_person"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    zone: Mapped[str]
    local_date: Mapped[date]
    minutes: Mapped[int] = mapped_column(default=30)
    kind: Mapped[str] = mapped_column(default="treatment")
    mode: Mapped[str] = mapped_column(default="telephone")
    created_at: Mapped[datetime] = mapped_column(Moment)


class AppointmentChange(Row):
    """Each time an appointment was booked, moved or cancelled: a fact, appended."""

    __tablename__ = "appointment_change"
    __table_args__ = (
        Index("ix_appointment_change_appointment", "appointment_id"),
        known("what", "booked", "moved", "cancelled"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    what: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(Moment)
    zone: Mapped[str]
    mode: Mapped[str]
    recorded_by: Mapped[UUID | None] = mapped_column(Id)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Attendance(Row):
    """Who was to come to an appointment and what became of it: appended, the newest holds."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index("ix_attendance_episode", "episode_id", "appointment_id", "id"),
        Index("ix_attendance_appointment", "appointment_id", "episode_id", "id"),
        Index("ix_attendance_feed", "client_id", "feed_seq"),
        known("state", *ATTENDANCE),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    state: Mapped[str]
    recorded_by: Mapped[UUID | None] = mapped_column(Id)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    feed_seq: Mapped[int] = mapped_column(Big)
