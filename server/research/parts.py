"""Writes the people of a bundle in parts, on PostgreSQL in several processes at once: same moment, same bytes.

Each process reads the moment of the first (a snapshot that PostgreSQL hands on), and writes a part of every table into
a folder of its own; the first puts the parts one after the other. What is small is written by one, without all that.
"""

import os
import shutil
from collections import deque
from collections.abc import Callable, Set
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, connection, get_context
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from flask import current_app

from server.research.facts import shared
from server.research.filling import Asked, Filler, Into
from server.research.part_process import Done, Order, begin, write_part
from server.research.roster import Roster
from server.research.trouble import ProcessEnded

PEOPLE = 2_000  # in a part
MOST = 4  # processes, if nobody says how many: the machine has other work
LOOK_AGAIN = 0.5  # seconds between two looks how far the others are
HANGS = 300.0  # seconds in which nobody wrote anybody: less than a build's lease lasts
ENDS = 60.0  # seconds to finish the people in hand


def usual_processes() -> int:
    """How many processes write when nobody says how many: one for each core, and not more than four."""
    return min(MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def write(asked: Asked, filler: Filler, roster: Roster, processes: int, more: Callable[[int], object]) -> None:
    """Write everybody. `more`: said with how many, each time some more are done.

    Raises `ProcessEnded` where one of several did not finish. One process it is on SQLite, and for one part alone.
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
    others = set(active_children())
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
        more(0)  # who was told to stop says so: then it is no failure
        raise ProcessEnded("ended by itself, perhaps for want of memory") from None
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        _end(set(active_children()) - others)


def _take(one: Future[Done], into: Into, counted: Any, more: Callable[[int], object]) -> None:
    moved = monotonic()
    while wait([one], timeout=LOOK_AGAIN).not_done:
        if _say(counted, more):
            moved = monotonic()
        elif monotonic() - moved > HANGS:
            raise ProcessEnded("did not go on")
    done = one.result()
    _say(counted, more)
    into.tables.take(done.folder, done.part)
    into.waiting.take(done.folder, done.means)
    into.weekly.take(done.weekly)
    shutil.rmtree(done.folder)


def _say(counted: Any, more: Callable[[int], object]) -> int:
    with counted.get_lock():
        several, counted.value = counted.value, 0
    if several:  # nothing is said for whoever hangs
        more(several)
    return int(several)


def _end(processes: Set[BaseProcess]) -> None:
    """Wait for them; one that hangs is killed, or it would write on in a folder that is being cleared away."""
    left, until = list(processes), monotonic() + ENDS
    while left and (seconds := until - monotonic()) > 0:
        over = connection.wait([one.sentinel for one in left], timeout=seconds)
        left = [one for one in left if one.sentinel not in over]
    for one in left:
        one.kill()
        connection.wait([one.sentinel])
