"""The whole path of a reminder: claimed, checked, sealed, posted and marked, thousands due at once, on both databases.

On PostgreSQL once more beside a push service that hangs, to show what that costs the others.
"""

import math
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import flask_migrate
from sqlalchemy import insert, select

from server import create_app, dispatching, startup, worker
from server.assignments.models import Assignment, Occurrence
from server.config import Config
from server.extensions import atomic, db, new_id
from server.reminders import rules
from server.reminders.models import Delivery, PushSubscription, ReminderRule
from server.reminders.push import WebPush
from server.reminders.senders.own import push_sender
from server.sealing import ring
from tests.benchmarks.database import postgres
from tests.reminders.conftest import MONDAY, told_story
from tests.reminders.receiver import Receiver
from tests.reminders.test_chaos import DAYS, Storm, replace_host
from tests.reminders.ticking import DUE

NUMBER = {"postgresql": 10_000, "sqlite": 4_000}
HANGING = 100  # of those, to the push service that never answers
PATIENCE = 10.0  # seconds; 30 where nobody waits for the figure


def whole_path() -> None:
    """Print reminders_whole_path, …_p50_lateness to …_p99_lateness, …_shown_twice, the same for SQLite, and beside one
    that hangs.

    One process with the default sender. The push service runs in a thread of it, so the clock counts both.
    """
    with tempfile.TemporaryDirectory(prefix="meantime-whole-") as name, postgres(Path(name)) as url:
        _one(Path(name) / "data", url, "", hangs=False)
    with tempfile.TemporaryDirectory(prefix="meantime-whole-") as name, postgres(Path(name)) as url:
        _one(Path(name) / "data", url, "_beside_one_that_hangs", hangs=True)
    with tempfile.TemporaryDirectory(prefix="meantime-whole-") as name:
        _one(Path(name), "", "_sqlite", hangs=False)


def _one(folder: Path, url: str, suffix: str, *, hangs: bool) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "MEANTIME_DATABASE_URL"}
    config = Config.from_env(environ | {"MEANTIME_DATA": str(folder)} | ({"MEANTIME_DATABASE_URL": url} if url else {}))
    startup.prepare(config)
    app = create_app(config)
    with app.app_context(), Receiver() as receiver, silence() as host:
        flask_migrate.upgrade()
        with told_story(app) as story:
            replace_host(story, receiver)
            number = NUMBER[db.engine.dialect.name]
            fill(Storm(story, None, receiver, number))
            if hangs:
                hang(app, story, host)
            sender = push_sender(app.config["MEANTIME"], ring().push_private, PATIENCE)
            measure(sender, receiver, number - (HANGING if hangs else 0), suffix)
        db.session.remove()
        db.engine.dispose()


def fill(storm: Storm) -> None:
    """As the storm fills, on either database."""
    with atomic():
        for n in range(storm.number // DAYS):
            storm._client(n)
        db.session.flush()
        of_client = {row.client_id: row for row in db.session.scalars(select(Assignment)) if row.worksheet_id is None}
        days = [timedelta(days=n) for n in range(DAYS)]
        first = MONDAY.date()
        hours = db.session.scalars(select(ReminderRule)).all()
        wanted = [(rule, of_client[rule.client_id], first + day) for rule in hours for day in days]
        kept = {"service_id": storm.story.client.service_id}
        open_now = {"version": 1, "due_at": DUE + rules.LIVE_FOR, "state": "open", "size": "usual", "extra": 0}
        db.session.execute(insert(Occurrence), [
            {**kept, **open_now, "assignment_id": one.id, "client_id": rule.client_id, "episode_id": one.episode_id,
             "slot": f"{day}#1", "opens_on": day, "due_on": day, "recorded_at": DUE, "feed_seq": 1}
            for rule, one, day in wanted
        ])  # fmt: skip
        planned = {"slot": "13:30", "channel": "push", "due_at": DUE, "expires_at": DUE + rules.LIVE_FOR}
        db.session.execute(insert(Delivery), [
            {**kept, **planned, "id": (key := new_id()), "client_id": rule.client_id, "rule_id": rule.id,
             "local_date": day, "state": "planned", "code": key.hex[:22], "attempts": 0, "feed_seq": 1}
            for rule, _, day in wanted
        ])  # fmt: skip
    db.session.remove()


def measure(sender: WebPush, receiver: Receiver, number: int, suffix: str) -> None:
    """Send what is due, and print how fast those went that could."""
    worker.quieten()
    began, worked = time.perf_counter(), time.process_time()
    counts = dispatching.dispatch(DUE, sender)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    moments = db.session.scalars(select(Delivery.accepted_at).where(Delivery.accepted_at.is_not(None)))
    late = sorted((moment - DUE).total_seconds() for moment in moments)
    if counts["sent"] != number or len(late) != number:
        raise SystemExit(f"not all were sent: {dict(counts)}")
    print(f"reminders_whole_path{suffix} {number / max(late):.0f} /s", flush=True)
    print(f"reminders_whole_path{suffix}_cpu {worked / number * 1e6:.0f} us", flush=True)
    for share in (50, 95, 99):
        print(f"reminders_p{share}_lateness{suffix} {late[math.ceil(number * share / 100) - 1]:.1f} s", flush=True)
    print(f"reminders_until_all_was_done{suffix} {took:.1f} s", flush=True)
    print(f"reminders_shown_twice{suffix} {receiver.repeats()} count", flush=True)


def hang(app, story, host: str) -> None:
    """The phones of the first clients are of a push service that never answers."""
    config = app.config["MEANTIME"]
    app.config["MEANTIME"] = replace(config, push_hosts=(*config.push_hosts, host))
    with atomic():
        for phone in db.session.scalars(select(PushSubscription).limit(HANGING // DAYS)):
            phone.keys = {**phone.keys, "endpoint": f"http://{host}/{phone.id}"}
            phone.origin = f"http://{host}"


@contextmanager
def silence() -> Iterator[str]:
    """Host and port of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
