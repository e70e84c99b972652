"""Writes the people of a bundle in parts, on PostgreSQL in several processes at once: same moment, same bytes.

Each process reads the moment of the first (a snapshot that PostgreSQL hands on), and writes a part of every table into
a folder of its own; the first puts the parts one after the other. What is small is written by one, without all that.
Where parts are kept, those that lie finished since a builder was killed are not written again (`part.py`).
"""

import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Set
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, connection, get_context
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from flask import current_app

from server.research.facts import shared
from server.research.filling import Asked, Filler, Into, Listed
from server.research.part import Done, Kept, write_part
from server.research.part_process import Order, begin
from server.research.part_process import write as write_there
from server.research.roster import Roster
from server.research.trouble import ProcessEnded

PEOPLE = 2_000  # in a part
MOST = 4  # processes, if nobody says how many: the machine has other work
LOOK_AGAIN = 0.5  # seconds between two looks how far the others are
HANGS = 300.0  # seconds in which nobody wrote anybody: less than a build's lease lasts
ENDS = 60.0  # seconds to finish the people in hand


def usual_processes() -> int:
    """How many processes write when nobody says how many: a core is left to phones, and four are enough."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, max(1, cores - 1))


def write(
    asked: Asked,
    filler: Filler,
    roster: Roster,
    processes: int,
    more: Callable[[int], object],
    kept: Kept | None = None,
) -> None:
    """Write everybody. `more`: said with how many, each time some more are done. `kept`: where finished parts stay.

    `processes`: how many write for this one; 0, and always on SQLite and for one part alone: it writes itself. Raises
    `ProcessEnded` where one of them did not finish.
    """
    several = len(roster) > PEOPLE
    snapshot = shared(filler.source.session) if processes and several else None
    if snapshot:
        order = Order(current_app.config["MEANTIME"], asked, snapshot, kept)
        _in_processes(order, filler, roster, processes, more)
    elif kept and several:
        _one_by_one(asked, filler, roster, more, kept)
    else:
        for _, listed in roster.parts(PEOPLE):
            filler.write(listed, more)
            filler.into.tables.end_part()


def _one_by_one(asked: Asked, filler: Filler, roster: Roster, more: Callable[[int], object], kept: Kept) -> None:
    for name, listed in _wanted(roster, kept):
        done = kept.found(filler.source, asked, name, listed)
        if done:
            more(len(listed))
        _put(done or write_part(filler.source, asked, name, listed, more, kept), filler.into)


def _wanted(roster: Roster, kept: Kept | None) -> Iterator[tuple[str, list[Listed]]]:
    """The parts. What else lies where they are kept, of whoever withdrew say, goes first."""
    if kept:
        kept.clear(but=roster.names(PEOPLE))
    return roster.parts(PEOPLE)


def _in_processes(order: Order, filler: Filler, roster: Roster, processes: int, more: Callable[[int], object]) -> None:
    spawning = get_context("spawn")  # this process has threads and connections, which no fork takes along whole
    counted, stop = spawning.Value("Q", 0), spawning.Event()
    others = set(active_children())
    pool = ProcessPoolExecutor(processes, spawning, begin, (order, counted, stop))
    begun: deque[Future[Done]] = deque()
    try:
        for name, listed in _wanted(roster, order.kept):
            done = order.kept.found(filler.source, order.asked, name, listed) if order.kept else None
            if done:
                more(len(listed))
            begun.append(_is_there(done) if done else pool.submit(write_there, name, listed))
            if len(begun) > processes:  # no more lies about than is being worked at
                _take(begun.popleft(), filler.into, counted, more, order.kept)
        while begun:
            _take(begun.popleft(), filler.into, counted, more, order.kept)
    except BrokenProcessPool:
        more(0)  # who was told to stop says so: then it is no failure
        raise ProcessEnded("ended by itself, perhaps for want of memory") from None
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        _end(set(active_children()) - others)


def _is_there(done: Done) -> Future[Done]:
    one: Future[Done] = Future()
    one.set_result(done)
    return one


def _take(one: Future[Done], into: Into, counted: Any, more: Callable[[int], object], kept: Kept | None = None) -> None:
    moved = monotonic()
    while wait([one], timeout=LOOK_AGAIN).not_done:
        if _say(counted, more):
            moved = monotonic()
        elif monotonic() - moved > HANGS:
            raise ProcessEnded("did not go on")
    done = one.result()
    _say(counted, more)
    _put(done, into)
    if not kept:
        shutil.rmtree(done.folder)


def _put(done: Done, into: Into) -> None:
    into.tables.take(done.folder, done.part)
    into.waiting.take(done.folder, done.means)
    into.weekly.take(done.weekly)


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
