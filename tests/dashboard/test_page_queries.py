"""How often a page asks the database: so many times at most, and no more often for more clients."""

from uuid import UUID

import pytest
from sqlalchemy import select

from server import clock
from server.assignments.models import Assignment
from server.caseload.models import Access
from server.caseload.queries import clients_of, day_of
from server.extensions import atomic, db
from server.people.models import Practitioner
from tests.benchmarks.pages_counted import queries_of
from tests.conftest import Demonstration

NOW = Demonstration.now
MOST = {"today": 30, "caseload": 20, "appointment": 44, "client": 54}  # looks, transactions and ways among them
FEW = 3


@pytest.fixture
def works(demo_app, demonstration, monkeypatch):
    """A signed-in practitioner of the demonstration, and who they are."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    sign_in = next(one for one in demonstration.access.sign_ins if "practitioner" in one.roles)
    http = demo_app.test_client()
    typed = {"sign_in_name": sign_in.sign_in_name, "password": sign_in.password}
    assert http.post("/staff/sign-in", data=typed).status_code == 303
    everybody = db.session.scalars(select(Practitioner)).all()
    return http, next(one for one in everybody if one.sign_in_name == sign_in.sign_in_name)


def asked(http, address: str) -> int:
    """The same whether it is the first page of the process or not: templates and definitions ask nothing."""

    def open_page():
        assert http.get(address).status_code == 200

    open_page()
    db.session.remove()
    return queries_of(open_page)


def leave(by: Practitioner, kept: set[UUID]) -> None:
    """All but these clients are somebody else's from now on."""
    with atomic():
        for road in db.session.scalars(select(Access).where(Access.practitioner_id == by.id)):
            if road.client_id not in kept:
                road.until_at = NOW


@pytest.mark.parametrize(("name", "address"), [("today", "/staff/today"), ("caseload", "/staff/caseload")])
def test_a_list_asks_no_more_often_for_more_clients(works, name, address):
    http, by = works
    mine, visits = clients_of(by, NOW), day_of(by, NOW.date(), NOW)
    kept = {one.client.id for one in (visits if name == "today" else mine)[:FEW]}
    shown = len(visits if name == "today" else mine)
    many = asked(http, address)
    leave(db.session.get(Practitioner, by.id), kept)
    assert shown > FEW and many <= MOST[name]
    assert many - asked(http, address) <= 2, "what few do not have may cost one more, but never one for each"


@pytest.mark.parametrize("name", ["appointment", "client"])
def test_a_client_with_much_behind_them_is_asked_about_as_often_as_one_with_little(works, name):
    http, by = works
    db.session.expire_all()
    tasks = {one.client.id: 0 for one in day_of(by, NOW.date(), NOW)}
    for client_id in db.session.scalars(select(Assignment.client_id).where(Assignment.client_id.in_(tasks))):
        tasks[client_id] += 1
    addresses = {
        one.client.id: f"/staff/clients/{one.client.id}"
        + (f"/appointments/{one.meeting.appointment_id}" if name == "appointment" else "")
        for one in day_of(by, NOW.date(), NOW)
    }
    counts = {tasks[client_id]: asked(http, address) for client_id, address in addresses.items()}
    assert max(tasks.values()) > min(tasks.values()) + 1
    assert max(counts.values()) <= MOST[name], counts
