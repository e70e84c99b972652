"""The world of the benchmark of pages is whole and right, small as it is here."""

import pytest
from sqlalchemy import func, select, text

from server.assignments.models import Occurrence
from server.caseload.models import Access, Attendance
from server.caseload.queries import clients_of
from server.extensions import db
from server.people.models import Client, Practitioner
from tests.benchmarks.pages_asked import of_practitioner, of_service
from tests.benchmarks.pages_filling import fill_postgresql, fill_sqlite
from tests.benchmarks.pages_world import populate
from tests.cast import NOW

LIVED = 4


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW)
    return NOW


def rows(model, *wanted):
    return db.session.scalar(select(func.count()).select_from(model).where(*wanted))


def test_each_copy_is_a_whole_caseload_of_its_own(app, now):
    [measured] = populate(("dominant",), LIVED, now)
    lived = {model: rows(model) for model in (Client, Access, Occurrence, Attendance)}
    db.session.remove()  # its look is older than what comes
    fill_sqlite(db.engine, [measured], clients=3 * 60)
    for model, count in lived.items():
        assert rows(model) == 3 * count > 0
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    others = [one for one in db.session.scalars(select(Practitioner)) if one.id != measured.practitioner]
    copied = [one for one in others if "practitioner" in one.roles]
    assert [len(clients_of(one, now)) for one in copied] == [len(clients_of(copied[0], now))] * 2


def test_the_pages_that_are_measured_are_filled(app, now):
    [measured] = populate(("dominant",), LIVED, now)
    asked = of_practitioner(app, measured)
    asked.pages.update(of_service(app, measured).pages)
    assert set(asked.pages) >= {"today", "caseload", "appointment", "client", "choose_task", "service"}
    for open_next in asked.pages.values():
        open_next()
    caseload = asked.http.get("/staff/caseload").text
    assert caseload.count('<th scope="row">') == LIVED


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_on_postgresql_one_service_is_dominant_and_every_key_stands_again(both, now):
    measured = populate(("dominant", "small"), 2, now)
    keys = "SELECT count(*) FROM pg_constraint WHERE convalidated AND contype IN ('p', 'u', 'f')"
    before = db.session.scalar(text(keys))
    db.session.remove()
    fill_postgresql(db.engine, measured, clients=12 * 60)
    assert db.session.scalar(text(keys)) == before
    by_service = sorted(db.session.scalars(select(func.count()).select_from(Client).group_by(Client.service_id)))
    assert by_service[-1] == 2 * (1 + 2)  # its own, and two of ten copies
    assert rows(Client) == 2 * 12
