"""What operators and administrators are told of reminders: counts by cause, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.extensions import atomic, db
from server.people import actions as people
from server.reminders import alarms, claiming, vitals, watching
from server.reminders.models import DecisionPoint, DeliveryEvent, PushOrigin
from server.reminders.push import ALARM, BUG, LATER, SENT, Outcome
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import DUE, first, say, set_up, tick

HOUR = timedelta(hours=1)


def test_nothing_due_is_nothing_to_tell(story):
    story.set_rule()
    seen = watching.watch(DUE - HOUR, HOUR)
    assert (seen.waiting, seen.oldest_seconds, seen.sent, seen.failed, seen.refused) == (0, 0, 0, {}, {})


def test_what_waits_is_counted_with_the_age_of_the_oldest(story):
    story.set_rule()
    seen = watching.watch(DUE + timedelta(seconds=90), HOUR)
    assert (seen.waiting, seen.oldest_seconds) == (1, 90)


def test_what_waits_for_another_try_counts_as_waiting_with_its_cause(story):
    story.subscribe()
    story.set_rule()
    tick(DUE, Outcome(LATER, 503))
    seen = watching.watch(DUE + timedelta(seconds=5), HOUR)
    assert (seen.waiting, seen.oldest_seconds, seen.held_up) == (1, 5, {("push", "later"): 1})
    tick(DUE + timedelta(minutes=1))
    assert watching.watch(DUE + HOUR, HOUR).held_up == {}


def test_the_log_names_who_refused_what_we_sign_in_with(story, caplog):
    story.subscribe()
    story.set_rule()
    tick(DUE, Outcome(ALARM, 403))
    assert f"ALARM: {story.push.host} refused our keys" in caplog.text and "our push keys" not in caplog.text
    trouble = vitals.Trouble("keys-refused", "email", 2)
    assert alarms.of_troubles([trouble]) == [
        "Reminders by email do not go out: the mail server refuses our name and password."
    ]


def test_sent_in_time_and_sent_late_are_told_apart(story):
    story.subscribe()
    story.set_rule()
    tick(DUE, Outcome(LATER, 503))
    tick(DUE + timedelta(minutes=1))
    assert (watching.watch(DUE + HOUR, HOUR).sent, watching.watch(DUE + HOUR, HOUR).late) == (1, 0)
    with atomic():
        first().accepted_at = DUE + timedelta(seconds=121)
    assert watching.watch(DUE + HOUR, HOUR).late == 1


def test_what_failed_is_counted_by_cause_and_a_refusal_by_its_answer(story):
    story.subscribe()
    story.set_rule()
    story.others(1)
    tick(DUE, Outcome(ALARM, 403), Outcome(BUG, 400))
    seen = watching.watch(DUE + HOUR, 2 * HOUR)
    assert seen.failed == {("push", "keys-refused"): 1, ("push", "not-accepted"): 1}
    origin = f"http://{story.push.host}"
    keys = watching.Refusal("push", origin, "keys-refused", 403)
    assert seen.refused == {keys: 1, watching.Refusal("push", origin, "not-accepted", 400): 1}
    said = alarms.of_refusals(seen.refused)
    assert [story.push.host in one for one in said] == [True, True]
    assert "refused our keys, 1 time in the last week (answer 403). If the key file" in said[0]


@pytest.mark.parametrize(
    ("channel", "outcome", "said"),
    [
        (
            "email",
            Outcome(ALARM, 535),
            "The mail server refused our name and password, 1 time in the last week (answer 535). ",
        ),
        (
            "sms",
            Outcome(ALARM, 403),
            "GOV.UK Notify refused our keys, 1 time in the last week (answer 403). ",
        ),
        (
            "email",
            Outcome(BUG, 553),
            "The mail server did not take a message as it was, 1 time in the last week",
        ),
    ],
)
def test_a_wrong_password_of_ours_is_told_with_who_said_so_and_what_to_do(story, channel, outcome, said):
    set_up(story.app)
    story.set_rule()
    say(story, channel)
    assert tick(DUE, outcome)[0] == {outcome.kind: 1}
    [refusal] = watching.watch(DUE + HOUR, 2 * HOUR).refused
    assert (refusal.channel, refusal.status) == (channel, outcome.status)
    [told] = alarms.of_refusals({refusal: 1})
    assert told.startswith(said) and "MEANTIME_" in told


def test_what_is_held_back_is_counted_by_why(story):
    story.set_rule()
    with atomic():
        people.change_safe_contact(client=story.client, safe_contact={}, by=story.practitioner, now=MONDAY)
    tick()
    assert watching.watch(DUE + HOUR, 2 * HOUR).not_wanted == {"not-asked": 1}


def test_what_a_dead_worker_had_is_taken_over_once_and_counted(story):
    story.subscribe()
    story.set_rule()
    with atomic():
        claiming.claim(now=DUE)
    assert watching.watch(DUE + HOUR, 2 * HOUR).taken_over == 0
    assert tick(DUE + timedelta(minutes=3))[0] == {SENT: 1}
    assert watching.watch(DUE + HOUR, 2 * HOUR).taken_over == 1
    what = list(db.session.scalars(select(DeliveryEvent.what).order_by(DeliveryEvent.id)))
    assert what[-4:] == ["claimed", "taken-over", "claimed", "accepted"]


def test_a_service_is_told_of_its_own_alone(story):
    story.subscribe()
    story.set_rule()
    tick()
    with atomic():
        other = people.add_service(name="South", by="operator", now=MONDAY, demo=True)
        other_id = other.id
    assert watching.watch(DUE + HOUR, 2 * HOUR, story.client.service_id).sent == 1
    assert watching.watch(DUE + HOUR, 2 * HOUR, other_id).sent == 0


def test_a_push_service_in_trouble_is_named_until_it_is_tried_again(story):
    with atomic():
        db.session.add(PushOrigin(origin="https://push.test", stalls=3, rest_until=DUE + HOUR, changed_at=DUE))
    assert watching.resting(DUE) == {"https://push.test": DUE + HOUR}
    assert watching.resting(DUE + HOUR) == {}


def test_moments_left_to_chance_are_counted(story):
    story.subscribe()
    story.set_rule()
    tick()
    assert watching.decided(DUE + HOUR, 2 * HOUR, story.client.service_id) == (1, 0)
    with atomic():
        db.session.scalars(select(DecisionPoint)).one().chance = 0.6
    assert watching.decided(DUE + HOUR, 2 * HOUR, story.client.service_id) == (1, 1)
