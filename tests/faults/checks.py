"""What must be true of a database after any fault (trust.md A3: I1, I3, I4, I9, and the projections)."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, func, select

from server import clock
from server.assignments.actions import outcome_of, values_of
from server.assignments.models import STORED as STATES
from server.assignments.models import Assignment, ClientWeek, Occurrence
from server.assignments.queries import grounds
from server.assignments.quick_sql import PLAIN
from server.assignments.weeks import monday
from server.entries.models import Entry, Revision
from server.entries.queries import heads_and_answers
from server.entries.reading import canonical
from server.extensions import db
from server.people.models import Client
from tests.faults.phones import Phone


def everything_holds(client_id, phones: Iterable[Phone], *since: datetime) -> None:
    """All of it, of one client, whose rows were laid out at one of these moments, or now. Raises AssertionError."""
    db.session.rollback()
    phones = list(phones)
    held = {key: revision for phone in phones for key, revision in phone.held.items()}
    rows = db.session.scalars(select(Revision).where(Revision.client_id == client_id)).all()
    there = {str(row.revision_id): row for row in rows}
    for phone in phones:
        lost = phone.acknowledged - there.keys()
        assert not lost, f"acknowledged and not there: {lost}"
    assert len(there) == len(rows), "stored twice"
    assert there.keys() <= held.keys(), "nobody saved this"
    for key, row in there.items():
        text, content_hash, _ = canonical(held[key])
        assert (row.content_hash, canonical(row.body)[0]) == (content_hash, text), "the bytes changed"
        names = {name for phone in phones if key in phone.held for name in (phone.device_id, *phone.earlier)}
        assert str(row.device_id) in names, "under another phone"
    assert len({row.feed_seq for row in rows}) == len(rows), "two of one number: a pull could miss one"
    entries_follow(client_id, rows)
    occurrences_follow(client_id, *since)
    weeks_follow(client_id)


def entries_follow(client_id, rows: Iterable[Revision]) -> None:
    """One row per entry, that counts its revisions."""
    counted: dict = {}
    for row in rows:
        counted[row.entry_id] = counted.get(row.entry_id, 0) + 1
    entries = db.session.scalars(select(Entry).where(Entry.client_id == client_id))
    assert {entry.entry_id: entry.revisions for entry in entries} == counted


def occurrences_follow(client_id, *since: datetime) -> None:
    """Laid out and settled afresh from facts alone, occurrences are what is stored.

    How far ahead depends on the day on which something last came of that work, one of `since` or today.
    """
    zone = ZoneInfo(db.session.get(Client, client_id).zone)
    found = grounds(Assignment.client_id == client_id)
    heads, answers = heads_and_answers(client_id, found)
    for key, ground in found.items():
        afresh = []
        for moment in (clock.now(), *since):
            laid, filled = outcome_of(ground, heads[key], answers[key], zone, moment)
            afresh.append({slot.key: values_of(slot, filled[slot.key], zone) for slot in laid})
        rows = db.session.scalars(select(Occurrence).where(Occurrence.assignment_id == key))
        stored = {row.slot: {name: getattr(row, name) for name in PLAIN} for row in rows}
        assert stored in afresh


def weeks_follow(client_id) -> None:
    """The weekly cache, counted afresh."""
    counted: dict = {}
    days = select(Occurrence.due_on, Occurrence.state, func.count()).where(Occurrence.client_id == client_id)
    for due_on, state, count in db.session.execute(days.group_by(Occurrence.due_on, Occurrence.state)):
        week = counted.setdefault(monday(due_on), dict.fromkeys(STATES, 0))
        week[state] += count
    rows = db.session.scalars(select(ClientWeek).where(ClientWeek.client_id == client_id))
    assert {row.week: {state: getattr(row, state) for state in STATES} for row in rows} == counted


def file_is_whole(path) -> None:
    """SQLite's own check of its file."""
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def indexes_are_whole(url: str) -> None:
    """PostgreSQL's own check (amcheck) of every table, and of every index against its table."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS amcheck")
        checked = connection.exec_driver_sql(
            "SELECT count(bt_index_check(c.oid, true)::text) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
            " WHERE c.relkind = 'i' AND a.amname = 'btree' AND c.relpersistence <> 't'"
        )
        assert checked.scalar() > 0
        wrong = "SELECT v.* FROM pg_class c, verify_heapam(c.oid) v WHERE c.relkind = 'r' AND c.relpersistence = 'p'"
        assert connection.exec_driver_sql(wrong).fetchall() == []
    engine.dispose()
