"""The hash chain of the audit: each event is bound to the one before it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import rfc8785

GENESIS = "0" * 64


@dataclass(frozen=True)
class Verdict:
    """What a check of one chain found: how many are linked, how many not yet, and the first that does not fit."""

    linked: int
    unchained: int
    broken_at: int | None
    head: str


def link(content: dict[str, Any], position: int, previous: str) -> str:
    """SHA-256 over the previous hash and the RFC 8785 canonical JSON of the event with its place. Hex.

    Source: trust.md B8. A chain alone does not reveal a cut tail, so its head is also kept off the machine.
    """
    text = rfc8785.dumps({**content, "position": str(position)})
    return hashlib.sha256(previous.encode() + text).hexdigest()


def verify(events: Iterable[tuple[dict[str, Any], int | None, str | None, str | None]]) -> Verdict:
    """Walk one service's events by position: (content, position, previous_hash, hash). Nothing is raised."""
    expected, previous, linked, unchained, broken = 1, GENESIS, 0, 0, None
    for content, position, before, own in events:
        if own is None or position is None:
            unchained += 1
            continue
        fits = position == expected and before == previous and own == link(content, position, previous)
        if not fits and broken is None:
            broken = expected
        linked, expected, previous = linked + 1, position + 1, own
    return Verdict(linked, unchained, broken, previous)
