"""What to look at first before an appointment, and what after it: a printed order of plain kinds. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# What somebody has to answer for comes first, then what got in the way (it wants a kind answer soonest), then what
# was done, then what they asked. Within a kind: where more came.
ORDER = ("risk", "unreadable", "not_done", "came", "question")


@dataclass(frozen=True)
class Look:
    """One thing to look at: its kind, the assignment it is of (or ""), and how many."""

    kind: str
    assignment_id: str
    count: int


def looks(
    *, risks: int, unreadable: int, came: Mapping[str, int], not_done: Iterable[str], questions: int
) -> list[Look]:
    """Everything that waits, the first one first; empty when nothing does.

    `came`: assignment id -> how much of it nobody has looked at. `not_done`: those of them of which *not done* was
    said.
    """
    in_the_way = set(not_done)
    found = [Look("risk", "", risks), Look("unreadable", "", unreadable), Look("question", "", questions)]
    found += [Look("not_done" if key in in_the_way else "came", key, count) for key, count in came.items()]
    waiting = [one for one in found if one.count]
    return sorted(waiting, key=lambda one: (ORDER.index(one.kind), -one.count, one.assignment_id))
