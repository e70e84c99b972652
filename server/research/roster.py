"""Who is in a bundle, by their names in it: 80 bytes for each, so that a country's people fit in memory."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from server.research.rules import Group, to_show

_PID = slice(0, 16)
_CLIENT = slice(16, 32)
_GROUP = slice(32, 36)


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

    def several(self, at_once: int) -> Iterator[list[tuple[str, UUID, Group]]]:
        """So many at a time: the name, the client, and the description with small groups hidden."""
        self._people.sort()
        shown = to_show(self._sizes)
        groups = [shown[one] for one in self._groups]
        for start in range(0, len(self._people), at_once):
            yield [_read(one, groups) for one in self._people[start : start + at_once]]


def _read(one: bytes, groups: list[Group]) -> tuple[str, UUID, Group]:
    number = int.from_bytes(one[_GROUP], "big")
    return one[_PID].decode().rstrip(), UUID(bytes=one[_CLIENT]), groups[number]
