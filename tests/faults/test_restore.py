"""F42: the database is put back from an older copy, and phones bring again what it does not know."""

import json
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from server import clock
from server.assignments import actions as assignments
from server.assignments.models import Assignment
from server.caseload.models import Access, Episode
from server.entries.models import Quarantined, Revision
from server.extensions import atomic, db
from server.people.models import Client, Practitioner
from server.people.queries import epoch_id
from server.sealing import make_key_file, read_key_file
from server.worksheets.library import library
from tests.cast import PLAN, THOUGHT_RECORD
from tests.faults.phones import exchange
from tests.faults.restoring import emptied, leave, run
from tests.faults.serving import Server

CANARY = "the kingfisher under the bridge at Hebden"
pytestmark = pytest.mark.usefixtures("tools")


def test_f42_after_a_restore_from_an_older_copy_phones_bring_back_what_was_acknowledged(world, tmp_path):
    config, copy, phone = world.config, tmp_path / "copy", world.anna.phones[0]
    with Server(config) as server:
        before = [phone.save(world.anna.entry())[0] for _ in range(3)]
        assert phone.push(server.port, before) == ["stored"] * 3
        leave()
        made = run(config, "backup", "--out", str(copy))
        assert made.exit_code == 0, made.output
        after = [phone.save(world.anna.entry())[0] for _ in range(4)]
        assert phone.push(server.port, after) == ["stored"] * 4
        old_epoch = epoch_id()
        if config.is_sqlite:
            refused = run(config, "restore", str(copy))
            assert (refused.exit_code, "is in use" in refused.output) == (2, True), refused.output
    leave()
    if not config.is_sqlite:
        refused = run(config, "restore", str(copy))
        assert (refused.exit_code, "holds tables already" in refused.output) == (2, True), refused.output
        emptied()
    done = run(config, "restore", str(copy))
    assert done.exit_code == 0, done.output
    assert epoch_id() != old_epoch
    assert _there() == {one["revision_id"] for one in before}
    leave()
    with Server(config) as server:
        status, _, body = exchange(server.port, phone.token, phone.batch([]))
        assert (status, json.loads(body)["code"]) == (409, "epoch-changed")
        phone.epoch, phone.acknowledged = json.loads(body)["epoch"], set()  # as docs/protocol.md says: all of it again
        assert phone.push(server.port, phone.waiting()) == ["duplicate"] * 3 + ["stored"] * 4
    world.holds()


def test_f42b_what_was_done_of_something_agreed_after_the_copy_is_kept_and_told(world, tmp_path):
    config, copy, phone = world.config, tmp_path / "copy", world.anna.phones[0]
    leave()
    made = run(config, "backup", "--out", str(copy))
    assert made.exit_code == 0, made.output
    entry = world.anna.cast.entry(_agreed_now(world.anna), answers=world.anna.answers, happened=clock.now())
    leave()
    with Server(config) as server:
        assert phone.push(server.port, phone.save(entry)) == ["stored"]
    leave()
    if not config.is_sqlite:
        emptied()
    done = run(config, "restore", str(copy))
    assert done.exit_code == 0, done.output
    leave()
    with Server(config) as server:
        phone.epoch = json.loads(exchange(server.port, phone.token, phone.batch([]))[2])["epoch"]
        for _ in range(2):
            answer = json.loads(exchange(server.port, phone.token, phone.batch([entry]))[2])["results"]
            assert [(one["status"], one["code"]) for one in answer] == [("quarantined", "unknown-subject")]
    [kept] = db.session.scalars(select(Quarantined))
    assert json.loads(kept.raw) == entry


def _agreed_now(anna) -> object:
    """Something more is agreed with Anna. Returns its id."""
    old, now = db.session.get(Assignment, anna.assignment_id), clock.now()
    with atomic():
        return assignments.assign(
            client=db.session.get(Client, old.client_id),
            episode=db.session.get(Episode, old.episode_id),
            worksheet=library().newest(THOUGHT_RECORD),
            by=db.session.get(Practitioner, db.session.scalars(select(Access.practitioner_id)).first()),
            reason="It can help.",
            plan=PLAN,
            rhythm={"kind": "per_week", "times": 3},
            from_date=now.date(),
            now=now,
        ).id


def _there() -> set[str]:
    return {str(one) for one in db.session.scalars(select(Revision.revision_id))}


def test_a_copy_made_while_phones_push_is_of_one_moment_and_tells_nothing(world, tmp_path):
    config, copy = world.config, tmp_path / "copy"
    pairs = [(person, phone) for person, phone in world.phones]
    with Server(config) as server, ThreadPoolExecutor(4) as pool:

        def push(person, phone):
            for _ in range(10):
                phone.save(person.entry(answers={"situation": CANARY}))
                phone.push(server.port, phone.waiting())

        leave()
        pushing = [pool.submit(push, *pair) for pair in pairs]
        made = run(config, "backup", "--out", str(copy))
        for one in pushing:
            one.result()
    assert made.exit_code == 0, made.output
    assert [phone.unheard for _, phone in pairs] == [0] * 4, "somebody was held up"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    again = run(config, "backup", "--out", str(copy))
    assert (again.exit_code, "is there already" in again.output) == (2, True)
    raw, keys = copy.read_bytes(), read_key_file(config.key_file)
    body = json.loads(config.key_file.read_text())
    secrets = [*body["wrapping"].values(), body["lookup"], body["research"], body["push_private"]]
    for planted in (CANARY, "Anna", "Ben Okafor", *secrets):
        assert planted.encode() not in raw, planted
    assert not any(key in raw for key in (*keys.wrapping.values(), keys.lookup, keys.research))
    if config.is_sqlite:
        with sqlite3.connect(copy) as connection:
            half = "SELECT count(*) FROM revision WHERE entry_id NOT IN (SELECT entry_id FROM entry)"
            assert connection.execute(half).fetchone() == (0,), "half of a push"
        connection.close()


def test_what_cannot_be_put_back_changes_nothing(sqlite_world, tmp_path):
    config, copy = sqlite_world.config, tmp_path / "copy"
    leave()
    assert run(config, "backup", "--out", str(copy)).exit_code == 0
    whole = (config.data / "meantime.sqlite3").read_bytes()
    other_keys = tmp_path / "other.keys"
    make_key_file(other_keys)
    damaged = tmp_path / "damaged"
    damaged.write_bytes(copy.read_bytes()[:60_000] + b"x" * 4000 + copy.read_bytes()[64_000:])
    (tmp_path / "text").write_text("not a copy")
    for named, keys, says in (
        (tmp_path / "none", config.key_file, "cannot be read"),
        (tmp_path / "text", config.key_file, "is no copy of a SQLite database"),
        (damaged, config.key_file, "damaged"),
        (copy, other_keys, "does not open this copy"),
        (copy, tmp_path / "no.keys", "is missing"),
    ):
        done = run(replace(config, key_file=keys), "restore", str(named))
        assert (done.exit_code, says in done.output) == (2, True), done.output
    assert (config.data / "meantime.sqlite3").read_bytes() == whole
    assert not (tmp_path / "no.keys").exists()
    assert list(config.data.glob("*.restoring*")) == [], "a whole copy was left lying about"


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_without_the_client_programs_it_says_what_to_install(both, config, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run(config, "backup", "--out", str(tmp_path / "copy"))
    assert (done.exit_code, "apt-get install postgresql-client" in done.output) == (2, True)
    assert list(tmp_path.glob("copy*")) == []
