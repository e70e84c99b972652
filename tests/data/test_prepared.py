"""Statements that run straight on the driver: the models' types, SQLAlchemy's errors, the session's transaction."""

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from server.extensions import atomic, db, new_id
from server.people.models import Epoch
from server.prepared import Prepared, listed, several
from tests.cast import NOW

ADD = Prepared(insert(Epoch.__table__).values({c.name: bindparam(c.name) for c in Epoch.__table__.c}))
FIND = Prepared(
    lambda size: select(Epoch.id, Epoch.started_at, Epoch.why).where(Epoch.id.in_(several("id", Epoch.id, size)))
)


def epoch(why="a restore"):
    return {"id": new_id(), "service_id": None, "started_at": NOW, "why": why}


def test_what_goes_in_comes_out_with_the_models_types(both):
    rows = [epoch() for _ in range(3)]
    with atomic():
        ADD.run(rows)
    size, ids = listed("id", [row["id"] for row in rows])
    assert size == 4
    found = {row.id: row for row in FIND.rows(size, **ids)}
    assert found.keys() == {row["id"] for row in rows}
    assert {(row.started_at, row.why) for row in found.values()} == {(NOW, "a restore")}
    assert {row.id: row.started_at for row in db.session.scalars(select(Epoch))} == dict.fromkeys(found, NOW)


def test_it_sees_what_the_session_holds_back_and_goes_with_its_rollback(both):
    row = epoch()
    with pytest.raises(ZeroDivisionError), atomic():
        db.session.add(Epoch(**epoch("held back")))
        ADD.run([row])
        assert len(FIND.rows(1, id0=row["id"])) == 1
        raise ZeroDivisionError
    assert db.session.scalars(select(Epoch)).all() == []


def test_an_error_of_the_driver_is_sqlalchemys_and_tells_no_parameters(both):
    row = epoch("what somebody wrote")
    with pytest.raises(IntegrityError) as refused, atomic():
        ADD.run([row])
        ADD.run([row])
    assert "what somebody wrote" not in str(refused.value)
