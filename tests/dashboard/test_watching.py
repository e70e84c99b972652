"""How reminders go in a service, for its administrators: counts by cause, alarms, and nobody's name."""

from datetime import timedelta

import pytest

from server import jobs
from server.extensions import atomic, db
from server.people import actions as people
from server.reminders import actions, vitals
from server.reminders.models import Beat, Delivery, DeliveryEvent, PushOrigin
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.test_ledger import WISH

PLACE = "/staff/administration/reminders"


@pytest.fixture
def ada(open_as, cast):
    cast.ask_safely()
    for step in (vitals.PLAN, vitals.DISPATCH):
        jobs.went_well(step, NOW)
    return open_as(cast.ada)


def failed(cast, status, why, hours_ago=3):
    with atomic():
        rule = actions.set_rule(client=cast.anna, payload=WISH, now=NOW)
        due = NOW - timedelta(hours=hours_ago)
        row = Delivery(
            service_id=cast.anna.service_id, client_id=cast.anna.id, rule_id=rule.id, local_date=due.date(),
            slot=f"{due:%H:%M}", channel="push", due_at=due, code=f"code-{status}", state="failed", why=why,
            expires_at=due + timedelta(hours=2), feed_seq=900 + status,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        told = {"service_id": row.service_id, "delivery_id": row.id, "recorded_at": due}
        told["origin"] = "https://fcm.googleapis.com"
        db.session.add(DeliveryEvent(what="failed", status=status, **told))


@pytest.mark.parametrize(
    ("status", "why", "said"),
    [(401, "keys-refused", "refused our keys, 1 time in the last week (answer 401)"),
     (403, "keys-refused", "fcm.googleapis.com refused our keys, 1 time in the last week (answer 403)"),
     (400, "not-accepted", "did not take a message as it was, 1 time in the last week (answer 400)")],
)  # fmt: skip
def test_a_refusal_that_does_not_mend_itself_is_an_alarm_on_both_pages(ada, cast, status, why, said):
    assert "Reminders need somebody" not in words(ada.page("/staff/administration"))
    failed(cast, status, why)
    for place in (PLACE, "/staff/administration"):
        told = words(ada.page(place))
        assert "Reminders need somebody" in told and said in told
        assert "Anna" not in told
    assert "All of them work" not in words(ada.page(PLACE))


def test_steps_that_nobody_takes_are_told_with_what_to_look_for(ada):
    with atomic():
        db.session.query(Beat).filter(Beat.step == vitals.DISPATCH).delete()
    told = words(ada.page("/staff/administration"))
    assert "Nobody looked for due reminders in the last ten minutes: is meantime serve" in told


def test_an_address_that_died_is_counted_and_is_no_alarm(ada, cast):
    failed(cast, 410, "no-phone", hours_ago=30)
    page = ada.page(PLACE)
    rows = {row.th.get_text(): [cell.get_text() for cell in row.find_all("td")] for row in page.find_all("tr")[1:]}
    assert rows["Notification on their phone. No phone of theirs took reminders"] == ["0", "1"]
    assert "Reminders need somebody" not in words(page)


def test_a_message_service_in_trouble_is_named_and_mends_itself(ada, cast):
    with atomic():
        until = NOW + timedelta(minutes=5)
        db.session.add(PushOrigin(origin="https://push.test", stalls=3, rest_until=until, changed_at=NOW))
    assert "https://push.test has trouble" in words(ada.page(PLACE))


def test_what_waits_for_a_mail_server_that_hangs_is_said_with_its_cause(ada, cast):
    assert "All of them work at the moment." in words(ada.page(PLACE))
    failed(cast, 400, "later", hours_ago=1)
    with atomic():
        row = db.session.query(Delivery).filter_by(code="code-400").one()
        row.state, row.channel, row.attempts, row.try_after = "planned", "email", 1, NOW + timedelta(minutes=2)
        db.session.add(PushOrigin(origin="smtp", stalls=3, rest_until=NOW + timedelta(minutes=5), changed_at=NOW))
    told = words(ada.page(PLACE))
    assert "1 reminder due now and not sent; the oldest for 60 minutes. Email, 1: the message service did not" in told
    assert "The mail server has trouble" in told and "All of them work" not in told


def test_clients_who_wait_to_be_asked_are_counted_and_not_named(ada, cast):
    with atomic():
        actions.set_rule(client=cast.anna, payload=WISH, now=NOW)
        people.change_safe_contact(client=cast.anna, safe_contact={}, by=cast.ben, now=NOW)
    for place in (PLACE, "/staff/administration"):
        told = words(ada.page(place))
        assert "1 client turned reminders on, and no reminder is sent." in told and "Anna" not in told
    cast.ask_safely()
    assert "turned reminders on" not in words(ada.page(PLACE))


@pytest.mark.parametrize("who", ["ben", "cara"])
def test_to_others_the_page_does_not_exist(open_as, cast, who):
    assert open_as(getattr(cast, who)).fetch(PLACE).status_code == 404


def test_another_service_s_administrator_is_told_of_no_refusal_of_ours(open_as, cast, ada):
    failed(cast, 403, "keys-refused")
    with atomic():
        cast.dev.roles = ["administrator"]
    mine, theirs = words(ada.page(PLACE)), words(open_as(cast.dev).page(PLACE))
    assert "fcm.googleapis.com refused our keys, 1 time" in mine
    assert "fcm.googleapis.com" not in theirs and "1 time" not in theirs
    # That keys are refused at all is true of the whole installation, so of theirs too.
    assert "Reminders by notification do not go out: our keys are refused." in theirs
