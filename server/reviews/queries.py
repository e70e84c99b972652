"""Look at reviews: of one client, for the phone, and what still waits for one."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from server.extensions import db
from server.people.models import Client
from server.reviews.models import BarrierResponse, Review


def of_client(client: Client) -> list[Review]:
    """Every review of a client, newest first. The client comes from `caseload.queries.client_of`."""
    return list(
        db.session.scalars(
            select(Review).where(Review.client_id == client.id).order_by(Review.recorded_at.desc(), Review.id.desc())
        )
    )


def last_of(assignment_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each assignment was last looked at."""
    rows = db.session.execute(
        select(Review.assignment_id, func.max(Review.recorded_at))
        .where(Review.assignment_id.in_(list(assignment_ids)))
        .group_by(Review.assignment_id)
    )
    return dict(rows.all())


def feed_of(client_id: UUID, after: int, limit: int) -> list[Review]:
    """Reviews past a number of the feed, for the phone."""
    return list(
        db.session.scalars(
            select(Review)
            .where(Review.client_id == client_id, Review.feed_seq > after)
            .order_by(Review.feed_seq)
            .limit(limit)
        )
    )


def looks_at(client_ids: Iterable[UUID]) -> list[Review]:
    """Every review of clients the caller was given, oldest first."""
    wanted = Review.client_id.in_(list(client_ids))
    return list(db.session.scalars(select(Review).where(wanted).order_by(Review.recorded_at, Review.id)))


def with_a_response(client_ids: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """(assignment, slot) of what was not done and has an answer of the practitioner on record (M15)."""
    b = BarrierResponse
    rows = db.session.execute(select(b.assignment_id, b.slot).where(b.client_id.in_(list(client_ids))))
    return {(row.assignment_id, row.slot) for row in rows}
