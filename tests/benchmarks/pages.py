"""How long staff pages take on the server: PostgreSQL with a country of clients, SQLite with one service.

./run bench pages [--clients 300000] [--sqlite-clients 5000] [--only postgresql|sqlite] [--keep|--use FOLDER]

`--keep` fills and leaves everything in FOLDER, which `--use` measures as often as is wanted, when the machine is quiet.
Wall time is what the budget is about; `_cpu` is this process's own part of it, which other programs hardly lengthen.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import text

from server import clock, create_app, jobs, serving, startup
from server.config import Config
from server.extensions import db
from server.people.models import Service
from server.totals import queries as totals
from server.totals.models import ServiceTotal
from tests.benchmarks.database import postgres
from tests.benchmarks.pages_asked import Asked, dominant_load, of_practitioner, of_service, of_supervisor
from tests.benchmarks.pages_counted import queries_of
from tests.benchmarks.pages_filling import fill_postgresql, fill_sqlite, sizes, timed
from tests.benchmarks.pages_kept import go_on_from_there, keep, kept
from tests.benchmarks.pages_world import CLIENTS, Measured, populate

ROUNDS = 40  # times each page is opened
WARM = 3
NAMES = ("dominant", "small")
SHOWN = ("client", "practitioner", "appointment", "assignment", "occurrence", "client_week", "revision", "contact")


def main(arguments: list[str]) -> None:
    """Print pages_today_p50 and pages_worst_p95, each page's own, the sizes, and the small service beside the other."""
    parser = argparse.ArgumentParser(prog="./run bench pages", description=__doc__)
    parser.add_argument("--clients", type=int, default=300_000)
    parser.add_argument("--sqlite-clients", type=int, default=5_000)
    parser.add_argument("--only", choices=("postgresql", "sqlite"))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="fill only, and leave it there")
    parser.add_argument("--use", type=Path, metavar="FOLDER", help="measure what was kept there")
    parser.add_argument("--no-count", action="store_true", help="leave out the tick's count of a service: minutes")
    parser.add_argument("--load", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.load:
        go_on_from_there()
        dominant_load(create_app(Config.from_env()), chosen.load)
        return
    print(f"# {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {_load():.1f}", flush=True)
    with _folder(chosen) as folder:
        if chosen.only != "postgresql":
            _sqlite(_made(folder / "sqlite"), chosen)
        if chosen.only != "sqlite":
            with postgres(_made(folder / "postgresql")) as url:
                _postgresql(folder / "postgresql", url, chosen)


@contextmanager
def _folder(chosen) -> Iterator[Path]:
    if chosen.keep or chosen.use:
        yield (chosen.keep or chosen.use).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="meantime-bench-") as folder:
        yield Path(folder)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for each in (folder, folder.parent):
        each.chmod(0o755)  # as root, PostgreSQL runs under an account of its own
    return folder


def _sqlite(folder: Path, chosen) -> None:
    with _prepared({**os.environ, "MEANTIME_DATA": str(folder)}) as app:
        if chosen.use:
            [measured] = kept(folder)
        else:
            begun, lived_at = time.monotonic(), clock.now()
            [measured] = populate(NAMES[:1], min(CLIENTS, chosen.sqlite_clients), lived_at)
            fill_sqlite(db.engine, [measured], chosen.sqlite_clients)
            keep(folder, [measured], lived_at)
            timed("pages_sqlite_filled", begun)
        _tell_sizes("sqlite")
        if not chosen.keep:
            _count("sqlite", measured)
            _measure(app, "sqlite", measured)


def _postgresql(folder: Path, url: str, chosen) -> None:
    environ = {**os.environ, "MEANTIME_DATA": str(_made(folder / "data")), "MEANTIME_DATABASE_URL": url}
    with _prepared(environ) as app:
        measured = kept(folder) if chosen.use else _filled(folder, chosen.clients)
        _tell_sizes("postgresql")
        if chosen.keep:
            db.session.remove()
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("CHECKPOINT"))  # so that stopping takes no longer than the server is given
            return
        for one, name in zip(measured, NAMES, strict=True) if not chosen.no_count else ():
            _count(f"postgresql_{name}", one)
        found = _measure(app, "postgresql", measured[0])
        print(f"pages_today_p50 {statistics.median(found['today']):.0f} ms")
        print(f"pages_worst_p95 {max(_p95(times) for times in found.values()):.0f} ms", flush=True)
        _beside(app, {**os.environ, **environ}, measured)


def _filled(folder: Path, clients: int) -> list[Measured]:
    begun, lived_at = time.monotonic(), clock.now()
    measured = populate(NAMES, min(CLIENTS, clients), lived_at)
    timed("pages_postgresql_lived", begun)
    fill_postgresql(db.engine, measured, clients)
    keep(folder, measured, lived_at)
    timed("pages_postgresql_filled", begun)
    return measured


@contextmanager
def _prepared(environ: dict[str, str]) -> Iterator[Flask]:
    config = Config.from_env(environ)
    startup.prepare(config)
    app = create_app(config)
    serving.settle()
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def _tell_sizes(name: str) -> None:
    with db.engine.connect() as connection:
        for table, rows in sizes(connection).items():
            if table in SHOWN:
                print(f"pages_{name}_rows_{table} {rows} count", flush=True)
        if connection.dialect.name == "postgresql":
            held = connection.scalar(text("SELECT pg_database_size(current_database())"))
            print(f"pages_{name}_size {held / 1e9:.1f} GB", flush=True)


def _count(name: str, measured: Measured) -> None:
    """What the tick does each hour for the service page, timed; once, of a database that is measured several times."""
    if db.session.get(ServiceTotal, measured.service):
        return
    begun = time.monotonic()
    body = totals.count(db.session.get(Service, measured.service), clock.now())
    timed(f"pages_{name}_service_count", begun)
    jobs.keep_count(measured.service, body, clock.now())
    db.session.remove()


def _measure(app: Flask, name: str, measured: Measured) -> dict[str, list[float]]:
    """Each page of a service's practitioner, supervisor and lead: times in ms, printed as p50 and p95; and queries."""
    found: dict[str, list[float]] = {}
    for asked in (of_practitioner(app, measured), of_supervisor(app, measured), of_service(app, measured)):
        for page, open_next in asked.pages.items():
            times, cpu = _times(open_next)
            found[page] = times
            print(f"pages_{name}_{page}_p50 {statistics.median(times):.1f} ms")
            print(f"pages_{name}_{page}_p95 {_p95(times):.1f} ms")
            print(f"pages_{name}_{page}_cpu {statistics.median(cpu):.1f} ms")
            print(f"pages_{name}_{page}_queries {queries_of(open_next)} count")
    print(f"# load {_load():.1f}", flush=True)
    return found


def _load() -> float:
    return os.getloadavg()[0]


def _times(open_next: Callable[[], None]) -> tuple[list[float], list[float]]:
    """Of each round: what the clock says, and this process's own time, in ms."""
    for _ in range(WARM):
        open_next()
    wall, cpu = [], []
    for _ in range(ROUNDS):
        begun, busy = time.perf_counter(), time.process_time()
        open_next()
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
    return wall, cpu


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)]


def _beside(app: Flask, environ: dict[str, str], measured: list[Measured]) -> None:
    """The small service's Today alone, and while another process opens the dominant one's pages without pause."""
    asked: Asked = of_practitioner(app, measured[1])
    alone, _ = _times(asked.pages["today"])
    load = [sys.executable, "-m", "tests.benchmarks.pages", "--load", measured[0].signs_in]
    busy = subprocess.Popen(load, env=environ, stdout=subprocess.PIPE)
    try:
        assert busy.stdout.readline().strip() == b"loading"
        beside, _ = _times(asked.pages["today"])
    finally:
        busy.terminate()
        busy.wait(timeout=30)
    print(f"pages_small_alone_p50 {statistics.median(alone):.1f} ms")
    print(f"pages_small_beside_p50 {statistics.median(beside):.1f} ms")
    print(f"pages_small_beside_dominant {statistics.median(beside) / statistics.median(alone):.2f} ratio", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
