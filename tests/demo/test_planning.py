"""The people of the demonstration say of a plan that it is theirs, or change it."""

from sqlalchemy import func, select

from server.assignments.models import AssignmentVersion
from server.caseload.models import Episode
from server.extensions import db

V = AssignmentVersion


def test_plans_were_confirmed_and_changed_on_the_phone_and_some_still_wait(demo_app):
    confirmed, own, waiting = (
        db.session.scalar(select(func.count()).where(*wanted))
        for wanted in ((V.confirmed_at.is_not(None),), (V.made_by == "client",), (V.confirmed_at.is_(None),))
    )
    assert confirmed > 20 and own > 10 and waiting > 10
    early = select(func.count()).where(V.confirmed_at < V.recorded_at)
    assert db.session.scalar(early) == 0, "nobody says yes to what was not agreed yet"


def test_every_course_says_what_it_is_for_so_that_something_fits(demo_app):
    assert db.session.scalar(select(func.count()).where(Episode.problem.is_(None))) == 0
