"""Everybody of a bundle, in the order of their names in it, with small groups hidden, in little memory."""

import sys
from collections import Counter
from random import Random
from uuid import UUID

from server.research.roster import Roster
from server.research.rules import to_show

GROUPS = [("a", "26-35"), ("a", "36-45"), ("b", "26-35"), ("b", "76+")]


def people(count: int) -> list[tuple[str, UUID, tuple[str, ...]]]:
    rng = Random(4)
    names = [f"{rng.getrandbits(64):016x}" for _ in range(count)]
    return [(name, UUID(int=n), rng.choices(GROUPS, (50, 3, 40, 1))[0]) for n, name in enumerate(names)]


def test_people_come_by_name_each_with_their_own_client_and_description():
    roster, wanted = Roster(), people(501)
    for one in wanted:
        roster.add(*one)
    batches = list(roster.several(100))
    assert [len(batch) for batch in batches] == [100] * 5 + [1]
    wanted.sort()
    shown = to_show(Counter(described for _, _, described in wanted))
    assert [one for batch in batches for one in batch] == [
        (pid, client, shown[described]) for pid, client, described in wanted
    ]
    assert min(Counter(shown[described] for _, _, described in wanted).values()) >= 5


def test_each_person_takes_less_than_a_hundred_bytes():
    roster = Roster()
    for one in people(5000):
        roster.add(*one)
    held = sys.getsizeof(roster._people) + sum(map(sys.getsizeof, roster._people))
    assert held < 100 * len(roster)


def test_nobody_makes_no_batch():
    assert list(Roster().several(100)) == []
