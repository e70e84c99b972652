"""Sends web push messages: encrypts, signs and posts them to hosts we trust, and says what came of each.

Never logged here: an endpoint (it is a capability) or what a push service answered beside its status.
"""

import asyncio
import logging
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from time import monotonic
from typing import Any, ClassVar

import aiohttp
from py_vapid import Vapid02
from yarl import URL

from server import clock
from server.reminders import rules
from server.reminders.senders import ALARM, BUG, GONE, LATER, SENT, TOO_MANY, Outcome
from server.reminders.senders.encoding import UNUSABLE, by_http_ece, padded, usable
from server.reminders.senders.guarding import allowed, is_public, listed_names, origin_of

log = logging.getLogger(__name__)

__all__ = ["ALARM", "BUG", "GONE", "LATER", "SENT", "Message", "Outcome", "WebPush", "allowed", "origin_of", "padded"]
__all__ += ["outcome_of", "usable", "web_push"]

TOKEN_LIVES = timedelta(hours=12)  # at most 24 hours (RFC 8292 2)
WINDOW = 50  # outcomes handed over at once, at the latest after …
WINDOW_SECONDS = 0.1
DRAWN = 5  # times one bulkhead: a push service that hangs fills its own and leaves room for the others
OPENED = 16  # connections to a push service at first; a hundred cost more than the messages of a small batch
SLOW = 0.01  # seconds until an answer: then another connection is worth it
STALLS = 3  # after so many time-outs a push service is left alone for a while
REST = timedelta(seconds=60)


@dataclass(frozen=True)
class Message:
    """One message to one phone. `ref` is the sender's own; `ttl` is in seconds."""

    ref: Any
    endpoint: str
    p256dh: str
    auth: str
    payload: bytes
    topic: str
    ttl: int
    channel: ClassVar[str] = "push"


@lru_cache(maxsize=8)
def web_push(private: str, contact: str, hosts: tuple[str, ...], timeout: float = 30) -> "WebPush":
    """The sender for these keys; kept, since it remembers tokens and which push services need a rest."""
    return WebPush(private, contact, hosts, timeout=timeout)


class WebPush:
    """Posts to push services, many at a time, each service in a bulkhead of its own."""

    encrypt = staticmethod(by_http_ece)

    def __init__(
        self, private: str, contact: str, hosts: tuple[str, ...], *, timeout: float = 30, at_once: int = 100
    ) -> None:
        self._vapid = Vapid02.from_pem(private.encode())
        self._contact, self._hosts = contact, hosts
        self.inside = listed_names(hosts)
        self._timeout, self._at_once = timeout, at_once
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._rest_until: dict[str, float] = {}
        self._stalls: dict[str, int] = defaultdict(int)

    def send(self, messages: Iterable[Message], now: datetime) -> Iterator[list[tuple[Message, Outcome]]]:
        """Send them all; yields windows of outcomes. Each message is drawn from `messages` only when its turn comes."""
        source, waiting = iter(messages), 0
        with asyncio.Runner() as runner:
            run = _Run(self, now)
            runner.run(run.open())
            try:
                while True:
                    # A few at a time: drawing one means looking it over, and nothing goes out meanwhile.
                    drawn = list(islice(source, max(0, min(WINDOW, DRAWN * self._at_once - waiting))))
                    for message in drawn:
                        run.start(runner.get_loop(), message)
                    waiting += len(drawn)
                    if not waiting:
                        return
                    window = runner.run(run.window(waiting, patiently=not drawn))
                    waiting -= len(window)
                    if window:
                        yield window
            finally:
                runner.run(run.close())

    def prepare(self, message: Message, origin: str) -> bytes | Outcome:
        """The body to post, or why nothing is to be posted."""
        if not allowed(message.endpoint, self._hosts):
            return Outcome(BUG, tried=False)
        if left := self.resting(origin):
            return Outcome(LATER, None, left, tried=False)
        try:
            return self.encrypt(message.p256dh, message.auth, message.payload)
        except UNUSABLE:
            return Outcome(BUG, tried=False)

    def answered(self, origin: str, status: int, retry_after: str | None, now: datetime) -> Outcome:
        """What an answer means; who asks for a rest gets one, unless it is for one phone alone."""
        outcome = outcome_of(status, retry_after, now)
        if outcome.retry_after and status != TOO_MANY:
            self.rest(origin, min(outcome.retry_after, rules.LONGEST_REST))
        return outcome

    def token(self, origin: str) -> str:
        """The Authorization header for one push service: signed once, used for hours.

        By the real clock, whatever moment the caller sends for: the push service has no other.
        """
        now = clock.now()
        header, until = self._tokens.get(origin, ("", now))
        if until - now < TOKEN_LIVES / 2:
            until = now + TOKEN_LIVES
            # A dictionary of its own each time: the library adds to the one it is given (stack.md 3).
            claims = {"aud": origin, "sub": self._contact, "exp": int(until.timestamp())}
            header = self._vapid.sign(claims)["Authorization"]
            self._tokens[origin] = header, until
        return header

    def resting(self, origin: str) -> timedelta | None:
        """How much longer this push service is to be left alone, or None."""
        until = self._rest_until.get(origin)
        left = until - monotonic() if until else 0
        return timedelta(seconds=left) if left > 0 else None

    def rest(self, origin: str, length: timedelta) -> None:
        """Leave this push service alone for so long."""
        self._rest_until[origin] = max(self._rest_until.get(origin, 0), monotonic() + length.total_seconds())
        self._stalls[origin] = 0

    def stalled(self, origin: str) -> None:
        """Count a time-out of this push service; it gets a rest after a few."""
        self._stalls[origin] += 1
        if self._stalls[origin] >= STALLS:
            self.rest(origin, REST)


class _Run:
    """One batch: its connections, its bulkheads and the outcomes not yet handed over."""

    def __init__(self, sender: WebPush, now: datetime) -> None:
        self._sender, self._now = sender, now
        self._queues: dict[str, deque[Message]] = defaultdict(deque)
        self._busy: Counter[str] = Counter()
        self._done: asyncio.Queue[tuple[Message, Outcome]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._left, self._away = monotonic(), 0.0

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=_PublicOnly(self._sender.inside), limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),  # what it says back is never read
            timeout=aiohttp.ClientTimeout(total=self._sender._timeout),
        )

    async def close(self) -> None:
        await self._session.close()

    def start(self, loop: asyncio.AbstractEventLoop, message: Message) -> None:
        """Post it, or let it wait for one of those that are on their way to the same push service."""
        origin = origin_of(message.endpoint)
        self._queues[origin].append(message)
        if self._busy[origin] < min(OPENED, self._sender._at_once):
            self._another(loop, origin)

    def _another(self, loop: asyncio.AbstractEventLoop, origin: str) -> None:
        self._busy[origin] += 1
        task = loop.create_task(self._deliver(origin))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def window(self, most: int, *, patiently: bool) -> list[tuple[Message, Outcome]]:
        self._away += monotonic() - self._left
        window = [await self._done.get()] if patiently else []
        with suppress(TimeoutError):
            async with asyncio.timeout(WINDOW_SECONDS):
                while len(window) < min(most, WINDOW):
                    window.append(await self._done.get())
        self._left = monotonic()
        return window

    def _passed(self) -> float:
        # While outcomes are written down nobody listens: what was answered then is not slow.
        return monotonic() - self._away

    async def _deliver(self, origin: str) -> None:
        queue, connected = self._queues[origin], False
        while queue:
            message, outcome, began = queue.popleft(), Outcome(BUG, tried=False), self._passed()
            try:
                outcome = await self._post(message, origin)
            except Exception as wrong:  # one message never stops the rest; its text may hold the endpoint
                log.error("A message to %s raised %s.", origin, type(wrong).__name__)
            finally:
                self._done.put_nowait((message, outcome))
            # The first has waited for its connection too, which says nothing of the push service.
            slow = connected and self._passed() - began > SLOW
            if slow and queue and self._busy[origin] < self._sender._at_once:
                self._another(asyncio.get_running_loop(), origin)
            connected = True
        self._busy[origin] -= 1

    async def _post(self, message: Message, origin: str) -> Outcome:
        sender = self._sender
        body = sender.prepare(message, origin)
        if isinstance(body, Outcome):
            return body
        try:
            async with self._session.post(
                URL(message.endpoint, encoded=True),
                data=body,
                headers=headers(message, sender.token(origin)),
                allow_redirects=False,
            ) as answer:
                return sender.answered(origin, answer.status, answer.headers.get("Retry-After"), self._now)
        except TimeoutError:
            sender.stalled(origin)
            return Outcome(LATER)
        except (aiohttp.ClientError, OSError):
            return Outcome(LATER)


def outcome_of(status: int, retry_after: str | None, now: datetime) -> Outcome:
    """What a push service's status means (RFC 8030 5 to 7.3)."""
    if 200 <= status < 300:
        return Outcome(SENT, status)
    if status in (404, 410):
        return Outcome(GONE, status)
    if status in (401, 403):
        return Outcome(ALARM, status)
    if status in (408, 425, 429) or status >= 500:
        return Outcome(LATER, status, rules.retry_after(retry_after, now))
    return Outcome(BUG, status)  # 3xx too: a redirect could lead anywhere, so it is not followed


class _PublicOnly(aiohttp.abc.AbstractResolver):
    """Names to addresses, refusing a name that leads into a private network (an address we would post to blindly)."""

    def __init__(self, listed: frozenset[str]) -> None:
        self._listed, self._resolver = listed, aiohttp.ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
        found = await self._resolver.resolve(host, port, family)
        if host not in self._listed and not all(is_public(each["host"]) for each in found):
            raise OSError("not a public address")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def headers(message: Message, token: str) -> dict[str, str]:
    """What a push service needs to be told beside the body (RFC 8030 5, RFC 8291, RFC 8292)."""
    return {**standing(token), "TTL": str(message.ttl), "Topic": message.topic}


def standing(token: str) -> dict[str, str]:
    """Those that are the same for every message to one push service."""
    return {
        "Authorization": token,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Urgency": "normal",
    }
