"""When an assignment falls due: slots laid out from the rhythm, in the client's own days. Pure.

A slot is named `2026-11-23#1` (dated), `w3#2` (undated: the third week of the assignment, its second) or
`i:<opening appointment>` (one per interval). A week of an assignment is seven days from the day it was agreed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
ONCE_LASTS = timedelta(days=6)  # a task agreed once, without an end: within the week
MOST_TIMES = 12


@dataclass(frozen=True)
class Rhythm:
    """How often. `times` for daily and per_week, `weekdays` (Monday = 0) for weekdays."""

    kind: str
    times: int = 1
    weekdays: tuple[int, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Rhythm":
        """From its JSON form; what is out of range is brought into it."""
        times = min(max(int(data.get("times") or 1), 1), MOST_TIMES)
        return cls(str(data["kind"]), times, tuple(sorted(set(data.get("weekdays") or ()))))


@dataclass(frozen=True)
class Span:
    """One version of an assignment: what holds from a day to a day (both included; None: no end yet)."""

    version: int
    rhythm: Rhythm
    from_date: date
    until_date: date | None
    size: str = "usual"


@dataclass(frozen=True)
class Window:
    """One interval of treatment in the client's days: `key` names it, `due_on` is its last day, `due_at` its end."""

    key: str
    opens_on: date
    due_on: date
    due_at: datetime


@dataclass(frozen=True)
class Slot:
    """One time an assignment falls due: from `opens_on` to the end of `due_on` (client's zone), or to `due_at`."""

    key: str
    version: int
    opens_on: date
    due_on: date
    size: str = "usual"
    due_at: datetime | None = None
    spare: bool = False  # what a changed rhythm no longer asks for: it counts only if something came for it


def slots(
    spans: Sequence[Span], agreed_on: date, horizon: date, windows: Sequence[Window] = (), spares: bool = False
) -> list[Slot]:
    """Every slot of an assignment up to a day, oldest first. A later version replaces an earlier one from its day on.

    `windows`: the intervals of the episode, for the rhythm *per appointment*. `spares`: also those that a change of
    rhythm took back, each up to the day of the change, so that what was done for them keeps its place.
    Same arguments, same slots.
    """
    laid: dict[str, Slot] = {}
    taken_back: dict[str, Slot] = {}
    in_week: dict[int, int] = {}
    courses = _same_rhythm(spans)
    for n, span in enumerate(courses):
        last, ends = span.until_date or horizon, span.until_date is not None
        if n + 1 < len(courses):
            last, ends = min(last, courses[n + 1].from_date - DAY), True
        before = dict(in_week)
        # Only a real end cuts a week short; the horizon is just how far we look.
        for slot in _lay_out(span, agreed_on, last, ends, windows, in_week):
            if slot.opens_on <= horizon:
                laid[slot.key] = _as_of_its_day(slot, spans)
        if n + 1 < len(courses):
            for slot in _up_to(span, agreed_on, courses[n + 1].from_date, windows, before):
                taken_back.setdefault(slot.key, _as_of_its_day(slot, spans))
            in_week |= before  # what follows does not use the names of what was taken back
    if spares:
        laid |= {key: slot for key, slot in taken_back.items() if key not in laid}
    return sorted(laid.values(), key=lambda s: (s.due_on, s.opens_on, s.key))


def _same_rhythm(spans: Sequence[Span]) -> list[Span]:
    """Versions that changed only words, size or end are one course: a new sentence does not cut a week in two."""
    courses: list[Span] = []
    for span in spans:
        if courses and courses[-1].rhythm == span.rhythm:
            courses[-1] = replace(span, from_date=courses[-1].from_date)
        else:
            courses.append(span)
    return courses


def _up_to(
    span: Span, agreed_on: date, changed: date, windows: Sequence[Window], in_week: dict[int, int]
) -> Iterator[Slot]:
    """What a course had asked for by the day it was changed, had it gone on: its cut week whole, and that day."""
    if span.from_date >= changed or (span.until_date is not None and span.until_date < changed):
        return
    last = changed if span.rhythm.kind in ("daily", "weekdays") else changed - DAY
    for slot in _lay_out(span, agreed_on, last, False, windows, in_week):
        yield replace(slot, due_on=changed, due_at=None, spare=True)


def _as_of_its_day(slot: Slot, spans: Sequence[Span]) -> Slot:
    """The version and size that were agreed on the day a slot opened: past slots stay as they were."""
    held = [span for span in spans if span.from_date <= slot.opens_on] or [spans[0]]
    agreed = held[-1]
    same = (slot.version, slot.size) == (agreed.version, agreed.size)
    return slot if same else replace(slot, version=agreed.version, size=agreed.size)


def _lay_out(
    span: Span, agreed_on: date, last: date, ends: bool, windows: Sequence[Window], in_week: dict[int, int]
) -> Iterator[Slot]:
    if span.from_date > last:
        return
    kind = span.rhythm.kind
    if kind == "once":
        due = span.until_date or (last if ends else span.from_date + ONCE_LASTS)
        yield Slot(f"{span.from_date}#1", span.version, span.from_date, due, span.size)
    elif kind in ("daily", "weekdays"):
        yield from _dated(span, last)
    elif kind == "monthly":
        yield from _monthly(span, last)
    elif kind == "per_appointment":
        for window in windows:
            if window.opens_on <= last and window.due_on >= span.from_date:
                opens = max(window.opens_on, span.from_date)
                due = max(opens, window.due_on)
                yield Slot(f"i:{window.key}", span.version, opens, due, span.size, window.due_at)
    else:
        yield from _weekly(span, agreed_on, last, ends, in_week)


def _dated(span: Span, last: date) -> Iterator[Slot]:
    day = span.from_date
    while day <= last:
        if span.rhythm.kind == "daily":
            for n in range(1, span.rhythm.times + 1):
                yield Slot(f"{day}#{n}", span.version, day, day, span.size)
        elif day.weekday() in span.rhythm.weekdays:
            yield Slot(f"{day}#1", span.version, day, day, span.size)
        day += DAY


def _monthly(span: Span, last: date) -> Iterator[Slot]:
    opens = span.from_date
    for n in range(1, 120):
        if opens > last:
            return
        following = _months_after(span.from_date, n)
        yield Slot(f"{opens}#1", span.version, opens, min(following - DAY, span.until_date or following), span.size)
        opens = following


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - DAY)


def _weekly(span: Span, agreed_on: date, last: date, ends: bool, in_week: dict[int, int]) -> Iterator[Slot]:
    """Per week, weekly and *when it happens*: undated slots, each open for the whole week of the assignment."""
    asked = span.rhythm.times if span.rhythm.kind == "per_week" else 1
    week = max((span.from_date - agreed_on).days // 7, 0)
    while (starts := agreed_on + timedelta(days=7 * week)) <= last:
        opens, due = max(starts, span.from_date), starts + 6 * DAY
        wanted = asked
        cut = ends and due > last
        if cut:
            due = last
        if span.rhythm.kind == "per_week" and (cut or (opens > max(starts, agreed_on) and week in in_week)):
            # A part-week asks for n x days / 7, rounded down (design.md 5).
            wanted = asked * ((due - opens).days + 1) // 7
        taken = in_week.get(week, 0)
        for n in range(taken + 1, taken + wanted + 1):
            yield Slot(f"w{week + 1}#{n}", span.version, opens, due, span.size)
        in_week[week] = taken + wanted
        week += 1


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment a local day is over, in UTC: the first moment of the next day."""
    return datetime.combine(day + DAY, time.min, zone).astimezone(UTC)


def next_times(
    spans: Sequence[Span], agreed_on: date, after: date, windows: Sequence[Window] = (), count: int = 5
) -> list[Slot]:
    """The next slots from a day on, for the preview: as many as asked for, or all there are."""
    found = slots(spans, agreed_on, after + timedelta(days=200), windows)
    return [slot for slot in found if slot.due_on >= after][:count]
