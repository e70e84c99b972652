"""The reminders a preview tells of: by the client's own hours, on the days a time is open, never in quiet hours."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from server.dashboard.reminded import reminder_words
from server.extensions import atomic
from server.reminders import actions as reminders
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


def test_the_preview_tells_the_clients_own_time_and_whether_it_can_reach_them(ben, cast):
    cast.pair()
    with atomic():
        payload = {"name": "reminder", "on": True, "at": "19:15", "weekdays": list(range(7)), "level": 1}
        reminders.set_rule(client=cast.anna, payload=payload, revision_id=None, by=cast.phone, now=NOW)
    page = ben.page(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={THOUGHT_RECORD}")
    typed = {"reason": "You said it helps.", "at": "18:30", "rhythm": "daily"}
    said = words(ben.read(ben.send(page, "/preview", 200, **typed)))
    assert "reminder at 19:15" in said and "Their own reminder time is 19:15." in said
    assert "Reminders do not reach their phone at the moment." in said
