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
from threading import Lock, current_thread
from threading import enumerate as enumerate_threads

ROOT = Path(__file__).parents[1]
READY = "ready"
PATIENCE = 30  # seconds until a server that was told to stop has to be gone


class Nursery:
    """A process that has imported the program, and starts and ends servers as it is told on standard input."""

    def __init__(self, plant: str = "", **more: str) -> None:
        """`more` is added to its environment, for what it has planted."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery", plant],
            cwd=ROOT,
            env={**os.environ, **more},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._asking = Lock()
        self._hear(READY)

    def start(self, env: dict[str, str], first: str = "", role: str = "", log: str = os.devnull) -> int:
        """Begin `meantime serve` with these settings in a new process, and say which; it may not answer yet.

        `first`: a module to import in that process alone, before it serves. `role`: what to do instead of serving, as
        module:function. `log`: a file that what it says is added to.
        """
        return int(self._ask("start", env, first, role, log))

    def is_alive(self, pid: int) -> bool:
        """Whether it still runs; one that refuses to start does not."""
        return self._ask("look", pid) == "alive"

    def end(self, pid: int, how: int = signal.SIGKILL) -> None:
        """End one of its servers, gently or not. Returns when the process is gone.

        One that was told gently and did not end, or that says it failed, is an error; so is one that crashed before.
        """
        code = self.code_of(pid, how)
        if code and not (how == signal.SIGKILL and code == -signal.SIGKILL):
            raise RuntimeError(f"the server ended with {code}")

    def code_of(self, pid: int, how: int = 0) -> int:
        """Send it that signal, 0 for none, and wait until it is gone: its exit code, or minus what killed it."""
        said = self._ask("end", pid, how)
        if said == "late":
            raise RuntimeError("the server did not stop")
        return 0 if said == "gone" else int(said)

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


def serve(env: dict[str, str], first: str, role: str, log: str) -> int:
    """Fork a server, or what has that role. What it says is not for whoever listens to us."""
    child = os.fork()
    if child:
        return child
    code = 1  # as of any process that something unexpected ended
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for number in (1, 2):
            os.dup2(said, number)
        os.environ.clear()
        os.environ.update(env)
        if first:
            import_module(first)
        module, _, name = role.partition(":")
        getattr(import_module(module), name)() if role else import_module("server.commands").main(["serve"])
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        wait_for_threads()
        os._exit(code)  # what was imported here is not taken apart piece by piece


def wait_for_threads() -> None:
    """As a process does before it ends: a thread that goes on keeps it, unless it is a daemon."""
    for thread in enumerate_threads():
        if thread is not current_thread() and not thread.daemon:
            thread.join()


def end(child: int, how: int) -> str:
    """End one process that we started, and wait until it is gone: "late", "gone", or the code that it ended with."""
    os.kill(child, how)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return str(os.waitstatus_to_exitcode(status) or "gone")
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
