"""A filled database that outlives its run, to be measured when the machine is quiet: `--keep` and `--use FOLDER`."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from server import clock
from tests.benchmarks.pages_world import Measured

NAME = "measured.json"
MOMENT = "MEANTIME_BENCH_LIVED_AT"  # for the process that is busy beside us


def keep(folder: Path, measured: Sequence[Measured], lived_at: datetime) -> None:
    """Write down who is measured there, and the moment at which their days were lived."""
    people = [{**vars(one), "service": str(one.service), "practitioner": str(one.practitioner)} for one in measured]
    (folder / NAME).write_text(json.dumps({"lived_at": lived_at.isoformat(), "measured": people}))


def kept(folder: Path) -> list[Measured]:
    """Who is measured there. The clock goes on from when they were lived: today's appointments are still today's."""
    held = json.loads((folder / NAME).read_text())
    os.environ[MOMENT] = held["lived_at"]
    go_on_from_there()
    ids = ("service", "practitioner")
    return [Measured(**{**one, **{name: UUID(one[name]) for name in ids}}) for one in held["measured"]]


def go_on_from_there() -> None:
    """Let the clock of this process go on from a moment that the environment may name; else from now, as ever."""
    if MOMENT in os.environ:
        past = datetime.now(UTC) - datetime.fromisoformat(os.environ[MOMENT])
        clock.now = lambda: datetime.now(UTC) - past
