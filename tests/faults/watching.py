"""Looks at a database over a connection of its own, and stops the server at a moment worth killing it in."""

import os
import signal
import sqlite3
import time

from sqlalchemy import create_engine, func, select, text
from sqlalchemy.pool import StaticPool

from server.entries.models import Revision

PATIENCE = 60  # seconds until a row must have become visible, or a transaction must have been hit
# Of PostgreSQL's processes, those that have written and not committed.
WRITERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL"
)


class Watcher:
    """Reads, and never waits for whoever writes."""

    def __init__(self, config):
        self._engine = create_engine(config.database_url, poolclass=StaticPool)
        # Not the program's own engine, which would wait ten seconds for whoever writes.
        self._file = sqlite3.connect(config.data / "meantime.sqlite3", timeout=0) if config.is_sqlite else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._engine.dispose()
        if self._file:
            self._file.close()

    def count(self) -> int:
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Revision))

    def ids(self) -> set[str]:
        with self._engine.connect() as connection:
            return {str(one) for one in connection.scalars(select(Revision.revision_id))}

    def wait_for_a_row(self) -> None:
        """Until a row is visible that was not before: committed, and most likely not answered yet."""
        before, until = self.count(), time.monotonic() + PATIENCE
        while self.count() == before:
            if time.monotonic() > until:
                raise TimeoutError("nothing was stored")
            time.sleep(0.001)

    def stopped(self, server: int, wait: bool) -> bool:
        """Stop that process where it is, and say whether it was in a transaction that has written.

        `wait`: let it go on until it is in one.
        """
        until = time.monotonic() + PATIENCE
        while True:
            os.kill(server, signal.SIGSTOP)
            time.sleep(0.001)  # until each of its threads stands still
            writes = self._somebody_writes()
            if writes or not wait:
                return writes
            os.kill(server, signal.SIGCONT)
            if time.monotonic() > until:
                raise TimeoutError("nobody wrote")
            time.sleep(0.002)

    def _somebody_writes(self) -> bool:
        if not self._file:
            with self._engine.connect() as connection:
                return connection.scalar(WRITERS) > 0
        try:
            self._file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return True
        self._file.rollback()
        return False
