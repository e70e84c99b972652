"""Begins an installation: its epoch, its service, the first account, and the sheet from which keys are put back."""

from datetime import datetime
from pathlib import Path
from textwrap import fill
from uuid import UUID

from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from server import clock
from server.audit import actions as audit
from server.caseload import actions as caseload
from server.caseload import roads
from server.caseload.queries import newest_episode, open_episode
from server.errors import CannotStart
from server.extensions import atomic, db
from server.measures import actions as measures
from server.people import actions as people
from server.people.erasing import destroy_key, is_known
from server.people.models import Client
from server.people.queries import service_of
from server.reminders.actions import forget_client
from server.safety import actions as safety
from server.sealing import hold, note_erased, ring

PATIENCE = "3s"  # for others who use the table: everybody waits behind who waits for it alone
# From which an erasure takes something out; old samples of wrapped keys lay among the planner's statistics.
OVERWRITTEN = ("client", "equity", "measure_score", "risk_flag", "pg_statistic")
FIRST_ROLES = ["administrator", "service_lead", "practitioner"]


def begin(*, service_name: str, name: str, sign_in_name: str) -> str:
    """Add the service and its first account. Returns the random password, which is kept nowhere.

    `CannotStart` when there is a service already: a second one is added by its administrator.
    """
    now = clock.now()
    with atomic():
        if people.how_many_services():
            raise CannotStart(
                "This installation has a service already: sign in, or give this one a database of its own."
            )
        people.new_epoch(why="install", now=now)
        service = people.add_service(name=service_name, by="operator", now=now)
        _, password = people.add_practitioner(
            service=service, name=name, sign_in_name=sign_in_name, roles=FIRST_ROLES, by="operator", now=now
        )
    return password


def start_new_epoch() -> list[str]:
    """After a restore from a copy: phones send again what they still hold, and pull from the beginning.

    Whoever of the staff was signed in when the copy was made is not any more: some of them were signed out since.
    Who was erased is so again; returns as `erase` does.
    """
    now = clock.now()
    with atomic():
        people.new_epoch(why="restored", now=now)
        people.end_staff_sessions(now=now)
        for owner in sorted(ring().erased):
            _forget(UUID(owner.partition("|")[2]), now)
    return _overwrite() if ring().erased else []


def erasable(client_id: UUID) -> str:
    """Who it is, without a name or a number, for whoever is asked whether to erase them. Else `CannotStart`.

    Who runs the computers sees neither name nor number: days tell a wrong id from the right one.
    """
    if not is_known(client_id):
        raise CannotStart(f"There is no client {client_id}.")
    if open_episode(client_id):
        raise CannotStart("Their course of treatment is open: end it first, on the staff pages.")
    client, course = db.session.get(Client, client_id), newest_episode(client_id)
    if client is None or not client.data_key:
        raise CannotStart("They are erased already.")
    service = service_of(client)
    told = f"A client of {service.name}, there since {client.created_at:%-d %B %Y}"
    return f"{told}, whose course ended on {course.closed_on:%-d %B %Y}." if course else f"{told}."


def erase(client_id: UUID, key_file: Path) -> list[str]:
    """Destroy a client's key. Written into the key file first, so that a crash, or an older copy, brings nothing back.

    Returns the tables in whose files it lies still, since others used them all the while (see `_overwrite`).
    `CannotStart` while a course of treatment is open: ending it tells the client and stops what goes on.
    """
    erasable(client_id)
    db.session.rollback()
    hold(current_app, note_erased(key_file, f"client|{client_id}"))
    with atomic():
        _forget(client_id, clock.now())
    return _overwrite()


def _forget(client_id: UUID, now: datetime) -> None:
    """Of a restored copy too, in which the course may be open and the client unknown."""
    if not is_known(client_id):
        return
    if episode := open_episode(client_id):
        caseload.discharge(episode=episode, reason="other", by="operator", now=now)
    forget_client(client_id=client_id, now=now)
    roads.end_all(client_id, now)
    measures.forget_answers(client_id)
    safety.forget_answers(client_id)
    destroy_key(client_id=client_id, by="operator", now=now)


def _overwrite() -> list[str]:
    """A row that was changed still lies in the file for a while: the key and the answers of who was erased may not.

    PostgreSQL has to write a table anew for that, and to be alone with it meanwhile. Returns those where it was not.
    """
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return []
        connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE}'")
        try:
            return [table for table in OVERWRITTEN if not _written_anew(connection, table)]
        finally:
            connection.exec_driver_sql("RESET lock_timeout")


def _written_anew(connection: Connection, table: str) -> bool:
    try:
        connection.exec_driver_sql(f"VACUUM FULL {table}")
    except OperationalError:
        return False
    return True


def note_copy(size: int) -> None:
    """Write down that a copy of everything was made, and how large."""
    with atomic():
        audit.record("copy.made", by="operator", detail={"bytes": size}, now=clock.now())


def recovery_sheet(key_file: Path) -> str:
    """What to print and lock away: the whole key file, and how to put it back."""
    how = fill(
        "Print this sheet and keep it locked away, apart from copies of the database. Whoever has both can read"
        " everything; without it a lost key file means that nothing can be read again. To put the keys back, type"
        f" the lines between the rules into {key_file} and let nobody but Meantime's account read it.",
        width=90,
    )
    rule = "-" * 90
    return f"RECOVERY SHEET\n\n{how}\n\n{rule}\n{key_file.read_text('utf-8').strip()}\n{rule}"
