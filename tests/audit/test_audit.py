"""The audit: appended in the same transaction, chained, and every kind of tampering shows."""

import pytest
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from server.audit import actions as audit
from server.audit.kept_heads import read_heads, write_heads
from server.audit.models import AuditEvent
from server.audit.queries import check_chain, check_chains, heads
from server.audit.rules import GENESIS, link, said_of, verify
from server.errors import CannotStart
from server.extensions import Id, atomic, db
from server.sealing import ring
from tests.cast import NOW


def chained(n=5):
    rows, previous = [], GENESIS
    for position in range(1, n + 1):
        content = {"id": str(position), "verb": "looked"}
        own = link(content, position, previous)
        rows.append((content, position, previous, own))
        previous = own
    return rows


def test_a_whole_chain_holds():
    assert verify(chained()).broken_at is None


def test_change_delete_swap_insert_and_rewrite_each_show():
    rows = chained()
    changed = [*rows[:2], ({**rows[2][0], "verb": "did"}, *rows[2][1:]), *rows[3:]]
    assert verify(changed).broken_at == 3
    assert verify([*rows[:2], *rows[3:]]).broken_at == 3
    assert verify([rows[1], rows[0], *rows[2:]]).broken_at == 1
    assert verify([*rows[:2], rows[1], *rows[2:]]).broken_at == 3
    cut = verify(rows[:3])
    assert (cut.broken_at, cut.head) == (None, rows[2][3])  # a cut tail shows only against a head kept elsewhere
    assert cut.head != verify(rows).head


def test_the_tick_chains_each_service_and_the_tail_is_reported(both, cast):
    assert check_chain(cast.service.id).unchained > 3
    with atomic():
        assert audit.chain(NOW) > 6
    verdict = check_chain(cast.service.id)
    assert (verdict.broken_at, verdict.unchained) == (None, 0)
    with atomic():
        audit.record("client.seen", about=cast.anna, by=cast.ben, now=NOW)
    assert check_chain(cast.service.id).unchained == 1
    with atomic():
        audit.chain(NOW)
    assert check_chain(cast.service.id).broken_at is None
    assert check_chain(cast.other_service.id).linked > 0


@pytest.mark.parametrize("tampering", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_or_delete(both, cast, tampering):
    with pytest.raises(DBAPIError, match="append-only"), atomic():
        db.session.execute(text(tampering))
    with atomic():
        audit.chain(NOW)
    with pytest.raises(DBAPIError, match="append-only"), atomic():
        db.session.execute(text("UPDATE audit_event SET hash = 'x'"))


def test_an_action_whose_audit_fails_leaves_nothing(both, cast, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr("server.audit.actions.record", broken)
    with pytest.raises(RuntimeError):
        cast.agree()
    assert db.session.scalar(text("SELECT count(*) FROM assignment")) == 0
    assert db.session.scalar(text("SELECT count(*) FROM occurrence")) == 0


CHANGED = {
    "a changed byte": ["SET verb = verb || 'x' WHERE id = :third"],
    "a changed moment": ["SET at = '2020-01-01 00:00:00' WHERE id = :third"],
    "a row moved within": [
        "SET position = 999 WHERE id = :third",
        "SET position = 3 WHERE id = :second",
        "SET position = 2 WHERE id = :third",
    ],
    "a row moved to another service": ["SET service_id = :other WHERE id = :third"],
    "a row unchained": ["SET hash = NULL, position = NULL WHERE id = :third"],
}


class Undone(Exception):
    """Ends a transaction that was only to look."""


def tamper(service_id, statements):
    """What somebody with the database in hand can do, for good."""
    db.session.rollback()
    with atomic():
        change(service_id, statements)


def change(service_id, statements, other_id=None):
    """The triggers are no obstacle to them."""
    ids = {
        name: db.session.scalar(
            select(AuditEvent.id).where(AuditEvent.service_id == service_id, AuditEvent.position == position)
        )
        for name, position in (("second", 2), ("third", 3))
    }
    sqlite = db.engine.dialect.name == "sqlite"
    for name in ("never_changes", "never_goes") if sqlite else ("append_only ON audit_event",):
        db.session.execute(text(f"DROP TRIGGER audit_event_{name}"))
    for statement in statements:
        typed = text(statement).bindparams(*[bindparam("other", type_=Id)] if ":other" in statement else [])
        values = {**ids, "other": other_id}
        db.session.execute(typed, {name: value for name, value in values.items() if f":{name}" in statement})


def test_a_row_that_was_tampered_with_shows(both, cast):
    with atomic():
        audit.chain(NOW)
    assert check_chain(cast.service.id).whole
    service_id, other_id = cast.service.id, cast.other_service.id
    for how, changes in CHANGED.items():
        with pytest.raises(Undone), atomic():
            change(service_id, [f"UPDATE audit_event {one}" for one in changes], other_id)
            assert check_chain(service_id).broken_at in (2, 3), how
            raise Undone
        assert check_chain(service_id).whole


def test_a_tail_that_was_cut_shows_against_a_head_that_was_kept(both, cast):
    keys = ring()
    with atomic():
        audit.chain(NOW)
    text_kept = write_heads(heads(), keys, NOW)
    kept = read_heads([("head.json", text_kept)], keys)
    assert all(verdict.whole for verdict in check_chains(kept=kept).values())
    last = kept[cast.service.id].popitem()
    kept[cast.service.id] = dict([last])
    tamper(cast.service.id, [f"DELETE FROM audit_event WHERE hash = '{last[1]}'"])
    assert check_chain(cast.service.id).whole, "a chain alone cannot tell"
    found = check_chains(kept=kept)[cast.service.id]
    assert (found.whole, found.kept) == (False, (last[0],))
    assert "was cut" in said_of(cast.service.id, found)
    tamper_again = [f"DELETE FROM audit_event WHERE service_id IS NOT NULL AND position < {last[0]}"]
    with atomic():
        db.session.execute(text(tamper_again[0]))
    assert not check_chains(kept=kept)[cast.service.id].whole, "a whole chain that is gone"


def test_a_chain_forged_from_the_first_link_shows_against_a_kept_head(both, cast):
    with atomic():
        audit.chain(NOW)
    kept = read_heads([("head.json", write_heads(heads(), ring(), NOW))], ring())
    tamper(
        cast.service.id,
        [
            "UPDATE audit_event SET verb = 'client.seen' WHERE id = :third",
            "UPDATE audit_event SET hash = NULL, previous_hash = NULL, position = NULL",
        ],
    )
    with atomic():
        audit.chain(NOW)
    assert check_chain(cast.service.id).whole
    found = check_chain(cast.service.id, kept=kept[cast.service.id])
    assert not found.whole and "written anew" in said_of(cast.service.id, found)


def test_a_kept_head_that_was_changed_is_refused(app, cast):
    with atomic():
        audit.chain(NOW)
    text_kept = write_heads(heads(), ring(), NOW)
    for changed in (
        text_kept.replace('"position": ', '"position": 1'),
        text_kept.replace('"signature": "', '"signature": "0'),
        "[]",
        "x",
    ):
        with pytest.raises(CannotStart):
            read_heads([("head.json", changed)], ring())


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_two_that_chain_at_once_make_one_chain(both, cast, config):
    db.session.rollback()
    with db.engine.connect() as other, other.begin():
        assert other.scalar(select(func.pg_try_advisory_xact_lock(audit.CHAINING)))
        with atomic():
            assert audit.chain(NOW) == 0, "another is at it"
    with atomic():
        assert audit.chain(NOW) > 0
    assert check_chain(cast.service.id).whole


def test_what_orjson_writes_otherwise_than_the_standard_is_checked_the_slow_way():
    odd = {"id": "1", "detail": {"half": 1e21, "\U0001d49c": 1, "\uff5e": 2}}
    own = link(odd, 1, GENESIS)
    assert verify([(odd, 1, GENESIS, own)]).whole
    assert not verify([({**odd, "id": "2"}, 1, GENESIS, own)]).whole
