"""Writes the people of a bundle in parts, on PostgreSQL in several processes at once: same moment, same bytes.

Each process reads the moment of the first (a snapshot that PostgreSQL hands on), and writes a part of every table into
a folder of its own; the first puts the parts one after the other. What is small is written by one, without all that.
"""

import os
import shutil
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from flask import current_app

from server.research.facts import shared
from server.research.filling import Filler, Into
from server.research.part_process import Asked, Done, Order, begin, write_part
from server.research.roster import Roster
from server.research.trouble import CannotBuild

PEOPLE = 2_000  # in a part
MOST = 4  # processes, if nobody says how many: the machine has other work
LOOK_AGAIN = 0.5  # seconds between two looks how far the others are


def usual_processes() -> int:
    """How many processes write when nobody says how many: one for each core, and not more than four."""
    return min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def write(asked: Asked, filler: Filler, roster: Roster, processes: int, more: Callable[[int], object]) -> None:
    """Write everybody. `more`: said with how many, each time some more are done.

    Raises `CannotBuild` where a process ended by itself. One process it is on SQLite, and for one part alone.
    """
    snapshot = shared(filler.session) if processes > 1 and len(roster) > PEOPLE else None
    if snapshot:
        order = Order(current_app.config["MEANTIME"], asked, snapshot)
        _in_processes(order, filler.into, roster, processes, more)
        return
    for listed in roster.several(PEOPLE):
        filler.write(listed, more)
        filler.into.tables.end_part()


def _in_processes(order: Order, into: Into, roster: Roster, processes: int, more: Callable[[int], object]) -> None:
    spawning = get_context("spawn")  # this process has threads and connections, which no fork takes along whole
    counted, stop = spawning.Value("Q", 0), spawning.Event()
    pool = ProcessPoolExecutor(processes, spawning, begin, (order, counted, stop))
    begun: deque[Future[Done]] = deque()
    try:
        for number, listed in enumerate(roster.several(PEOPLE)):
            begun.append(pool.submit(write_part, number, listed))
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


def _take(one: Future[Done], into: Into, counted: Any, more: Callable[[int], object]) -> None:
    while wait([one], timeout=LOOK_AGAIN).not_done:
        _say(counted, more)
    done = one.result()
    _say(counted, more)
    into.tables.take(done.folder, done.part)
    into.waiting.take(done.folder, done.means)
    into.weekly.take(done.weekly)
    shutil.rmtree(done.folder)


def _say(counted: Any, more: Callable[[int], object]) -> None:
    with counted.get_lock():
        several, counted.value = counted.value, 0
    if several:  # nothing is said for whoever hangs
        more(several)
