"""One of the processes that write parts of a bundle: builds for one order, and is gone with it."""

import os
import signal
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from multiprocessing import connection, parent_process
from multiprocessing.util import Finalize
from typing import Any

from server import create_app
from server.config import Config
from server.extensions import db
from server.research.facts import reading
from server.research.filling import Asked, Listed, Source
from server.research.part import Done, Kept, write_part
from server.research.scope import scope_of
from server.research.trouble import CannotBuild, telling_nothing

NICENESS = 5  # phones go first


@dataclass(frozen=True)
class Order:
    """What each process is told as it begins."""

    config: Config
    asked: Asked
    snapshot: str
    kept: Kept | None


_told: list[Any] = []  # the order, how many people were written since somebody looked, and whether to stop


def begin(order: Order, counted: Any, stop: Any) -> None:
    """First thing in the process. `counted` and `stop` are shared with the one that began it."""
    _told[:] = order, counted, stop
    step_back()
    for number in (signal.SIGINT, signal.SIGTERM):  # whoever ends a service tells all of it: the first one tells us
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_first, daemon=True).start()


def step_back() -> None:
    """Let every other process go first, as far as the machine can."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def write(name: str, listed: list[Listed]) -> Done:
    """Write these people into a folder of their own. Raises `CannotBuild`, and nothing that tells of a row."""
    order, counted, stop = _told

    def more(several: int) -> None:
        if stop.is_set():
            raise CannotBuild("The bundle was not built: it was given up.")
        with counted.get_lock():
            counted.value += several

    with telling_nothing():
        return write_part(_source(), order.asked, name, listed, more, order.kept)


@cache
def _source() -> Source:
    order: Order = _told[0]
    held = ExitStack()
    held.enter_context(create_app(order.config).app_context())
    session = held.enter_context(reading(order.snapshot))
    Finalize(None, held.close, exitpriority=1)
    scope = scope_of(order.asked.project, order.asked.basis)
    db.session.rollback()  # what it read is read: no second transaction stays open
    return Source(session, scope.key, scope.people(session, order.asked.as_of))


def _end_with_the_first() -> None:
    """Whoever is left alone would hold the database's old state for ever."""
    first = parent_process()
    if first is not None:
        connection.wait([first.sentinel])
        os._exit(1)
