"""Whose a local number is, within one's own caseload: of anybody else's number a list learns nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.caseload.clinic_list import Known
from server.caseload.models import Episode
from server.caseload.queries import clients_worked_with, meetings_of, newest_course
from server.extensions import db
from server.people.actions import number_lookup
from server.people.models import Client, Practitioner


@dataclass(frozen=True)
class Theirs:
    """The client whose number it is, and their newest course of treatment, the open one if there is one."""

    client: Client
    episode: Episode


def theirs_by_number(practitioner: Practitioner, numbers: Iterable[str], now: datetime) -> dict[str, Theirs]:
    """Local number as it was written → whose it is. A number that is not there is of nobody on this caseload."""
    lookups = {number: number_lookup(practitioner.service_id, number) for number in set(numbers) if number}
    rows = db.session.execute(
        select(Client, Episode)
        .join(Episode, Episode.id == newest_course(Client.id))
        .where(
            Client.service_id == practitioner.service_id,
            Client.local_number_lookup.in_(set(lookups.values())),
            Client.id.in_(clients_worked_with(practitioner, now)),
        )
    )
    held = {client.local_number_lookup: Theirs(client, episode) for client, episode in rows}
    return {number: held[lookup] for number, lookup in lookups.items() if lookup in held}


def known_of(found: dict[str, Theirs]) -> dict[str, Known]:
    """What the rules need to know of each."""
    meetings = meetings_of({one.episode.id for one in found.values()})
    return {
        number: Known(str(one.client.id), one.episode.closed_on is not None, tuple(meetings[one.episode.id]))
        for number, one in found.items()
    }
