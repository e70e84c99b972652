"""Look at what was done about things that were not done."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from server.extensions import db
from server.reviews.models import BarrierResponse


def responses_of(client_ids: Iterable[UUID]) -> dict[tuple[str, str], BarrierResponse]:
    """(assignment, slot) → the newest response, of clients the caller was given.

    Its `barrier` says what it was an answer to: where the client has said another since, nobody has answered that yet.
    """
    newest = (
        select(func.max(BarrierResponse.id))
        .where(BarrierResponse.client_id.in_(list(client_ids)))
        .group_by(BarrierResponse.assignment_id, BarrierResponse.slot)
    )
    rows = db.session.scalars(select(BarrierResponse).where(BarrierResponse.id.in_(newest)))
    return {(str(row.assignment_id), row.slot): row for row in rows}
