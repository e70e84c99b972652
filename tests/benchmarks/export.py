"""How fast a research bundle is built of synthetic services on PostgreSQL, how much memory it takes, and who waits.

./run bench export [--rows 100000] [--keep|--use FOLDER]

The floor is a COPY to nowhere of one SELECT of the occurrences with names and days made safe. What we build lays every
occurrence out afresh from facts, which no SELECT does: the ratios say what that costs (docs/export.md).
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing import active_children
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from server import clock, create_app
from server.config import Config
from server.demo.synthetic import fill_synthetic
from server.extensions import db
from server.research import item_rows, work_rows
from server.research.bundle import TableFile
from server.research.columns import File
from server.research.export import export
from server.research.facts import clients, facts_of, reading
from server.research.installed import files_of_installation
from server.research.names import Names
from server.research.parquet import ParquetFile
from server.research.parts import usual_processes
from server.research.work import work_of
from tests.benchmarks.database import postgres
from tests.benchmarks.export_asked import DEIDENTIFIED, MAPPING
from tests.benchmarks.pages import _folder, _load, _made, _prepared
from tests.benchmarks.sync_world import populate

PER_CLIENT = 11.5  # occurrences of a synthetic person
SOME = 2_000  # people whose rows are written for the ratios
PHONES, PUSHES = 10, 60
KEY = b"bench" * 8
COUNTS = "while True: sum(range(10_000))"


class _NoPandas:
    """The program is installed without pandas, and pyarrow loads it wherever it finds it: here nobody finds it."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        """Say that there is none."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


if "--build" in sys.argv:  # that is so in the processes that write, too
    sys.meta_path.insert(0, _NoPandas())


def main(arguments: list[str]) -> None:
    """Print the lines of design.md 12, with what the machine was doing besides."""
    parser = argparse.ArgumentParser(prog="./run bench export", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="occurrences, more or less; 10000000 takes hours")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="fill only, and leave it there")
    parser.add_argument("--use", type=Path, metavar="FOLDER", help="measure what was kept there")
    parser.add_argument("--processes", type=int, default=usual_processes(), help="that write at once")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.build:
        _build(chosen.build, chosen.processes)
        return
    print(f"# {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {_load():.1f}", flush=True)
    with _folder(chosen) as folder, postgres(_made(folder)) as url:
        environ = {**os.environ, "MEANTIME_DATA": str(_made(folder / "data")), "MEANTIME_DATABASE_URL": url}
        with _prepared(environ) as app:
            if not chosen.use:
                _fill(chosen.rows)
            if not chosen.keep:
                _measure(app, environ, folder, chosen.processes)


def _fill(rows: int) -> None:
    begun, wanted = time.monotonic(), max(100, round(rows / PER_CLIENT))
    fill_synthetic(clients=wanted, seed=1, until=clock.now().replace(hour=0, minute=0, second=0, microsecond=0))
    print(f"export_filled {wanted / (time.monotonic() - begun) * 60:.0f} clients/min", flush=True)


def _measure(app: Flask, environ: dict[str, str], folder: Path, processes: int) -> None:
    with db.engine.connect() as connection:
        people, occurrences = (
            connection.scalar(text(f"SELECT count(*) FROM {one}")) for one in ("client", "occurrence")
        )
    print(f"export_rows_client {people} count\nexport_rows_occurrence {occurrences} count", flush=True)
    floor = occurrences / _copy_to_nowhere()
    print(f"export_floor_copy {floor:.0f} rows/s", flush=True)
    with tempfile.TemporaryDirectory(dir=folder) as written:
        rates = _row_by_row(Path(written))
    print(f"export_csv_vs_copy {rates['csv'] / floor:.3f} ratio")
    print(f"export_parquet_vs_copy {rates['parquet'] / floor:.3f} ratio")
    print(f"export_items_rate {rates['items']:.0f} rows/s", flush=True)
    _beside(app, environ, folder, occurrences, processes)


def _copy_to_nowhere() -> float:
    """Seconds for the SELECT with names and days made safe, as CSV, read and thrown away."""
    with db.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute(MAPPING)
        begun = time.perf_counter()
        with raw.cursor() as cursor, cursor.copy(f"COPY ({DEIDENTIFIED}) TO STDOUT (FORMAT csv)") as copy:
            for _ in copy:
                pass
        took = time.perf_counter() - begun
        raw.rollback()
    return took


def _row_by_row(folder: Path) -> dict[str, float]:
    """Rows a second of occurrences as CSV and as Parquet, and of items opened and written as CSV."""
    files = {file.name: file for file in files_of_installation()}
    now = clock.now()
    with reading() as session:
        whose = [who for who, _ in zip(clients(session, now), range(SOME), strict=False)]
        begun = time.perf_counter()
        done = [(Names(KEY, facts), work_of(facts, now)) for facts in facts_of(session, whose, now)]
        laid = time.perf_counter() - begun
        occurrences = (row for names, work in done for row in work_rows.occurrences(names, work, now))
        csv, count = _written(folder, files["occurrences"], occurrences)
        occurrences = (row for names, work in done for row in work_rows.occurrences(names, work, now))
        parquet, _ = _written(folder, files["occurrences"], occurrences, ParquetFile)
        opened = (row for names, work in done for row in item_rows.long_rows(names, list(item_rows.told(names, work))))
        items, answers = _written(folder, files["items"], opened)
    print(f"export_laid_out {count / laid:.0f} rows/s")
    return {"csv": count / (laid + csv), "parquet": count / (laid + parquet), "items": answers / items}


def _written(folder: Path, file: File, rows: Iterator[dict], kind: type | None = None) -> tuple[float, int]:
    """Seconds to make and write these rows, and how many they were."""
    begun, count = time.perf_counter(), 0
    with TableFile(folder, file) as table:
        beside = kind(folder, file) if kind else None
        for row in rows:
            cells = table.in_order(row)
            beside.write(cells) if beside else table.write_cells(cells)
            count += 1
        beside.finish() if beside else table.finish()
    return time.perf_counter() - begun, count


def _beside(app: Flask, environ: dict[str, str], folder: Path, occurrences: int, processes: int) -> None:
    """The whole bundle in a process of its own, while phones send: how much it takes, and how long they wait."""
    alone, idly = _pushes(app), _beside_any_work(app, processes)
    with tempfile.TemporaryDirectory(dir=folder) as out:
        command = [sys.executable, "-m", "tests.benchmarks.export", "--build", str(Path(out) / "bundle")]
        command += ["--processes", str(processes)]
        busy = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        time.sleep(10)  # until it has read who there is, and writes
        beside: list[float] = []
        while busy.poll() is None and len(beside) < 10 * PUSHES:
            beside += _pushes(app)
        told, _ = busy.communicate()
    after = _pushes(app)
    print(told, end="")
    seconds = float(next(line.split()[1] for line in told.splitlines() if line.startswith("export_whole_wall")))
    print(f"export_whole {occurrences / seconds:.0f} rows/s")
    without = _middle(alone + after)
    print(f"export_sync_alone_p50 {without * 1000:.1f} ms")
    print(f"export_sync_latency {_middle(beside) / without:.2f} ratio")
    print(f"export_sync_latency_of_any_work {_middle(idly) / without:.2f} ratio")
    print(f"# load {_load():.1f}", flush=True)


def _beside_any_work(app: Flask, processes: int) -> list[float]:
    """Seconds of each push while as many processes only count, in no database: what the processor costs phones."""
    busy = [subprocess.Popen(["nice", "-n", "19", sys.executable, "-c", COUNTS]) for _ in range(processes)]
    try:
        return _pushes(app)
    finally:
        for one in busy:
            one.kill()
            one.wait()


def _middle(times: list[float]) -> float:
    return statistics.median(times)


def _pushes(app: Flask) -> list[float]:
    """Seconds of each of some pushes, one after the other, by new phones: one that has sent much takes longer."""
    client, times, phones = app.test_client(use_cookies=False), [], populate(PHONES)
    for number in range(PHONES + PUSHES):
        phone = phones[number % len(phones)]
        headers = {"X-Sync-Protocol": "1", "Cookie": f"phone={phone.token}", "Content-Type": "application/json"}
        body, begun = phone.push(), time.perf_counter()
        answer = client.post("/api/v1/sync/push", data=body, headers=headers)
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.data
    return times[PHONES:]  # each phone's first is not counted


def _build(out: Path, processes: int) -> None:
    """Build a bundle of everybody, and say what it took: of this process, and of those that write parts."""
    app, parts = create_app(Config.from_env()), []

    def look(*_: int) -> None:
        parts.extend(_most_held(one.pid) for one in active_children())

    with app.app_context():
        begun = time.monotonic()
        others = processes if processes > 1 else 0
        export(out, now=clock.now() + timedelta(seconds=1), basis="benchmark", processes=others, progress=look)
    took = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"export_whole_wall {time.monotonic() - begun:.1f} s")
    print(f"export_whole_cpu {sum(one.ru_utime + one.ru_stime for one in took):.1f} s")
    print(f"export_peak {_most_held()} MB")
    print(f"export_peak_part {max(parts, default=0)} MB")


def _most_held(of: int | str = "self") -> int:
    """Most memory that a process held at once, MB. Its `ru_maxrss` begins with what its parent held as it began it."""
    with suppress(OSError):  # it has ended
        for line in Path(f"/proc/{of}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return 0


if __name__ == "__main__":
    main(sys.argv[1:])
