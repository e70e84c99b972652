"""Real processes by a clock that is moved: born in a nursery that imported the program once, ended by signals.

The program's clock is the machine's, shifted by what a small file says, which all of them have mapped into memory.
"""

import mmap
import os
import signal
import struct
import time
from datetime import datetime, timedelta
from pathlib import Path

from server import clock
from server.config import Config
from tests import nursery
from tests.localhost import free_port

CLOCK = "TESTS_CLOCK"  # in the environment of the nursery: the file that moves the clock
real_now = clock.now


class MovedClock:
    """The moment that every process of a test believes it is."""

    def __init__(self, path: Path):
        if not path.exists():
            path.write_bytes(struct.pack("d", 0.0))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8)

    def now(self) -> datetime:
        return real_now() + timedelta(seconds=struct.unpack("d", self._shared[:8])[0])

    def set(self, moment: datetime) -> None:
        self._shared[:8] = struct.pack("d", (moment - real_now()).total_seconds())

    def move(self, length: timedelta) -> None:
        self.set(self.now() + length)


class Nursery:
    """Starts processes of the program in a role of `roles.py`, by one clock, and ends them."""

    def __init__(self, folder: Path):
        self.clock = MovedClock(folder / "clock")
        self._environ: dict[str, str] = {}
        self._running: set[int] = set()
        self._nursery = nursery.Nursery("tests.reminders.moved", **{CLOCK: str(folder / "clock")})

    def close(self) -> None:
        """End what it started, and itself."""
        self._nursery.close()

    def on(self, config: Config, hosts: str) -> None:
        """What is started from now on works on this database, and may send to these hosts."""
        self._environ = {
            **os.environ,
            "MEANTIME_DATA": str(config.data),
            "MEANTIME_KEY_FILE": str(config.key_file),
            "MEANTIME_DATABASE_URL": config.database_url,
            "MEANTIME_PUSH_HOSTS": hosts,
            "MEANTIME_TICK_SECONDS": "1",
        }

    def start(self, role: str, log: str | Path = os.devnull) -> int:
        """A new process in that role; its pid."""
        environ = {**self._environ, "MEANTIME_PORT": str(free_port())}
        pid = self._nursery.start(environ, role=f"tests.reminders.roles:{role}", log=str(log))
        self._running.add(pid)
        return pid

    def end(self, pid: int, by: signal.Signals = signal.SIGKILL) -> int:
        """Send it the signal and wait until it is gone; its exit code, or minus the signal that killed it."""
        self._running.discard(pid)
        return self._nursery.code_of(pid, by)

    def wait(self, pid: int) -> int:
        """Until it ends by itself; likewise."""
        self._running.discard(pid)
        return self._nursery.code_of(pid)

    def end_all(self) -> None:
        """Whatever still runs."""
        for pid in list(self._running):
            self.end(pid)


def until(true, seconds: float = 60) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
