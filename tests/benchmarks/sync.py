"""How fast pushes are stored, against the same handler without storage, on SQLite and on PostgreSQL."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import orjson

from server import create_app, startup
from server.config import Config
from tests.benchmarks.database import postgres
from tests.benchmarks.sync_server import WITHOUT_STORAGE
from tests.benchmarks.sync_world import Phone, populate

CONNECTIONS = 16
CLIENTS = 96  # several per connection, so that nobody's history grows beyond what a course of treatment brings
ROUNDS, SECONDS = 3, 2.5


def main() -> None:
    """Print sync_vs_no_storage_sqlite, …_postgresql and sync_failures, with the rates they come from."""
    failures = 0
    with tempfile.TemporaryDirectory(prefix="meantime-sync-") as folder:
        failures += _measure("sqlite", Path(folder), None)
        with postgres(Path(folder)) as url:
            failures += _measure("postgresql", Path(folder) / "data", url)
    print(f"sync_failures {failures} count")


def _measure(name: str, folder: Path, url: str | None) -> int:
    environ = {**os.environ, "MEANTIME_DATA": str(folder), "MEANTIME_PORT": str(_free_port())}
    environ |= {"MEANTIME_DATABASE_URL": url} if url else {}
    phones = _prepare(Config.from_env(environ))
    whole, bare, failures = [], [], 0
    bare_environ = {**environ, "MEANTIME_PORT": str(_free_port())}
    with _serving(environ) as port, _serving(bare_environ, WITHOUT_STORAGE) as bare_port:
        for _ in range(ROUNDS):  # side by side in turns, so that whatever else the machine does hits both
            for rates, at in ((bare, bare_port), (whole, port)):
                rate, failed = _load(at, phones)
                rates.append(rate)
                failures += failed
    print(f"sync_pushes_{name} {statistics.median(whole):.0f} /s", flush=True)
    print(f"sync_pushes_no_storage_{name} {statistics.median(bare):.0f} /s", flush=True)
    print(f"sync_vs_no_storage_{name} {_ratio(whole, bare):.2f} ratio", flush=True)
    return failures


def _ratio(whole: list[float], bare: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(whole, bare, strict=True))


def _prepare(config: Config) -> list[Phone]:
    startup.prepare(config)
    app = create_app(config)
    with app.app_context():
        flask_migrate.upgrade()
        phones = populate(CLIENTS)
        app.extensions["sqlalchemy"].session.remove()
        app.extensions["sqlalchemy"].engine.dispose()
    return phones


def _load(port: int, phones: list[Phone]) -> tuple[float, int]:
    """Push over all connections at once. Returns pushes per second, and how many were not wholly stored."""
    done, failed = [0] * CONNECTIONS, [0] * CONNECTIONS
    begun = time.monotonic()
    until = begun + SECONDS

    def push(n: int) -> None:
        own = phones[n::CONNECTIONS]
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.monotonic() < until:
                phone = own[done[n] % len(own)]
                failed[n] += not _stored(_exchange(connection, phone))
                done[n] += 1

    threads = [threading.Thread(target=push, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - begun), sum(failed)


def _exchange(connection: socket.socket, phone: Phone) -> bytes:
    body = phone.push()
    head = (
        f"POST /api/v1/sync/push HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Sync-Protocol: 1\r\nCookie: phone={phone.token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(connection)
    head_end = answer.index(b"\r\n\r\n") + 4
    length = int(answer[:head_end].lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(answer) < head_end + length:
        answer += _more(connection)
    return answer


def _more(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    if not got:
        raise ConnectionError("the server hung up")
    return got


def _stored(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        return False
    return [result["status"] for result in orjson.loads(body)["results"]] == ["stored"] * 5


@contextmanager
def _serving(environ: dict[str, str], *arguments: str):
    server = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.sync_server", *arguments], env=environ)
    try:
        port = int(environ["MEANTIME_PORT"])
        for _ in range(600):
            if server.poll() is not None:
                sys.exit("The server did not start.")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
