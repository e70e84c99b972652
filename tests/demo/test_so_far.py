"""What is told of each course is told once, whoever had it when."""

from sqlalchemy import func, select

from server.caseload.models import Episode, Handover
from server.demo.so_far import courses_of
from server.extensions import db
from server.people.models import Service


def test_every_course_is_there_once_with_whoever_began_it(demo_app):
    courses = list(courses_of(db.session.scalar(select(Service.id))))
    assert len(courses) == db.session.scalar(select(func.count()).select_from(Episode))
    handed = db.session.scalars(select(Handover)).one()
    assert [by.id for _, episode, by, _ in courses if episode.id == handed.episode_id] == [handed.from_practitioner_id]
    order = [(client.local_number, episode.opened_on) for client, episode, _, _ in courses]
    assert order == sorted(order)
