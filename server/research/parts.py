"""Writes the people of a bundle in parts, on PostgreSQL in several processes at once: same moment, same bytes.

Each process reads the moment of the first (a snapshot that PostgreSQL hands on), and writes a part of every table into
a folder of its own; the first puts the parts one after the other. What is small is written by one, without all that.
"""

import os
import shutil
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from multiprocessing import connection, get_context, parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from server import create_app
from server.config import Config
from server.research.compared import Means, Waiting
from server.research.facts import reading, shared
from server.research.fhir_files import FhirFiles
from server.research.filling import Filler, Into, Listed
from server.research.installed import files_of_installation, published
from server.research.roster import Roster
from server.research.scope import scope_of
from server.research.tables import Part, Tables
from server.research.trouble import CannotBuild, telling_nothing
from server.research.weekly import Weekly

PEOPLE = 2_000  # in a part
MOST = 4  # processes, if nobody says how many: the machine has other work
LOOK_AGAIN = 0.5  # seconds between two looks how far the others are
NICENESS = 5  # phones go first


@dataclass(frozen=True)
class Asked:
    """What is to be built, as it was asked for, and where."""

    folder: Path
    project: str
    basis: str | None
    as_of: datetime


@dataclass(frozen=True)
class _Order:
    """What each process is told as it begins."""

    config: Config
    asked: Asked
    snapshot: str


@dataclass(frozen=True)
class _Done:
    """What has to be known of a part that was written."""

    folder: Path
    part: Part
    means: Means
    weekly: Weekly


def usual_processes() -> int:
    """How many processes write when nobody says how many: one for each core, and not more than four."""
    return min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def write(asked: Asked, filler: Filler, roster: Roster, processes: int, more: Callable[[int], object]) -> None:
    """Write everybody. `more`: said with how many, each time some more are done.

    Raises `CannotBuild` where a process ended by itself. One process it is on SQLite, and for one part alone.
    """
    snapshot = shared(filler.session) if processes > 1 and len(roster) > PEOPLE else None
    if snapshot:
        order = _Order(current_app.config["MEANTIME"], asked, snapshot)
        _in_processes(order, filler.into, roster, processes, more)
        return
    for listed in roster.several(PEOPLE):
        filler.write(listed, more)
        filler.into.tables.end_part()


def _in_processes(order: _Order, into: Into, roster: Roster, processes: int, more: Callable[[int], object]) -> None:
    spawning = get_context("spawn")  # this process has threads and connections, which no fork takes along whole
    counted, stop = spawning.Value("Q", 0), spawning.Event()
    pool = ProcessPoolExecutor(processes, spawning, _begin, (order, counted, stop))
    begun: deque[Future[_Done]] = deque()
    try:
        for number, listed in enumerate(roster.several(PEOPLE)):
            begun.append(pool.submit(_write_part, number, listed))
            if len(begun) > processes:  # no more lies about than is being worked at
                _take(begun.popleft(), into, counted, more)
        while begun:
            _take(begun.popleft(), into, counted, more)
    except BrokenProcessPool:
        raise CannotBuild(
            "The bundle was not built: a process that wrote a part of it ended by itself, perhaps for want of memory."
            " Fewer processes need less."
        ) from None
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _take(one: Future[_Done], into: Into, counted: Any, more: Callable[[int], object]) -> None:
    while not one.done():
        wait([one], timeout=LOOK_AGAIN)
        with counted.get_lock():
            several, counted.value = counted.value, 0
        if several:  # nothing is said for whoever hangs
            more(several)
    done = one.result()
    into.tables.take(done.folder, done.part)
    into.waiting.take(done.folder, done.means)
    into.weekly.take(done.weekly)
    shutil.rmtree(done.folder)


# In the other processes. Each builds for one order, and is gone with it.
_told: list[Any] = []


def _begin(*told: Any) -> None:
    _told[:] = told
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who pressed it told the first process, which tells us
    threading.Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    """Whoever is left alone would hold the database's old state for ever."""
    first = parent_process()
    if first is not None:
        connection.wait([first.sentinel])
        os._exit(1)


@cache
def _reader() -> tuple[Any, Session]:
    order: _Order = _told[0]
    held = ExitStack()
    held.enter_context(create_app(order.config).app_context())
    session = held.enter_context(reading(order.snapshot))
    Finalize(None, held.close, exitpriority=1)
    scope = scope_of(order.asked.project, order.asked.basis)
    return (scope.key, scope.people(session, order.asked.as_of)), session


def _write_part(number: int, listed: list[Listed]) -> _Done:
    order, counted, stop = _told
    asked: Asked = order.asked

    def more(several: int) -> None:
        if stop.is_set():
            raise CannotBuild("The bundle was not built: it was given up.")
        with counted.get_lock():
            counted.value += several

    with telling_nothing():
        (key, people), session = _reader()
        folder = asked.folder / f"part-{number}"
        folder.mkdir()
        fhir = FhirFiles(folder, published(), asked.as_of.astimezone(UTC).isoformat())
        tables = Tables(folder, files_of_installation(), fhir, part=True)
        with tables, closing(Waiting(folder)) as waiting:
            into = Into(tables, waiting, Weekly(asked.as_of))
            Filler(session, key, people, asked.as_of, into).write(listed, more)
            return _Done(folder, tables.flush(), waiting.flush(), into.weekly)
