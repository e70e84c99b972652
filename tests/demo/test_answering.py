"""The demonstration has answers to barriers, equity fields with gaps, and an appointment that moved."""

from sqlalchemy import select

from server.caseload.models import AppointmentChange
from server.extensions import db
from server.people.equity import EQUITY, NOT_STATED
from server.people.equity_queries import equity_of
from server.people.models import Client, Service
from server.reviews.models import RESPONSES
from server.reviews.response_queries import responses_of


def test_it_has_something_of_everything(demo_app):
    service = db.session.scalar(select(Service))
    clients = list(db.session.scalars(select(Client.id)))
    held = equity_of(service)
    assert len(held) == len(clients)
    for field in EQUITY:
        said = [one[field] for one in held.values()]
        assert len(set(said) - {None}) > 1
        assert field == "age_band" or None in said, "some were never asked"
    assert any(NOT_STATED in one.values() for one in held.values())
    assert len({row.what for row in responses_of(clients).values()}) >= len(RESPONSES) - 2
    assert db.session.scalar(select(AppointmentChange.id).where(AppointmentChange.what == "moved").limit(1))
