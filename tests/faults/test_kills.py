"""SIGKILL of the server, a hundred times, while phones push: nothing acknowledged is lost, nothing is there twice."""

import random
import threading
import time

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import StaticPool

from server.entries.models import Revision
from tests.faults.checks import file_is_whole
from tests.faults.serving import Server

KILLS, FEW, LONG = 100, 12, 1000
PATIENCE = 60  # seconds until a row must have become visible


class Pushing:
    """Phones that make and push without end, on threads of their own, until told to stop."""

    def __init__(self, world, port: int):
        self._stop, self._port = threading.Event(), port
        self._threads = [threading.Thread(target=self._push, args=pair) for pair in world.phones]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _push(self, person, phone) -> None:
        n = 0
        while not self._stop.is_set():
            n += 1
            if len(phone.waiting()) < 6:
                entry = phone.save(person.entry() if n % 10 == 1 else person.answer(n % 4, "tried"))[0]
                if n % 5 == 0 and entry["subject"]["kind"] == "entry":
                    phone.save(person.edit(entry))
            if not phone.push(self._port, phone.waiting()):
                time.sleep(0.01)  # nobody there: it is being started again


class Watcher:
    """Reads the database over a connection of its own."""

    def __init__(self, config):
        self._engine = create_engine(config.database_url, poolclass=StaticPool)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._engine.dispose()

    def count(self) -> int:
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(Revision))

    def ids(self) -> set[str]:
        with self._engine.connect() as connection:
            return {str(one) for one in connection.scalars(select(Revision.revision_id))}

    def wait_for_a_row(self) -> None:
        """Until a row is visible that was not before: committed, and most likely not answered yet."""
        before, until = self.count(), time.monotonic() + PATIENCE
        while self.count() == before:
            if time.monotonic() > until:
                raise TimeoutError("nothing was stored")


def kill_again_and_again(world, kills: int, plant: str = "") -> int:
    """Kill and start; after each, nothing acknowledged may be missing. Returns how often it hit before the answer."""
    between, chance = 0, random.Random(7)
    with Watcher(world.config) as watcher, Server(world.config, plant) as server, Pushing(world, server.port):
        for n in range(kills):
            if n % 2:
                time.sleep(chance.uniform(0.0, 0.1))
            else:
                watcher.wait_for_a_row()
            server.kill()
            time.sleep(0.02)  # answers that were on their way are read
            acknowledged = {key for _, phone in world.phones for key in set(phone.acknowledged)}
            there = watcher.ids()
            assert acknowledged <= there, f"kill {n}: acknowledged and not there"
            between += bool(there - acknowledged)
            server.start()
    return between


@pytest.mark.parametrize(
    ("config", "kills"),
    [
        ("sqlite", KILLS),
        ("postgresql", FEW),
        pytest.param("sqlite", LONG, marks=pytest.mark.long),
        pytest.param("postgresql", LONG, marks=pytest.mark.long),
    ],
    indirect=["config"],
)
def test_f40_nothing_acknowledged_is_lost_and_nothing_is_doubled(world, kills):
    between = kill_again_and_again(world, kills)
    assert between >= kills // 5, f"only {between} of {kills} kills fell between commit and answer"
    with Server(world.config) as server:
        for _, phone in world.phones:
            phone.push(server.port, phone.waiting())
            assert phone.waiting() == []
    world.holds()
    if world.config.is_sqlite:
        file_is_whole(world.config.data / "meantime.sqlite3")


def test_an_answer_before_the_commit_is_caught(sqlite_world):
    with pytest.raises(AssertionError, match="acknowledged and not there"):
        kill_again_and_again(sqlite_world, 20, "tests.faults.plants.answer_first")
