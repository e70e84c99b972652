"""Take in a clinic list: book, move, and write down who came, for clients of one's own caseload."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from server.caseload import actions
from server.caseload.clinic_list import Outcome, outcomes, read_list, several
from server.caseload.list_queries import Theirs, known_of, theirs_by_number
from server.caseload.models import Appointment
from server.caseload.pasted import Table
from server.extensions import db
from server.people.actions import lock
from server.people.models import Client, Practitioner
from server.people.queries import service_of


@dataclass(frozen=True)
class Looked:
    """A list as it stands against the caseload: what could be read, what each row would do, and whose it is."""

    table: Table
    outcomes: list[Outcome]
    found: dict[str, Theirs]

    @property
    def changed(self) -> list[Client]:
        """The clients for whom anything changes."""
        ids = {one.client_id for one in self.outcomes if one.writes}
        return list({one.client.id: one.client for one in self.found.values() if str(one.client.id) in ids}.values())


def look(*, text: str, by: Practitioner, now: datetime, new: Collection[int] = (), locked: bool = False) -> Looked:
    """What a list would do. `new`: lines that are appointments of their own.

    `locked`: hold its clients, so that two lists at once cannot both book the same.
    """
    zone = service_of(by).zone
    table, rows = read_list(text, now, zone)
    found = theirs_by_number(by, [one for row in rows for one in (row.number, *several(row.number))], now)
    for client_id in sorted({one.client.id for one in found.values()}) if locked else ():
        lock(client_id)
    return Looked(table, outcomes(rows, known_of(found), now, zone, new), found)


def take_in(*, text: str, by: Practitioner, now: datetime, new: Collection[int] = ()) -> Looked:
    """Do what a list says, as `look` shows it now; lines that are `new` move nothing. Doing it again changes nothing.

    The edge refreshes the occurrences of `changed`.
    """
    looked = look(text=text, by=by, now=now, new=new, locked=True)
    zone = service_of(by).zone
    for outcome in looked.outcomes:
        if outcome.writes:
            _do(outcome, looked.found[outcome.row.number], zone, by, now)
    return looked


def how_many(done: Sequence[Outcome], what: str) -> int:
    """How many rows do this."""
    return sum(one.what == what for one in done)


def _do(outcome: Outcome, theirs: Theirs, zone: str, by: Practitioner, now: datetime) -> None:
    row, episode = outcome.row, theirs.episode
    if outcome.what == "new":
        appointment = actions.book(
            episode=episode, practitioner=by, starts_local=row.starts_local, zone=zone, by=by, now=now,
            mode=row.mode or "telephone", minutes=row.minutes or 30, kind=row.kind or "treatment",
        )  # fmt: skip
    else:
        appointment = db.session.get(Appointment, UUID(outcome.appointment_id))
    if outcome.what == "moved":
        there = row.starts_local.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo(appointment.zone))
        actions.move(
            appointment=appointment, starts_local=there.replace(tzinfo=None), mode=row.mode or None, by=by, now=now
        )
    if outcome.state is not None:
        actions.record_attendance(appointment=appointment, episode=episode, state=outcome.state, by=by, now=now)
