"""How a practitioner saw the practice of an interval: amount and quality, each 0 to 4, both optional."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.audit import actions as audit
from server.caseload.models import Episode
from server.caseload.rules import Interval
from server.extensions import db
from server.people.models import Client
from server.reviews.models import PracticeRating


def rate(
    *,
    client: Client,
    episode: Episode,
    appointment_id: UUID,
    amount: int | None,
    quality: int | None,
    by,
    now: datetime,
) -> PracticeRating:
    """Write down how an appointment's interval was seen. A later one of the same appointment holds instead."""
    row = PracticeRating(
        service_id=client.service_id, client_id=client.id, episode_id=episode.id, appointment_id=appointment_id,
        amount=amount, quality=quality, recorded_by=by.id, recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("practice.rated", about=row, by=by, now=now)
    return row


def ratings_of(client: Client) -> list[PracticeRating]:
    """Every rating of a client, newest first. The client comes from `caseload.queries.client_of`."""
    return list(
        db.session.scalars(
            select(PracticeRating)
            .where(PracticeRating.client_id == client.id)
            .order_by(PracticeRating.recorded_at.desc(), PracticeRating.id.desc())
        )
    )


def rating_of(ratings: Iterable[PracticeRating], interval: Interval | None) -> PracticeRating | None:
    """The one that holds for an interval, of ratings newest first."""
    if interval is None:
        return None
    return next((one for one in ratings if interval.is_looked_at(str(one.appointment_id), one.recorded_at)), None)
