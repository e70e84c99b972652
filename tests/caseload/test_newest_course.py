"""The road to a client leads to their newest course: Ben began it, handed it to Cara, and the old one opens nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.caseload import handing_over as handing
from server.caseload import roads, urgent
from server.caseload.queries import client_of, clients_of, clients_worked_with, day_of, episode_of, somebody_works_with
from server.endings import actions as endings
from server.errors import Missing
from server.extensions import atomic, db
from server.people.models import Client
from tests.cast import NOW

LATER = NOW + timedelta(days=30)
AFTER = LATER + timedelta(days=2)


@pytest.fixture
def handed_on(cast):
    """Ben ended Anna's course, began another, and handed that one to Cara."""
    cast.meet(NOW - timedelta(hours=1), "attended")
    cast.end()
    with atomic():
        new = endings.start_again(client=cast.anna, practitioner=cast.ben, problem=None, by=cast.ben, now=LATER)
    with atomic():
        handing.hand_over(
            episode=new, to=cast.cara, from_day=LATER.date(), appointments="go", summary="", by=cast.ben, now=LATER
        )
    return new


def found_by(query) -> list:
    return list(db.session.scalars(query).all())


def test_a_former_practitioner_has_no_road_into_the_new_course(both, cast, handed_on):
    for look in (client_of, episode_of):
        assert look(cast.cara, cast.anna.id, AFTER).id in (cast.anna.id, handed_on.id)
        with pytest.raises(Missing):
            look(cast.ben, cast.anna.id, AFTER)
    assert found_by(clients_worked_with(cast.cara, AFTER)) == [cast.anna.id]
    assert found_by(clients_worked_with(cast.ben, AFTER)) == []
    assert [line.episode.id for line in clients_of(cast.cara, AFTER)] == [handed_on.id]
    assert clients_of(cast.ben, AFTER) == []


def test_nor_to_appointments_of_the_course_before_nor_to_alerts(both, cast, handed_on):
    assert day_of(cast.ben, NOW.date(), AFTER) == []
    with atomic():
        roads.give(episode=handed_on, practitioner=cast.ben, role="break_glass", by=cast.ben, now=AFTER)
    assert urgent.alerts_for(cast.ben, AFTER) == []
    assert len(urgent.alerts_for(cast.cara, AFTER)) == 1


def test_the_old_course_is_open_to_whom_it_was_until_another_begins(both, cast):
    cast.meet(NOW - timedelta(hours=1), "attended")
    cast.end()
    assert episode_of(cast.ben, cast.anna.id, LATER).id == cast.episode.id
    with atomic():
        endings.start_again(client=cast.anna, practitioner=cast.ben, problem=None, by=cast.ben, now=LATER)
    assert len(day_of(cast.ben, NOW.date(), AFTER)) == 1  # a day of the course before is still to be seen


def test_nobody_works_with_somebody_whose_newest_course_is_nobodys(both, cast, handed_on):
    def seen() -> list:
        return found_by(select(Client.id).where(somebody_works_with(Client.id, AFTER)))

    assert seen() == [cast.anna.id]
    with atomic():
        for road in roads.of_client(cast.anna):
            if road.episode_id == handed_on.id:
                roads.end(road, at=LATER, by=cast.ben, now=LATER)
    assert seen() == []
