"""Who turned reminders on and is sent none, since nobody asked them yet how to reach them safely: said to somebody."""

from datetime import timedelta

from server.extensions import atomic, db
from server.people import actions as people
from server.reminders import actions, asking, preview
from tests.reminders.conftest import ASKED, MONDAY


def be_asked(story, safe):
    with atomic():
        people.change_safe_contact(client=story.client, safe_contact=safe, by=story.practitioner, now=MONDAY)


def waiting(story):
    anywhere = db.session.scalar(asking.EVERYWHERE)
    found = asking.not_asked([story.client.id])
    assert (anywhere, asking.count(story.client.service_id)) == (len(found), len(found))
    return len(found)


def test_who_has_reminders_on_waits_until_they_are_asked_alone(story):
    assert waiting(story) == 0  # no reminders, nothing to wait for
    story.set_rule()
    for safe, wait in (({}, 1), ({"channels": ["call"]}, 1), ({**ASKED, "asked_alone": False}, 1), (ASKED, 0)):
        be_asked(story, safe)
        assert waiting(story) == wait, safe
    be_asked(story, {})
    story.set_rule(on=False, now=MONDAY + timedelta(minutes=1))
    assert waiting(story) == 0


def test_two_hours_of_one_client_are_one_client_and_later_alone_is_none(story):
    be_asked(story, {})
    with atomic():
        once = {"name": "remind_later", "date": "2026-11-23", "at": "15:00"}
        actions.remind_later(client=story.client, payload=once, by=story.client, now=MONDAY)
    assert waiting(story) == 0
    story.set_rule()
    story.set_rule(assignment_id=str(story.assignment.id))
    assert waiting(story) == 1


def test_nothing_is_previewed_before_they_were_asked(story):
    story.set_rule()
    assert preview.next_of(story.client, MONDAY)
    be_asked(story, {})
    assert preview.next_of(story.client, MONDAY) == []
