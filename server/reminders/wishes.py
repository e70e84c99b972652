"""What a client says of their reminders, read from the settings of their phone, and as a rule holds it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from server.reminders.rules import MOST_A_DAY, UNREADABLE, Hours, Shift, is_quiet, wall_time
from server.reminders.timetable import BEFORE, LATER, OWN

T = TypeVar("T")
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
NEUTRAL = 1  # how much it says where nobody chose
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Wish:
    """One wish, read and checked, with what is kept of it as texts."""

    on: bool
    at: str
    weekdays: list[int]
    level: int
    quiet: dict[str, str] | None = None
    assignment_id: UUID | None = None
    kind: str = OWN
    from_date: date | None = None
    until_date: date | None = None
    paused_from: date | None = None
    paused_until: date | None = None
    shift: dict[str, Any] | None = None
    most: int | None = None
    steady: bool = False


class Held(Protocol):
    """A rule that a wish became."""

    kind: str
    at: str
    weekdays: list[int]
    level: int
    quiet: dict[str, str] | None
    assignment_id: UUID | None
    from_date: date | None
    until_date: date | None
    paused_from: date | None
    paused_until: date | None
    shift: dict[str, Any] | None
    most: int | None
    steady: bool


def own(payload: Mapping[str, Any], zone: str) -> Wish:
    """The setting named *reminder*. `ValueError` and its like when it cannot be read.

    Half of a pair of hours or days says nothing, and the reminder itself is still wanted.
    """
    at, weekdays, level = payload["at"], sorted(set(payload["weekdays"])), payload["level"]
    if level not in (0, 1, 2) or isinstance(level, bool) or not isinstance(payload["on"], bool):
        raise ValueError("level is 0, 1 or 2, and on is true or false")
    Hours.of(at=at, weekdays=weekdays, zone=zone)
    named, pause = payload.get("assignment_id"), _or_none(_days, payload.get("pause"))
    return Wish(
        payload["on"], at, weekdays, level, _or_none(_hours, payload.get("quiet")), UUID(named) if named else None,
        paused_from=pause[0] if pause else None,
        paused_until=pause[1] + timedelta(days=1) if pause else None,
        shift=_or_none(_shift, payload.get("shift")),
        most=_or_none(_most, payload.get("most")),
        steady=payload.get("steady") is True,
    )  # fmt: skip


def before_appointments(payload: Mapping[str, Any], like: Wish | None) -> Wish:
    """The setting named *appointment_reminder*: the day before each, at this time."""
    if not isinstance(payload["on"], bool):
        raise ValueError("on is true or false")
    wish = _besides(like, BEFORE, f"{wall_time(payload['at']):%H:%M}")
    return replace(wish, on=payload["on"])


def once(payload: Mapping[str, Any], like: Wish | None) -> Wish:
    """The setting named *remind_later*: once more, on this day at this time, about one thing or anything."""
    day, named = date.fromisoformat(payload["date"]), payload.get("assignment_id")
    wish = _besides(like, LATER, f"{wall_time(payload['at']):%H:%M}")
    return replace(wish, from_date=day, until_date=day, assignment_id=UUID(named) if named else None)


def in_an_hour(hours: Hours, like: Wish, now: datetime) -> Wish | None:
    """Once more in an hour, rounded up to a whole minute; None where no reminder is wanted then."""
    then = (now + AN_HOUR + timedelta(seconds=59)).replace(second=0, microsecond=0)
    local = then.astimezone(hours.zone)
    if is_quiet(hours, then):
        return None
    wish = _besides(like, LATER, f"{local:%H:%M}")
    return replace(wish, from_date=local.date(), until_date=local.date(), assignment_id=like.assignment_id)


def besides(wish: Wish, like: Wish) -> Wish:
    """A wish that comes besides their own hours: it says as much as those, and is as quiet; its time is its own.

    What was asked for *later* ends when they switch those hours off, or have a pause on its day.
    """
    shift = {**like.shift, "at": wish.at} if like.shift else None
    on = wish.on and not (wish.kind == LATER and wish.from_date and _stops(like, wish.from_date))
    return replace(wish, on=on, level=like.level, quiet=like.quiet, shift=shift)


def of_rule(rule: Held) -> Wish:
    """The wish that a rule came from."""
    return Wish(
        True, rule.at, rule.weekdays, rule.level, rule.quiet, rule.assignment_id, rule.kind, rule.from_date,
        rule.until_date, rule.paused_from, rule.paused_until, rule.shift, rule.most, rule.steady,
    )  # fmt: skip


def said(wish: Wish) -> dict[str, Any]:
    """The setting named *reminder* that says this: what a phone would have said."""
    payload: dict[str, Any] = {
        "name": "reminder", "on": wish.on, "at": wish.at, "weekdays": wish.weekdays, "level": wish.level,
    }  # fmt: skip
    if wish.assignment_id:
        payload["assignment_id"] = str(wish.assignment_id)
    if wish.paused_until:
        first, last = wish.paused_from or date.min, wish.paused_until - timedelta(days=1)
        payload["pause"] = {"from": first.isoformat(), "until": last.isoformat()}
    more = {"quiet": wish.quiet, "shift": wish.shift, "most": wish.most, "steady": wish.steady or None}
    return payload | {name: value for name, value in more.items() if value is not None}


def _stops(like: Wish, day: date) -> bool:
    paused = like.paused_until is not None and (like.paused_from or date.min) <= day < like.paused_until
    return not like.on or paused


def _besides(like: Wish | None, kind: str, at: str) -> Wish:
    wish = Wish(True, at, EVERY_DAY, NEUTRAL, kind=kind)
    return besides(wish, like) if like else wish


def _or_none(read: Callable[[Any], T], kept: Any) -> T | None:
    try:
        return read(kept) if kept is not None else None
    except UNREADABLE:
        return None


def _hours(kept: Any) -> dict[str, str]:
    return {name: f"{wall_time(kept[name]):%H:%M}" for name in ("from", "until")}


def _days(kept: Any) -> tuple[date, date]:
    first, last = date.fromisoformat(kept["from"]), date.fromisoformat(kept["until"])
    if last < first or last.year > 2200:
        raise ValueError("a pause ends on its first day or later")
    return first, last


def _shift(kept: Any) -> dict[str, Any]:
    quiet = _or_none(_hours, kept.get("quiet"))
    shift = {"from": kept["from"], "until": kept["until"], "at": f"{wall_time(kept['at']):%H:%M}", "quiet": quiet}
    Shift.of(shift)
    return shift


def _most(kept: Any) -> int:
    if isinstance(kept, bool) or not isinstance(kept, int) or not 1 <= kept <= MOST_A_DAY:
        raise ValueError("one a day or two")
    return kept
