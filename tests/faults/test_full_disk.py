"""A database that takes nothing more: no acknowledgement, our own body, and it goes on by itself afterwards."""

import json
import resource
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.extensions import db
from tests.faults.checks import file_is_whole
from tests.faults.phones import exchange
from tests.faults.serving import Server


def refused(phone, port, revisions) -> bool:
    """Whether the answer is a 503 of ours that acknowledges nothing."""
    status, headers, body = exchange(port, phone.token, phone.batch(revisions))
    assert (status, headers["content-type"], headers["x-sync-protocol"]) == (503, "application/json", "1")
    told = json.loads(body)
    return told["code"] == "try-again" and set(told) == {"code", "message", "fields"}


def test_a_full_disk_acknowledges_nothing_and_needs_no_repair(sqlite_world):
    world = sqlite_world
    phone, wal = world.anna.phones[0], world.config.data / "meantime.sqlite3-wal"
    with Server(world.config) as server:
        assert phone.push(server.port, phone.save(world.anna.entry())) == ["stored"]
        _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        # No file of that process may grow: what a full disk or a full quota does.
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (min(wal.stat().st_size, 4096), hard))
        for _ in range(3):
            assert refused(phone, server.port, phone.save(world.anna.entry()))
        assert len(phone.waiting()) == 3
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard, hard))
        assert phone.push(server.port, phone.waiting()) == ["stored"] * 3
    world.holds()
    file_is_whole(world.config.data / "meantime.sqlite3")


def test_f43_a_file_that_nobody_may_write_to_acknowledges_nothing_and_needs_no_repair(sqlite_world):
    world = sqlite_world
    phone = world.anna.phones[0]
    db.session.remove()
    db.engine.dispose()
    may_write(world.config.data, False)
    with Server(world.config, "tests.faults.plants.no_power") as server:
        for _ in range(3):
            assert refused(phone, server.port, phone.save(world.anna.entry()))
        may_write(world.config.data, True)
        assert phone.push(server.port, phone.waiting()) == ["stored"] * 3
    world.holds()
    file_is_whole(world.config.data / "meantime.sqlite3")


def may_write(folder, may: bool) -> None:
    """A wrong owner after a restore, a disk mounted for reading alone; and mended again."""
    for path in folder.glob("meantime.sqlite3*"):
        path.chmod(0o600 if may else 0o400)


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_a_read_only_database_acknowledges_nothing_and_needs_no_repair(world, server):
    phone = world.anna.phones[0]
    read_only("on")
    assert refused(phone, server.port, phone.save(world.anna.entry()))
    read_only("off")
    assert phone.push(server.port, phone.waiting()) == ["stored"]
    world.holds()


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_connections_that_are_cut_while_phones_push_lose_nothing(world, server):
    def push(person, phone):
        for _ in range(12):
            phone.save(person.entry())
            phone.push(server.port, phone.waiting())

    with ThreadPoolExecutor(4) as pool:
        pushing = [pool.submit(push, *pair) for pair in world.phones]
        while not all(one.done() for one in pushing):
            cut_all()
        for one in pushing:
            one.result()
    assert sum(phone.unheard for _, phone in world.phones) > 0, "nothing was cut"
    for _, phone in world.phones:
        phone.push(server.port, phone.waiting())
        assert phone.waiting() == []
    world.holds()


def read_only(on_off: str) -> None:
    """A standby after a failover, or a disk that PostgreSQL no longer writes to."""
    db.session.rollback()
    name = db.session.connection().exec_driver_sql("SELECT current_database()").scalar()
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET default_transaction_read_only = off")
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = {on_off}")
    cut_all()


def cut_all() -> None:
    """End every other connection to this database."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid), pg_sleep(0.05) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
