"""Fills a database for the pages: on PostgreSQL a country of services with one dominant, on SQLite one service."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from server.extensions import Row, new_id
from tests.benchmarks.pages_copies import copy, tables
from tests.benchmarks.pages_world import CLIENTS, Measured

SERVICES = 200
DOMINANT = 0.2  # of all clients are of one service
WANTED_PER_CLIENT = 5_000_000 / 300_000  # occurrences


def fill_postgresql(engine: Engine, measured: Sequence[Measured], clients: int) -> dict[str, int]:
    """Copy until there are so many clients. Returns rows by table."""
    copies = max(1, round(clients / CLIENTS) - len(measured))
    with engine.begin() as connection:
        lived = connection.scalar(
            text("SELECT count(*) FROM occurrence WHERE service_id = :service"), {"service": measured[1].service}
        )
        others = [_more_service(connection, measured[0].service, n) for n in range(SERVICES)]
        connection.execute(text("CREATE TEMPORARY TABLE copies (k integer, service_id uuid)"))
        rows = [{"k": k, "service": _whose(k, copies, measured[0].service, others)} for k in range(copies)]
        connection.execute(text("INSERT INTO copies VALUES (:k, :service)"), rows)
        with _without_indexes(connection):
            counts = copy(connection, measured[1].service, min(1.0, WANTED_PER_CLIENT * CLIENTS / lived))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return counts


def fill_sqlite(engine: Engine, measured: Sequence[Measured], clients: int) -> dict[str, int]:
    """The same of one service: everybody belongs to the first."""
    copies = max(1, round(clients / CLIENTS) - 1)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        raw = connection.connection.driver_connection
        raw.create_function("copied", 2, _copied, deterministic=True)
        connection.execute(text("CREATE TEMPORARY TABLE copies (k integer, service_id text)"))
        rows = [{"k": k, "service": measured[0].service.hex} for k in range(copies)]
        connection.execute(text("INSERT INTO copies VALUES (:k, :service)"), rows)
        counts = copy(connection, measured[0].service, 1.0)
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
    return counts


def sizes(connection: Connection) -> dict[str, int]:
    """Rows of every copied table."""
    return {one.name: connection.scalar(text(f"SELECT count(*) FROM {one.name}")) for one in tables()}


def _copied(value: str | None, k: int) -> str | None:
    return None if value is None else hashlib.md5(f"{value}{k}".encode()).hexdigest()


def _whose(k: int, copies: int, dominant: UUID, others: Sequence[UUID]) -> UUID:
    return dominant if k < copies * DOMINANT else others[k % len(others)]


def _more_service(connection: Connection, like: UUID, number: int) -> UUID:
    """One more service, with the settings of another; its own key is of no use, and of the right size."""
    names = [row[0] for row in connection.execute(text(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'service' AND table_schema = 'public'"
    ))]  # fmt: skip
    made = new_id()
    values = ", ".join({"id": ":made", "name": ":name"}.get(one, one) for one in names)
    connection.execute(
        text(f"INSERT INTO service ({', '.join(names)}) SELECT {values} FROM service WHERE id = :like"),
        {"made": made, "name": f"Service {number}", "like": like},
    )
    return made


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Take keys and indexes away while millions of rows come in, and make them afresh: minutes instead of an hour."""
    named = [one.name for one in tables()]
    keys = connection.execute(text(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint"
        " WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace ORDER BY contype = 'f' DESC"
    )).all()  # fmt: skip
    keys = [key for key in keys if key[3] in (b"f", "f") or key[0] in named]
    for table, name, _, _ in keys:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    indexes = connection.execute(text(
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    )).all()  # fmt: skip
    indexes = [index for index in indexes if index[0] in named]
    for _, name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    for table in Row.metadata.tables:  # each refers to others; the audit, which pages write to, refers to none
        if table != "audit_event":
            connection.execute(text(f"ALTER TABLE {table} SET UNLOGGED"))
    yield
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    for _, _, definition in indexes:
        connection.execute(text(definition))
    for table, name, definition, _ in sorted(keys, key=lambda key: key[3] in (b"f", "f")):
        unchecked = " NOT VALID" if definition.startswith("FOREIGN") else ""
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}{unchecked}"))
    # The copies belong together as the first did; the planner goes by keys that were checked.
    connection.execute(text("UPDATE pg_constraint SET convalidated = true WHERE contype = 'f' AND NOT convalidated"))


def timed(what: str, begun: float) -> None:
    """Say how long something took."""
    print(f"{what} {time.monotonic() - begun:.1f} s", flush=True)
