"""What changed between two versions of what was agreed, part by part. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol

OF_VERSION = ("title", "reason", "rhythm", "size", "until_date")
OF_PLAN = ("when", "at", "weekdays", "where", "with_whom", "how_long", "reminder", "obstacle", "then", "confidence")
# Days that the rhythm names itself are told with the rhythm.
TOLD_BY_RHYTHM = "weekdays"


class Agreement(Protocol):
    """One version, as far as its words go."""

    title: str
    reason: str
    rhythm: dict[str, Any]
    size: str
    until_date: Any
    plan: dict[str, Any] | None
    made_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Difference:
    """One part that is not what it was; "" or None: nothing was said."""

    part: str
    was: Any
    now: Any


@dataclass(frozen=True)
class Change:
    """One version against the one before: the version, and every part that differs."""

    version: Any
    parts: tuple[Difference, ...]


def differences(before: Agreement, after: Agreement) -> tuple[Difference, ...]:
    """Every part in which two versions differ, in the order in which a plan is spoken."""
    parts = [(name, getattr(before, name), getattr(after, name)) for name in OF_VERSION]
    old, new = before.plan or {}, after.plan or {}
    parts += [(name, old.get(name), new.get(name)) for name in OF_PLAN if not _told(name, before, after)]
    return tuple(Difference(name, was, now) for name, was, now in parts if as_said(was) != as_said(now))


def changes(versions: Sequence[Agreement]) -> list[Change]:
    """What each version changed, newest first; one that changed nothing is left out. Versions come oldest first."""
    found = [Change(after, differences(before, after)) for before, after in pairwise(versions)]
    return [one for one in reversed(found) if one.parts]


def _told(name: str, before: Agreement, after: Agreement) -> bool:
    if name != TOLD_BY_RHYTHM or before.rhythm == after.rhythm:
        return False
    return "weekdays" in (before.rhythm.get("kind"), after.rhythm.get("kind"))


def as_said(value: Any) -> Any:
    """What counts as said: a text without its blanks, and nothing for what is empty; 0 is an answer."""
    if isinstance(value, str):
        value = value.strip()
    if isinstance(value, Mapping):
        return {key: one for key, one in value.items() if one is not None}
    return None if value == "" or value == [] else value
