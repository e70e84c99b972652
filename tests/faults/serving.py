"""The real server on a port of its own, to be killed and started again and again."""

import os
import socket
import time

from server.config import Config
from tests.localhost import free_port
from tests.nursery import Nursery, nursery


class Server:
    """`meantime serve` in a process of its own. `plant`: a module that breaks it. `log`: the file for its log."""

    def __init__(self, config: Config, plant: str = "", log: str = os.devnull):
        self.port, self.pid, self._log = free_port(), 0, log
        self._nursery = nursery(plant)
        self._env = {
            **os.environ,
            "MEANTIME_DATA": str(config.data),
            "MEANTIME_KEY_FILE": str(config.key_file),
            "MEANTIME_DATABASE_URL": config.database_url,
            "MEANTIME_PORT": str(self.port),
        }

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_) -> None:
        self.kill()

    def start(self) -> None:
        """A new process; returns when its port answers."""
        self.pid = self._begin()
        wait_for(self.port)

    def _begin(self) -> int:
        return self._nursery.start(self._env, log=self._log)

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is written. Returns when the process is gone."""
        self._nursery.end(self.pid)


class ReadiedServer(Server):
    """The same, whose application is made once: started again it costs a tenth, so that a thousand kills end."""

    def __init__(self, config: Config, plant: str = ""):
        super().__init__(config)
        self._plant = plant
        self._nursery = Nursery("tests.faults.readied", **self._env)

    def __exit__(self, *_) -> None:
        super().__exit__()
        self._nursery.close()

    def _begin(self) -> int:
        return self._nursery.start(self._env, self._plant, "tests.faults.readied:serve")


def wait_for(port: int, patience: float = 30) -> None:
    """Until something listens there."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.005)
    raise TimeoutError(f"nothing answers on port {port}")
