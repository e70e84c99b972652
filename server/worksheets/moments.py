"""Days and times of day as worksheets write them: `2026-03-04` and `23:15`. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_DAY = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def day_of(value: Any) -> date | None:
    """The day written, or None where it is not one."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def time_of(value: Any) -> time | None:
    """The time of day written, or None where it is not one."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    return time(int(value[:2]), int(value[3:]))


def moment_of(value: Any) -> datetime | None:
    """The local day and time written, `2026-03-04T23:15`, or None where it is not one."""
    if not isinstance(value, str) or value[10:11] != "T":
        return None
    day, at = day_of(value[:10]), time_of(value[11:])
    return datetime.combine(day, at) if day and at is not None else None


def in_words(day: date) -> str:
    """Wednesday 4 March 2026."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def last_before(moment: datetime, at: time) -> datetime:
    """The latest wall-clock moment up to `moment` at which the clock showed `at`."""
    same_day = datetime.combine(moment.date(), at)
    return same_day if same_day <= moment else same_day - timedelta(days=1)


def minutes_between(start: datetime, end: datetime, zone: ZoneInfo | None) -> float:
    """Minutes that really passed between two wall-clock moments; a clock change in between is counted.

    A time that came twice is the first of the two; one that never came goes by the clock before.
    """
    if zone is not None:
        start = start.replace(tzinfo=zone).astimezone(UTC)
        end = end.replace(tzinfo=zone).astimezone(UTC)
    return (end - start).total_seconds() / 60


def zone_of(name: Any) -> ZoneInfo | None:
    """The time zone of this name, or None where there is none."""
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_+/-]{1,60}", name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
