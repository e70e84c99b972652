"""Write down what was done about something that was not done."""

from collections.abc import Sequence
from datetime import datetime

from server.assignments.models import Assignment
from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.reviews.models import RESPONSES, BarrierResponse


def respond(
    *, assignment: Assignment, slots: Sequence[str], barrier: str | None, what: str, by, now: datetime
) -> list[BarrierResponse]:
    """Append one response for each occurrence that has this barrier: a later one of the same occurrence holds.

    `what`: smaller · moved · swapped · talked (and kept) · nothing_needed. `barrier` is what had been said, None where
    nothing was. Refused `bad-input` for another word, and where there is no occurrence.
    """
    if what not in RESPONSES or not slots:
        raise Refused("bad-input")
    rows = [
        BarrierResponse(
            service_id=assignment.service_id,
            client_id=assignment.client_id,
            episode_id=assignment.episode_id,
            assignment_id=assignment.id,
            slot=slot,
            barrier=barrier,
            what=what,
            recorded_by=by.id,
            recorded_at=now,
        )
        for slot in slots
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record("barrier.responded", about=assignment, by=by, detail={"what": what, "times": len(rows)}, now=now)
    return rows
