"""The same batch at once, two phones at once, two processes at once: each thing once, and nobody is turned away."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from server.assignments.models import Occurrence
from server.extensions import db
from tests.faults.phones import exchange, pulled
from tests.faults.serving import Server

THREADS = 8


def all_at_once(calls):
    with ThreadPoolExecutor(THREADS) as pool:
        return [future.result() for future in [pool.submit(*call) for call in calls]]


def same_batch_at_once(world, port) -> list[list[str]]:
    """The statuses each of eight threads got for one batch of an entry and a word on another day."""
    phone = world.anna.phones[0]
    entry = world.anna.entry()
    batch = phone.batch(phone.save(entry, world.anna.answer(1, "tried")))
    answers = all_at_once([(exchange, port, phone.token, batch)] * THREADS)
    return [phone.hear(batch, *answer) for answer in answers]


def test_f09_the_same_batch_at_once_is_stored_once_and_the_rest_are_duplicates(world, server):
    heard = same_batch_at_once(world, server.port)
    assert sorted(heard) == [["duplicate", "duplicate"]] * (THREADS - 1) + [["stored", "stored"]]
    world.holds()
    states = db.session.scalars(select(Occurrence.state).where(Occurrence.client_id == world.anna.client_id)).all()
    assert (states.count("done"), states.count("tried")) == (1, 1)
    extras = db.session.scalars(select(Occurrence.extra).where(Occurrence.client_id == world.anna.client_id))
    assert set(extras) == {0}


def test_two_phones_of_one_client_never_wait_in_vain(world, server):
    def push(person, phone):
        return [phone.push(server.port, phone.save(person.entry())) for _ in range(5)]

    heard = all_at_once([(push, world.anna, world.anna.phones[n % 2]) for n in range(THREADS)])
    assert heard == [[["stored"]] * 5] * THREADS
    world.holds()


def test_two_processes_on_one_file_never_lock_each_other_out(sqlite_world):
    """Deferred transactions, read then write, failed 45 % of these at once, whatever the time-out said."""
    world = sqlite_world

    def push(port, person, phone):
        return [phone.push(port, phone.save(person.entry())) for _ in range(5)]

    with Server(world.config) as one, Server(world.config) as other:
        ports = [one.port, other.port]
        calls = [(push, ports[n // 2 % 2], *world.phones[n % 4]) for n in range(THREADS)]
        assert all_at_once(calls) == [[["stored"]] * 5] * THREADS
    world.holds()


def missed_by_a_pull(world, port) -> set[str]:
    """What a phone that pulls all the time, from where it was, never got of what two others push meanwhile."""
    person, (one, other) = world.anna, world.anna.phones
    over, seen, cursor = threading.Event(), set(), ""

    def push(phone):
        for _ in range(12):
            phone.push(port, phone.save(person.entry()))

    def pull():
        nonlocal cursor
        body = pulled(port, one.token, cursor)
        seen.update(change["id"] for change in body["changes"] if change["kind"] == "revision")
        cursor = body["cursor"]

    def pull_again_and_again():
        while not over.is_set():
            pull()

    with ThreadPoolExecutor(3) as pool:
        pulling, pushing = pool.submit(pull_again_and_again), [pool.submit(push, phone) for phone in (one, other)]
        for each in pushing:
            each.result()
        over.set()
        pulling.result()
    pull()
    return (one.acknowledged | other.acknowledged) - seen


def test_a_pull_between_two_pushes_never_passes_one_by(world, server):
    assert missed_by_a_pull(world, server.port) == set()
    world.holds()


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_a_number_taken_outside_the_lock_is_caught(world):
    with Server(world.config, "tests.faults.plants.early_number") as server:
        assert missed_by_a_pull(world, server.port) != set()


@pytest.mark.parametrize("plant", ["tests.faults.plants.no_lock"])
def test_a_check_without_a_lock_is_caught(world, plant):
    with Server(world.config, plant) as server:
        heard = same_batch_at_once(world, server.port)
    assert sorted(heard) != [["duplicate", "duplicate"]] * (THREADS - 1) + [["stored", "stored"]]
