"""Which state of an entry is shown, and whether there are two. Pure."""

from collections.abc import Iterable, Iterator, Sequence
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
    kept: bool = False


@dataclass(frozen=True)
class Choice:
    """The author shares an entry, or keeps it for now, apart from its text."""

    shared: bool
    effective_at: datetime
    feed_seq: int


@dataclass(frozen=True)
class Told:
    """The last contact of one phone within an hour: what it still held then, and when it last held nothing."""

    device_id: UUID
    at: datetime
    outbox: int
    emptied_at: datetime | None


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


def is_kept(states: Iterable[State], choices: Iterable[Choice]) -> bool:
    """Whether an entry is kept for now: its text is then shown to nobody but its author.

    The author's last word holds: the first state, a state that changes what the one before it said, a choice apart from
    the text. A state that only repeats what it was copied from is no word. With two heads, each is looked at by itself,
    and one that is kept keeps both.
    """
    by_id = {str(state.revision_id): state for state in states}
    said = [(one.effective_at, one.feed_seq, not one.shared) for one in choices]
    return any(_last_word([*said, *_words_up_to(head, by_id)]) for head in heads(by_id.values()))


def _last_word(words: list[tuple[datetime, int, bool]]) -> bool:
    return max(words)[2] if words else False


def _words_up_to(head: State, by_id: dict[str, State]) -> Iterator[tuple[datetime, int, bool]]:
    """What the states that led to this one said, each once, in no order."""
    waiting, seen = [head], {head.revision_id}
    while waiting:
        state = waiting.pop()
        if _is_a_word(state, by_id):
            yield state.effective_at, state.feed_seq, state.kept
        for before in (by_id[parent] for parent in state.parents if parent in by_id):
            if before.revision_id not in seen:
                seen.add(before.revision_id)
                waiting.append(before)


def _is_a_word(state: State, by_id: dict[str, State]) -> bool:
    before = [by_id[parent] for parent in state.parents if parent in by_id]
    if state.kind == "delete":
        return False
    if state.kept:
        return not before or any(not one.kept for one in before)
    if not state.parents:
        return True
    return state.kind == "save" and bool(before) and all(one.kept and one.kind != "delete" for one in before)


def emptied_at(contacts: Iterable[Told], ended: Iterable[UUID] = ()) -> datetime | None:
    """Since when nothing is known to be unsent: silence before this moment is an answer that nobody gave.

    A phone whose last contact left something unsent speaks for the client: others that are empty do not make up for it.
    """
    gone = set(ended)
    last: dict[UUID, Told] = {}
    emptied: dict[UUID, datetime] = {}
    for one in contacts:
        if one.device_id not in last or one.at > last[one.device_id].at:
            last[one.device_id] = one
        if one.emptied_at is not None:
            emptied[one.device_id] = max(one.emptied_at, emptied.get(one.device_id, one.emptied_at))
    holding = [device for device, one in last.items() if one.outbox > 0 and device not in gone]
    if holding:
        moments = [emptied.get(device) for device in holding]
        known = [moment for moment in moments if moment is not None]
        return min(known) if len(known) == len(moments) else None
    return max(emptied.values(), default=None)


def digest_text(revision_ids: Sequence[UUID]) -> str:
    """What the digest of a set of revisions is taken of: their ids, sorted, one a line."""
    return "\n".join(sorted(str(revision_id) for revision_id in revision_ids))
