"""Who came together: people who share an attended appointment are one cluster, and not independent of each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from .read import Row
from .shown import few, rounded

Read = Callable[[], Iterable[Row]]  # the appointments, from the beginning each time

_PLACES = 1 << 26  # 8 MB; of 4 million appointments one in thirty looks like another


class Together:
    """Clusters of people over attended appointments. Read twice: most appointments are nobody else's."""

    def __init__(self, appointments: Read) -> None:
        self._of: dict[str, str] = {}  # person → somebody of the same cluster
        twice = _twice(appointments)
        first: dict[str, str] = {}  # appointment → who came to it first in this reading
        for row in _attended(appointments):
            if _place(row) in twice:
                other = first.setdefault(row["appointment"], row["pid"])
                if other != row["pid"]:
                    self._join(other, row["pid"])

    def clusters(self) -> list[int]:
        """How many people are in each cluster of two or more."""
        return list(Counter(self._root(pid) for pid in self._of).values())

    def sentence(self) -> str:
        """What it means for the intervals, in words."""
        found = self.clusters()
        if not found:
            return (
                "Nobody in this bundle shared an attended appointment with anybody else in it: no couples, no groups."
                " A partner who is not in the bundle cannot be seen."
            )
        several = "7 people or fewer" if few(sum(found)) else f"About {rounded(sum(found))} people"
        return (
            f"{several} came with somebody else in this bundle, as couples or groups. They"
            " are counted one by one here and are not independent: t, p and intervals are too sure of themselves."
            " Cluster by the appointment they share (data/appointments_data.csv)."
        )

    def _join(self, one: str, other: str) -> None:
        self._of.setdefault(one, one)
        self._of.setdefault(other, other)
        self._of[self._root(other)] = self._root(one)

    def _root(self, pid: str) -> str:
        while self._of[pid] != pid:
            pid = self._of[pid]
        return pid


def _attended(appointments: Read) -> Iterable[Row]:
    return (row for row in appointments() if row["state"] == "attended")


def _twice(appointments: Read) -> set[int]:
    """Places of what may be in two rows, a bit for each, so that millions fit. Those alike are told apart later."""
    seen, twice = bytearray(_PLACES // 8), set()
    for row in _attended(appointments):
        byte, bit = divmod(_place(row), 8)
        if seen[byte] >> bit & 1:
            twice.add(8 * byte + bit)
        seen[byte] |= 1 << bit
    return twice


def _place(row: Row) -> int:
    return hash(row["appointment"]) % _PLACES
