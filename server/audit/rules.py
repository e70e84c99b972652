"""The hash chain of the audit: each event is bound to the one before it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import rfc8785

GENESIS = "0" * 64


@dataclass(frozen=True)
class Verdict:
    """What a check of one chain found: how many are linked, how many not yet, and the first that does not fit.

    `kept`: places at which another hash stands than the one that was kept elsewhere, or none any more.
    """

    linked: int
    unchained: int
    broken_at: int | None
    head: str
    position: int = 0
    kept: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing that was linked has been changed, taken away or put in."""
        return self.broken_at is None and not self.kept


def link(content: dict[str, Any], position: int, previous: str) -> str:
    """SHA-256 over the previous hash and the RFC 8785 canonical JSON of the event with its place. Hex.

    Source: trust.md B8. A chain alone does not reveal a cut tail, so its head is also kept off the machine.
    """
    text = rfc8785.dumps({**content, "position": str(position)})
    return hashlib.sha256(previous.encode() + text).hexdigest()


def fits(content: dict[str, Any], position: int, previous: str, own: str) -> bool:
    """Whether this is the link of that event.

    orjson writes nearly always what RFC 8785 says, in a thirtieth of the time. Where it does not (a broken number,
    a key beyond the first plane), the slow way decides.
    """
    quick = orjson.dumps({**content, "position": str(position)}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous.encode() + quick).hexdigest() == own or link(content, position, previous) == own


def verify(
    events: Iterable[tuple[dict[str, Any], int | None, str | None, str | None]],
    kept: Mapping[int, str] | None = None,
) -> Verdict:
    """Walk one service's events by position: (content, position, previous_hash, hash). Nothing is raised.

    `kept`: hashes by position that were kept elsewhere. Without them a cut tail, or a chain that somebody forged from
    the first link on, looks whole.
    """
    expected, previous, linked, unchained, broken = 1, GENESIS, 0, 0, None
    missing = dict(kept or {})
    for content, position, before, own in events:
        if own is None or position is None:
            unchained += 1
            continue
        fitting = position == expected and before == previous and fits(content, position, previous, own)
        if not fitting and broken is None:
            broken = expected
        if missing.get(position) == own:
            del missing[position]
        linked, expected, previous = linked + 1, position + 1, own
    return Verdict(linked, unchained, broken, previous, expected - 1, tuple(sorted(missing)))


def said_of(service_id: UUID | None, verdict: Verdict) -> str:
    """What was found of one chain, in one sentence."""
    whose = f"of service {service_id}" if service_id else "of the installation"
    counts = f"{verdict.linked} linked, {verdict.unchained} not linked yet"
    if verdict.broken_at is not None:
        return f"The audit {whose} was changed: its chain breaks at link {verdict.broken_at} ({counts})."
    if verdict.kept and verdict.kept[-1] > verdict.position:
        return f"The audit {whose} was cut: link {verdict.kept[-1]} was there and is gone ({counts})."
    if verdict.kept:
        return f"The audit {whose} was written anew: link {verdict.kept[0]} is not the one that was kept ({counts})."
    return f"The audit {whose} holds: {counts}, newest link {verdict.head[:16]}."
