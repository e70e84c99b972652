"""Which answers raise a flag, how flags of one entry become one, and when one has waited too long. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.worksheets.definition import OTHER, Field, Worksheet
from server.worksheets.rules import answered, raised
from server.worksheets.scope import Scope, visible

WRITTEN = "…"  # stands for any words: that something was written is a fact, what was written is never looked at
NOT_SAFE = ("not_sure", "no")
RANK = {None: 0, "yes": 1, "not_sure": 2, "no": 3}
_WHEN = re.compile(r"[0-9T:-]{4,16}", re.ASCII)


@dataclass(frozen=True)
class Raised:
    """What one state of an entry raised: questions, the highest level, the card, and how safe they said they feel."""

    fields: tuple[str, ...]
    level: int
    card: str
    follow_up: str | None = None

    @property
    def is_red(self) -> bool:
        """Clinical reference D1.4: level 2, or the question whether they feel safe was not answered with yes."""
        return self.level >= 2 or self.follow_up != "yes"


@dataclass(frozen=True)
class State:
    """One state of an entry that raised something. `answers`: its answers about risk, as `risk_answers` has them."""

    raised: Raised
    answers: str
    saved_at: datetime
    revision_id: UUID
    parents: tuple[UUID, ...] = ()


def without_text(worksheet: Worksheet, answers: Any) -> dict[str, Any]:
    """The answers on show, with `WRITTEN` in the place of all words. What is hidden or was never asked is left out.

    The level of a flag goes by this alone (clinical reference D1.6: nothing is inferred from free text). Which
    questions are on show goes by the real answers, as it does on the page: one that words opened was asked too.
    """
    return _closed(worksheet.fields, answers, {})


def flagged(worksheet: Worksheet | None, closed: dict[str, Any], safe_now: Any) -> Raised | None:
    """What answers made by `without_text` raise, or None. Somebody who does not feel safe always raises one."""
    follow_up = safe_now if safe_now in ("yes", *NOT_SAFE) else None
    flags = raised(_all_on_show(worksheet, closed), closed) if worksheet else []
    if not flags:
        return Raised((), 1, "support", follow_up) if follow_up in NOT_SAFE else None
    fields = tuple(dict.fromkeys(flag.field for flag in flags))
    card = "safety" if any(flag.card == "safety" for flag in flags) else "support"
    return Raised(fields, max(flag.level for flag in flags), card, follow_up)


def risk_answers(worksheet: Worksheet | None, closed: dict[str, Any]) -> str:
    """The answers to the questions about risk alone, so that two states can be held against each other."""
    if worksheet is None:
        return ""
    names = {flag.field for flag in worksheet.risk_flags}
    return json.dumps(_risky(worksheet.fields, closed, names), sort_keys=True)


def is_unanswered(states: Iterable[State]) -> bool:
    """Whether any state has no answer to the follow-up: a yes counts only for the same answers, and not beforehand."""
    every = list(states)
    said_yes = [one for one in every if one.raised.follow_up == "yes"]
    return any(one.raised.follow_up is None and not any(_covers(yes, one) for yes in said_yes) for one in every)


def _covers(yes: State, other: State) -> bool:
    return yes.answers == other.answers and (yes.saved_at >= other.saved_at or other.revision_id in yes.parents)


def together(one: Raised, other: Raised) -> Raised:
    """Two states of one entry as staff see them: all questions, the higher level, the less safe answer."""
    return Raised(
        tuple(dict.fromkeys((*one.fields, *other.fields))),
        max(one.level, other.level),
        "safety" if "safety" in (one.card, other.card) else "support",
        max((one.follow_up, other.follow_up), key=RANK.__getitem__),
    )


def is_worse(new: Raised, seen: Iterable[Raised]) -> bool:
    """Whether this tells more than what somebody has acknowledged of the same entry."""
    before = list(seen)
    known = {field for one in before for field in one.fields}
    rank = max((RANK[one.follow_up] for one in before), default=0)
    return (
        new.level > max((one.level for one in before), default=0)
        or not set(new.fields) <= known
        or (new.follow_up in NOT_SAFE and RANK[new.follow_up] > rank)
    )


def escalate_at(received: datetime, zone: ZoneInfo, days: Collection[int], begins: time, ends: time) -> datetime:
    """One working day after a flag arrived: the same time on the next working day.

    Outside working hours it counts from the start of the next ones. `days`: 0 is Monday; none: every day is one.
    Bank holidays are not known here, so that a message goes out too early rather than too late.
    """
    wall = received.astimezone(zone).replace(tzinfo=None)
    works = frozenset(days) or frozenset(range(7))
    day, at = wall.date(), max(wall.time(), begins)
    if day.weekday() not in works or wall.time() >= ends:
        day, at = _next(day, works), begins
    return datetime.combine(_next(day, works), at, zone)


def _next(day: date, works: frozenset[int]) -> date:
    later = (day + timedelta(days=n) for n in range(1, 8))
    return next(one for one in later if one.weekday() in works)


def _all_on_show(worksheet: Worksheet, closed: dict[str, Any]) -> Worksheet:
    """A worksheet whose questions no longer wait for words that are not here: those on show, on show always."""
    shown = [one for one in worksheet.fields if one.show_when is None or one.id in closed]
    return replace(worksheet, fields=tuple(_unconditional(one) for one in shown))


def _unconditional(field: Field) -> Field:
    return replace(field, show_when=None, fields=tuple(_unconditional(inner) for inner in field.fields))  # type: ignore[arg-type]  # mypy drops its None


def _risky(fields: Iterable[Field], closed: Any, names: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        value = closed.get(one.id)
        if one.type == "list" and isinstance(value, list):
            items = [_risky(one.fields, item, names) for item in value]
            found |= {one.id: items} if any(items) else {}
        elif value is not None and (one.risk or one.id in names):
            found[one.id] = value
    return found


def _closed(fields: tuple[Field, ...], answers: Any, around: Scope) -> dict[str, Any]:
    if not isinstance(answers, Mapping):
        return {}
    scope = visible(fields, answers, around)
    return {one.id: _value(one, answers[one.id], scope) for one in fields if one.id in answers and one.id in scope}


def _value(field: Field, value: Any, scope: Scope) -> Any:
    if field.type == "list":
        return [_closed(field.fields, one, scope) for one in value] if isinstance(value, list) else None
    if field.type == "choices":
        return [_without_words(field, one, [one]) for one in value] if isinstance(value, list) else None
    return _without_words(field, value, value)


def _without_words(field: Field, value: Any, whole: Any) -> Any:
    """A number, a yes or no, one of the options, a day or time; of anything else only whether it is an answer."""
    if isinstance(value, bool | int | float) or _is_known(field, value):
        return value
    if not answered(field, whole):
        return None
    return {OTHER: WRITTEN} if isinstance(value, Mapping) else WRITTEN


def _is_known(field: Field, value: Any) -> bool:
    if field.type in ("choice", "choices"):
        return value in [option.code for option in field.options]
    return field.type in ("date", "time", "moment") and isinstance(value, str) and bool(_WHEN.fullmatch(value))
