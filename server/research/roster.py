"""Who is in a bundle, by their names in it: 80 bytes for each, so that a country's people fit in memory."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from math import ceil, log2
from uuid import UUID

from server.research.rules import Group, to_show

_PID = slice(0, 16)
_CLIENT = slice(16, 32)
_GROUP = slice(32, 36)
_LETTERS = {letter: place for place, letter in enumerate(sorted(b"abcdefghijklmnopqrstuvwxyz234567"))}
_LOOKED_AT = 4  # letters of a name, five bits each, that say which part somebody is in


class Roster:
    """People in the order of their names in the bundle, which tells nothing of who came first."""

    def __init__(self) -> None:
        self._people: list[bytes] = []
        self._groups: dict[Group, int] = {}
        self._sizes: Counter[Group] = Counter()

    def add(self, pid: str, client_id: UUID, described: Group) -> None:
        """One person, and how they may be described as long as enough others are described so."""
        number = self._groups.setdefault(described, len(self._groups))
        self._sizes[described] += 1
        self._people.append(pid.encode().ljust(16) + client_id.bytes + number.to_bytes(4, "big"))

    def __len__(self) -> int:
        return len(self._people)

    def parts(self, about: int) -> Iterator[tuple[str, list[tuple[str, UUID, Group]]]]:
        """About so many at a time: the part's name, and of each the name, the client, and the description with small
        groups hidden.

        Who is in which part depends on their own name alone, so that one person less changes one part.
        """
        shown = to_show(self._sizes)
        groups = [shown[one] for one in self._groups]
        for name, several in self._cut(about):
            yield name, [_read(one, groups) for one in several]

    def names(self, about: int) -> list[str]:
        """The names of these parts."""
        return [name for name, _ in self._cut(about)]

    def _cut(self, about: int) -> Iterator[tuple[str, Iterator[bytes]]]:
        self._people.sort()
        bits = min(5 * _LOOKED_AT, max(0, ceil(log2(len(self) / about)))) if self._people else 0
        for place, several in groupby(self._people, lambda one: _place(one, bits)):
            yield f"part-{bits}-{place}", several


def _place(one: bytes, bits: int) -> int:
    """The first bits of a name; in the order of names, as letters come before each other there."""
    number = 0
    for letter in one[:_LOOKED_AT]:
        number = number << 5 | _LETTERS[letter]
    return number >> 5 * _LOOKED_AT - bits


def _read(one: bytes, groups: list[Group]) -> tuple[str, UUID, Group]:
    number = int.from_bytes(one[_GROUP], "big")
    return one[_PID].decode().rstrip(), UUID(bytes=one[_CLIENT]), groups[number]
