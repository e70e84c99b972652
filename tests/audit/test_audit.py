"""The audit: appended in the same transaction, chained, and every kind of tampering shows."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.audit import actions as audit
from server.audit.queries import check_chain
from server.audit.rules import GENESIS, link, verify
from server.extensions import atomic, db
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
