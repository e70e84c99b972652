"""Safe contact: shown as it was told, changed on a page of its own, and written down as changed."""

from server.audit.queries import about_client
from server.extensions import db
from server.people.models import Client
from tests.cast import NOW
from tests.dashboard.browser import words


def test_safe_contact_is_changed_and_the_form_comes_back_as_it_was_kept(ben, cast):
    home = f"/staff/clients/{cast.anna.id}"
    assert "Not asked yet" in words(ben.page(home))
    page = ben.page(f"{home}/safe-contact")
    fields = {"channels": ["call", "email"], "never_sms": "yes", "voicemail": "neutral", "hours_until": "17.30"}
    ben.send(page, "/safe-contact", 303, **fields)
    said = words(ben.page(home))
    assert "Reach by phone call and email" in said and "Until 17:30" in said and "Never send a text message" in said
    page = ben.page(f"{home}/safe-contact")
    assert {one["value"] for one in page.find_all("input", {"name": "channels", "checked": True})} == {"call", "email"}
    ben.send(page, "/safe-contact", 303, drop=["never_sms"], hours_until="")
    assert db.session.get(Client, cast.anna.id).safe_contact == {
        "channels": ["call", "email"], "never_sms": False, "voicemail": "neutral", "asked_alone": False, "hours": {},
    }  # fmt: skip


def test_the_record_says_which_parts_were_changed_and_by_whom(ben, cast):
    page = ben.page(f"/staff/clients/{cast.anna.id}/safe-contact")
    ben.send(page, "/safe-contact", 303, channels=["email"])
    change = next(one for one in about_client(cast.anna.id) if one.verb == "client.safe_contact_changed")
    assert (change.actor_id, change.at) == (str(cast.ben.id), NOW)
    assert set(change.detail) == {"parts"} and "channels" in change.detail["parts"]
    ben.send(ben.page(f"/staff/clients/{cast.anna.id}/safe-contact"), "/safe-contact", 303, channels=["call"])
    changes = [one for one in about_client(cast.anna.id) if one.verb == "client.safe_contact_changed"]
    assert changes[0].detail == {"parts": ["channels"]}


def test_what_contradicts_itself_is_refused_and_changes_nothing(ben, cast):
    page = ben.page(f"/staff/clients/{cast.anna.id}/safe-contact")
    refused = ben.read(ben.send(page, "/safe-contact", 422, channels=["text"], never_sms="yes"), 422)
    assert "Choose either text message or never" in words(refused.find(class_="nhsuk-error-summary"))
    assert refused.find("input", {"name": "channels", "value": "text"}).has_attr("checked")
    assert db.session.get(Client, cast.anna.id).safe_contact == {}


def test_whether_they_were_alone_is_asked_anew_each_time_and_who_asked_last_is_said(ben, cast):
    home = f"/staff/clients/{cast.anna.id}"
    page = ben.page(f"{home}/safe-contact")
    assert "Last asked alone" not in words(page)
    ben.send(page, "/safe-contact", 303, asked_alone="yes", channels=["email"])
    page = ben.page(f"{home}/safe-contact")
    assert not page.find("input", {"name": "asked_alone"}).has_attr("checked")
    day = f"{NOW:%a} {NOW.day} {NOW:%b}"
    for place in (words(page), words(ben.page(home))):
        assert f"Last asked alone on {day} {NOW.year} by {cast.ben.name}" in place
    ben.send(page, "/safe-contact", 303)
    said = words(ben.page(home))
    assert "Changed since without asking them alone: no reminder is sent" in said and "Last asked alone on" in said
