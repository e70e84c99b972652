"""On PostgreSQL several processes write parts of a bundle: of one moment, and to the byte what one process writes."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from sqlalchemy import func, select, text, update

from server.caseload.models import AppointmentChange
from server.demo.synthetic import fill_synthetic
from server.extensions import atomic, db
from server.people.models import Client, Practitioner, Service
from server.research import parts
from server.research.trouble import CannotBuild, ProcessEnded
from server.studies import actions, consents
from tests.conftest import fresh_address, running, settings
from tests.research.conftest import build
from tests.studies.conftest import AS_AGREED

UNTIL = datetime(2026, 11, 18, tzinfo=UTC)
NOW = UNTIL + timedelta(hours=9)


@pytest.fixture
def crowd(request, tmp_path, key_file, monkeypatch):
    """A service of 30 synthetic people on PostgreSQL, of whom seven make a part."""
    config = settings(tmp_path, url=fresh_address(request), MEANTIME_KEY_FILE=str(key_file))
    monkeypatch.setattr(parts, "PEOPLE", 7)
    for app in running(config):
        fill_synthetic(clients=30, seed=5, until=UNTIL)
        yield app


class Stop(BaseException):
    """Told to stop: no error."""


def children(of: int | None = None) -> list[psutil.Process]:
    """The processes that write for this one, or for another."""
    found = []
    for one in psutil.Process(of).children():
        with suppress(psutil.Error):  # it ended meanwhile
            found += [one] if "spawn_main" in " ".join(one.cmdline()) else []
    return found


def test_several_processes_write_the_same_bytes_as_one(crowd, tmp_path):
    said = []
    one = build(tmp_path / "1" / "b", now=NOW, basis="test")
    several = build(
        tmp_path / "2" / "b", now=NOW, basis="test", processes=3, progress=lambda *far: said.append(children())
    )
    said_no = db.session.scalar(select(func.count()).select_from(Client).where(Client.research == "no"))
    assert one.manifest.clients == 30 - said_no > 20
    assert max(len(seen) for seen in said) == 3, "nobody else wrote"
    assert several.files() == one.files()
    assert children() == []


def test_who_says_no_meanwhile_is_in_every_part_still(crowd, tmp_path):
    before = build(tmp_path / "1" / "b", now=NOW, basis="test")
    changed = []

    def then(done: int, of: int) -> None:
        if of and not changed:
            changed.append(done)
            with db.engine.begin() as other:
                other.execute(update(Client).values(language="cy", created_at=NOW + timedelta(days=1)))

    during = build(tmp_path / "2" / "b", now=NOW, basis="test", processes=2, progress=then)
    assert changed and changed[0] < 30
    assert during.files() == before.files()
    assert build(tmp_path / "3" / "b", now=NOW, basis="test").manifest.clients == 0


def test_a_study_goes_out_in_parts_too(crowd, tmp_path, cast_of_a_study):
    one = build(tmp_path / "1" / "b", now=NOW, project=AS_AGREED["name"])
    several = build(tmp_path / "2" / "b", now=NOW, project=AS_AGREED["name"], processes=2)
    assert len(one.rows("consents")) == one.manifest.clients > 20  # a few say no to all research
    assert several.files() == one.files()


def test_a_row_that_another_process_cannot_read_is_not_told(crowd, tmp_path):
    with atomic():
        db.session.execute(update(AppointmentChange).values(zone="Anna Kowalska"))
    with pytest.raises(CannotBuild) as wrong:
        build(tmp_path / "b", now=NOW, basis="test", processes=2)
    told = "".join(str(one) for one in (wrong.value, wrong.value.__cause__, wrong.value.__context__))
    assert "a row could not be read" in told
    assert "Anna" not in told
    assert left_behind(tmp_path) == [] and children() == []


def test_a_process_that_is_killed_is_told_in_a_sentence_and_nothing_is_left(crowd, tmp_path):
    def kills(done: int, of: int) -> None:
        for one in children()[:1]:
            one.kill()

    with pytest.raises(ProcessEnded, match="ended by itself"):
        build(tmp_path / "b", now=NOW, basis="test", processes=2, progress=kills)
    assert left_behind(tmp_path) == [] and children() == []


def test_whoever_gives_it_up_waits_for_nobody(crowd, tmp_path):
    def stops(done: int, of: int) -> None:
        if done:
            raise Stop

    with pytest.raises(Stop):
        build(tmp_path / "b", now=NOW, basis="test", processes=2, progress=stops)
    assert left_behind(tmp_path) == [] and children() == []


def test_one_that_hangs_is_ended_and_the_build_says_so(crowd, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "HANGS", 3.0)
    monkeypatch.setattr(parts, "ENDS", 1.0)

    def halts(done: int, of: int) -> None:
        for one in children():
            one.suspend()

    with pytest.raises(ProcessEnded, match="did not go on"):
        build(tmp_path / "b", now=NOW, basis="test", processes=2, progress=halts)
    assert left_behind(tmp_path) == [] and children() == []


def test_when_all_of_a_service_is_told_to_end_the_stop_is_heard_and_no_failure(crowd, tmp_path):
    told = []

    def stops(done: int, of: int) -> None:
        if told:
            raise Stop
        told.extend(children())
        for one in told:
            one.terminate()

    with pytest.raises(Stop):
        build(tmp_path / "b", now=NOW, basis="test", processes=2, progress=stops)
    assert told and children() == []


SLOW = """
import sys, time
from server.research import parts
from server.commands import main

parts.PEOPLE = 7
parts._take = lambda *a: (print("writes", flush=True), time.sleep(60))
if __name__ == "__main__":
    main(["export", "--out", sys.argv[1], "--basis", "test", "--processes", "2"])
"""


def test_when_the_first_process_is_killed_the_others_end_and_let_the_database_go(crowd, tmp_path):
    config = crowd.config["MEANTIME"]
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    environ = {
        **os.environ,
        "MEANTIME_DATA": str(config.data),
        "MEANTIME_KEY_FILE": str(config.key_file),
        "MEANTIME_DATABASE_URL": config.database_url,
        "PYTHONPATH": os.getcwd(),
    }
    first = subprocess.Popen([sys.executable, str(script), str(tmp_path / "b")], env=environ, stdout=subprocess.PIPE)
    try:
        assert first.stdout.readline().strip() == b"writes"
        others = children(first.pid)
        assert others
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate(timeout=30)
    _, left = psutil.wait_procs(others, timeout=60)
    for one in left:
        one.kill()
    assert left == []
    assert until(lambda: reading_now() == 0)


def test_on_sqlite_one_process_writes(app, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "PEOPLE", 2)
    monkeypatch.setattr(parts, "_in_processes", None)
    fill_synthetic(clients=5, seed=5, until=UNTIL)
    assert build(tmp_path / "b", now=NOW, basis="test", processes=4).manifest.clients == 5


@pytest.fixture
def cast_of_a_study(crowd):
    """A study of the synthetic service, to which everybody said yes."""
    service, by = db.session.scalars(select(Service)).one(), db.session.scalars(select(Practitioner)).first()
    with atomic():
        study = actions.make(service=service, by=by, now=UNTIL, **AS_AGREED)
        actions.set_text(study=study, words="We look at what helps between appointments.", by=by, now=UNTIL)
    for client in db.session.scalars(select(Client)).all():
        with atomic():
            consents.say(client=client, study=study, number=1, choice="given", by=by, now=UNTIL)


def left_behind(folder) -> list[str]:
    """What lies where the bundle was to be."""
    return [path.name for path in folder.iterdir() if path.name.startswith((".b", "b"))]


def reading_now() -> int:
    """Transactions that hold the database's state besides ours."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL"
            )
        )


def until(so, seconds: float = 30) -> bool:
    """Whether it comes to be so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if so():
            return True
        time.sleep(0.2)
    return so()
