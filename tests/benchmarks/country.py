"""A burst for a country: 400,000 clients on PostgreSQL, 91,000 due at 18:00, planned and sent by worker processes.

What it cost is counted in processor seconds of the workers and of the database; the push service that takes it all
runs on the same machine, and its own are told apart. `--clients N` makes it smaller.
"""

import argparse
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import flask_migrate
from sqlalchemy import text

from server import create_app, startup
from server.config import Config
from server.extensions import db
from server.sealing import push_public_key, ring
from tests.benchmarks.country_filling import BURST, FIRST_RUN, NOW, fill
from tests.benchmarks.database import postgres
from tests.benchmarks.pages_filling import timed
from tests.fakes import PhoneKeys, b64
from tests.localhost import free_port, own_certificate
from tests.reminders.peers import NODE

CLIENTS, BURST_SHARE, FIRST_SHARE = 400_000, 91_000 / 400_000, 0.05
PHONES = 100  # pairs of keys, in turns
PRICE = 0.04  # of one vCPU for an hour, in dollars: an assumption, about what a general machine costs on demand
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print country_planned, …_sent, …_late_p50/95/99, …_cpu and what a million reminders cost."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--clients", type=int, default=CLIENTS)
    asked.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="meantime-country-") as name, postgres(Path(name)) as url:
        world = World(Path(name), url)
        with world.app.app_context(), world.taker():
            flask_migrate.upgrade()
            began = time.monotonic()
            world.fill(wanted.clients)
            timed("country_filled", began)
            for when in ("first", "again"):
                report(f"country_planned_{when}", world.run(1, "plan", NOW))
            world.forget_before(FIRST_RUN)
            report("country_one_worker", world.run(1, "send", FIRST_RUN))
            world.forget_before(BURST)
            report("country_burst", world.run(wanted.workers, "send", BURST))


class World:
    """The database, the push service, and the processes that work between them."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._port = folder, free_port()
        _, self._certificate = own_certificate(folder)
        self.origin = f"https://localhost:{self._port}"
        self._environ = {
            **os.environ, "MEANTIME_DATA": str(folder / "data"), "MEANTIME_DATABASE_URL": url,
            "MEANTIME_PUSH_HOSTS": f"localhost:{self._port}", "MEANTIME_FAST_PUSH": "1",
            "SSL_CERT_FILE": str(self._certificate),
        }  # fmt: skip
        config = Config.from_env(self._environ)
        startup.prepare(config)
        self.app, self._phones = create_app(config), [PhoneKeys() for _ in range(PHONES)]

    def fill(self, clients: int) -> None:
        """Make so many clients, those of the burst and of the first run among them."""
        at = {f"{BURST:%H:%M}": round(clients * BURST_SHARE), f"{FIRST_RUN:%H:%M}": round(clients * FIRST_SHARE)}
        phones = [{"p256dh": phone.p256dh, "auth": phone.auth} for phone in self._phones]
        with db.engine.begin() as connection:
            fill(connection, clients, at, self.origin, phones)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))

    def forget_before(self, moment: datetime) -> None:
        """What was due earlier that day has gone out."""
        earlier = text(
            "UPDATE delivery SET state = 'accepted', accepted_at = due_at WHERE due_at < :at AND state = 'planned'"
        )
        with db.engine.begin() as connection:
            connection.execute(earlier, {"at": moment})
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE delivery"))

    def run(self, workers: int, what: str, moment: datetime) -> dict:
        """So many processes do this at once: what each took, and the database and the push service meanwhile."""
        db.session.remove()
        db.engine.dispose()
        command = [sys.executable, "-m", "tests.benchmarks.country_worker", what, moment.isoformat()]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        running = [subprocess.Popen(command, env=self._environ, **pipes) for _ in range(workers)]
        for one in running:
            one.stdout.readline()
        database, before, starts = self._database_cpu(), self.taken(), f"{time.time()}\n"
        for one in running:
            one.stdin.write(starts)
            one.stdin.flush()
        each = [json.loads(one.communicate()[0]) for one in running]
        time.sleep(1)  # until the database has counted those who left
        after = self.taken()
        if after["refused"]:
            raise SystemExit(f"the push service refused some: {after['refused']}")
        late = self._lateness(moment) if what == "send" else {}
        return {
            "done": sum(one["done"] for one in each), "took": max(one["took"] for one in each), "workers": workers,
            "cpu": sum(one["cpu"] for one in each), "database": self._database_cpu() - database,
            "taker": after["cpu"] - before["cpu"], "taken": after["taken"] - before["taken"],
            "repeats": after["repeats"], "megabytes": max(one["megabytes"] for one in each),
            "load": os.getloadavg()[0], **late,
        }  # fmt: skip

    def taken(self) -> dict:
        """What the push service says of itself."""
        context = ssl.create_default_context(cafile=str(self._certificate))
        with urllib.request.urlopen(self.origin, context=context, timeout=20) as answer:
            return json.loads(answer.read())

    @contextmanager
    def taker(self):
        """The push service while it runs."""
        told = self._folder / "taker.json"
        phones = [{"private": _number(phone), "auth": phone.auth} for phone in self._phones]
        told.write_text(json.dumps({"origin": self.origin, "publicKey": push_public_key(ring()), "phones": phones}))
        script = Path(__file__).with_name("country_taker.cjs")
        running = subprocess.Popen([NODE, script, str(self._port), self._certificate, self._folder / "own.key", told])
        try:
            for _ in range(200):
                with suppress(OSError):
                    self.taken()
                    break
                time.sleep(0.05)
            yield
        finally:
            running.kill()
            running.wait()

    def _database_cpu(self) -> float:
        """Seconds of the server, of those of its processes that ended, and of those that live."""
        first = (self._folder / "pg" / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        own = sum(_ticks(first)) + sum(sum(_ticks(pid)[:2]) for pid in children)
        return own / TICK

    def _lateness(self, moment: datetime) -> dict:
        late = "extract(epoch FROM accepted_at - due_at)"
        shares = ", ".join(f"percentile_disc(0.{n}) WITHIN GROUP (ORDER BY {late})" for n in (50, 95, 99))
        query = f"SELECT {shares} FROM delivery WHERE due_at = :at AND state = 'accepted'"
        with db.engine.connect() as connection:
            p50, p95, p99 = connection.execute(text(query), {"at": moment}).one()
        return {"p50": float(p50), "p95": float(p95), "p99": float(p99)}


def report(name: str, found: dict) -> None:
    """One line per figure, and what a million would cost at PRICE: of workers and database, not of the push service."""
    million = 1e6 / found["done"] if found["done"] else 0
    own = found["cpu"] + found["database"]
    lines = [
        ("", found["done"], "count"),
        ("_took", found["took"], "s"),
        ("_rate", found["done"] / found["took"], "/s"),
    ]
    lines += [(f"_late_{share}", found[share], "s") for share in ("p50", "p95", "p99") if share in found]
    lines += [("_workers", found["workers"], "count"), ("_worker_cpu", found["cpu"], "s")]
    lines += [("_database_cpu", found["database"], "s"), ("_push_service_cpu", found["taker"], "s")]
    lines += [("_cpu_per_million", own * million, "s"), ("_cost_per_million", own * million / 3600 * PRICE, "USD")]
    lines += [
        ("_repeats", found["repeats"], "count"),
        ("_peak", found["megabytes"], "MB"),
        ("_load", found["load"], ""),
    ]
    for suffix, value, unit in lines:
        print(
            f"{name}{suffix} {value:.4g} {unit}".rstrip()
            if isinstance(value, float)
            else f"{name}{suffix} {value} {unit}",
            flush=True,
        )


def _ticks(pid: str) -> list[int]:
    """Processor time of a process: own (user, system), and of its children that ended (user, system)."""
    try:
        return [int(part) for part in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]]
    except OSError:
        return [0, 0, 0, 0]


def _number(phone: PhoneKeys) -> str:
    return b64(phone._private.private_numbers().private_value.to_bytes(32, "big"))


if __name__ == "__main__":
    main()
