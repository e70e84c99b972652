"""How the rows of a service become its totals: occurrences by week, worksheet and person. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from server.engagement.rules import ATTEMPTED, state_now
from server.worksheets.practice import is_practice

NEVER = "never_recorded"  # nobody ever asked; `not_stated` is an answer


@dataclass(frozen=True)
class Silent:
    """One time of which nobody said anything: stored open or moved, and its week has passed."""

    client: str
    worksheet: str | None
    week: date
    stored: str
    due_at: datetime
    event: bool  # for *when it happens*: nothing need have happened, so it is not below the line (clinical.md F3.4)

    def state(self, emptied_at: datetime | None, now: datetime) -> str | None:
        """no_answer, unknown, or None where it does not count."""
        told = state_now(self.stored, self.due_at, emptied_at, now)
        return None if self.event or told in ("planned", "moved") else told


@dataclass
class Spread:
    """The states of what was due, spread over weeks, worksheets and people."""

    weeks: dict[date, Counter[str]] = field(default_factory=dict)
    worksheets: dict[str | None, Counter[str]] = field(default_factory=dict)
    clients: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, week: date, worksheet: str | None, client: str, state: str, count: int = 1) -> None:
        """So many in a state. What asks about practice has a line of its own worksheet, and is in no other count."""
        self.worksheets.setdefault(worksheet, Counter())[state] += count
        if not is_practice(worksheet):
            return
        self.weeks.setdefault(week, Counter())[state] += count
        self.clients.setdefault(client, Counter())[state] += count


def due(states: Mapping[str, int]) -> int:
    """Below the line (clinical.md F2): tried in any way, said not done, no answer, not known."""
    return sum(states.get(one, 0) for one in (*ATTEMPTED, "not_done", "no_answer", "unknown"))


def tried(states: Mapping[str, int]) -> int:
    """M2's upper half: done, partly done or tried."""
    return sum(states.get(one, 0) for one in ATTEMPTED)


def line(states: Mapping[str, int]) -> dict[str, int]:
    """The counts one line of a table shows. due = tried + not_done + no_answer + unknown, always."""
    return {
        "due": due(states),
        "tried": tried(states),
        "done": states.get("done", 0),
        "not_done": states.get("not_done", 0),
        "no_answer": states.get("no_answer", 0),
        "unknown": states.get("unknown", 0),
        "left_out": states.get("exempt", 0) + states.get("nothing_happened", 0),
    }


def equity_counts(
    groups: Mapping[str, str | None], spread: Spread, paired: Iterable[str], order: Iterable[str]
) -> dict[str, list[int]]:
    """By code: people with an open course, with something due, who tried at least once, with a paired phone.

    `groups`: client → code, None where it was never recorded. People, so that a small number is a number of people.
    """
    with_phone = set(paired)
    counts = {code: [0, 0, 0, 0] for code in (*order, NEVER)}
    for client, code in groups.items():
        of = counts.setdefault(code or NEVER, [0, 0, 0, 0])
        states = spread.clients.get(client, Counter())
        for place, so in enumerate((True, due(states) > 0, tried(states) > 0, client in with_phone)):
            of[place] += so
    return counts
