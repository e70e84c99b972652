"""From a client's own order of ways to what is sent: safe contact first, the next way when one fails, and an end."""

from datetime import timedelta

import pytest

from server import jobs
from server.audit.queries import about_client
from server.errors import Refused
from server.extensions import atomic, db
from server.people import actions as people
from server.people.models import Client
from server.reminders import planning, queries, ways
from server.reminders.models import Way
from server.reminders.senders import GONE, LATER, Outcome
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import ADDRESS, DUE, SAFE, deliveries, first, say, set_up, tick, told


@pytest.fixture
def story(story):
    """This installation can send mail and texts."""
    set_up(story.app)
    return story


def test_nothing_is_sent_before_safe_contact_was_asked_alone(story):
    story.subscribe()
    story.set_rule()
    say(story, "push", "email", safe={**SAFE, "asked_alone": False})
    _, sender = tick()
    assert (sender.given, told()) == ([], [("push", "cancelled", "not-asked")])


def test_a_reminder_goes_by_the_first_way_that_was_chosen(story):
    story.set_rule()
    say(story, "email", "push")
    _, sender = tick()
    [mail] = sender.given
    assert (mail.channel, mail.to, mail.subject) == ("email", ADDRESS, "You have a reminder")
    assert told() == [("email", "accepted", None)]
    assert first().code not in mail.text + mail.stop + mail.message_id


def test_without_a_phone_the_next_way_is_used_at_once(story):
    story.set_rule()
    say(story, "push", "sms")
    _, sender = tick()
    [text] = sender.given
    assert (text.channel, text.to, text.again) == ("sms", "+447700900123", False)
    assert text.text == "You have a reminder: http://localhost:8000/"
    assert told() == [("push", "failed", "no-phone"), ("sms", "accepted", None)]


def test_level_nothing_says_nothing_by_mail_and_text_too(story):
    story.set_rule(level=0)
    say(story, "email", "sms")
    _, sender = tick(DUE, Outcome(GONE, 550))
    assert [sender.given[0].subject, sender.given[1].text] == ["Meantime", "Meantime: http://localhost:8000/"]


def test_what_fails_until_it_is_too_late_goes_no_further(story):
    story.set_rule()
    say(story, "push")
    tick()
    assert told() == [("push", "failed", "no-phone")]


def refused_on(day):
    """The mail server says that there is no such address, on that day after the first."""
    with atomic():
        planning.plan(DUE + timedelta(days=day, hours=-1))
    tick(DUE + timedelta(days=day), Outcome(GONE, 550))


def test_an_address_that_was_refused_on_two_days_is_no_way_any_more_and_the_next_one_is_used(story):
    story.set_rule(steady=True)
    say(story, "email", "sms")
    refused_on(0)
    assert ("email", "failed", "no-such-address") in told() and ("sms", "accepted", None) in told()
    assert ways.said_of(story.client)[0] == ["email", "sms"]
    refused_on(1)
    assert ways.said_of(story.client)[0] == ["sms"]
    assert db.session.query(Way).order_by(Way.id.desc()).first().why == "unreachable"


def test_a_mail_that_was_taken_between_or_an_address_said_anew_begins_afresh(story):
    story.set_rule(steady=True)
    say(story, "email", "sms")
    refused_on(0)
    tick(DUE + timedelta(days=1))
    refused_on(2)
    assert ways.said_of(story.client)[0] == ["email", "sms"]
    say(story, "email", "sms", now=DUE + timedelta(days=2, hours=1))
    refused_on(3)
    assert ways.said_of(story.client)[0] == ["email", "sms"]
    refused_on(4)
    assert ways.said_of(story.client)[0] == ["sms"]


def test_a_way_that_is_not_set_up_here_is_refused_with_a_sentence(story):
    set_up(story.app, "email")
    with pytest.raises(Refused) as no:
        say(story, "email", "push")
    assert no.value.code == "way-not-set-up" and "Choose another way" in no.value.fields["order"]
    assert db.session.query(Way).count() == 0


def test_what_waits_for_a_way_that_was_turned_off_is_told_and_goes_the_next(story):
    story.subscribe()
    story.set_rule()
    say(story, "email", "push")
    set_up(story.app, "email")
    jobs.pass_on_what_cannot_go(DUE)
    assert told() == [("email", "failed", "not-set-up"), ("push", "planned", None)]
    tick(DUE + timedelta(seconds=20))
    assert told() == [("email", "failed", "not-set-up"), ("push", "accepted", None)]


def test_a_client_whose_only_way_is_not_there_keeps_nobody_from_the_signal(story):
    story.set_rule()
    say(story, "sms")
    set_up(story.app, "email", "sms")
    jobs.pass_on_what_cannot_go(DUE)
    assert told() == [("sms", "failed", "not-set-up")]
    assert queries.stuck_since(DUE + timedelta(minutes=10)) is None


def test_what_waits_for_another_try_is_not_lost_when_the_ways_change(story):
    story.subscribe()
    story.set_rule()
    say(story, "email", "push")
    tick(DUE, Outcome(LATER, 451))
    say(story, "push", "email", now=DUE + timedelta(seconds=10))
    tick(DUE + timedelta(minutes=1))
    assert told() == [("email", "accepted", None)]
    assert {row.channel for row in deliveries() if row.due_at > DUE} == {"push"}


def test_what_waits_for_a_way_that_is_none_any_more_goes_the_next(story):
    story.subscribe()
    story.set_rule()
    say(story, "email", "push")
    tick(DUE, Outcome(LATER, 451))
    say(story, "push", now=DUE + timedelta(seconds=10))
    tick(DUE + timedelta(minutes=1))
    assert told() == [("email", "cancelled", "not-safe"), ("push", "accepted", None)]


def no_answer_to_texts(story, until, outcome):
    story.set_rule()
    say(story, "sms", "email")
    for minute in (0, 1, 4, 15, 50, 100):
        if minute < until:
            tick(DUE + timedelta(minutes=minute), outcome)
    return told()


def test_a_text_that_may_have_arrived_goes_no_other_way_as_well(story):
    found = no_answer_to_texts(story, 120, Outcome(LATER, tried=True, perhaps=True))
    assert found == [("sms", "failed", "perhaps-sent")]


def test_a_text_that_was_not_taken_for_sure_goes_the_next_way(story):
    found = no_answer_to_texts(story, 120, Outcome(LATER, 503, perhaps=False))
    assert found == [("sms", "failed", "later"), ("email", "accepted", None)]


def test_a_text_of_which_nothing_more_was_learned_goes_no_other_way(story):
    story.set_rule()
    say(story, "sms", "email")
    tick(DUE, Outcome(LATER, perhaps=True))
    for minute in (1, 4, 15, 50, 100):
        tick(DUE + timedelta(minutes=minute), Outcome(LATER, 503))
    assert told() == [("sms", "failed", "perhaps-sent")]


def test_a_text_that_may_have_been_sent_is_looked_up_first(story):
    story.set_rule()
    say(story, "sms")
    tick(DUE, Outcome(LATER))
    _, sender = tick(DUE + timedelta(minutes=1))
    assert [text.again for text in sender.given] == [True]
    assert sender.given[0].reference == str(next(row.id for row in deliveries() if row.channel == "sms"))


def test_safe_hours_hold_mail_back_and_never_sms_holds(story):
    story.set_rule()
    say(story, "email", safe={**SAFE, "hours": {"from": "18:00"}})
    _, sender = tick()
    assert sender.given == [] and ("email", "cancelled", "unsafe-hours") in told()
    with pytest.raises(Refused) as no:
        say(story, "sms", safe={**SAFE, "never_sms": True})
    assert "order" in no.value.fields


@pytest.mark.parametrize(
    ("order", "email", "mobile", "field"),
    [(["email"], "", "", "email"), (["email"], "a b@c", "", "email"), (["sms"], "", "123", "mobile"),
     (["push", "push"], "", "", "order"), (["fax"], "", "", "order")],
)  # fmt: skip
def test_what_cannot_be_used_is_named_and_nothing_is_kept(story, order, email, mobile, field):
    with pytest.raises(Refused) as no:
        say(story, *order, email=email, mobile=mobile)
    assert field in no.value.fields
    assert db.session.query(Way).count() == 0


def test_the_record_has_the_ways_and_no_address(story):
    say(story, "email", "push")
    change = next(one for one in about_client(story.client.id) if one.verb == "reminder.ways_changed")
    assert change.detail == {"order": ["email", "push"], "why": "said"}
    assert db.session.query(Way).one().addresses == {"email": ADDRESS, "sms": "+447700900123"}
    assert ADDRESS.encode() not in db.session.query(Way).one().addresses_sealed


def test_what_is_said_of_safety_later_holds_for_what_is_planned(story):
    story.set_rule()
    say(story, "sms")
    with atomic():
        client = db.session.get(Client, story.client.id)
        people.change_safe_contact(client=client, safe_contact={**SAFE, "never_sms": True}, by=client, now=MONDAY)
    _, sender = tick()
    assert sender.given == [] and ("sms", "cancelled", "not-safe") in told()
