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
    names = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz234567", k=16)) for _ in range(count)]
    return [(name, UUID(int=n), rng.choices(GROUPS, (50, 3, 40, 1))[0]) for n, name in enumerate(names)]


def test_people_come_by_name_each_with_their_own_client_and_description():
    roster, wanted = Roster(), people(501)
    for one in wanted:
        roster.add(*one)
    parts = dict(roster.parts(100))
    assert len(parts) == 8 and all(30 < len(part) < 100 for part in parts.values())
    assert list(parts) == roster.names(100)
    wanted.sort()
    shown = to_show(Counter(described for _, _, described in wanted))
    assert [one for part in parts.values() for one in part] == [
        (pid, client, shown[described]) for pid, client, described in wanted
    ]
    assert min(Counter(shown[described] for _, _, described in wanted).values()) >= 5


def test_each_person_takes_less_than_a_hundred_bytes():
    roster = Roster()
    for one in people(5000):
        roster.add(*one)
    held = sys.getsizeof(roster._people) + sum(map(sys.getsizeof, roster._people))
    assert held < 100 * len(roster)


def test_who_goes_changes_the_part_they_were_in_and_no_other():
    everybody = people(501)
    gone = everybody[7]
    before, after = Roster(), Roster()
    for one in everybody:
        before.add(*one)
    for one in everybody:
        if one is not gone:
            after.add(*one)
    was, now = dict(before.parts(100)), dict(after.parts(100))
    [changed] = [name for name, part in was.items() if now[name] != part]
    assert gone[0] in [pid for pid, _, _ in was[changed]]
    assert [one for one in was[changed] if one[0] != gone[0]] == now[changed]


def test_nobody_makes_no_part():
    assert list(Roster().parts(100)) == []
