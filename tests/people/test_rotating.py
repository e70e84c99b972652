"""Keys change while the service goes on, and nothing that was written before or meanwhile is lost."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from server import clock, create_app
from server.api.sync import take_in
from server.commands import main
from server.entries.models import DAMAGED, Revision
from server.extensions import atomic, db
from server.people import actions as people
from server.people import rotating
from server.people.models import Client
from server.sealing import (
    NUMBERED,
    SETTLED,
    TURNING,
    add_service_key,
    drop_service_key,
    hold,
    ring,
    service_key_of,
)
from tests.cast import NOW
from tests.faults.conftest import make_world
from tests.faults.serving import Server


@pytest.fixture
def config(config, key_file, tmp_path):
    """With a key file of this test alone: it is changed."""
    own = tmp_path / "own.keys"
    shutil.copy(key_file, own)
    return replace(config, key_file=own)


def run(config, *arguments):
    """A command, in this process."""
    named = {"DATA": config.data, "KEY_FILE": config.key_file, "DATABASE_URL": config.database_url}
    return CliRunner().invoke(main, list(arguments), env={f"MEANTIME_{name}": str(one) for name, one in named.items()})


def rows(client_id) -> list[Revision]:
    db.session.rollback()
    return list(db.session.scalars(select(Revision).where(Revision.client_id == client_id)))


def key_of(client_id) -> bytes:
    db.session.rollback()
    return db.session.scalar(select(Client.data_key).where(Client.id == client_id))


def test_keys_change_under_load_and_one_that_broke_off_goes_on(both, config, monkeypatch):
    world = make_world(config)
    phones = world.phones
    with Server(config) as server, ThreadPoolExecutor(4) as pool:

        def push(person, phone):
            for _ in range(12):
                phone.save(person.entry())
                phone.push(server.port, phone.waiting())

        for pair in phones:
            push(*pair)
        pushing = [pool.submit(push, *pair) for pair in phones]
        wrap, done = rotating.wrap_anew, []

        def broken(*owner):
            done.append(wrap(*owner))
            if len(done) == 3:
                raise SystemExit(9)
            return done[-1]

        monkeypatch.setattr("server.people.rotating.wrap_anew", broken)
        monkeypatch.setattr("server.key_commands.AT_ONCE", 1)
        assert run(config, "keys", "rotate").exit_code == 9
        monkeypatch.setattr("server.people.rotating.wrap_anew", wrap)
        again = run(config, "keys", "rotate")
        assert (again.exit_code, "it goes on" in again.output) == (0, True), again.output
        for one in pushing:
            one.result()
        phones[0][1].push(server.port, phones[0][1].save(world.anna.entry()))  # it reads the new key file
    assert [phone.unheard for _, phone in phones] == [0] * 4, "somebody was held up"
    assert json.loads(config.key_file.read_text())["current"] == "k2"
    assert set(rotating.wrapped_under()) == {"k2"}
    world.holds()
    kinds = {row.body_sealed[0] for row in rows(world.anna.client_id)}
    assert NUMBERED in kinds, "new words are under the new key"
    for _ in range(2):
        assert run(config, "keys", "reseal").exit_code == 0
    assert {row.body_sealed[0] for row in rows(world.anna.client_id)} == {NUMBERED}
    assert key_of(world.anna.client_id)[0] == TURNING, "somebody may still write with the earlier one"
    with atomic():
        rotating.seal_anew("client", world.anna.client_id, clock.now() + timedelta(hours=2))
    assert key_of(world.anna.client_id)[0] == SETTLED
    world.holds()
    assert run(config, "keys", "retire", "k2").exit_code == 2
    early = run(config, "keys", "retire", "k1")
    assert (early.exit_code, "may still be writing under k1" in early.output) == (2, True), early.output
    later = clock.now() + timedelta(hours=1, minutes=1)
    monkeypatch.setattr("server.clock.now", lambda: later)
    assert run(config, "keys", "retire", "k1").exit_code == 0
    db.session.remove()
    with create_app(config).app_context():
        assert all(row.body["entry_id"] for row in rows(world.anna.client_id))
        db.session.remove()
        db.engine.dispose()


def test_a_second_change_waits_for_the_first_to_be_settled(app, cast, config_of_app):
    cast.pair()
    agreed = cast.agree()
    with atomic():
        take_in(cast.anna, cast.phone, [cast.entry(agreed.id)], NOW)
    for _ in range(2):
        hold(app, add_service_key(config_of_app, NOW))
        with atomic():
            assert rotating.wrap_anew("client", cast.anna.id, NOW)
    assert rows(cast.anna.id)[0].body["kind"] == "save", "sealed under the first, opened after two changes"
    assert len(ring().unwrap(key_of(cast.anna.id), f"client|{cast.anna.id}").keys) == 2
    with pytest.raises(KeyError):
        drop_service_key(config_of_app, "k9")


def test_who_is_added_after_another_process_changed_the_key_is_under_the_new_one(both, cast, config):
    """Else `keys retire` would look, find nobody under the old one, and they would be lost at the next start."""
    add_service_key(config.key_file, NOW)
    assert ring().current == "k1", "this process has not read it yet"
    with atomic():
        bea = people.add_client(service=cast.service, preferred_name="Bea", by=cast.ben, now=NOW)
        other = people.add_service(name="Southfield", by="operator", now=NOW)
    assert [service_key_of(one.data_key) for one in (bea, other)] == ["k2", "k2"]
    assert (bea.preferred_name, cast.anna.preferred_name) == ("Bea", "Anna")


@pytest.fixture
def config_of_app(app, key_file, tmp_path):
    """The key file of this test alone."""
    own = tmp_path / "own.keys"
    shutil.copy(key_file, own)
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], key_file=own)
    return own


def test_a_damaged_value_holds_up_nobody_else(both, cast, config):
    cast.pair()
    agreed = cast.agree()
    with atomic():
        take_in(cast.anna, cast.phone, [cast.entry(agreed.id), cast.entry(agreed.id)], NOW)
    hurt, whole = (row.revision_id for row in rows(cast.anna.id))
    with atomic():
        db.session.get(Revision, (cast.anna.id, hurt)).body_sealed = b"\x01damaged"
    hold(both, add_service_key(config.key_file, NOW))
    for now in (NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=2)):
        with atomic():
            rotating.wrap_anew("client", cast.anna.id, now)
            rotating.seal_anew("client", cast.anna.id, now)
    assert key_of(cast.anna.id)[0] == SETTLED
    bodies = {row.revision_id: row.body for row in rows(cast.anna.id)}
    assert bodies[hurt] is DAMAGED and bodies[whole]["revision_id"] == str(whole)


def test_what_is_sealed_under_a_later_key_is_bound_to_it_and_to_its_row(both, cast, config):
    hold(both, add_service_key(config.key_file, NOW))
    with atomic():
        rotating.wrap_anew("client", cast.anna.id, NOW)
    db.session.rollback()
    cast.pair()
    agreed = cast.agree()
    with atomic():
        take_in(cast.anna, cast.phone, [cast.entry(agreed.id), cast.entry(agreed.id)], NOW)
    one, two = rows(cast.anna.id)
    assert one.body["revision_id"] == str(one.revision_id)
    for wrong in (
        two.body_sealed,
        bytes([1]) + one.body_sealed[2:],
        one.body_sealed[:1] + bytes([0]) + one.body_sealed[2:],
        one.body_sealed[:-1] + bytes([one.body_sealed[-1] ^ 1]),
        one.body_sealed[:5],
        b"",
    ):
        one.body_sealed = wrong
        assert one.body is DAMAGED
    db.session.rollback()
