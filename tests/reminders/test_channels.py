"""Which ways are open to a client, by what they said and what is safe for them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from server.reminders.channels import Ways, email_of, mobile_of, ways

LONDON = ZoneInfo("Europe/London")
NOON, NIGHT = (datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (12, 22))
ASKED = {"asked_alone": True, "channels": ["email", "text"]}
BOTH = {"email": "a@example.org", "sms": "+447700900123"}


def test_nothing_goes_out_before_safe_contact_was_asked_alone():
    for safe in ({}, None, {"asked_alone": False, "channels": ["email"]}):
        assert ways(["push", "email"], BOTH, safe).objection("push", NOON, LONDON) == "not-asked"
    assert ways(None, None, {"asked_alone": True}).objection("push", NOON, LONDON) is None


def test_who_said_nothing_has_their_phone_alone():
    assert ways(None, BOTH, ASKED).order == ("push",)


@pytest.mark.parametrize(
    ("safe", "order"),
    [(ASKED, ("email", "sms", "push")), ({**ASKED, "never_sms": True}, ("email", "push")),
     ({**ASKED, "channels": ["text"]}, ("sms", "push")), ({**ASKED, "channels": ["call"]}, ("push",))],
)  # fmt: skip
def test_what_is_not_safe_is_not_used(safe, order):
    assert ways(["email", "sms", "push"], BOTH, safe).order == order


def test_a_way_without_an_address_is_none():
    assert ways(["sms", "email"], {"email": "a@example.org"}, ASKED).order == ("email",)
    assert ways(["sms"], {}, ASKED).objection("sms", NOON, LONDON) == "not-safe"


def test_safe_hours_bind_what_others_could_see_and_not_the_own_phone():
    safe = {**ASKED, "hours": {"from": "09:00", "until": "19:00"}}
    found = ways(["push", "email"], BOTH, safe)
    assert found.objection("email", NOON, LONDON) is None
    assert found.objection("email", NIGHT, LONDON) == "unsafe-hours"
    assert found.objection("push", NIGHT, LONDON) is None
    half = ways(["email"], BOTH, {**ASKED, "hours": {"from": "23:00"}})
    assert half.objection("email", NIGHT, LONDON) == "unsafe-hours"
    odd = ways(["email"], BOTH, {**ASKED, "hours": {"from": "late"}})
    assert odd.objection("email", NOON, LONDON) == "unsafe-hours"


def test_the_next_way_after_one_that_failed():
    found = ways(["email", "push", "sms"], BOTH, ASKED)
    assert (found.first, found.after("email"), found.after("push"), found.after("sms")) == (
        "email", "push", "sms", None,
    )  # fmt: skip
    assert Ways(asked=True).first == "push" and Ways(asked=True).after("push") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("07700 900123", "+447700900123"), ("+44 7700-900123", "+447700900123"), ("0044 7700 900123", None),
     ("01632 960001", None), ("x", None)],
)  # fmt: skip
def test_numbers(typed, kept):
    assert mobile_of(typed) == kept


@pytest.mark.parametrize(
    "typed", ["a b@example.org", "a@b", "a@example.org\nBcc: x@example.org", "<a@example.org>", ""]
)
def test_addresses_that_are_none(typed):
    assert email_of(typed) is None
    assert email_of(" a.b+c@mail.example.org ") == "a.b+c@mail.example.org"
