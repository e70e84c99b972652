"""The whole path of a reminder on PostgreSQL: claimed, checked, sealed, posted and marked, ten thousand due at once."""

import math
import os
import tempfile
import time
from pathlib import Path

import flask_migrate
from sqlalchemy import select

from server import create_app, dispatching, startup
from server.config import Config
from server.extensions import db
from server.reminders.models import Delivery
from server.reminders.senders.own import push_sender
from server.sealing import ring
from tests.benchmarks.database import postgres
from tests.reminders.conftest import told_story
from tests.reminders.receiver import Receiver
from tests.reminders.test_chaos import Storm, replace_host
from tests.reminders.ticking import DUE

NUMBER = 10_000


def whole_path() -> None:
    """Print reminders_whole_path, reminders_p95_lateness, reminders_p99_lateness and reminders_shown_twice.

    One process with the default sender. The push service runs in a thread of it, so the clock counts both.
    """
    with tempfile.TemporaryDirectory(prefix="meantime-whole-") as folder, postgres(Path(folder)) as url:
        environ = {**os.environ, "MEANTIME_DATA": str(Path(folder) / "data"), "MEANTIME_DATABASE_URL": url}
        config = Config.from_env(environ)
        startup.prepare(config)
        app = create_app(config)
        with app.app_context(), Receiver() as receiver:
            flask_migrate.upgrade()
            with told_story(app) as story:
                replace_host(story, receiver)
                Storm(story, None, receiver, NUMBER).fill()
                _dispatch(app, receiver)
            db.session.remove()
            db.engine.dispose()


def _dispatch(app, receiver: Receiver) -> None:
    began = time.perf_counter()
    counts = dispatching.dispatch(DUE, push_sender(app.config["MEANTIME"], ring().push_private))
    took = time.perf_counter() - began
    late = sorted(
        (moment - DUE).total_seconds() for moment in db.session.scalars(select(Delivery.accepted_at)) if moment
    )
    if counts["sent"] != NUMBER or len(late) != NUMBER:
        raise SystemExit(f"not all were sent: {dict(counts)}")
    print(f"reminders_whole_path {NUMBER / took:.0f} /s", flush=True)
    for share in (95, 99):
        print(f"reminders_p{share}_lateness {late[math.ceil(NUMBER * share / 100) - 1]:.1f} s", flush=True)
    print(f"reminders_shown_twice {receiver.repeats()} count", flush=True)
