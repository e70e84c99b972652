"""The reminders a preview tells of: by the client's own hours, on the days a time is open, never in quiet hours."""

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from server.api import wire
from server.dashboard.reminded import reminder_words
from server.entries.queries import feed_of
from server.extensions import atomic
from server.reminders import actions as reminders
from server.reminders import ways
from server.reminders.queries import rules_of
from server.reminders.rules import Hours
from tests.cast import NOW, THOUGHT_RECORD
from tests.dashboard.browser import words

LONDON = ZoneInfo("Europe/London")
MONDAY, TUESDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 22)
EVERY_DAY = frozenset(range(7))


def hours(at=time(18), weekdays=EVERY_DAY, **more) -> Hours:
    return Hours(at, frozenset(weekdays), LONDON, **more)


@pytest.mark.parametrize(
    ("days", "known", "said"),
    [
        ((MONDAY, MONDAY), [hours()], "reminder at 18:00"),
        ((MONDAY, MONDAY), [hours(), hours(time(8, 30))], "reminder at 08:30 and 18:00"),
        ((MONDAY, MONDAY), [hours(weekdays={1})], ""),
        ((MONDAY, SUNDAY), [hours()], "reminders at 18:00 each day while it is open"),
        ((MONDAY, SUNDAY), [hours(weekdays={0, 2})], "reminders at 18:00 on Mon and Wed"),
        ((MONDAY, date(2026, 11, 30)), [hours(weekdays={2, 0})], "reminders at 18:00 on Mon and Wed"),
        ((MONDAY, SUNDAY), [hours(until_date=TUESDAY)], "reminders at 18:00 on Mon and Tue"),
        ((MONDAY, SUNDAY), [hours(quiet=(time(17), time(19)))], ""),
        ((MONDAY, SUNDAY), [], ""),
    ],
)
def test_a_time_is_reminded_of_on_the_days_of_the_clients_own_hours(days, known, said):
    assert reminder_words(days, known) == said


def reminded_at(cast, at="19:15", **more):
    """Anna's phone, and her own reminder time."""
    cast.pair()
    cast.ask_safely()
    with atomic():
        payload = {"name": "reminder", "on": True, "at": at, "weekdays": list(range(7)), "level": 1, **more}
        reminders.set_rule(client=cast.anna, payload=payload, revision_id=None, by=cast.phone, now=NOW)


def own_times(cast) -> list[str]:
    return [rule.at for rule in rules_of(cast.anna)]


def test_a_plan_at_another_time_than_the_reminder_is_said_and_moves_nothing_by_itself(ben, cast):
    reminded_at(cast, "09:00")
    page = ben.page(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={THOUGHT_RECORD}")
    assert "Their reminder comes at 09:00" in words(page.main)
    typed = {"reason": "You said it helps.", "at": "13:30", "rhythm": "daily"}
    preview = ben.read(ben.send(page, "/preview", 200, **typed))
    differ = "Their reminder comes at 09:00; this plan says 13:30."
    assert differ in words(preview) and "reminder at 09:00" in words(preview)
    assert differ in words(ben.follow(ben.send(preview, "/assignments", 303)))
    assert own_times(cast) == ["09:00"]


def test_the_reminder_moves_to_the_plans_time_in_the_same_step_and_the_phone_is_told(ben, cast):
    reminded_at(cast, "09:00", quiet={"from": "22:00", "until": "07:00"})
    page = ben.page(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={THOUGHT_RECORD}")
    typed = {"reason": "You said it helps.", "at": "13:30", "rhythm": "daily", "move_reminder": "1"}
    preview = ben.read(ben.send(page, "/preview", 200, **typed))
    assert "Their reminder moves from 09:00 to 13:30." in words(preview) and "reminder at 13:30" in words(preview)
    agreed = words(ben.follow(ben.send(preview, "/assignments", 303)))
    assert own_times(cast) == ["13:30"]
    assert "Their reminder now comes at 13:30." in agreed
    assert "Ben Okafor changed this" in agreed and "Reminder: was 09:00" in agreed and "now 13:30" in agreed
    told = next(row for row in feed_of(cast.anna.id, 0, 50) if row.subject_kind == "setting")
    told = wire.revision(told, None)["revision"]
    assert told["entered_by"] == "practitioner"
    assert told["payload"] == {"name": "reminder", "at": "13:30", "parts": ["at"]}


def test_quiet_hours_win_over_a_plan(ben, cast):
    reminded_at(cast, "09:00", quiet={"from": "22:00", "until": "07:00"})
    page = ben.page(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={THOUGHT_RECORD}")
    typed = {"reason": "You said it helps.", "at": "22:30", "rhythm": "daily", "move_reminder": "1"}
    preview = ben.read(ben.send(page, "/preview", 200, **typed))
    assert "They want no reminders at 22:30, so theirs stays at 09:00." in words(preview)
    agreed = words(ben.follow(ben.send(preview, "/assignments", 303)))
    assert "now comes at" not in agreed and "What changed since" not in agreed
    assert own_times(cast) == ["09:00"]


def test_the_preview_tells_the_clients_own_time_and_whether_it_can_reach_them(ben, cast):
    reminded_at(cast)
    page = ben.page(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={THOUGHT_RECORD}")
    typed = {"reason": "You said it helps.", "at": "18:30", "rhythm": "daily"}
    said = words(ben.read(ben.send(page, "/preview", 200, **typed)))
    assert "reminder at 19:15" in said and "Their own reminder time" not in said, "a time is said once"
    assert said.count("With this: 7 times a week.") == 1
    assert "Reminders do not reach them at the moment." in said


def test_the_preview_of_somebody_reminded_by_email_says_nothing_of_the_phone(ben, cast, app):
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], smtp_url="smtp://localhost", mail_from="m@example.org")
    reminded_at(cast)
    cast.ask_safely(channels=["email"])
    with atomic():
        ways.change(client=cast.anna, order=["email"], email="anna@example.org", mobile="", by=cast.ben, now=NOW)
    page = ben.page(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={THOUGHT_RECORD}")
    typed = {"reason": "You said it helps.", "at": "18:30", "rhythm": "daily"}
    said = words(ben.read(ben.send(page, "/preview", 200, **typed)))
    assert "reminder at 19:15" in said and "do not reach" not in said
