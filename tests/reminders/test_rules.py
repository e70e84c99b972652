"""Reminder hours by the client's own clock, the checks before sending, and the neutral words."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.reminders import rules, wording
from server.reminders.rules import Facts, Hours, moments

LONDON = "Europe/London"
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
ZONES = sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "SystemV/")))
DENIED = (
    "therap|cbt|anxi|depress|homework|mood|nhs|worry|sleep|thought|phq|gad|clinic|practitioner|session|"
    "worksheet|mental|health|appointment|task|score|[0-9]"
)


def hours(at="13:30", weekdays=EVERY_DAY, zone=LONDON, **more):
    return Hours.of(at=at, weekdays=weekdays, zone=zone, **more)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(rule, start, end, **more):
    return [d.due_at for d in moments(rule, utc(start), utc(end), **more)]


def test_a_missing_hour_in_spring_reminds_at_the_first_minute_after_it():
    assert due(hours("01:30"), "2026-03-29T00:00", "2026-03-29T12:00") == [utc("2026-03-29T01:00")]  # 02:00 BST


def test_a_repeated_hour_in_autumn_reminds_at_the_first_only():
    assert due(hours("01:30"), "2026-10-24T23:00", "2026-10-25T12:00") == [utc("2026-10-25T00:30")]


def test_nine_o_clock_stays_nine_o_clock_across_both_changes():
    for start in ("2026-03-27T00:00", "2026-10-23T00:00"):
        found = moments(hours("09:00"), utc(start), utc(start) + timedelta(days=5))
        assert [d.due_at.astimezone(ZoneInfo(LONDON)).time() for d in found] == [time(9)] * 5
        assert len({d.due_at.time() for d in found}) == 2  # the hour in UTC did change


def test_only_chosen_weekdays_are_reminded():
    found = moments(hours(weekdays=[0, 3]), utc("2026-11-23T00:00"), utc("2026-12-07T00:00"))
    assert [d.local_date.isoformat() for d in found] == ["2026-11-23", "2026-11-26", "2026-11-30", "2026-12-03"]


def test_a_reminder_is_too_late_after_two_hours():
    [one] = moments(hours(), utc("2026-11-23T00:00"), utc("2026-11-24T00:00"))
    assert one.expires_at == utc("2026-11-23T15:30")
    assert one.slot == "13:30"


def test_the_start_counts_and_the_end_does_not():
    assert due(hours(), "2026-11-23T13:30", "2026-11-23T13:31") == [utc("2026-11-23T13:30")]
    assert due(hours(), "2026-11-23T13:00", "2026-11-23T13:30") == []


def test_a_traveller_is_not_reminded_twice_on_one_date():
    morning = moments(hours("09:00"), utc("2026-11-23T00:00"), utc("2026-11-24T00:00"))
    over_there = hours("09:00", zone="America/New_York")
    taken = frozenset(d.local_date for d in morning)
    again = moments(over_there, utc("2026-11-23T10:00"), utc("2026-11-25T00:00"), taken)
    assert [d.local_date for d in again] == [date(2026, 11, 24)]
    assert again[0].due_at == utc("2026-11-24T14:00")


def test_quiet_hours_across_midnight_hold_back():
    night = hours("23:30", quiet={"from": "22:00", "until": "07:00"})
    assert moments(night, utc("2026-11-23T00:00"), utc("2026-11-30T00:00")) == []
    assert rules.is_quiet(night, utc("2026-11-23T22:00"))
    assert rules.is_quiet(night, utc("2026-11-23T06:59"))
    assert not rules.is_quiet(night, utc("2026-11-23T07:00"))
    assert not rules.is_quiet(night, utc("2026-11-23T21:59"))


def test_a_night_worker_can_keep_the_day_quiet():
    shift = hours("03:00", quiet={"from": "08:00", "until": "16:00"})
    assert due(shift, "2026-11-23T00:00", "2026-11-24T00:00") == [utc("2026-11-23T03:00")]
    assert rules.is_quiet(shift, utc("2026-11-23T12:00"))


def test_a_paused_rule_starts_again_on_its_day():
    paused = hours(paused_until=date(2026, 11, 25), until_date=date(2026, 11, 26))
    found = moments(paused, utc("2026-11-23T00:00"), utc("2026-11-30T00:00"))
    assert [d.local_date.day for d in found] == [25, 26]


@pytest.mark.parametrize(
    "wrong",
    [{"at": "25:00"}, {"at": "9:00"}, {"at": "noon"}, {"zone": "Mars/Base"}, {"zone": "../../etc/passwd"},
     {"weekdays": [7]}, {"quiet": {"from": "x", "until": "07:00"}}],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_refused(wrong):
    with pytest.raises(ValueError):
        hours(**wrong)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.times().map(lambda t: f"{t:%H:%M}"),
    st.dates(date(2011, 1, 1), date(2035, 12, 1)),
    st.sets(st.integers(0, 6), min_size=1),
)
def test_every_chosen_day_has_its_one_reminder(zone, at, day, weekdays):
    rule = hours(at, sorted(weekdays), zone)
    start = datetime.combine(day, time(0), rule.zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=21), time(0), rule.zone).astimezone(UTC)
    found = moments(rule, start, end)
    days = [d.local_date for d in found]
    assert len(days) == len(set(days))
    for one in found:
        local = one.due_at.astimezone(rule.zone)
        assert local.date() == one.local_date and local.weekday() in weekdays
        # Never before the hour the client chose, and at it wherever that hour exists.
        assert local.time() >= rule.at
        before = (one.due_at - timedelta(minutes=1)).astimezone(rule.zone)
        assert local.time() == rule.at or before.time() < rule.at or before.date() < one.local_date
    missing = {day + timedelta(n) for n in range(21)} - set(days)
    for lost in missing:
        moment = rules.moment_of(lost, rule.at, rule.zone).astimezone(rule.zone)
        assert lost.weekday() not in weekdays or moment.date() != lost


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ZONES), st.integers(2013, 2034), st.times(), st.integers(0, 72))
def test_planning_in_pieces_is_planning_at_once(zone, year, at, cut):
    rule = hours(f"{at:%H:%M}", EVERY_DAY, zone)
    start = datetime(year, 3, 20, tzinfo=UTC)
    middle, end = start + timedelta(hours=cut * 4), start + timedelta(days=18)
    assert moments(rule, start, end) == moments(rule, start, middle) + moments(rule, middle, end)


NOW = utc("2026-11-23T13:30")
FINE = Facts(NOW, NOW + rules.LIVE_FOR, date(2026, 11, 23), hours(), True, True, 0, 1, 1)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"hours": None}, "rule-ended"),
        ({"hours": hours(paused_until=date(2026, 12, 1))}, "rule-ended"),
        ({"in_care": False}, "care-ended"),
        ({"to_do": False}, "nothing-to-do"),
        ({"hours": hours(quiet={"from": "13:00", "until": "14:00"})}, "quiet-hours"),
        ({"sent_that_day": 1}, "enough-today"),
        ({"sent_that_day": 1, "rules": 2}, None),
        ({"sent_that_day": 2, "rules": 9}, "enough-today"),
        ({"phones": 0}, "no-phone"),
        ({"expires_at": NOW}, "too-late"),
    ],
)
def test_what_speaks_against_sending(changed, code):
    assert rules.objection(replace(FINE, **changed), NOW) == code


def test_tries_are_spaced_and_end_with_the_reminder():
    expires = NOW + rules.LIVE_FOR
    waits = [rules.next_try(n, NOW, expires, None, 0) - NOW for n in (1, 2, 3, 4)]
    assert [w.total_seconds() for w in waits] == [30, 120, 600, 1800]
    assert rules.next_try(5, NOW, expires, None, 0) is None
    assert rules.next_try(4, expires - timedelta(minutes=29), expires, None, 0) is None


@given(st.integers(1, 4), st.floats(0, 1), st.integers(0, 7000))
def test_a_push_service_that_asks_to_wait_is_never_undercut(attempts, jitter, asked):
    again = rules.next_try(attempts, NOW, NOW + rules.LIVE_FOR, timedelta(seconds=asked), jitter)
    assert again is None or NOW + timedelta(seconds=asked) <= again < NOW + rules.LIVE_FOR


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("0", 0), ("Mon, 23 Nov 2026 13:32:00 GMT", 120), ("Mon, 23 Nov 2026 13:00:00 GMT", 0),
     ("soon", None), ("", None), (None, None), ("-5", None), ("999999999999999", 86_400)],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date(header, seconds):
    found = rules.retry_after(header, NOW)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_the_topic_is_22_characters_and_always_the_same():
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", rules.topic("abc"))
    assert rules.topic("abc") == rules.topic("abc") != rules.topic("abd")


@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_lock_screen_tells_nothing(level):
    shown = rules.notification(wording.body(level, "en"), "c" * 22, "https://example.org")
    words = f"{shown['notification']['title']} {shown['notification']['body']}"
    assert not re.search(DENIED, words, re.IGNORECASE)
    assert shown["notification"]["body"] == ("" if level == 0 else "You have a reminder")
    assert shown["web_push"] == 8030 and shown["notification"]["mutable"] is True
    assert set(json.loads(json.dumps(shown))["notification"]) == {
        "title", "body", "navigate", "tag", "silent", "mutable", "data",
    }  # fmt: skip
