"""Which state of an entry is shown, and whether there are two. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True)
class State:
    """One saved state of an entry, as far as choosing its head needs it."""

    revision_id: UUID
    parents: tuple[str, ...]
    kind: str
    effective_at: datetime
    feed_seq: int


def effective_at(created_at: datetime, sent_at: datetime | None, received_at: datetime) -> datetime:
    """When a state was saved, by the server's clock: never later than it was received (trust.md A2).

    `sent_at` is the phone's clock when it pushed: the difference is how wrong that clock is.
    """
    offset = received_at - sent_at if sent_at is not None else timedelta(0)
    try:
        return min(created_at + offset, received_at)
    except OverflowError:
        return received_at


def heads(states: Iterable[State]) -> list[State]:
    """The states that no other state has as a parent, the shown one first: greatest (effective_at, feed_seq).

    A pure function of the stored set, so every replica shows the same. Two heads: saved on two devices, both kept.
    """
    known = list(states)
    superseded = {parent for state in known for parent in state.parents if parent != str(state.revision_id)}
    found = [state for state in known if str(state.revision_id) not in superseded]
    # Parents that point in a circle leave no head: then the newest of all is shown.
    return sorted(found or known, key=lambda s: (s.effective_at, s.feed_seq), reverse=True)


def digest_text(revision_ids: Sequence[UUID]) -> str:
    """What the digest of a set of revisions is taken of: their ids, sorted, one a line."""
    return "\n".join(sorted(str(revision_id) for revision_id in revision_ids))
