"""Heads, what is kept for now, and since when nothing is unsent."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from server.entries.rules import Choice, Phone, State, arrived_of, emptied_for, heads, is_kept, known_until

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("numbers", "highest", "outbox", "unreadable", "later", "made", "missing"),
    [
        ({1, 2, 3}, 3, 0, 0, set(), 3, 0),
        ({1, 2, 3}, 6, 3, 0, set(), 6, 3),  # it told of six, and was lost
        ({1, 2, 5}, 5, 0, 0, set(), 5, 2),
        ({1, 2, 5}, 5, 0, 2, set(), 5, 0),  # they came, and could not be read
        ({2, 3}, 3, 0, 1, set(), 3, 0),  # the first of all, too
        ({1, 2}, 4, 2, 0, {3, 4, 5}, 4, 0),  # the same app sent them after a new code was typed
        ({3, 4, 5}, 5, 0, 0, set(), 3, 0),  # and of it: it went on at three
        (set(), 17, 0, 0, set(), 0, 0),  # went on at seventeen, nothing saved since
        (set(), 3, 3, 0, set(), 3, 3),  # lost before it sent anything
        (set(), 0, 0, 1, set(), 0, 0),
        ({1, 2**31 - 1}, 0, 0, 0, {7, 2**31 - 2}, 2**31 - 1, 2**31 - 5),  # made up: counted, and no list of them made
    ],
)
def test_f29_what_never_arrived_shows_in_the_numbers(numbers, highest, outbox, unreadable, later, made, missing):
    found = arrived_of(numbers, highest, outbox, unreadable, later)
    assert (found.made, found.missing) == (made, missing)


def test_a_removal_that_did_not_know_of_a_change_hides_nothing():
    first, changed, removed = state(1), state(2, parents=[1]), state(3, parents=[1], kind="delete")
    for order in permutations([first, changed, removed]):
        assert heads(order) == [changed, removed]
    both = state(4, parents=[2, 3], kind="delete")
    assert heads([first, changed, removed, both]) == [both], "one that knew of both does"


def hours(n):
    return None if n is None else NOON + timedelta(hours=n)


def phone(emptied=None, outbox=0, paired=-9, gone=None):
    return Phone(hours(paired), hours(gone), outbox, hours(emptied))


def test_a_phone_that_holds_something_speaks_for_the_client():
    assert emptied_for([phone(1)], NOON) == hours(1)
    assert emptied_for([phone(9), phone(outbox=3)], NOON) is None
    assert emptied_for([phone(9), phone(1, outbox=3)], NOON) == hours(1)
    assert emptied_for([phone(9), phone(2)], NOON) == hours(9)
    assert emptied_for([], NOON) is None


def test_a_phone_paired_later_does_not_speak_for_the_one_of_that_time():
    old, new = phone(emptied=-2), phone(emptied=9, paired=3)
    assert emptied_for([old, new], hours(2)) == hours(-2)  # may lie on the old one
    assert emptied_for([old, new], hours(3)) == hours(9)
    assert emptied_for([phone(emptied=4), new], hours(2)) == hours(4)  # and it came


def test_what_a_phone_held_as_it_went_is_not_known_for_good():
    went, new = phone(emptied=-2, outbox=2, gone=3), phone(emptied=9, paired=-1)
    assert emptied_for([went, new], hours(2)) == hours(-2)
    assert emptied_for([went, new], hours(3)) == hours(9)  # due after it had gone
    silent = phone(emptied=-2, gone=3)
    assert emptied_for([silent, phone(emptied=9, paired=3)], hours(2)) == hours(-2)


def test_what_fell_due_without_a_phone_is_for_the_next_one_to_say():
    assert emptied_for([phone(emptied=9, paired=3)], NOON) == hours(9)
    two = [phone(emptied=-3, gone=-2), phone(emptied=9, paired=3), phone(emptied=20, paired=5)]
    assert emptied_for(two, NOON) == hours(9)


def test_all_is_known_up_to_the_first_time_that_is_not():
    assert known_until([]) is None
    assert known_until([phone()]) is None
    assert known_until([phone(1)]) == hours(1)
    assert known_until([phone(1), phone(9, paired=3)]) == hours(1)
    assert known_until([phone(4), phone(9, paired=3)]) == hours(9)
    assert known_until([phone(2, gone=2), phone(9, paired=3)]) == hours(9)
    assert known_until([phone(1, gone=2), phone(9, paired=3)]) == hours(1)
