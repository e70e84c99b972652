"""Writes the database into one file while it is used, and puts such a file back in its place. Keys are never in it."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, make_url, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from server import startup
from server.config import Config
from server.errors import CannotStart
from server.people.models import Service
from server.sealing import CannotOpen, read_key_file

SQLITE, POSTGRESQL = b"SQLite format 3\x00", b"PGDMP"  # what such files begin with
LEAVE_OUT = ("--no-owner", "--no-privileges")  # the account that puts it back may have another name
CLIENT_PROGRAMS = "install PostgreSQL's client programs (on Debian: apt-get install postgresql-client)"


def write(config: Config, out: Path) -> int:
    """Copy the whole database as it is at one moment into a new file (0600); who writes meanwhile is not held up.

    Returns its size in bytes. `CannotStart` when there is such a file, or it cannot be written.
    """
    part = out.with_name(f"{out.name}.part")
    try:
        if out.exists():
            raise CannotStart(f"{out} is there already: name another file.")
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        (_write_sqlite if config.is_sqlite else _dump)(config, part)
        _onto_disk(part)
        os.link(part, out)  # unlike a rename it never replaces what came meanwhile
        _onto_disk(out.parent)
        return out.stat().st_size
    except (OSError, sqlite3.Error) as wrong:
        raise CannotStart(f"The copy {out} cannot be written: {wrong}.") from wrong
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def staged(config: Config, copy: Path) -> Iterator[Config]:
    """The copy as a database where nobody uses it yet: the settings that reach it. `settle` puts it in place.

    Nothing of it stays where something goes wrong on the way.
    """
    try:
        yield _stage(config, copy)
    finally:
        if config.is_sqlite:
            for leftover in (_staging(config), *_beside(_staging(config))):
                leftover.unlink(missing_ok=True)


def _stage(config: Config, copy: Path) -> Config:
    """Make a database of the copy.

    On SQLite that is a file beside the one in use, so that a restore that breaks off has changed nothing.
    On PostgreSQL it is the database itself, which must be empty.
    """
    with _readable(copy) as file:
        begins = file.read(len(SQLITE))
    if not begins.startswith(SQLITE if config.is_sqlite else POSTGRESQL):
        raise CannotStart(f"{copy} is no copy of a {'SQLite' if config.is_sqlite else 'PostgreSQL'} database.")
    if not config.is_sqlite:
        _load(config, copy)
        return config
    file = _staging(config)
    startup.make_writable(file.parent)
    for leftover in (file, *_beside(file)):
        leftover.unlink(missing_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        shutil.copyfile(copy, file)
    except OSError as wrong:
        raise CannotStart(f"The copy cannot be put beside the database: {wrong}.") from wrong
    with closing(sqlite3.connect(file)) as connection:
        _whole(connection, copy)
    return replace(config, database_url=f"sqlite:///{file}")


def opens(config: Config) -> None:
    """`CannotStart` unless the database is one of ours and the key file opens what is sealed in it."""
    found = startup.revision(config)
    if found not in startup.all_revisions():
        raise CannotStart(f"The copy is at version {found or 'none'}, which this program does not know.")
    keys = read_key_file(config.key_file)
    engine = create_engine(config.database_url)
    try:
        with engine.connect() as connection:
            for row in connection.execute(select(Service.id, Service.data_key)):
                keys.unwrap(row.data_key, f"service|{row.id}")
    except CannotOpen as wrong:
        raise CannotStart(
            f"The key file {config.key_file} does not open this copy: {wrong}. Put back the keys that belong to it."
        ) from wrong
    except SQLAlchemyError as wrong:
        raise CannotStart(f"The copy cannot be read: {type(wrong).__name__}.") from wrong
    finally:
        engine.dispose()


def settle(config: Config, now: datetime) -> Path | None:
    """Put the staged database in place. Returns where the one that was there is now; None where there was none."""
    if not config.is_sqlite:
        return None
    file, target = _staging(config), _file(config)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _onto_disk(file)
    former = target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%SZ}") if target.exists() else None
    if former:
        _let_go(target)
        target.rename(former)
        former.chmod(0o600)
    file.rename(target)
    _onto_disk(target.parent)
    return former


def refuse_in_use(config: Config) -> None:
    """`CannotStart` when somebody has the database open, or holds the place for another purpose."""
    if config.is_sqlite and _file(config).exists():
        _let_go(_file(config))
    if not config.is_sqlite and startup.revision(config) is not None:
        raise CannotStart(
            "The database holds tables already. Make an empty one (createdb), name it in MEANTIME_DATABASE_URL and"
            " restore again. If a restore into this one broke off, run meantime restored instead."
        )


def _let_go(file: Path) -> None:
    """Who leaves an SQLite database last takes its log along: if it stays, somebody else is there."""
    with closing(sqlite3.connect(file, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as wrong:
            raise CannotStart(f"The database {file} cannot be put aside: {wrong}.") from wrong
    if any(path.exists() for path in _beside(file)):
        raise CannotStart(f"The database {file} is in use: stop meantime serve, then restore.")


def _write_sqlite(config: Config, part: Path) -> None:
    if not _file(config).is_file():
        raise CannotStart(f"There is no database at {_file(config)}.")
    with closing(sqlite3.connect(_file(config), timeout=10)) as live, closing(sqlite3.connect(part)) as copy:
        live.backup(copy)  # all pages in one go: one moment, and no writer waits, since the log holds what comes
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        _whole(copy, part)


def _whole(connection: sqlite3.Connection, copy: Path) -> None:
    try:
        found = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as wrong:
        raise CannotStart(f"{copy} is damaged: {wrong}.") from wrong
    if found != ("ok",):
        raise CannotStart(f"{copy} is damaged.")


def _dump(config: Config, part: Path) -> None:
    _run(config, "pg_dump", "--format=custom", *LEAVE_OUT, f"--file={part}")


def _load(config: Config, copy: Path) -> None:
    _run(config, "pg_restore", "--single-transaction", "--exit-on-error", *LEAVE_OUT, str(copy), into=True)


def _run(config: Config, program: str, *arguments: str, into: bool = False) -> None:
    found = shutil.which(program)
    if found is None:
        raise CannotStart(
            f"{program} is not on this machine: {CLIENT_PROGRAMS}, or copy the database by its own means."
        )
    url = make_url(config.database_url)
    # The password goes by the environment: arguments can be read by everybody on the machine.
    done = subprocess.run(
        [found, f"--dbname={_without_password(url)}", *arguments],
        env={"PGPASSWORD": str(url.password or ""), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[0]
        raise CannotStart(f"{program} could not {'put it back' if into else 'copy the database'}: {said}.")


def _without_password(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string()


def _file(config: Config) -> Path:
    return Path(make_url(config.database_url).database or "").resolve()


def _staging(config: Config) -> Path:
    return _file(config).with_name(f"{_file(config).name}.restoring")


def _beside(file: Path) -> list[Path]:
    return [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm")]


def _readable(copy: Path):
    try:
        return copy.open("rb")
    except OSError as wrong:
        raise CannotStart(f"{copy} cannot be read.") from wrong


def _onto_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
