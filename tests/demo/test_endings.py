"""The demonstration has courses that ended, what was said of them, and somebody who came back."""

from sqlalchemy import func, select

from server.caseload.models import Episode
from server.endings.feedback import said_in
from server.endings.models import Ending
from server.extensions import db
from server.people.models import Service
from server.reminders.models import Delivery


def test_courses_ended_for_more_than_one_reason_and_one_client_came_back(demo_app):
    reasons = db.session.scalars(select(Ending.reason)).all()
    assert len(reasons) >= 2 and len(set(reasons)) >= 2
    courses = db.session.execute(select(Episode.client_id, func.count()).group_by(Episode.client_id)).all()
    assert sorted(count for _, count in courses)[-1] == 2


def test_nothing_is_planned_for_anybody_whose_course_is_over(demo_app):
    still = select(Episode.client_id).where(Episode.closed_on.is_(None))
    waiting = select(func.count()).where(Delivery.state == "planned", Delivery.client_id.not_in(still))
    assert db.session.scalar(waiting) == 0


def test_the_service_lead_has_feedback_to_read_and_a_quote_to_copy(demo_app):
    said = said_in(db.session.scalars(select(Service)).one())
    assert said.listed == 5
    assert any(quote for texts in said.texts.values() for _, quote in texts)
