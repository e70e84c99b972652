"""Which state of an entry is shown, and whether there are two. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
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
class Phone:
    """One phone of a client: when it came and went, what its last contact left on it, and when it last held nothing."""

    paired_at: datetime
    gone_at: datetime | None = None  # ended by the client or by staff
    outbox: int = 0
    emptied_at: datetime | None = None

    def is_of(self, due_at: datetime) -> bool:
        """Whether it was there when something fell due, and so may hold what was said of it."""
        return self.paired_at <= due_at and (self.gone_at is None or due_at < self.gone_at)


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
    A removal stands behind a state it did not know of, however late it was: else nobody would see that state again.
    """
    known = list(states)
    superseded = {parent for state in known for parent in state.parents if parent != str(state.revision_id)}
    found = [state for state in known if str(state.revision_id) not in superseded]
    # Parents that point in a circle leave no head: then the newest of all is shown.
    return sorted(found or known, key=lambda s: (s.kind != "delete", s.effective_at, s.feed_seq), reverse=True)


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


def phone_of(device: Any, told: Sequence[Any]) -> Phone:
    """A phone by its device (`paired_at`, `revoked_at`, `ended_at`) and its contacts, oldest first."""
    gone_at = min((at for at in (device.revoked_at, device.ended_at) if at), default=None)
    emptied = max((one.emptied_at for one in told if one.emptied_at), default=None)
    return Phone(device.paired_at, gone_at, told[-1].outbox if told else 0, emptied)


def emptied_for(phones: Sequence[Phone], due_at: datetime) -> datetime | None:
    """Since when nothing said of what fell due at a moment can be unsent: silence before it is an answer nobody gave.

    Only the phones there were at that moment can hold it, so one paired later never speaks for them, nor for one that
    went and still held something. Where there was none, the next one does: nothing else can hold an answer. Of several,
    one whose last contact left something unsent speaks for the client: others that are empty do not make up for it.
    """
    if len(phones) == 1:
        return phones[0].emptied_at
    theirs = [one for one in phones if one.is_of(due_at)]
    if not theirs:
        later = [one for one in phones if one.paired_at > due_at]
        theirs = [one for one in later if one.paired_at == min(other.paired_at for other in later)]
    holding = [one for one in theirs if one.outbox > 0]
    known = [one.emptied_at for one in holding or theirs if one.emptied_at is not None]
    if holding:
        return min(known) if len(known) == len(holding) else None
    return max(known, default=None)


def known_until(phones: Sequence[Phone]) -> datetime | None:
    """Until when all is known: what fell due by then was answered, or nobody gave an answer. None: of nothing."""
    changes = sorted({at for one in phones for at in (one.paired_at, one.gone_at) if at is not None})
    until = None
    for begins, ends in zip_longest(changes, changes[1:]):
        emptied = emptied_for(phones, begins)
        if emptied is not None and emptied >= begins:
            until = emptied if ends is None else min(emptied, ends)
        if emptied is None or ends is None or emptied < ends:
            break
    return until


@dataclass(frozen=True)
class Arrived:
    """Of one phone: how much was ever saved on it, as far as it told, and how much of that is here."""

    made: int
    stored: int

    @property
    def missing(self) -> int:
        """Lost with the phone, or still on it."""
        return self.made - self.stored


def arrived_of(numbers: set[int], highest: int, outbox: int, unreadable: int, later: set[int]) -> Arrived:
    """What arrived of one phone, by the numbers 1, 2, 3 … that an app gives without gaps to what is saved on it.

    `highest` and `outbox`: what it told last. `later`: numbers of an app that went on under another sign-in; its first
    is over 1, and what it says of numbers before is not this phone's. `unreadable`: kept without a number.
    """
    highest = max(highest, max(numbers, default=0))
    before = max(min(numbers) - 1 - unreadable if numbers else highest - outbox, 0)
    made = highest - before
    # Counted, and never listed: one number that a phone made up may be two thousand million.
    missing = made - sum(before < number <= highest for number in numbers | later)
    return Arrived(made, made - max(missing - unreadable, 0))


def arrived_of_all(phones: Iterable[tuple[set[int], int, int, int, bool]]) -> list[Arrived]:
    """The same of all phones of one client, newest first: (numbers, highest, outbox, unreadable, copy) of each.

    `copy`: set up from the backup of another phone, so its numbers say nothing of that one's.
    """
    found: list[Arrived] = []
    later: set[int] = set()
    for numbers, highest, outbox, unreadable, copy in phones:
        found.append(arrived_of(numbers, highest, outbox, unreadable, later))
        if numbers and min(numbers) > 1 + unreadable and not copy:
            later |= numbers  # an app that went on under another sign-in: it brings what was not sent before
    return found


def digest_text(revision_ids: Sequence[UUID]) -> str:
    """What the digest of a set of revisions is taken of: their ids, sorted, one a line."""
    return "\n".join(sorted(str(revision_id) for revision_id in revision_ids))
