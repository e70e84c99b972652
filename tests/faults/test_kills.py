"""SIGKILL of the server, again and again, while phones push: nothing acknowledged is lost, nothing is there twice."""

import random
import threading
import time
from collections import Counter

import pytest

from tests.faults.checks import file_is_whole, indexes_are_whole
from tests.faults.serving import ReadiedServer, Server
from tests.faults.watching import Watcher

KILLS, FEW, HUNDREDS = 100, 12, 10


class Pushing:
    """Phones that make and push without end, on threads of their own, until told to stop."""

    def __init__(self, world, port: int):
        self._stop, self._port = threading.Event(), port
        self.asking: set[str] = set()  # phones that wait for an answer
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
            self.asking.add(phone.device_id)
            answered = phone.push(self._port, phone.waiting())
            self.asking.discard(phone.device_id)
            if not answered:
                time.sleep(0.01)  # nobody there: it is being started again


def kill_again_and_again(world, kills: int, plant: str = "", chance: random.Random | None = None) -> Counter:
    """Kill and start; after each, nothing acknowledged may be missing.

    Every third kill waits for a row to be seen, every third for an open transaction that has written, every third for
    nothing. Counts what each one hit: `writing` a transaction, `asking` a request that is not answered, `unheard` a
    commit that no phone was told of.
    """
    hit, chance = Counter(), chance or random.Random(7)
    with (
        Watcher(world.config) as watcher,
        ReadiedServer(world.config, plant) as server,
        Pushing(world, server.port) as pushing,
    ):
        for n in range(kills):
            if n % 3 == 0:
                watcher.wait_for_a_row()
            elif n % 3 == 1:
                time.sleep(chance.uniform(0.0, 0.1))
            writing = watcher.stopped(server.pid, wait=n % 3 == 2)
            hit += Counter(kills=1, writing=writing, asking=bool(pushing.asking))
            server.kill()
            time.sleep(0.02)  # answers that were on their way are read
            acknowledged = {key for _, phone in world.phones for key in set(phone.acknowledged)}
            there = watcher.ids()
            assert acknowledged <= there, f"kill {n}: acknowledged and not there"
            hit["unheard"] += bool(there - acknowledged)
            server.start()
    return hit + Counter(acknowledged=len(acknowledged), stored=len(there))


@pytest.mark.parametrize(
    ("config", "kills", "seed"),
    [
        ("sqlite", KILLS, 7),
        ("postgresql", FEW, 7),
        # A thousand are ten hundreds, each on a database of its own: one that grows makes every push slower.
        *(pytest.param("sqlite", KILLS, seed, marks=pytest.mark.long) for seed in range(100, 100 + HUNDREDS)),
        *(pytest.param("postgresql", KILLS, seed, marks=pytest.mark.long) for seed in range(100, 100 + HUNDREDS)),
    ],
    indirect=["config"],
)
def test_f40_nothing_acknowledged_is_lost_and_nothing_is_doubled(world, kills, seed):
    hit = kill_again_and_again(world, kills, chance=random.Random(seed))
    print("kills", dict(hit))
    assert hit["unheard"] >= kills // 5, f"only {hit} fell between commit and answer"
    assert hit["writing"] >= kills // 3, f"only {hit} fell into a transaction"
    with Server(world.config) as server:
        for _, phone in world.phones:
            phone.push(server.port, phone.waiting())
            assert phone.waiting() == []
    world.holds()
    if world.config.is_sqlite:
        file_is_whole(world.config.data / "meantime.sqlite3")
    else:
        indexes_are_whole(world.config.database_url)


def test_an_answer_before_the_commit_is_caught(sqlite_world):
    with pytest.raises(AssertionError, match="acknowledged and not there"):
        kill_again_and_again(sqlite_world, 20, "tests.faults.plants.answer_first")
