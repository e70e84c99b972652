"""The database: column types, the base of every table, and `atomic()`, the only commit in the program."""

import threading
import uuid
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uuid6
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Integer,
    MetaData,
    Uuid,
    any_,
    event,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# secure_delete: the wrapped key of somebody who was erased is left in no gap of its page
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "secure_delete=FAST")

Id = Uuid
Big = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")


class Moment(TypeDecorator):
    """An aware moment, kept in UTC. Refuses a naive one: a moment without a zone is a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect, coltype):
        """The same in one call instead of three: a caseload reads ten thousand moments."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        read = datetime.fromisoformat
        return lambda text: None if text is None else read(f"{text}+00:00")


class Row(DeclarativeBase):
    """The base of every table. Ids are set before sealed texts, which are bound to them."""

    metadata = MetaData(naming_convention=NAMES)

    def __init__(self, **values):
        if "id" in type(self).__table__.c and isinstance(type(self).__table__.c.id.type, Uuid):
            values.setdefault("id", new_id())
        columns = {name for name in values if name in type(self).__mapper__.attrs}
        for name in [*sorted(columns), *sorted(set(values) - columns)]:
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, values[name])

    def identity(self) -> str:
        """Which row this is, as the text that sealed fields are bound to."""
        return "/".join(str(getattr(self, c.key)) for c in type(self).__mapper__.primary_key)


db = SQLAlchemy(model_class=Row, disable_autonaming=True)
migrate = Migrate(directory=str(Path(__file__).parent / "migrations"), render_as_batch=True)
_one_writer = threading.Lock()  # SQLite only: waiting here is fairer than in the file (stack.md 2)


def new_id() -> uuid.UUID:
    """A UUIDv7: for whatever a URL or a phone sees. It tells its time, so it never goes into an export."""
    return uuid.UUID(int=uuid6.uuid7().int)


def known(column: str, *values: str) -> CheckConstraint:
    """A text column that takes only these values: a check instead of a database enum."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def among(column: Any, values: Iterable[Any]) -> Any:
    """That a column has one of these values, however many. On PostgreSQL they are one parameter, not hundreds.

    Writing and reading an IN of hundreds took a fifth of the processor time of a reminder.
    """
    known = list(values)
    if db.engine.dialect.name == "postgresql":
        return column == any_(literal(known, ARRAY(column.type)))
    return column.in_(known)


def inserting(model: type[Row]) -> Any:
    """An INSERT into this table that knows ON CONFLICT, which each database spells its own way."""
    kind = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return kind.insert(model)


@contextmanager
def atomic():
    """Do all of it or none of it. Only edges call this; nothing else commits (style.md, trap 13)."""
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("change rows inside atomic()")
    session.rollback()  # ends the guard's read; objects reload on next touch
    lock = _one_writer if db.engine.dialect.name == "sqlite" else None
    if lock:
        lock.acquire()
    try:
        session.connection(execution_options={"writes": True})
        yield
        session.commit()
    except BaseException as wrong:
        session.rollback()
        if lock and isinstance(wrong, OperationalError):
            # A file that could not be written to when it was opened stays so for that connection: open it afresh.
            session.close()
            db.engine.dispose()
        raise
    finally:
        if lock:
            lock.release()


@contextmanager
def using(app: Flask):
    """The context of an application for one command; at its end nothing holds the database open."""
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection, record):
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection):
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
