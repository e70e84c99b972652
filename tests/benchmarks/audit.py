"""How long the whole audit takes to be proved: a million chained events, on SQLite."""

import json
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import flask_migrate

from server import clock, create_app, startup
from server.audit.models import content_of
from server.audit.queries import check_chain
from server.audit.rules import GENESIS, link
from server.config import Config
from server.extensions import atomic
from server.people import actions as people

EVENTS = 1_000_000
ADD = "INSERT INTO audit_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def main() -> None:
    """Print audit_verify_million, and how much of it was work of ours: other programs may have held us up."""
    with tempfile.TemporaryDirectory(prefix="meantime-audit-") as folder:
        config = Config.from_env({"MEANTIME_DATA": folder})
        startup.prepare(config)
        with create_app(config).app_context():
            flask_migrate.upgrade()
            with atomic():
                service_id = people.add_service(name="North", by="bench", now=clock.now()).id
            _fill(Path(folder) / "meantime.sqlite3", service_id)
            begun, worked = time.perf_counter(), time.process_time()
            verdict = check_chain(service_id)
            took, work = time.perf_counter() - begun, time.process_time() - worked
    assert (verdict.whole, verdict.linked) == (True, EVENTS), verdict
    print(f"audit_verify_million {took:.1f} s")
    print(f"audit_verify_million_processor {work:.1f} s")


def _fill(path: Path, service_id: UUID) -> None:
    client_id, actor = uuid4(), uuid4()
    event = SimpleNamespace(
        **{"service_id": service_id, "at": datetime(2026, 11, 18, 9, 30, tzinfo=UTC), "verb": "client.seen"},
        **{"actor_kind": "practitioner", "actor_id": str(actor), "about_kind": "client", "about_id": str(client_id)},
        **{"client_id": client_id, "detail": {"page": "show_client", "entries": 3}},
    )
    rows, previous = [], GENESIS
    for position in range(1, EVENTS + 1):
        event.id = position + 1000
        own = link(content_of(event), position, previous)
        told = (event.verb, event.actor_kind, event.actor_id, event.about_kind, event.about_id, client_id.hex)
        moment = event.at.strftime("%Y-%m-%d %H:%M:%S.%f")
        rows.append((event.id, service_id.hex, moment, *told, json.dumps(event.detail), position, previous, own))
        previous = own
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER audit_event_never_goes")
        connection.execute("DELETE FROM audit_event")
        connection.executemany(ADD, rows)
    connection.close()


if __name__ == "__main__":
    main()
