"""Every earlier version, filled, comes up to this one with nothing lost."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from sqlalchemy import MetaData, Uuid, select, text

from server import create_app
from server.commands import main
from server.entries.models import Quarantined, Revision
from server.extensions import Row, db
from server.sealing import new_data_key, ring
from tests.conftest import fresh_address, settings

VERSIONS = sorted((Path(__file__).parents[2] / "server" / "migrations" / "versions").glob("*.py"))
REVISIONS = [path.name[:4] for path in VERSIONS]


def test_migrations_are_numbered_without_gaps():
    assert REVISIONS == [f"{n:04}" for n in range(1, len(REVISIONS) + 1)]
    for path in VERSIONS:
        assert f'revision = "{path.name[:4]}"' in path.read_text()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path, key_file):
    """An application on an empty database."""
    url = fresh_address(request, empty=True) if request.param == "postgresql" else None
    app = create_app(settings(tmp_path, url=url, MEANTIME_KEY_FILE=str(key_file)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_migrations_make_just_what_the_models_say(empty):
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


@pytest.mark.parametrize("version", REVISIONS)
def test_a_filled_database_of_every_version_comes_up_whole(empty, version):
    flask_migrate.upgrade(revision=version)
    filled = fill()
    assert len(filled) >= 10
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        for table, count in filled.items():
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == count, table  # noqa: S608
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_what_any_look_had_read_before_looks_were_kept_by_entry_stays_read(empty):
    flask_migrate.upgrade(revision="0021")
    fill(4)
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        order = "SELECT entry_id FROM entry ORDER BY first_received_at"
        ids = connection.scalars(text(order)).all()
        looks = [
            ("entry", "show_flag", "first_received_at"),
            ("entry", "show_client", "first_received_at"),  # questions stood there, entries did not
            ("agenda", "show_client", "first_received_at"),
            ("entry", "list_entries", "before it arrived"),
        ]
        for entry_id, (kind, page, at) in zip(ids, looks, strict=True):
            at = at if at == "first_received_at" else "(SELECT min(first_received_at) FROM entry)"
            connection.execute(
                text("UPDATE entry SET subject_kind = :kind WHERE entry_id = :id"), {"kind": kind, "id": entry_id}
            )
            connection.exec_driver_sql(
                "INSERT INTO audit_event (at, verb, actor_kind, client_id, detail)"  # noqa: S608
                f" SELECT {at}, 'client.seen', 'practitioner', client_id, '{{\"page\": \"{page}\"}}'"
                f" FROM entry WHERE entry_id = '{entry_id}'"
            )
    flask_migrate.upgrade(revision="0022")
    with db.engine.connect() as connection:
        assert set(connection.scalars(text("SELECT entry_id FROM entry_shown"))) == {ids[0], ids[2]}


def test_hashes_that_lay_in_the_open_are_sealed_under_their_clients_key(empty, tmp_path):
    flask_migrate.upgrade(revision="0030")
    fill()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        anna, erased, _ = connection.scalars(text("SELECT id FROM client ORDER BY created_at")).all()
        key = ring().wrap(new_data_key(), f"client|{UUID(str(anna))}")
        for client, wrapped in ((anna, key), (erased, b"")):
            connection.execute(text("UPDATE client SET data_key = :key WHERE id = :id"), {"key": wrapped, "id": client})
    flask_migrate.upgrade()
    for table in (Revision, Quarantined):
        hers, others = (
            db.session.scalars(select(table).where(of)).all()
            for of in (table.client_id == UUID(str(anna)), table.client_id != UUID(str(anna)))
        )
        assert [one.content_hash for one in hers] == ["content_hash-0"]
        assert [one.content_hash_sealed for one in others] == [None, None]
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        files = list(tmp_path.glob("meantime.sqlite3*"))
        assert files and not any(b"content_hash-" in path.read_bytes() for path in files), "still lying in the file"


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
def test_no_samples_of_wrapped_keys_come_along_and_migrate_says_what_lies_in_the_files_still(empty, key_file, tmp_path):
    flask_migrate.upgrade(revision="0030")
    fill()
    sampled = text("SELECT attname FROM pg_stats WHERE tablename = 'client'")
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ALTER TABLE client ALTER COLUMN data_key SET STATISTICS -1")
        connection.exec_driver_sql("ANALYZE client")
        assert "data_key" in connection.scalars(sampled).all()
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    db.engine.dispose()
    named = {"DATA": tmp_path, "KEY_FILE": key_file, "DATABASE_URL": url}
    env = {f"MEANTIME_{name}": str(one) for name, one in named.items()}
    says = "VACUUM FULL client, revision, quarantined, pg_statistic"
    done = CliRunner().invoke(main, ["migrate"], env=env)
    assert (done.exit_code, says in done.output) == (0, True), done.output
    with db.engine.connect() as connection:
        assert "data_key" not in connection.scalars(sampled).all()
    assert says not in CliRunner().invoke(main, ["migrate"], env=env).output, "said once"


def fill(rows: int = 3) -> dict[str, int]:
    """Put rows into every table of whatever version the database is at, parents first."""
    tables = MetaData()
    with db.engine.connect() as connection:
        tables.reflect(connection)
    counts = {}
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        made: dict[str, list[dict]] = {}
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            made[table.name] = [_row(table, n, made) for n in range(rows)]
            connection.execute(table.insert(), made[table.name])
            counts[table.name] = rows
    return counts


def _row(table, n: int, made: dict) -> dict:
    return {column.name: _value(table, column, n, made) for column in table.c if _needs_value(table, column)}


def _needs_value(table, column) -> bool:
    single_integer_key = column.primary_key and len(table.primary_key.columns) == 1
    return not (single_integer_key and "INT" in str(column.type).upper())


def _value(table, column, n: int, made: dict):
    for key in column.foreign_keys:
        return made[key.column.table.name][n][key.column.name]
    allowed = _allowed(table, column.name)
    kind = str(column.type).upper()
    if allowed:
        return allowed[n % len(allowed)]
    if isinstance(column.type, Uuid) or kind.startswith(("CHAR(32)", "UUID")):
        return uuid4() if isinstance(column.type, Uuid) else uuid4().hex
    if "JSON" in kind:
        return {"kind": "daily"}
    if "BLOB" in kind or "BYTEA" in kind or "BINARY" in kind:
        return b"sealed"
    if "TIMESTAMP" in kind or "DATETIME" in kind:
        return datetime(2026, 11, 1 + n, tzinfo=UTC if "TIMESTAMP" in kind else None)
    if kind == "DATE":
        return date(2026, 11, 1 + n)
    if "BOOL" in kind:
        return False
    if "INT" in kind:
        return n
    if "FLOAT" in kind or "DOUBLE" in kind:
        return n / 10
    return f"{column.name}-{n}"


def _allowed(table, name: str) -> list[str]:
    for check in table.constraints:
        said = str(getattr(check, "sqltext", ""))
        if re.match(rf"\(?\(?{name}\)?(::text)? (IN|=)", said):
            return re.findall(r"'([^']*)'", said)
    return []
