"""Real processes by a clock that is moved: imported once, each start is a fork, each end is a signal.

The program's clock is the machine's, shifted by what a small file says, which all of them have mapped into memory.
"""

import mmap
import os
import signal
import struct
import subprocess
import sys
import time
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from server import clock, steady
from server.config import Config
from tests.localhost import free_port

READY = "ready"
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
    """Starts processes of the program on one database and ends them. Roles: serve, worker, looker, and plants."""

    def __init__(self, config: Config, clock_file: Path, hosts: str, tick_seconds: int = 1):
        environ = {
            **os.environ,
            "MEANTIME_DATA": str(config.data),
            "MEANTIME_KEY_FILE": str(config.key_file),
            "MEANTIME_DATABASE_URL": config.database_url,
            "MEANTIME_PUSH_HOSTS": hosts,
            "MEANTIME_TICK_SECONDS": str(tick_seconds),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reminders.processes", str(clock_file)],
            env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._hear(READY)

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_) -> None:
        self._process.stdin.close()  # it ends what it started, and itself
        self._process.wait(timeout=60)
        self._process.stdout.close()

    def start(self, role: str, log: Path | None = None) -> int:
        """A new process in that role; its pid."""
        return int(self._say(f"start {role} {log or os.devnull} {free_port()}"))

    def end(self, pid: int, by: signal.Signals = signal.SIGKILL) -> int:
        """Send it the signal and wait until it is gone; its exit code, or minus the signal that killed it."""
        return int(self._say(f"end {pid} {int(by)}"))

    def wait(self, pid: int) -> int:
        """Until it ends by itself."""
        return int(self._say(f"wait {pid}"))

    def _say(self, line: str) -> str:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._hear(line.partition(" ")[0])

    def _hear(self, word: str) -> str:
        said, _, more = self._process.stdout.readline().strip().partition(" ")
        if said != word:
            raise RuntimeError(f"the nursery could not {word}: {said}")
        return more


def until(true, seconds: float = 60) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def nursery(clock_file: Path) -> None:
    """Import the program once, then start and end as told on standard input."""
    clock.now = MovedClock(clock_file).now
    # Only the program's clock is moved here; that a clock which jumps is not believed is shown elsewhere (R14).
    steady.off_the_database = lambda now: None
    steady.Steady.trouble = lambda self, now, passed: None
    roles = import_module("tests.reminders.roles").ROLES
    children: set[int] = set()
    print(READY, flush=True)
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "start":
            answer = _fork(roles[rest[0]], *rest[1:])
            children.add(answer)
        else:
            pid = int(rest[0])
            if word == "end":
                os.kill(pid, int(rest[1]))
            answer = _gone(pid)
            children.discard(pid)
        print(word, answer, flush=True)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        _gone(pid)


def _fork(role, log: str, port: str) -> int:
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
            os.dup2(2, 1)  # what it says is not for whoever listens to us
            os.environ["MEANTIME_PORT"] = port
            role()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        finally:
            os._exit(code)
    return child


def _gone(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    nursery(Path(sys.argv[1]))
