"""Each way by itself: mail that is dead or turned off is told of, however well notifications go."""

from datetime import timedelta

from server import jobs
from server.reminders import alarms, vitals
from server.reminders.senders import LATER, SENT, Outcome
from tests.reminders.conftest import MONDAY
from tests.reminders.ticking import DUE, Answering, say, set_up

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


class MailIsDead(Answering):
    """Push takes everything; the mail server answers nothing."""

    def send(self, messages, now):
        for message in messages:
            self.given.append(message.channel)
            yield [(message, Outcome(SENT, 201) if message.channel == "push" else Outcome(LATER))]


def by_mail(story, at):
    client, episode = story.another_client()
    story.agree(client=client, episode=episode)
    say(story, "email", client=client, email="c@example.org", mobile="")
    story.set_rule(client=client, at=at, steady=True)


def looked(story, hours, sender):
    """Half-hourly looks from Monday morning; what was in trouble at the last."""
    for half in range(int(hours * 2) + 1):
        now = MONDAY + half * 30 * MINUTE
        jobs.plan_reminders(now)
        jobs.send_due_reminders(now, sender)
    return {(one.cause, one.channel) for one in vitals.troubles(now)}


def test_a_dead_mail_server_is_told_of_with_clients_hours_apart(story):
    set_up(story.app)
    story.subscribe()
    story.set_rule(at="09:00", steady=True)
    for at in ("10:00", "14:30"):
        by_mail(story, at)
    sender = MailIsDead()
    found = looked(story, 10, sender)
    assert {"push", "email"} <= set(sender.given)
    assert found and {channel for _, channel in found} == {"email"}


def test_a_mail_that_goes_out_ends_it(story):
    set_up(story.app)
    for at in ("10:00", "12:30", "16:30"):
        by_mail(story, at)
    assert looked(story, 8, MailIsDead())
    now = MONDAY + 9 * HOUR  # the third one is due, and the server is back
    jobs.plan_reminders(now)
    assert jobs.send_due_reminders(now, Answering())["sent"] == 1
    assert vitals.troubles(now + 6 * MINUTE) == []


def without_mail(story):
    say(story, "email", "push")
    by_mail(story, "13:30")
    set_up(story.app, "email")
    jobs.plan_reminders(DUE - MINUTE)
    jobs.pass_on_what_cannot_go(DUE)
    jobs.send_due_reminders(DUE + MINUTE, Answering())
    return vitals.troubles(DUE + 6 * MINUTE)


def test_a_way_that_was_turned_off_after_it_was_chosen_is_told_of(story):
    set_up(story.app)
    found = without_mail(story)
    assert [(one.cause, one.channel) for one in found] == [("not-set-up", "email")]
    assert alarms.of_troubles(found) == [
        "Reminders by email do not go out: clients chose this way, and Meantime is not set up to send by it any more."
    ]


def test_who_got_it_by_another_way_misses_nothing(story):
    set_up(story.app)
    story.subscribe()
    story.set_rule(steady=True)
    assert [one.clients for one in without_mail(story)] == [1]
