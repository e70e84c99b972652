"""Mark an interval's work as looked at, with a line the client can read."""

from datetime import datetime
from uuid import UUID

from server.assignments.actions import end
from server.assignments.models import Assignment
from server.audit import actions as audit
from server.extensions import db
from server.people import actions as people
from server.reviews.models import Review


def review(
    *,
    assignment: Assignment,
    mark: str,
    line: str,
    by,
    now: datetime,
    appointment_id: UUID | None = None,
    note: str = "",
) -> Review:
    """Write down the look at one assignment: reviewed, carry_over, make_smaller or stop (which ends it today).

    The edge refreshes the occurrences of a stopped assignment.
    """
    row = Review(
        service_id=assignment.service_id,
        client_id=assignment.client_id,
        episode_id=assignment.episode_id,
        assignment_id=assignment.id,
        appointment_id=appointment_id,
        mark=mark,
        line=line.strip() or None,
        note=note.strip() or None,
        recorded_by=by.id,
        recorded_at=now,
        feed_seq=people.next_feed(assignment.client_id),
    )
    db.session.add(row)
    db.session.flush()
    if mark == "stop":
        end(assignment=assignment, by=by, now=now)
    audit.record("review.made", about=row, by=by, detail={"mark": mark}, now=now)
    return row
