"""Days and times as other systems write them. Pure: each gives the value, or a sentence that says what is wrong."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXCEL_FIRST = date(1899, 12, 30)  # day 0 of Excel's own count, which has a 29 February 1900
EXCEL_LIKELY = range(40_000, 60_000)  # 2009 to 2064
NIGHT_UNTIL = 7  # an hour below this, written without a nought and without am or pm, is more likely an afternoon

NOT_A_DAY = "This is not a date. Write it like 24/11/2026."
NOT_A_TIME = "This is not a time. Write it like 09:30."
MONTH_FIRST = "We cannot tell day and month apart: this list puts the month first. Write 24/11/2026 or 2026-11-24."


def split_moment(text: str) -> tuple[str, str]:
    """A day with a time behind it, as one cell of some systems holds: (day, time), "" where there is none."""
    found = re.fullmatch(r"(\S.*?\d)(?:T|[ ,]+)(\d{1,2}[:.]\d{2}.*)", text.strip())
    return (found[1], found[2]) if found else (text.strip(), "")


def month_first(cells: Iterable[str]) -> bool:
    """Whether any of these can only be read with the month first, so that 04/11 could be either."""
    found = (re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})", split_moment(cell)[0]) for cell in cells)
    return any(int(one[1]) <= 12 < int(one[2]) for one in found if one)


def day_written(text: str, doubtful: bool = False) -> date | str:
    """A day: 24/11/2026, 24.11.26, 24-Nov-2026, Tue 24 Nov 2026, 2026-11-24, or Excel's number of it.

    `doubtful`: the list has months first elsewhere, so that only a day that can be read in one way is taken.
    """
    weekday, rest = _weekday(text.strip())
    found = _day(rest, doubtful)
    if isinstance(found, date) and weekday is not None and found.weekday() != weekday:
        return f"This names {DAYS[weekday].capitalize()}, but it is a {found:%A}."
    return found


def time_written(text: str) -> time | str:
    """A time of day: 09:30, 9.30, 0930, 9:30am, 2 pm, 09:30:00, or Excel's part of a day (0.3958).

    A bare 2.30 is refused, for it may be the afternoon.
    """
    said = re.sub(r"^1899-12-3\d[ T]", "", text.strip().lower())
    if re.fullmatch(r"0?\.\d+", said):
        hour, minute = divmod(round(float(said) * 24 * 60), 60)
        return time(hour, minute) if minute % 5 == 0 and 0 < hour < 24 else NOT_A_TIME
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2})(?:[:.]\d{2}(?:\.\d+)?)?)? ?([ap])?\.?(?:m\.?)?", said)
    found = found or re.fullmatch(r"(\d{2})(\d{2})()", said)
    if not found or (found[2] is None and not found[3]):
        return NOT_A_TIME
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return NOT_A_TIME
    if not half and len(found[1]) == 1 and 0 < hour < NIGHT_UNTIL:
        return f"Is this at night? Write {hour + 12}:{minute:02}, or {hour}:{minute:02} am."
    return time(hour % 12 + 12 * (half == "p") if half else hour, minute)


def exists(local: datetime, zone: str) -> bool:
    """Whether a clock on the wall ever shows this: not in the hour that is left out in spring."""
    there = local.replace(tzinfo=ZoneInfo(zone))
    return datetime.fromtimestamp(there.timestamp(), ZoneInfo(zone)).replace(tzinfo=None) == local


def _weekday(text: str) -> tuple[int | None, str]:
    found = re.fullmatch(r"([A-Za-z]{3,9})[,.]? +(\d.*)", text)
    if not found or found[1][:3].lower() not in DAYS:
        return None, text
    return DAYS.index(found[1][:3].lower()), found[2]


def _day(text: str, doubtful: bool) -> date | str:
    if text.isdecimal() and len(text) == 5 and int(text) in EXCEL_LIKELY:
        return EXCEL_FIRST + timedelta(days=int(text))
    if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        return _real(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4}|\d{2})", text):
        month = found[2][:3].lower()
        return _real(_year(found[3]), MONTHS.index(month) + 1, int(found[1])) if month in MONTHS else NOT_A_DAY
    if found := re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})", text):
        first, second = int(found[1]), int(found[2])
        if second > 12 >= first or (doubtful and first <= 12 and first != second):
            return MONTH_FIRST
        return _real(_year(found[3]), second, first)
    return NOT_A_DAY


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _real(year: int, month: int, day: int) -> date | str:
    try:
        return date(year, month, day)
    except ValueError:
        return NOT_A_DAY
