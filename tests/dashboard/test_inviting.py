"""Adding a client and inviting their phone; administration."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.audit.models import AuditEvent
from server.caseload.queries import clients_of
from server.extensions import atomic, db
from server.people import actions as people
from server.people import pairing
from server.people.models import Practitioner
from server.people.queries import invited, service_of
from tests.cast import NOW, PASSWORD
from tests.dashboard.browser import words

ANNA = {"preferred_name": "Bea", "date_of_birth": "31/03/1980", "local_number": "TT-77"}


def test_a_client_is_added_with_how_to_reach_them_safely(ben, cast):
    page = ben.page("/staff/clients/new")
    fields = {"channels": ["call", "email"], "never_sms": "yes", "asked_alone": "yes", "hours_from": "9:00"}
    invitation = ben.follow(ben.send(page, "/staff/clients", 303, **ANNA, **fields))
    assert "Born 31 March 1980" in words(invitation) and "Number TT-77" in words(invitation)
    bea = clients_of(cast.ben, NOW)[-1].client
    assert bea.safe_contact["never_sms"] is True and bea.safe_contact["hours"] == {"from": "09:00"}
    said = words(ben.page(f"/staff/clients/{bea.id}"))
    assert "Reach by phone call and email" in said and "Never send a text message" in said


@pytest.mark.parametrize(
    ("fields", "where", "sentence"),
    [
        ({"preferred_name": " "}, "preferred_name", "likes to be called"),
        ({"date_of_birth": "yesterday"}, "date_of_birth", "real date"),
        ({"date_of_birth": "1/1/2015"}, "date_of_birth", "16 or older"),
        ({"zone": "Europe/Nowhere"}, "zone", "time zone"),
        ({"channels": ["text"], "never_sms": "yes"}, "never_sms", "either"),
        ({"local_number": "TT-1001"}, "local_number", "Another client"),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_stays(ben, cast, fields, where, sentence):
    refused = ben.read(ben.send(ben.page("/staff/clients/new"), "/staff/clients", 422, **{**ANNA, **fields}), 422)
    summary = refused.find(class_="nhsuk-error-summary")
    assert sentence in words(summary) and summary.find("a")["href"] == f"#{where}"
    assert len(clients_of(cast.ben, NOW)) == 1
    if "date_of_birth" not in fields:
        assert refused.find(id="date_of_birth")["value"] == ANNA["date_of_birth"]


def test_an_invitation_has_a_link_a_square_a_card_a_message_and_a_code_to_read_out(ben, cast):
    place = f"/staff/clients/{cast.anna.id}/invitation"
    answer = ben.send(ben.page(place), "/invitation", 200)
    page = ben.read(answer)
    code = page.find(class_="staff-code").text
    assert len(code) == 14 and page.find("svg", class_="staff-qr")
    message = page.find(id="message").text
    assert f"http://localhost:8000/#pair={code}" in message
    for tell in ("therap", "nhs", "anna", "clinic", "practitioner", "northfield"):
        assert tell not in message.lower()
    assert len(page.find("ol").find_all("li")) == 3
    assert answer.headers["Cache-Control"] == "no-store"
    assert code not in ben.fetch(place).text, "it is shown once"
    with atomic():
        assert pairing.pair(code=code, details={}, now=NOW).client.id == cast.anna.id


def test_an_invitation_says_how_to_reach_them_safely(ben, cast):
    place = f"/staff/clients/{cast.anna.id}"
    known = {"voicemail": "neutral", "hours_from": "6 pm"}
    ben.send(ben.page(f"{place}/safe-contact"), "/safe-contact", 303, **known, never_sms="yes", channels=["call"])
    page = ben.page(f"{place}/invitation")
    assert "Reach by phone call" in words(page) and "From 18:00" in words(page)
    made = ben.read(ben.send(page, "/invitation", 200))
    assert "Do not send this as a text message" in words(made)
    ben.send(ben.page(f"{place}/safe-contact"), "/safe-contact", 303, never_sms="", channels=["call", "text"])
    made = ben.read(ben.send(ben.page(f"{place}/invitation"), "/invitation", 200))
    assert "Do not send this as a text message" not in words(made)


def test_the_page_says_when_the_phone_is_in(ben, cast, time):
    place = f"/staff/clients/{cast.anna.id}/invitation"
    assert "No invitation has been made" in words(ben.page(place))
    ben.send(ben.page(place), "/invitation", 200)
    assert ben.fetch(f"{place}/state").json == {"words": "Waiting for the phone", "finished": False}
    cast.pair(NOW + timedelta(minutes=12))
    time.now = NOW + timedelta(minutes=13)
    assert ben.fetch(f"{place}/state").json == {"words": "Paired at 09:42", "finished": True}
    assert "Paired at 09:42" in words(ben.page(place))


def test_a_new_invitation_ends_the_one_before(ben, cast):
    place = f"/staff/clients/{cast.anna.id}/invitation"
    first = ben.read(ben.send(ben.page(place), "/invitation", 200)).find(class_="staff-code").text
    ben.send(ben.page(place), "/invitation", 200)
    with atomic():
        assert pairing.pair(code=first, details={}, now=NOW).code in ("invite-expired", "invite-unknown")


def test_a_service_that_is_not_ready_invites_nobody_and_says_where_to_go(open_as, ben, cast):
    with atomic():
        people.set_up_service(service=service_of(cast.ben), crisis_number="", by=cast.ada, now=NOW)
    place = f"/staff/clients/{cast.anna.id}/invitation"
    page = ben.page(place)
    assert "the local crisis number" in words(page) and "Ask Ada Brooks to set it" in words(page)
    assert "the reading promise" not in words(page), "only what is not set"
    assert not page.main.find("form"), "there is no button that could only refuse"
    assert "local crisis number" in words(ben.read(ben.fetch(place, "POST", data=ben.tokens()), 409))
    assert invited(cast.anna).invitation is None
    assert "Clients cannot be invited yet" in words(open_as(cast.ada).page("/staff/administration"))


def test_an_administrator_sets_what_clients_are_told(open_as, cast):
    ada = open_as(cast.ada)
    page = ada.page("/staff/administration")
    ada.send(page, "/service", 303, reading_promise="We read it <b>before</b> we meet.", crisis_number="0161 496 0000")
    page = ada.page("/staff/administration")
    assert page.find(id="reading_promise").text.strip() == "We read it <b>before</b> we meet."
    refused = ada.read(ada.send(page, "/service", 422, name="", crisis_number="call us", zone="Mars"), 422)
    said = words(refused.find(class_="nhsuk-error-summary"))
    assert "Enter the name of your service" in said
    refused = ada.read(ada.send(page, "/service", 422, crisis_number="call us", zone="Mars"), 422)
    assert refused.find(id="crisis_number")["value"] == "call us"


def test_a_name_that_is_taken_is_refused(open_as, cast):
    ada = open_as(cast.ada)
    fields = {"person": "Ben Two", "login": "BEN@example.org", "roles": ["practitioner"]}
    refused = ada.read(ada.send(ada.page("/staff/administration"), "/accounts", 422, **fields), 422)
    assert "already signs in" in words(refused) and refused.find(id="new-person")["value"] == "Ben Two"


def test_nobody_disables_themself(open_as, cast):
    ada = open_as(cast.ada)
    answer = ada.fetch(f"/staff/administration/accounts/{cast.ada.id}/disable", "POST", data=ada.tokens())
    assert "cannot disable the account" in words(ada.read(answer, 409))


def test_somebody_locked_out_gets_a_new_one_time_password_and_is_signed_out_everywhere(open_as, cast, ben):
    ada = open_as(cast.ada)
    for _ in range(9):
        wrong = {"sign_in_name": "ben@example.org", "password": "wrong"}
        open_as().fetch("/staff/sign-in", "POST", data=wrong)
    page = ada.page("/staff/administration")
    answer = ada.send(page, f"/{cast.ben.id}/password", 200)
    made = ada.read(answer)
    once = made.find("code").text
    assert "New one-time password" in words(made) and answer.headers["Cache-Control"] == "no-store"
    assert ben.fetch("/staff/today").status_code == 302, "every staff session of the account has ended"
    old = {"sign_in_name": "ben@example.org", "password": PASSWORD}
    assert open_as().fetch("/staff/sign-in", "POST", data=old).status_code == 422
    web = open_as()
    assert web.fetch("/staff/sign-in", "POST", data={**old, "password": once}).status_code == 303
    assert web.fetch("/staff/today").headers["Location"] == "/staff/account/password"
    assert once not in ada.fetch("/staff/administration").text, "it is shown once"
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "practitioner.password_reset")).all()
    assert [(one.actor_id, one.about_id, one.detail) for one in events] == [(str(cast.ada.id), str(cast.ben.id), {})]


def test_a_password_is_given_to_nobody_else(open_as, cast, ben):
    place = "/staff/administration/accounts/{}/password"
    held = cast.dev.password_hash
    ada = open_as(cast.ada)
    assert ada.fetch(place.format(cast.dev.id), "POST", data=ada.tokens()).status_code == 404, "another service's"
    assert ben.fetch(place.format(cast.cara.id), "POST", data=ben.tokens()).status_code == 404, "no administrator"
    assert "Your account" in words(ada.read(ada.fetch(place.format(cast.ada.id), "POST", data=ada.tokens()), 409))
    with atomic():
        people.disable_practitioner(practitioner=cast.cara, by=cast.ada, now=NOW)
    assert "disabled" in words(ada.read(ada.fetch(place.format(cast.cara.id), "POST", data=ada.tokens()), 409))
    assert db.session.get(Practitioner, cast.dev.id).password_hash == held


def test_a_form_that_is_too_large_gets_a_sentence(ben, cast):
    data = {**ben.tokens(), "preferred_name": "x" * (5 * 1024 * 1024)}
    answer = ben.fetch("/staff/clients", "POST", data=data)
    assert answer.status_code == 413
