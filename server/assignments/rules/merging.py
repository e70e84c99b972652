"""A plan that both sides changed: which of a client's words are taken up, and which stand beside it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol
from uuid import UUID

from server.assignments.rules.differences import as_said

TEXTS = ("when", "where", "with_whom", "how_long", "reminder", "obstacle", "then")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class Agreed(Protocol):
    """One version of what was agreed, as far as a merge goes."""

    number: int
    plan: dict[str, Any] | None
    made_by: str
    revision_id: UUID | None
    recorded_at: datetime


@dataclass(frozen=True)
class Wish:
    """A plan as a client changed it: what they said when, and what they had before them."""

    revision_id: UUID
    said_at: datetime
    received_at: datetime
    plan: Mapping[str, Any]  # readable parts only
    parts: frozenset[str] | None = None  # the parts that were changed, where the phone says so
    seen: int | None = None  # the version that was on the screen, where the phone says so


@dataclass(frozen=True)
class Merged:
    """Parts of a wish by what becomes of them. What the client said otherwise later is in neither."""

    taken: dict[str, Any] = field(default_factory=dict)
    not_taken: dict[str, Any] = field(default_factory=dict)


def readable(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a plan that are what they say they are."""
    kept = {name: plan[name] for name in TEXTS if isinstance(plan.get(name), str)}
    confidence, at = plan.get("confidence"), plan.get("at")
    if confidence is None or (type(confidence) is int and 0 <= confidence <= 10):  # True is no number here
        kept["confidence"] = confidence
    if at is None or (isinstance(at, str) and TIME.fullmatch(at)):
        kept["at"] = at
    return {name: value for name, value in kept.items() if name in plan}


def merge(versions: Sequence[Agreed], wish: Wish, said_at: Mapping[UUID, datetime]) -> Merged:
    """Three ways: the version the client saw, what holds now (the last of `versions`), and what they changed.

    A part the practitioner left alone since is taken. One that both changed stays the practitioner's. Between two
    words of the client's own the one said last holds (`said_at` by revision).
    """
    base = _seen(versions, wish, said_at)
    since = [one for one in versions if one.number >= base.number]
    before, now = base.plan or {}, versions[-1].plan or {}
    merged = Merged()
    for part, value in wish.plan.items():
        changed = part in wish.parts if wish.parts is not None else as_said(value) != as_said(before.get(part))
        if not changed or as_said(value) == as_said(now.get(part)):
            continue
        by = _last_to_change(part, since)
        if by is not None and by.made_by != "client":
            merged.not_taken[part] = value
        elif by is None or _moment(by, said_at) <= wish.said_at:
            merged.taken[part] = value
    return merged


def left_out(versions: Sequence[Agreed], wishes: Sequence[Wish]) -> list[tuple[Wish, dict[str, Any]]]:
    """Every wish of which something was not taken up, with those parts, in the order of `wishes`."""
    said_at = {one.revision_id: one.said_at for one in wishes}
    found = [(one, _not_taken(versions, one, said_at)) for one in wishes]
    return [(one, parts) for one, parts in found if parts]


def _not_taken(versions: Sequence[Agreed], wish: Wish, said_at: Mapping[UUID, datetime]) -> dict[str, Any]:
    """What of a wish was not taken up when it came, told from the versions as they stand now."""
    own = next((one.number for one in versions if one.revision_id == wish.revision_id), None)
    if own is None:
        then = [one for one in versions if one.recorded_at <= wish.received_at]
    else:
        then = [one for one in versions if one.number < own]
    return merge(then, wish, said_at).not_taken if then else {}


def _seen(versions: Sequence[Agreed], wish: Wish, said_at: Mapping[UUID, datetime]) -> Agreed:
    """The version that was on the screen: as named, else the newest of the moment it was said."""
    named = [one for one in versions if one.number == wish.seen]
    by_then = [one for one in versions if _moment(one, said_at) <= wish.said_at]
    return (named or by_then or [versions[0]])[-1]


def _last_to_change(part: str, versions: Sequence[Agreed]) -> Agreed | None:
    changed = [
        after
        for before, after in pairwise(versions)
        if as_said((before.plan or {}).get(part)) != as_said((after.plan or {}).get(part))
    ]
    return changed[-1] if changed else None


def _moment(version: Agreed, said_at: Mapping[UUID, datetime]) -> datetime:
    return said_at.get(version.revision_id, version.recorded_at) if version.revision_id else version.recorded_at
