"""The demonstration shows cover, a hand-over and a break-glass look, and leaves little unread."""

from sqlalchemy import select

from server.caseload import cover, urgent
from server.caseload.models import Handover
from server.caseload.queries import clients_of, owners_of
from server.entries.promise import unread_past
from server.extensions import db
from server.people.models import Practitioner, Service
from tests.conftest import Demonstration

NOW = Demonstration.now


def staff() -> dict[str, Practitioner]:
    return {one.name.split()[0]: one for one in db.session.scalars(select(Practitioner))}


def test_somebody_is_covered_now_and_a_whole_caseload_will_be(demo_app):
    ruth = staff()["Ruth"]
    assert [(one.away.name, one.row.scope, one.row.from_at <= NOW) for one in cover.covers(ruth, NOW)] == [
        ("Tom Haslam", "chosen", True),
        ("Ruth Adeyemi", "all", False),
    ]
    assert [one.role for one in clients_of(ruth, NOW) if one.role != "own"] == ["cover"]


def test_one_client_was_handed_over_with_a_summary(demo_app):
    row = db.session.scalars(select(Handover)).one()
    assert owners_of([row.episode_id], NOW)[row.episode_id].name == "Ruth Adeyemi"
    assert row.summary.startswith("As of") and "Agreed now" in row.summary


def test_a_break_glass_look_is_known_to_her_practitioner_and_waits_for_an_administrator(demo_app):
    people = staff()
    assert urgent.alerts_for(people["Ruth"], NOW) == []
    assert [one.client for one in urgent.alerts_for(people["Priya"], NOW)] == [None]


def test_practitioners_look_at_what_comes_so_that_little_is_unread(demo_app):
    service = db.session.scalars(select(Service)).one()
    late = {
        name: len(unread_past(service, [one.client.id for one in clients_of(staff()[name], NOW)], NOW))
        for name in ("Ruth", "Tom")
    }
    assert max(late.values()) <= 4, late
    assert sum(late.values()) >= 1, late
