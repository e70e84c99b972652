"""Starts the real server again and again, as fast as a fork: it was imported once, and each start is a new process."""

import os
import signal
import socket
import subprocess
import sys
import time
from importlib import import_module

from server.config import Config
from tests.localhost import free_port

READY = "ready"


class Server:
    """`meantime serve` on a port of its own, to be killed and started. `plant`: a module that breaks it on purpose."""

    def __init__(self, config: Config, plant: str = ""):
        self.port = free_port()
        environ = {
            **os.environ,
            "MEANTIME_DATA": str(config.data),
            "MEANTIME_KEY_FILE": str(config.key_file),
            "MEANTIME_DATABASE_URL": config.database_url,
            "MEANTIME_PORT": str(self.port),
        }
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.serving", plant],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._hear(READY)

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self._nursery.stdin.close()  # it ends the server it has, and itself
        self._nursery.wait(timeout=30)
        self._nursery.stdout.close()

    def start(self) -> None:
        """A new process; returns when its port answers."""
        self.pid = int(self._say("start"))
        wait_for(self.port)

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is written. Returns when the process is gone."""
        self._say("kill")

    def _say(self, word: str) -> str:
        self._nursery.stdin.write(word + "\n")
        self._nursery.stdin.flush()
        return self._hear(word)

    def _hear(self, word: str) -> str:
        said, _, more = self._nursery.stdout.readline().strip().partition(" ")
        if said != word:
            raise RuntimeError(f"the server could not {word}: {said}")
        return more


def wait_for(port: int, patience: float = 30) -> None:
    """Until something listens there."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.005)
    raise TimeoutError(f"nothing answers on port {port}")


def nursery(plant: str) -> None:
    """Import the program once, then start and kill it as told on standard input."""
    if plant:
        import_module(plant)
    main = import_module("server.commands").main
    print(READY, flush=True)
    child = 0
    for line in sys.stdin:
        if line.strip() == "start":
            child = os.fork()
            if child == 0:
                os.dup2(os.open(os.devnull, os.O_RDWR), 0)
                os.dup2(2, 1)  # what it says is not for whoever listens to us
                main(["serve"])
        elif child:
            end(child)
            child = 0
        print(line.strip(), child, flush=True)
    if child:
        end(child)


def end(child: int) -> None:
    """Kill one process that we started, and wait until it is gone."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    nursery(sys.argv[1])
