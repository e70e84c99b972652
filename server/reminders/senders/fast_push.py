"""Web push for workers (extra `fast-push`): sealed directly, and many messages at a time down one HTTP/2 connection.

What it may reach, how long it waits and what an answer means are the default sender's own.
"""

import logging
import socket
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice
from time import monotonic
from typing import Any

import pycurl

from server.reminders.push import DRAWN, WINDOW, WINDOW_SECONDS, Message, WebPush, standing
from server.reminders.senders import BUG, LATER, Outcome
from server.reminders.senders.encoding import directly
from server.reminders.senders.guarding import host_of, is_public, origin_of

log = logging.getLogger(__name__)

CONNECTIONS = 2  # to one push service; each carries a hundred messages and more at a time


@lru_cache(maxsize=8)
def fast_push(private: str, contact: str, hosts: tuple[str, ...], timeout: float = 30) -> "FastPush":
    """The fast sender for these keys; kept, as the default one is."""
    return FastPush(private, contact, hosts, timeout=timeout)


class FastPush(WebPush):
    """The same sender with a direct encoder over libcurl."""

    encrypt = staticmethod(directly)
    authorities: str | None = None  # a file of certificates to trust instead of the system's; tests have their own

    def send(self, messages: Iterable[Message], now: datetime) -> Iterator[list[tuple[Message, Outcome]]]:
        """Send them all, as the default sender does."""
        source, run = iter(messages), _Run(self, now)
        try:
            while True:
                drawn = list(islice(source, max(0, min(WINDOW, DRAWN * self._at_once - run.waiting))))
                for message in drawn:
                    run.take(message)
                if not run.waiting:
                    return
                if window := run.window(patiently=not drawn):
                    yield window
        finally:
            run.close()


class _Run:
    """One batch: its connections, a queue for each push service, and the outcomes not yet handed over."""

    def __init__(self, sender: FastPush, now: datetime) -> None:
        self._sender, self._now = sender, now
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, CONNECTIONS)
        self._idle: dict[str, list[Any]] = defaultdict(list)
        self._flying: dict[Any, tuple[Message, str]] = {}
        self._told: dict[str, list[str]] = {}  # the headers that stand, of one batch: a token lives for hours
        self._busy: Counter[str] = Counter()
        self._queues: dict[str, deque[Message]] = defaultdict(deque)
        self._done: list[tuple[Message, Outcome]] = []
        self._opened: list[socket.socket] = []
        self.waiting = 0

    def take(self, message: Message) -> None:
        self.waiting += 1
        self._queues[origin_of(message.endpoint)].append(message)

    def window(self, *, patiently: bool) -> list[tuple[Message, Outcome]]:
        """The next outcomes: fifty, or what came in a tenth of a second (if patiently, after the first of them)."""
        until = None if patiently else monotonic() + WINDOW_SECONDS
        while len(self._done) < min(WINDOW, self.waiting):
            self._start()
            self._work(until)
            if self._done and until is None:
                until = monotonic() + WINDOW_SECONDS
            if until is not None and monotonic() >= until:
                break
        window, self._done = self._done[:WINDOW], self._done[WINDOW:]
        self.waiting -= len(window)
        return window

    def close(self) -> None:
        for handle in self._flying:
            self._multi.remove_handle(handle)
        for handle in (*self._flying, *(one for idle in self._idle.values() for one in idle)):
            handle.close()
        self._multi.close()

    def _start(self) -> None:
        for origin, queue in self._queues.items():
            while queue and self._busy[origin] < self._sender._at_once:
                message = queue.popleft()
                try:
                    self._post(message, origin)
                except Exception as wrong:  # one message never stops the rest; its text may hold the endpoint
                    log.error("A message to %s raised %s.", origin, type(wrong).__name__)
                    self._done.append((message, Outcome(BUG, tried=False)))

    def _post(self, message: Message, origin: str) -> None:
        body = self._sender.prepare(message, origin)
        if isinstance(body, Outcome):
            self._done.append((message, body))
            return
        idle = self._idle[origin]
        handle = idle.pop() if idle else self._new_handle(message.endpoint)
        handle.setopt(pycurl.URL, message.endpoint)
        handle.setopt(pycurl.POSTFIELDS, body)
        handle.setopt(pycurl.HTTPHEADER, [*self._standing(origin), f"TTL: {message.ttl}", f"Topic: {message.topic}"])
        self._multi.add_handle(handle)
        self._flying[handle] = message, origin
        self._busy[origin] += 1

    def _standing(self, origin: str) -> list[str]:
        if origin not in self._told:
            told = standing(self._sender.token(origin))
            self._told[origin] = [f"{name}: {value}" for name, value in told.items()]
        return self._told[origin]

    def _new_handle(self, endpoint: str) -> Any:
        """For one push service: whether its name may lead inside is settled with it."""
        handle, listed = pycurl.Curl(), host_of(endpoint) in self._sender.inside
        for option, value in {
            pycurl.POST: 1,
            pycurl.NOSIGNAL: 1,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PROXY: "",
            pycurl.PATH_AS_IS: 1,
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
            pycurl.PIPEWAIT: 1,  # the first message opens the connection, and the others wait for it
            pycurl.TIMEOUT_MS: int(self._sender._timeout * 1000),
            pycurl.WRITEFUNCTION: len,  # what a push service says is never kept
            pycurl.OPENSOCKETFUNCTION: self._open if listed else self._open_outside,
        }.items():
            handle.setopt(option, value)
        if self._sender.authorities:
            handle.setopt(pycurl.CAINFO, self._sender.authorities)
        return handle

    def _open(self, _purpose: int, address: Any) -> Any:
        self._opened.append(socket.socket(address.family, address.socktype, address.protocol))
        return self._opened[-1]

    def _open_outside(self, purpose: int, address: Any) -> Any:
        """A socket, but none to an address in a private network: a trusted name can be made to lead inside."""
        return self._open(purpose, address) if is_public(address.addr[0]) else pycurl.SOCKET_BAD

    def _work(self, until: float | None) -> None:
        if self._done and not self._flying:
            return
        self._multi.perform()
        while self._opened:
            self._opened.pop().close()  # libcurl keeps a duplicate of each
        _, ok, failed = self._multi.info_read()
        for handle in ok:
            status, (_, origin) = handle.getinfo(pycurl.RESPONSE_CODE), self._flying[handle]
            again = None if status < 300 else str(handle.getinfo(pycurl.RETRY_AFTER) or "")
            self._end(handle, self._sender.answered(origin, status, again, self._now))
        for handle, code, _ in failed:
            if code == pycurl.E_OPERATION_TIMEDOUT:
                self._sender.stalled(self._flying[handle][1])
            self._end(handle, Outcome(LATER))
        if not ok and not failed:
            self._multi.select(max(0.0, min(0.2, until - monotonic())) if until else 0.2)

    def _end(self, handle: Any, outcome: Outcome) -> None:
        message, origin = self._flying.pop(handle)
        self._busy[origin] -= 1
        self._multi.remove_handle(handle)
        self._idle[origin].append(handle)
        self._done.append((message, outcome))
