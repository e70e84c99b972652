"""Starts the real server as fast as a fork: it was imported once, and each start is a new process."""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).parents[1]
READY = "ready"
PATIENCE = 30  # seconds until a server that was told to stop has to be gone


class Nursery:
    """A process that has imported the program, and starts and ends servers as it is told on standard input."""

    def __init__(self, plant: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery", plant],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._asking = Lock()
        self._hear(READY)

    def start(self, env: dict[str, str], first: str = "") -> int:
        """Begin `meantime serve` with these settings in a new process, and say which; it may not answer yet.

        `first`: a module to import in that process alone, before it serves.
        """
        return int(self._ask("start", env, first))

    def is_alive(self, pid: int) -> bool:
        """Whether it still runs; one that refuses to start does not."""
        return self._ask("look", pid) == "alive"

    def end(self, pid: int, how: int = signal.SIGKILL) -> None:
        """End one of its servers, gently or not. Returns when the process is gone."""
        if self._ask("end", pid, how) == "late":
            raise RuntimeError("the server did not stop")

    def close(self) -> None:
        """End it, and every server that it still has."""
        self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)
        self._process.stdout.close()

    def _ask(self, *words) -> str:
        with self._asking:
            self._process.stdin.write(json.dumps(words) + "\n")
            self._process.stdin.flush()
            return self._hear(words[0])

    def _hear(self, word: str) -> str:
        said, _, more = self._process.stdout.readline().strip().partition(" ")
        if said != word:
            raise RuntimeError(f"the server could not {word}: {said}")
        return more


@cache
def nursery(plant: str = "") -> Nursery:
    """The one of this test process. `plant`: a module that breaks the program on purpose, which has one of its own."""
    made = Nursery(plant)
    atexit.register(made.close)
    return made


def serve(env: dict[str, str], first: str) -> int:
    """Fork a server. What it says is not for whoever listens to us."""
    child = os.fork()
    if child:
        return child
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.environ.clear()
        os.environ.update(env)
        if first:
            import_module(first)
        import_module("server.commands").main(["serve"])
    finally:
        os._exit(0)  # what was imported here is not taken apart piece by piece


def end(child: int, how: int) -> str:
    """End one process that we started, and wait until it is gone."""
    os.kill(child, how)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return "gone"
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "late"


def look(child: int) -> str:
    """Whether it still runs."""
    return "gone" if os.waitpid(child, os.WNOHANG)[0] else "alive"


def warm_up() -> None:
    """Have everything read that is read once in a process: the worksheets, the measures, the templates' engine."""
    with tempfile.TemporaryDirectory() as folder:
        config = import_module("server.config").Config.from_env({"MEANTIME_DATA": folder})
        import_module("server.sealing").make_key_file(config.key_file)
        import_module("server").create_app(config)


def main(plant: str) -> None:
    """Import the program once, then do as told; whoever told us has ended when there is nothing more to read."""
    if plant:
        import_module(plant)
    import_module("server.commands")
    warm_up()
    print(READY, flush=True)
    running: set[int] = set()
    for line in sys.stdin:
        word, *words = json.loads(line)
        print(word, _obey(running, word, words), flush=True)
    for child in running:
        end(child, signal.SIGKILL)


def _obey(running: set[int], word: str, words: list) -> str | int:
    if word == "start":
        child = serve(*words)
        running.add(child)
        return child
    child = words[0]
    if child not in running:
        return "gone"
    state = look(child) if word == "look" else end(*words)
    if state != "alive":
        running.discard(child)
    return state


if __name__ == "__main__":
    main(sys.argv[1])
