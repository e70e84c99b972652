"""What names a person or was written by one is sealed, and bound to its row."""

import shutil

import pytest
from click.testing import CliRunner
from sqlalchemy import LargeBinary, bindparam, select, text

from server.api.sync import take_in
from server.classes import CLASSES, class_of
from server.commands import main
from server.entries.models import DAMAGED, Quarantined, Revision
from server.entries.reading import canonical
from server.extensions import Id, Row, atomic, db, new_id
from server.people.actions import add_client
from server.people.models import Client
from server.reviews.actions import review
from server.sealing import CannotOpen, new_data_key, open_sealed, read_key_file, seal
from tests.cast import NOW


def environment(config) -> dict[str, str]:
    """For a command, in this process."""
    named = {"DATA": config.data, "KEY_FILE": config.key_file, "DATABASE_URL": config.database_url}
    return {f"MEANTIME_{name}": str(value) for name, value in named.items()}


CANARY = "the heron by the lock at Saltaire"


def test_no_sentence_or_name_is_in_the_database_file(app, cast, tmp_path):
    cast.pair()
    agreed = cast.agree(reason=CANARY, plan={"when": CANARY, "then": CANARY}, title=CANARY)
    web = app.test_client()
    web.set_cookie("phone", cast.token)
    entry = cast.entry(agreed.id, {"situation": CANARY})
    with atomic():
        take_in(cast.anna, cast.phone, [entry, {**entry, "kind": CANARY}, CANARY], NOW)
        review(assignment=agreed, mark="reviewed", line=CANARY, note=CANARY, by=cast.ben, now=NOW)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("meantime.sqlite3*"))
    assert len(raw) > 100_000
    for planted in (CANARY, "Anna", "TT-1001", "1994-03-02", "Ben Okafor", "ben@example.org"):
        assert planted.encode() not in raw, planted
    assert agreed.id and db.session.get(Client, cast.anna.id).preferred_name == "Anna"


def test_no_hash_of_what_was_written_lies_in_the_open(both, cast):
    """Answers are few figures: whoever has their hash tries all there can be, and needs no key."""
    cast.pair()
    agreed = cast.agree()
    sent = [cast.entry(agreed.id, {"mood_before": 7, "mood_after": 3}), {"odd": 7}]
    hashes = [canonical(one)[1] for one in sent]
    for _ in range(2):
        with atomic():
            take_in(cast.anna, cast.phone, [*sent, sent[1]], NOW)
    for table, known in ((Revision, hashes[0]), (Quarantined, hashes[1])):
        assert [one.content_hash for one in db.session.scalars(select(table))] == [known], "known by it, and kept once"
    for table in Row.metadata.tables.values():
        for row in db.session.execute(select(table)):
            told = repr(tuple(row)).encode() + b"".join(one for one in row if isinstance(one, bytes))
            for one in hashes:
                assert one.encode() not in told and bytes.fromhex(one) not in told, table.name


def test_two_rows_swapped_do_not_open(both, cast):
    one, two = cast.agree(reason="one reason here"), cast.agree(reason="two reasons here")
    with atomic():
        rows = dict(db.session.execute(text("SELECT assignment_id, reason_sealed FROM assignment_version")).all())
        keys = list(rows)
        for mine, others in ((keys[0], keys[1]), (keys[1], keys[0])):
            db.session.execute(
                text("UPDATE assignment_version SET reason_sealed = :sealed WHERE assignment_id = :id"),
                {"sealed": rows[others], "id": mine},
            )
    db.session.expire_all()
    from server.assignments.queries import of_client

    for agreed in of_client(cast.anna):
        with pytest.raises(CannotOpen):
            _ = agreed.version.reason
    assert one.id != two.id


TAMPERED = (
    "UPDATE revision SET body_sealed = :changed WHERE revision_id = :one",
    "UPDATE revision SET body_sealed = :other WHERE revision_id = :one",
    "UPDATE revision SET body_sealed = :cut WHERE revision_id = :one",
    "UPDATE revision SET client_id = :bea WHERE revision_id = :one",
    "UPDATE revision SET revision_id = :fresh WHERE revision_id = :one",
)


def test_entries_that_were_tampered_with_do_not_open_and_are_found(both, cast):
    """A byte changed, another row's bytes put in, cut short, moved to another client, moved to another entry."""
    cast.pair()
    agreed = cast.agree()
    with atomic():
        take_in(cast.anna, cast.phone, [cast.entry(agreed.id) for _ in range(len(TAMPERED) + 1)], NOW)
        bea = add_client(service=cast.service, preferred_name="Bea", by=cast.ben, now=NOW)
    first, *rest = db.session.scalars(select(Revision)).all()
    assert first.body["revision_id"] == str(first.revision_id)
    shared = {"other": first.body_sealed, "bea": bea.id, "fresh": new_id()}
    for statement, one in zip(TAMPERED, rest, strict=True):
        sealed = one.body_sealed
        changed = sealed[:40] + bytes([sealed[40] ^ 1]) + sealed[41:]
        values = {**shared, "one": one.revision_id, "changed": changed, "cut": sealed[:-1]}
        named = {name: value for name, value in values.items() if f":{name}" in statement}
        typed = [bindparam(name, type_=Id) for name in ("one", "bea", "fresh") if name in named]
        db.session.rollback()
        with atomic():
            db.session.execute(text(statement).bindparams(*typed), named)
    db.session.expire_all()
    rows = db.session.scalars(select(Revision).execution_options(populate_existing=True))
    assert sum(row.body is DAMAGED for row in rows) == len(TAMPERED)
    db.session.rollback()
    found = CliRunner().invoke(main, ["keys", "check"], env=environment(both.config["MEANTIME"]))
    assert (found.exit_code, found.output.count(" body.")) == (1, len(TAMPERED)), found.output


def test_another_clients_key_does_not_open():
    sealed = seal(new_data_key(), b"words", "review|1|line|1")
    with pytest.raises(CannotOpen):
        open_sealed(new_data_key(), sealed, "review|1|line|1")


def test_a_data_key_opens_only_for_its_owner(app, cast):
    keys = read_key_file(app.config["MEANTIME"].key_file)
    assert len(keys.unwrap(cast.anna.data_key, f"client|{cast.anna.id}").newest[1]) == 32
    with pytest.raises(CannotOpen):
        keys.unwrap(cast.anna.data_key, f"client|{cast.ben.id}")


def test_every_column_has_a_class_and_sealed_ones_are_bytes():
    for table in Row.metadata.tables.values():
        for column in table.c:
            found = class_of(table.name, column.name)
            assert found, f"{table.name}.{column.name} has no class in server/classes.py"
            if found in ("identity", "free_text"):
                assert isinstance(column.type, LargeBinary), f"{table.name}.{column.name} is not sealed"


def test_no_class_names_a_column_that_is_gone():
    for table, by_class in CLASSES.items():
        listed = [name for names in by_class.values() for name in names.split()]
        assert sorted(listed) == sorted(Row.metadata.tables[table].c.keys()), table


def test_a_missing_key_file_stops_the_start_with_a_sentence(tmp_path, key_file):
    from server.errors import CannotStart

    with pytest.raises(CannotStart, match="is missing"):
        read_key_file(tmp_path / "none.keys")
    copy = tmp_path / "half.keys"
    shutil.copy(key_file, copy)
    copy.write_text(copy.read_text()[:100])
    with pytest.raises(CannotStart, match="damaged"):
        read_key_file(copy)
