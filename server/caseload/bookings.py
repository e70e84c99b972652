"""Whether a practitioner is booked at a moment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from server.caseload.models import Appointment, Attendance
from server.extensions import db
from server.people.models import Practitioner


def is_busy(practitioner: Practitioner, local_day, starts_at: datetime, but_for: UUID) -> bool:
    """Whether the practitioner has another client planned for just this time, on this local day."""
    later = aliased(Attendance)
    found = db.session.scalar(
        select(Attendance.id)
        .join(Appointment, Appointment.id == Attendance.appointment_id)
        .where(Appointment.practitioner_id == practitioner.id, Appointment.local_date == local_day)
        .where(Appointment.starts_at == starts_at, Attendance.client_id != but_for, Attendance.state == "planned")
        .where(
            ~exists().where(
                later.appointment_id == Attendance.appointment_id,
                later.episode_id == Attendance.episode_id,
                later.id > Attendance.id,
            )
        )
        .limit(1)
    )
    return found is not None
