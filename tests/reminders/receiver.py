"""A push service that takes thousands a second and forgets nothing: what came, raw, and what a phone would show."""

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Receiver:
    """On loopback, in a thread of its own. Each message is kept as (path, Topic, body), repeats and all."""

    raw: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __enter__(self) -> "Receiver":
        self._loop, ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(self, *_) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def host(self) -> str:
        """Host and port, as an operator lists them."""
        return f"127.0.0.1:{self._port}"

    def endpoint(self, name: str) -> str:
        """Where a subscription of that name is sent to."""
        return f"http://{self.host}/{name}"

    def repeats(self) -> int:
        """How many had come before: a push service replaces a message by its Topic, a phone by its tag."""
        return sum(count - 1 for count in Counter((path, topic) for path, topic, _ in self.raw).values())

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0))
        self._port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


class _Connection(asyncio.Protocol):
    def __init__(self, receiver: Receiver):
        self._receiver, self._buffer = receiver, b""

    def connection_made(self, transport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            whole = end + 4 + int(headers["content-length"])
            if len(self._buffer) < whole:
                return
            # Taken is taken, also where the sender dies before it reads our answer.
            self._receiver.raw.append((first.split(" ")[1], headers["topic"], self._buffer[end + 4 : whole]))
            self._buffer = self._buffer[whole:]
            self._transport.write(CREATED)
