"""A client's reminders on a staff page: what became of each, whether they reach the phone, and a real test."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from server.dashboard import ledger as words_of
from server.extensions import atomic, db
from server.people import actions as people
from server.reminders import actions, ledger, trying, ways
from server.reminders.channels import CHANNELS
from server.reminders.models import Delivery
from server.reminders.senders import Outcome
from server.research import codes
from server.sealing import push_public_key
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.fakes import PhoneKeys, PushService

ROOT = Path(__file__).parents[2]
WISH = {"name": "reminder", "on": True, "at": "13:30", "weekdays": [0, 1, 2, 3, 4, 5, 6], "level": 1}


@pytest.fixture
def push(app):
    with PushService(public_key=push_public_key(app.extensions["meantime-keys"])) as service:
        service.now = NOW.timestamp  # by the clock that stands still
        config = app.config["MEANTIME"]
        app.config["MEANTIME"] = replace(config, push_hosts=(*config.push_hosts, service.host))
        yield service


@pytest.fixture
def phone(cast, anna, app, push):
    """Anna's phone takes reminders."""
    keys = PhoneKeys()
    with atomic():
        return actions.subscribe(
            client=cast.anna, device=cast.phone, endpoint=push.endpoint("phone"), p256dh=keys.p256dh, auth=keys.auth,
            hosts=app.config["MEANTIME"].push_hosts, now=NOW - timedelta(days=8),
        )  # fmt: skip


@pytest.fixture
def place(anna):
    return f"{anna.home}/reminders"


def fell_due(cast, *became):
    """A reminder on each of the last days, and what became of it: the first of them yesterday."""
    with atomic():
        rule = actions.set_rule(client=cast.anna, payload=WISH, now=NOW)
        for number, values in enumerate(became):
            due = NOW - timedelta(days=number + 1)
            row = {"state": "accepted", "accepted_at": due, "attempts": 1, **values}
            db.session.add(
                Delivery(
                    service_id=cast.anna.service_id, client_id=cast.anna.id, rule_id=rule.id, local_date=due.date(),
                    slot="09:30", channel=row.pop("channel", "push"), due_at=due, code=f"code-{number}",
                    expires_at=due + timedelta(hours=2), feed_seq=900 + number, **row,
                )
            )  # fmt: skip


def test_before_they_were_asked_no_reminder_is_said_to_come(ben, cast, phone, place):
    fell_due(cast, {})
    page = ben.page(place)
    assert [row.find_all("td")[1].get_text() for row in page.find("tbody").find_all("tr")] == ["Handed on at 09:30"]
    assert "Reminders reach them: no. No reminder is sent until they were asked, alone" in words(page)


def test_each_reminder_says_in_words_how_far_it_got_and_why_not_further(ben, cast, anna, place):
    cast.ask_safely()
    fell_due(
        cast,
        {"opened_at": NOW - timedelta(hours=20)},
        {"shown_at": NOW - timedelta(days=2)},
        {},
        {"state": "failed", "why": "no-phone", "accepted_at": None},
        {"state": "expired", "why": "too-late", "accepted_at": None},
        {"state": "cancelled", "why": "nothing-to-do", "accepted_at": None},
        {"state": "cancelled", "why": "replaced", "accepted_at": None},
    )
    page = ben.page(place)
    became = [row.find_all("td")[1].get_text() for row in page.find("tbody").find_all("tr")]
    assert became == [
        *["Planned, but nothing reaches them now"] * 2,
        "Opened at 13:30", "Shown on the phone at 09:30", "Handed on at 09:30",
        "Did not go through: no phone of theirs took reminders", "Not sent: it was too late by then",
        "Not sent: nothing was open on that day",
    ]  # fmt: skip
    assert "5 reminders fell due, 3 were handed on, 1 opened" in words(page)


def test_what_failed_one_way_and_went_the_next_is_one_reminder(cast, anna):
    fell_due(cast, {"state": "failed", "why": "no-phone", "accepted_at": None})
    [failed] = [row for row in db.session.query(Delivery) if row.state == "failed"]
    with atomic():
        columns = {c.name: getattr(failed, c.name) for c in Delivery.__table__.c if c.name != "id"}
        changed = {"channel": "email", "state": "accepted", "accepted_at": NOW, "code": "another", "why": None}
        db.session.add(Delivery(**{**columns, **changed}))
    [line] = ledger.fell_due(cast.anna, NOW - timedelta(days=3), NOW)
    assert (line.became, line.channel) == ("sent", "email")


def test_a_test_really_goes_to_the_phone_and_its_outcome_is_told(ben, cast, phone, push, place):
    cast.ask_safely()
    page = ben.page(place)
    assert "Reminders reach them: yes, by notification (nothing was sent yet)." in words(page)
    answer = ben.send(page, "/reminders/test", 303)
    assert [taken.path for taken in push.taken] == ["/phone"] and push.refused == []
    assert "took the test" in words(ben.page(answer.headers["Location"]))
    push.answers["/phone"] = [410]
    answer = ben.send(ben.page(place), "/reminders/test", 303)
    told = words(ben.page(answer.headers["Location"]))
    assert "no phone of theirs takes reminders" in told
    assert "not since" in told and "gave up the address" in told


def test_the_last_try_counts_whether_real_or_a_test(ben, cast, phone, push, place):
    cast.ask_safely()
    fell_due(cast, {})
    day = f"{NOW - timedelta(days=1):%a} {(NOW - timedelta(days=1)).day}"
    assert f"yes, by notification (last taken {day} " in words(ben.page(place))
    push.answers["/phone"] = [400]
    answer = ben.send(ben.page(place), "/reminders/test", 303)
    told = words(ben.page(answer.headers["Location"]))
    assert "Reminders reach them: not since" in told and "the last test did not go through" in told
    assert "To come" not in told and "Planned, but nothing reaches them now" in told
    ben.send(ben.page(place), "/reminders/test", 303)
    assert "Reminders reach them: yes, by notification (last taken" in words(ben.page(place))


def test_a_phone_that_was_long_silent_is_said_beside_the_yes(ben, cast, phone, place):
    cast.ask_safely()
    with atomic():
        cast.phone.last_contact_at = NOW - timedelta(days=18)
    assert "that phone last in contact" in words(ben.page(place))
    with atomic():
        cast.phone.last_contact_at = NOW - timedelta(days=2)
    assert "last in contact" not in words(ben.page(place))


def test_nothing_is_sent_before_they_were_asked_how_to_reach_them_safely(ben, cast, phone, push, place):
    with atomic():
        people.change_safe_contact(client=cast.anna, safe_contact={}, by=cast.ben, now=NOW)
    answer = ben.send(ben.page(place), "/reminders/test", 303)
    assert "ask first" in words(ben.page(answer.headers["Location"]))
    assert push.taken == []


@pytest.mark.parametrize(
    ("wish", "said"),
    [({"quiet": {"from": "09:00", "until": "10:00"}}, "hours in which they want none"), ({}, "took the test")],
)
def test_a_test_is_not_sent_in_their_quiet_hours(ben, cast, phone, push, place, wish, said):
    cast.ask_safely()
    with atomic():
        actions.set_rule(client=cast.anna, payload={**WISH, **wish}, now=NOW)
    answer = ben.send(ben.page(place), "/reminders/test", 303)
    assert said in words(ben.page(answer.headers["Location"]))
    assert len(push.taken) == (not wish)


def test_a_test_is_not_sent_after_the_course_nor_by_a_way_they_did_not_choose(ben, cast, phone, push, place, app):
    cast.ask_safely(channels=["email"])
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], smtp_url="smtp://localhost", mail_from="m@example.org")
    with atomic():
        said = {"order": ["email"], "email": "anna@example.org", "mobile": ""}
        ways.change(client=cast.anna, **said, by=cast.anna, now=NOW)
    answer = ben.send(ben.page(place), "/reminders/test", 303)
    assert "not among the ways they chose" in words(ben.page(answer.headers["Location"]))
    assert trying.phone_to_try(cast.anna, NOW) == "not-safe"
    with atomic():
        cast.episode.closed_on = NOW.date()
    assert trying.phone_to_try(cast.anna, NOW) == "care-ended" and push.taken == []


@pytest.mark.parametrize(("level", "body"), [(0, ""), (1, "You have a reminder")])
def test_a_test_says_no_more_than_their_reminders(cast, phone, app, level, body):
    with atomic():
        actions.set_rule(client=cast.anna, payload={**WISH, "level": level}, now=NOW)
    sent = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trying, "push_sender", lambda *_: Keeping(sent))
        trying.try_out(phone=phone, client=cast.anna, config=app.config["MEANTIME"], now=NOW)
    assert json.loads(sent[0].payload)["notification"]["body"] == body


class Keeping:
    """A sender that keeps what it is given."""

    def __init__(self, kept):
        self.kept = kept

    def send(self, messages, now):
        self.kept += messages
        yield [(message, Outcome("sent")) for message in messages]


def test_the_eleventh_test_of_an_hour_is_not_sent(ben, cast, phone, push, place):
    cast.ask_safely()
    page = ben.page(place)
    for _ in range(10):
        ben.send(page, "/reminders/test", 303)
    answer = ben.send(page, "/reminders/test", 303)
    assert "many in this hour" in words(ben.page(answer.headers["Location"]))
    assert len(push.taken) == 10


@pytest.mark.parametrize(
    ("why", "said"), [("permission-lost", "turned off on the phone"), ("switched-off", "in the app")]
)
def test_why_a_phone_is_not_reached_is_said_in_words(ben, cast, phone, anna, why, said):
    cast.ask_safely()
    with atomic():
        actions.forget_subscription(subscription_id=phone.id, why=why, now=NOW)
    assert said in words(ben.page(anna.home))


def test_every_reason_and_every_state_has_words_on_staff_pages():
    assert set(codes.NOT_SENT) <= set(ledger.WHYS) == set(words_of.WHY)
    assert set(ledger.BECAME) == set(words_of.BECAME)


def test_every_state_has_words_on_the_phone():
    words = re.findall(r"'sent\.([a-z]+)': '([^']+)'", (ROOT / "pwa/src/words/settings.ts").read_text("utf-8"))
    assert set(ledger.BECAME) <= set(dict(words))
    shown = re.search(r"const BECAME = \[(.*?)\]", (ROOT / "pwa/src/screens/Sent.tsx").read_text("utf-8"))[1]
    assert tuple(re.findall(r"'([a-z]+)'", shown)) == ledger.BECAME


def test_each_reason_is_told_on_the_client_s_page_and_by_code_to_the_phone(ben, cast, place):
    states = {"too-late": "expired", "no-phone": "failed", "undelivered": "failed"}
    fell_due(cast, *[{"state": states.get(why, "cancelled"), "why": why, "accepted_at": None} for why in ledger.WHYS])
    listed = [why for why in ledger.WHYS if why != "replaced"]  # that one never fell due
    assert [one.why for one in ledger.ledger_of(cast.anna, NOW) if one.due_at < NOW] == listed
    told = words(ben.page(place))
    assert [why for why in listed if words_of.WHY[why] not in told] == []


def test_neither_page_nor_phone_holds_a_word_of_the_client(ben, cast, anna, place):
    fell_due(cast, {"assignment_id": UUID(str(anna.agreed))}, {"state": "failed", "why": "no-phone"})
    assert "thought record" not in words(ben.page(place)).lower()
    for line in ledger.ledger_of(cast.anna, NOW):
        assert {line.became, line.why, line.channel} <= {*ledger.BECAME, *ledger.WHYS, *CHANNELS, None}
        assert re.fullmatch(r"\d\d:\d\d", line.slot)
