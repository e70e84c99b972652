"""Heads, what is kept for now, and since when nothing is unsent."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from server.entries.rules import Choice, State, Told, emptied_at, heads, is_kept

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
A, B = uuid4(), uuid4()


def state(n, kept=False, parents=(), kind="save", at=None):
    of = tuple(str(UUID(int=parent)) for parent in parents)
    return State(UUID(int=n), of, kind, NOON + timedelta(minutes=n if at is None else at), n, kept)


def choice(minute, shared):
    return Choice(shared, NOON + timedelta(minutes=minute), minute)


@pytest.mark.parametrize(
    ("states", "choices", "kept"),
    [
        ([state(1)], [], False),
        ([state(1, kept=True)], [], True),
        ([state(1), state(3, parents=[1])], [choice(2, shared=False)], True),  # mending a typo unveils nothing
        ([state(1, kept=True), state(3, kept=True, parents=[1])], [choice(2, shared=True)], False),
        ([state(1, kept=True), state(2, parents=[1])], [], False),  # unticked in the worksheet itself
        ([state(1), state(2, kept=True, parents=[1])], [], True),
        ([state(1), state(9, parents=[1], at=1)], [choice(5, shared=False)], True),  # an older edit arrives late
        ([state(1, kept=True), state(2, parents=[1], kind="delete"), state(3, parents=[2], kind="restore")], [], True),
        ([state(1, kept=True), state(2)], [], True),  # two heads, one of them kept
        ([state(1, kept=True), state(2)], [choice(3, shared=True)], False),
        ([state(2, parents=[1])], [choice(1, shared=False)], True),  # what it changed has not arrived yet
    ],
)
def test_the_authors_last_word_holds_and_in_doubt_it_is_kept(states, choices, kept):
    for order in permutations(states):
        assert is_kept(order, choices) is kept


def test_the_newest_state_that_nothing_follows_is_shown():
    one, two, three = state(1), state(2, parents=[1]), state(3, parents=[1])
    assert heads([three, one, two]) == [three, two]


def told(device, hours, outbox, emptied=None):
    at = NOON + timedelta(hours=hours)
    return Told(device, at, outbox, None if emptied is None else NOON + timedelta(hours=emptied))


def test_a_phone_that_holds_something_speaks_for_the_client():
    assert emptied_at([told(A, 1, 0, 1)]) == NOON + timedelta(hours=1)
    assert emptied_at([told(A, 9, 0, 9), told(B, 2, 3)]) is None
    assert emptied_at([told(A, 9, 0, 9), told(B, 1, 0, 1), told(B, 2, 3)]) == NOON + timedelta(hours=1)
    assert emptied_at([told(A, 9, 0, 9), told(B, 2, 3)], ended=[B]) == NOON + timedelta(hours=9)
    assert emptied_at([told(A, 9, 0, 9), told(B, 2, 0, 2)]) == NOON + timedelta(hours=9)
    assert emptied_at([]) is None
