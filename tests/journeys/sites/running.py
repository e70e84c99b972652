"""What every running installation is made of: its settings, and a server in a process of its own."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Self
from urllib.request import urlopen

from flask import Flask

from server import create_app
from server.config import Config
from tests.localhost import free_port
from tests.nursery import nursery

ROOT = Path(__file__).parents[3]
PATIENCE = 60  # seconds: a busy machine is no fault of ours


@dataclass
class Site:
    """A running installation: its address, its folder, and its process, which can be killed and started again.

    `first`: a module that is imported in that process before it serves.
    """

    base: str
    config: Config
    env: dict
    first: str = ""
    process: int = 0

    @classmethod
    def of(cls, env: dict, first: str = "") -> Self:
        """The installation with these settings, not started yet."""
        return cls(env["MEANTIME_BASE_URL"], Config.from_env(env), env, first)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.process = nursery().start(self.env, self.first)
        until = monotonic() + PATIENCE
        while monotonic() < until and nursery().is_alive(self.process):
            try:
                with urlopen(f"{self.base}/healthz", timeout=1):
                    return
            except OSError:
                sleep(0.02)
        raise RuntimeError("the server did not start")

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End the server: gently, or with SIGKILL."""
        if self.process:
            nursery().end(self.process, how)
            self.process = 0

    def rows(self, table: str, where: str = "1 = 1") -> int:
        """How many rows a table holds, counted behind the server's back."""
        with closing(sqlite3.connect(self.config.data / "meantime.sqlite3")) as base:
            return base.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]

    def until_rows(self, count: int, table: str, where: str = "1 = 1") -> None:
        """Wait until a table holds so many rows, and see that it holds no more."""
        until = monotonic() + PATIENCE
        while self.rows(table, where) < count and monotonic() < until:
            sleep(0.1)
        found = self.rows(table, where)
        assert found == count, f"{found} rows of {table} where {where}, not {count}"


def environment(config: Config, **more: str) -> dict:
    """The settings of an installation in this folder, on a free port of this machine."""
    port = free_port()
    return {
        **os.environ,
        "MEANTIME_DATA": str(config.data),
        "MEANTIME_KEY_FILE": str(config.key_file),
        "MEANTIME_PORT": str(port),
        "MEANTIME_BASE_URL": f"http://localhost:{port}",
        **more,
    }


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """An installation while it runs."""
    try:
        site.start()
        yield site
    finally:
        site.stop()


@contextmanager
def behind(site: Site) -> Iterator[Flask]:
    """The application over an installation's database, with its context: to write behind the server's back."""
    app = create_app(site.config)
    with app.app_context():
        yield app
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
