"""Looks at folder, keys, database and schema before anything starts, and says in a sentence what is wrong."""

import errno
import os
from functools import cache
from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from server.config import Config
from server.errors import CannotStart
from server.sealing import make_key_file, read_key_file

MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(config: Config) -> None:
    """See to the data folder and the keys; keys are made only where there is no database yet. Or `CannotStart`."""
    make_writable(config.data)
    if config.is_sqlite:
        make_writable(database_folder(config))
    if config.key_file.exists():
        read_key_file(config.key_file)
        return
    if revision(config) is not None:
        read_key_file(config.key_file)  # says that it is missing
    refuse_unsafe(config)
    try:
        make_key_file(config.key_file)
    except OSError as wrong:
        raise CannotStart(f"The key file {config.key_file} cannot be written: {_why(wrong)}.") from wrong


def database_folder(config: Config) -> Path:
    """Where the file of an SQLite database lies."""
    return Path(make_url(config.database_url).database or "").resolve().parent


def refuse_unsafe(config: Config) -> None:
    """`CannotStart` with the first reason why these settings may not serve real people."""
    for reason in config.unsafe():
        raise CannotStart(reason)


def refuse_old_schema(config: Config) -> None:
    """`CannotStart` unless the database is at the version of this program."""
    found, wanted = revision(config), newest_revision()
    if found is None:
        raise CannotStart("The database is empty: run meantime install, or meantime migrate.")
    if found not in all_revisions():
        raise CannotStart(f"The database is at {found}, which is newer than this program: install that version.")
    if found != wanted:
        raise CannotStart(f"The database is at {found} and this program needs {wanted}: run meantime migrate.")


def make_writable(folder: Path) -> None:
    """Make the folder if it is missing. `CannotStart` when it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as wrong:
        raise CannotStart(f"The data folder {folder} cannot be made: {_why(wrong)}.") from wrong
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotStart(f"The data folder {folder} cannot be written to by this account.")


def revision(config: Config) -> str | None:
    """The version the database is at, or None when it is empty. `CannotStart` when it cannot be reached."""
    url = make_url(config.database_url)
    if config.is_sqlite and url.database and not Path(url.database).exists():
        return None
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return _revision_of(connection)
    except SQLAlchemyError as wrong:
        said = str(getattr(wrong, "orig", None) or wrong).strip().splitlines()[0].rstrip(".")
        raise CannotStart(f"The database {url.render_as_string()} cannot be used: {said}.") from wrong
    finally:
        engine.dispose()


@cache
def newest_revision() -> str:
    """The version this program needs, read once: its migrations do not change while it runs."""
    return _scripts().get_current_head() or ""


def all_revisions() -> set[str]:
    """Every version this program knows."""
    return {script.revision for script in _scripts().walk_revisions()}


def refused_address(config: Config, wrong: OSError) -> CannotStart:
    """The sentence for an address that cannot be listened on."""
    if wrong.errno == errno.EADDRINUSE:
        return CannotStart(f"Port {config.port} is in use: stop what uses it, or set MEANTIME_PORT to another.")
    return CannotStart(f"Nothing can listen on {config.host}, port {config.port}: {_why(wrong)}.")


def _revision_of(connection: Connection) -> str | None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None and (others := inspect(connection).get_table_names()):
        raise CannotStart(
            f"The database holds tables that are not Meantime's, such as {sorted(others)[0]}: give it one of its own."
        )
    return found


def _scripts() -> ScriptDirectory:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(settings)


def _why(wrong: OSError) -> str:
    return (wrong.strerror or str(wrong)).lower()
