"""Real processes by a clock that is moved: imported once, each start is a fork, each end is a signal.

The program's clock is the machine's, shifted by what a small file says, which all of them have mapped into memory.
"""

import json
import mmap
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from server import clock, create_app, steady
from server.config import Config
from server.sealing import make_key_file
from tests.localhost import free_port

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
    """Starts processes of the program and ends them. Roles: see `roles.py`."""

    def __init__(self, folder: Path):
        self.folder, self._environ = folder, {}
        self.clock = MovedClock(folder / "clock")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reminders.processes", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._hear()

    def close(self) -> None:
        """End what it started, and itself."""
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()

    def on(self, config: Config, hosts: str) -> None:
        """What is started from now on works on this database, and may send to these hosts."""
        self._environ = {
            "MEANTIME_DATA": str(config.data),
            "MEANTIME_KEY_FILE": str(config.key_file),
            "MEANTIME_DATABASE_URL": config.database_url,
            "MEANTIME_PUSH_HOSTS": hosts,
            "MEANTIME_TICK_SECONDS": "1",
        }

    def start(self, role: str, log: str | Path = os.devnull) -> int:
        """A new process in that role; its pid."""
        environ = {**self._environ, "MEANTIME_PORT": str(free_port())}
        return self._say({"do": "start", "role": role, "log": str(log), "environ": environ})

    def end(self, pid: int, by: signal.Signals = signal.SIGKILL) -> int:
        """Send it the signal and wait until it is gone; its exit code, or minus the signal that killed it."""
        return self._say({"do": "end", "pid": pid, "by": int(by)})

    def wait(self, pid: int) -> int:
        """Until it ends by itself; likewise."""
        return self._say({"do": "wait", "pid": pid})

    def end_all(self) -> None:
        """Whatever still runs."""
        self._say({"do": "end_all"})

    def _say(self, told: dict) -> int:
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def _hear(self) -> int:
        return int(self._process.stdout.readline())


def until(true, seconds: float = 60) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def nursery(folder: Path) -> None:
    """Import the program once, then start and end as told on standard input."""
    clock.now = MovedClock(folder / "clock").now
    # Only the program's clock is moved here; that a clock which jumps is not believed is shown elsewhere (R14).
    steady.off_the_database = lambda now: None
    steady.Steady.trouble = lambda self, now, passed: None
    roles = import_module("tests.reminders.roles").ROLES
    make_key_file(folder / "any.keys")
    any_settings = {"MEANTIME_DATA": str(folder), "MEANTIME_KEY_FILE": str(folder / "any.keys")}
    create_app(Config.from_env(any_settings))  # so that every child finds the worksheets read
    children: set[int] = set()
    print(0, flush=True)
    for line in sys.stdin:
        print(_do(json.loads(line), roles, children), flush=True)
    _end_all(children)


def _do(told: dict, roles: dict, children: set[int]) -> int:
    if told["do"] == "start":
        child = _fork(roles[told["role"]], told["log"], told["environ"])
        children.add(child)
        return child
    if told["do"] == "end_all":
        return _end_all(children)
    if told["do"] == "end":
        os.kill(told["pid"], told["by"])
    children.discard(told["pid"])
    return _gone(told["pid"])


def _end_all(children: set[int]) -> int:
    for child in children:
        os.kill(child, signal.SIGKILL)
        _gone(child)
    children.clear()
    return 0


def _fork(role: Callable[[], None], log: str, environ: dict[str, str]) -> int:
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
            os.dup2(2, 1)  # what it says is not for whoever listens to us
            os.environ.update(environ)
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
