"""Days and moments in words, as a practitioner reads them, in a zone that is said by the caller."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day(value: date) -> str:
    """Monday 23 November 2026."""
    return f"{value:%A} {value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """Mon 23 Nov."""
    return f"{value:%a} {value.day} {value:%b}"


def day_of_month(value: date) -> str:
    """23 Nov."""
    return f"{value.day} {value:%b}"


def clock_time(value: datetime, zone: str) -> str:
    """10:42, on the clocks of `zone`."""
    return f"{value.astimezone(ZoneInfo(zone)):%H:%M}"


def moment(value: datetime, zone: str) -> str:
    """Mon 23 Nov, 10:42."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{short_day(local.date())}, {local:%H:%M}"


def local_day(value: datetime, zone: str) -> date:
    """The day it is at this moment in `zone`."""
    return value.astimezone(ZoneInfo(zone)).date()


def ago(value: datetime | None, now: datetime, zone: str) -> str:
    """Today at 10:42 · yesterday at 10:42 · Mon 23 Nov, 10:42 (12 days ago) · never."""
    if value is None:
        return "never"
    days = (local_day(now, zone) - local_day(value, zone)).days
    if days <= 0:
        return f"today at {clock_time(value, zone)}"
    if days == 1:
        return f"yesterday at {clock_time(value, zone)}"
    return f"{moment(value, zone)} ({days} days ago)"


def ago_short(value: datetime, now: datetime, zone: str) -> str:
    """Today 10:42 · yesterday 10:42 · Mon 23 Nov, 10:42, for a line that has to be short."""
    days = (local_day(now, zone) - local_day(value, zone)).days
    if days > 1:
        return moment(value, zone)
    return f"{'yesterday' if days == 1 else 'today'} {clock_time(value, zone)}"


def age(born: date, today: date) -> int:
    """Whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def week_of(value: date) -> date:
    """The Monday of its week."""
    return value - timedelta(days=value.weekday())


def in_utc(local: datetime, zone: str) -> datetime:
    """The moment of a naive local time in `zone`."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def midnight(value: date, zone: str) -> datetime:
    """The moment at which this day begins in `zone`."""
    return in_utc(datetime.combine(value, time()), zone)


def last_day(until_at: datetime, zone: str) -> date:
    """The last day of what ends then: at midnight it is the day before that people call the last."""
    return local_day(until_at - timedelta(seconds=1), zone)


def birth(kept: str) -> str:
    """31 March 1980, from the ISO day a client row holds."""
    born = date.fromisoformat(kept)
    return f"{born.day} {born:%B %Y}"


def birth_short(kept: str) -> str:
    """31/03/1980, for a line that has to be short."""
    return f"{date.fromisoformat(kept):%d/%m/%Y}"
