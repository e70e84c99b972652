"""How many could be asked to a study, by criteria: numbers for researchers, names only for their own practitioner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from server.caseload.models import Episode
from server.caseload.queries import meetings_of
from server.extensions import db
from server.people.models import Client, Practitioner
from server.studies import queries
from server.studies.models import ContactChoice, Study
from server.studies.rules import YOUNGEST

AT_ONCE = 200
STEPS = ("open", "old_enough", "came", "alone", "language", "may_be_asked", "not_answered")


@dataclass(frozen=True)
class Met:
    """Which criteria one client meets."""

    client_id: UUID
    language: str
    old_enough: bool
    came: bool
    alone: bool
    may_be_asked: bool

    @property
    def could_be_asked(self) -> bool:
        """All of them."""
        return self.old_enough and self.came and self.alone and self.may_be_asked


def met_by(pairs: Sequence[tuple[Client, Episode]], now: datetime) -> list[Met]:
    """What each of these clients, with their open course, meets."""
    meetings = meetings_of([episode.id for _, episode in pairs])
    contact = _contact([client.id for client, _ in pairs])
    return [
        Met(
            client_id=client.id,
            language=client.language,
            old_enough=_age(client, now) >= YOUNGEST,
            came=any(one.state == "attended" for one in meetings[episode.id]),
            alone=episode.group_id is None and episode.link_id is None,
            may_be_asked=contact.get(client.id) == "yes",
        )
        for client, episode in pairs
    ]


def counted(study: Study, language: str | None, now: datetime) -> dict[str, int]:
    """Clients of its sites left after each criterion in turn. Exact: whoever shows them hides small numbers."""
    answered = set(queries.newest_consents(study.id))
    left = dict.fromkeys(STEPS, 0)
    for one in _everybody([service.id for service in queries.sites(study)], now):
        steps = (
            True, one.old_enough, one.came, one.alone, language in (None, one.language), one.may_be_asked,
            one.client_id not in answered,
        )  # fmt: skip
        for step, met in zip(STEPS, steps, strict=True):
            if not met:
                break
            left[step] += 1
    return left


def own_to_ask(practitioner: Practitioner, pairs: Sequence[tuple[Client, Episode]], now: datetime) -> dict[UUID, list]:
    """{client: studies they could be asked to}, of a practitioner's own clients: the service's, not answered yet."""
    studies = [one for one in queries.taking_part(practitioner.service_id) if one.basis == "consent"]
    ready = [(one.id, set(queries.newest_consents(one.id)), one) for one in studies if queries.texts(one)]
    found = {}
    for met in met_by(pairs, now):
        if met.could_be_asked and (open_to := [one for _, said, one in ready if met.client_id not in said]):
            found[met.client_id] = open_to
    return found


def _everybody(service_ids: Iterable[UUID], now: datetime):
    wanted = (
        select(Client, Episode)
        .join(Episode, Episode.client_id == Client.id)
        .where(Client.service_id.in_(list(service_ids)), Client.data_key != b"", Episode.closed_on.is_(None))
        .order_by(Client.id)
    )
    once = {client.id: (client, episode) for client, episode in db.session.execute(wanted)}
    pairs = list(once.values())
    for start in range(0, len(pairs), AT_ONCE):
        yield from met_by(pairs[start : start + AT_ONCE], now)


def _age(client: Client, now: datetime) -> int:
    born = date.fromisoformat(client.date_of_birth) if client.date_of_birth else None
    today = now.astimezone(ZoneInfo(client.zone)).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else 0


def _contact(client_ids: list[UUID]) -> dict[UUID, str]:
    theirs = select(ContactChoice).where(ContactChoice.client_id.in_(client_ids))
    rows = db.session.scalars(theirs.order_by(ContactChoice.effective_at, ContactChoice.id))
    return {row.client_id: row.choice for row in rows}
