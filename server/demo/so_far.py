"""What of the demonstration is written already: its staff, and each course with who began it."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from server.caseload.models import Access, Episode
from server.caseload.queries import meetings_of
from server.caseload.rules import Meeting
from server.extensions import db
from server.people.models import Client, Practitioner


def staff_of(service_id: UUID) -> list[Practitioner]:
    """Everybody who works for the service, in the order of their accounts."""
    return list(
        db.session.scalars(
            select(Practitioner)
            .where(Practitioner.service_id == service_id)
            .order_by(Practitioner.created_at, Practitioner.id)
        )
    )


def courses_of(service_id: UUID) -> Iterator[tuple[Client, Episode, Practitioner, list[Meeting]]]:
    """Each course once, by its client's local number: with the practitioner who began it, and its appointments."""
    rows = db.session.execute(
        select(Client, Episode, Practitioner)
        .join(Episode, Episode.client_id == Client.id)
        .join(Access, Access.episode_id == Episode.id)
        .join(Practitioner, Practitioner.id == Access.practitioner_id)
        .where(Client.service_id == service_id, Access.role == "own")
        .order_by(Access.from_at.desc(), Access.id.desc())
    ).all()
    once = {row[1].id: row for row in rows}  # one that was handed over has two rows: the earlier one stays
    held = meetings_of(once)
    for client, episode, by in sorted(once.values(), key=lambda row: (row[0].local_number, row[1].opened_on)):
        yield client, episode, by, held[episode.id]
