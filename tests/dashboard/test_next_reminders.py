"""The staff page of a client's reminders says what comes next, as it will be planned."""

from datetime import timedelta

from sqlalchemy import select

from server.assignments.models import Assignment
from server.extensions import atomic, db
from server.people import actions as people
from server.reminders import actions, ways
from server.reminders.models import Delivery
from tests.cast import NOW, THOUGHT_RECORD
from tests.dashboard.browser import words

EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


def set_hours(cast, **more):
    with atomic():
        payload = {"name": "reminder", "on": True, "at": "18:00", "weekdays": EVERY_DAY, "level": 1, **more}
        actions.set_rule(client=cast.anna, payload=payload, now=NOW)


def test_the_next_five_are_the_days_that_are_planned(cast, anna, ben):
    cast.ask_safely()
    cast.agree(rhythm={"kind": "daily", "times": 1}, now=NOW)
    set_hours(cast, quiet={"from": "22:00", "until": "07:00"})
    said = words(ben.page(f"{anna.home}/reminders"))
    planned = [f"{row.local_date:%a} {row.local_date.day}" for row in db.session.scalars(select(Delivery))]
    assert planned and all(f"{day} " in said for day in planned)
    assert "18:00 every day, by the clock of Europe/London. Never between 22:00 and 07:00. Fewer come" in said


def test_before_they_were_asked_no_time_is_promised_anywhere(cast, anna, ben):
    cast.agree(rhythm={"kind": "daily", "times": 1}, now=NOW)
    with atomic():
        people.change_safe_contact(client=cast.anna, safe_contact={}, by=cast.ben, now=NOW)
    set_hours(cast)
    page = ben.page(f"{anna.home}/reminders")
    assert "No reminder comes as things stand now. Nobody has asked them yet, alone" in words(page)
    assert not page.find("ol")
    assert page.main.find_all("a", href=f"{anna.home}/safe-contact")
    task = ben.page(f"{anna.home}/assignments/new?worksheet={THOUGHT_RECORD}")
    said = words(ben.read(ben.send(task, "/preview", 200, reason="It helps.", at="18:30", rhythm="daily")))
    assert "No reminder before safe contact was asked, alone." in said and "reminder at 18:00" not in said


def test_a_break_is_said_and_nothing_comes_in_it(cast, anna, ben):
    cast.ask_safely()
    cast.agree(rhythm={"kind": "daily", "times": 1}, now=NOW)
    today = NOW.date()
    set_hours(cast, pause={"from": today.isoformat(), "until": (today + timedelta(days=60)).isoformat()}, steady=True)
    said = words(ben.page(f"{anna.home}/reminders"))
    assert (
        "A break: again from" in said and "No reminder comes as things stand now." in said and "Fewer come" not in said
    )


def test_why_none_comes_is_said_and_the_list_promises_no_other(cast, anna, ben):
    cast.ask_safely()
    set_hours(cast)
    with atomic():
        for one in db.session.scalars(select(Assignment).where(Assignment.client_id == cast.anna.id)):
            one.state = "withdrawn"
    said = words(ben.page(f"{anna.home}/reminders"))
    assert "No reminder comes as things stand now. Nothing that is agreed is open on those days." in said
    assert "Not to come as things stand now" in said and "To come" not in said


def test_where_no_way_is_open_the_page_does_not_say_that_nothing_is_agreed(cast, anna, ben):
    cast.ask_safely()
    cast.agree(rhythm={"kind": "daily", "times": 1}, now=NOW)
    set_hours(cast)
    with atomic():
        ways.change(client=cast.anna, order=[], email="", mobile="", by=cast.ben, now=NOW)
        actions.use_ways(client=cast.anna, by=cast.ben, now=NOW)
    said = words(ben.page(f"{anna.home}/reminders"))
    assert "No reminder comes as things stand now. No way to reach them is open at those hours." in said
