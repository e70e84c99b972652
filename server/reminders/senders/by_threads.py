"""For services that are asked one message at a time: a few threads, each with a connection of its own."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from threading import local
from time import monotonic
from typing import Any

from server.reminders.senders import ALARM, BUG, LATER, Outcome

log = logging.getLogger(__name__)

AT_ONCE = 4
LONGEST = 45.0  # seconds of one batch: what is left then is answered `later`, well within the lease


class ByThreads(ABC):
    """Draws messages in the caller's thread, sends them in others, and never lets one message stop the rest."""

    def __init__(self, at_once: int = AT_ONCE, longest: float = LONGEST) -> None:
        self._at_once, self._longest = at_once, longest

    @abstractmethod
    def one(self, message: Any, held: local) -> Outcome:
        """Send one message. `held` is this thread's own, to keep a connection in: `held.connection`."""

    def close(self, connection: Any) -> None:
        """End a connection that was kept."""
        connection.close()

    def send(self, messages: Iterable[Any], now: datetime) -> Iterator[list[tuple[Any, Outcome]]]:
        """Send them all; each is drawn only when its turn comes. Yields outcomes as they come."""
        run = _Run(self, monotonic() + self._longest)
        source, waiting = iter(messages), set[Future[tuple[Any, Outcome]]]()
        with ThreadPoolExecutor(self._at_once) as pool:
            try:
                while True:
                    while len(waiting) < self._at_once and (message := next(source, None)) is not None:
                        waiting.add(pool.submit(run.one, message))
                    if not waiting:
                        return
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield [each.result() for each in done]
            finally:
                wait(waiting)
                run.close()


class _Run:
    """One batch: until when it may ask, whether asking has any sense, and the connections it keeps."""

    def __init__(self, sender: ByThreads, until: float) -> None:
        self._sender, self._until, self._down = sender, until, False
        self._held, self._all = local(), list[Any]()
        self._refused: Outcome | None = None

    def one(self, message: Any) -> tuple[Any, Outcome]:
        if self._down or monotonic() > self._until:
            return message, Outcome(LATER, tried=False)
        if self._refused:
            return message, self._refused
        before = getattr(self._held, "connection", None)
        try:
            outcome = self._sender.one(message, self._held)
        except Exception as wrong:  # its text may hold an address
            log.error("A message by %s raised %s.", message.channel, type(wrong).__name__)
            outcome = Outcome(BUG)
        after = getattr(self._held, "connection", None)
        if after is not None and after is not before:
            self._all.append(after)
        self._down = self._down or (outcome.kind == LATER and outcome.status is None)
        if outcome.kind == ALARM:  # of our keys, not of this message: it is the answer to all of the batch
            self._refused = outcome
        return message, outcome

    def close(self) -> None:
        for connection in self._all:
            try:
                self._sender.close(connection)
            except Exception as wrong:
                log.info("A connection ended with %s.", type(wrong).__name__)
