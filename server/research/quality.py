"""Counts, while the rows of a bundle go by, what has to be known of their quality, and who could be told apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from server.research.columns import MISSING, File
from server.research.facts import Facts
from server.research.names import NOT_APPLICABLE
from server.research.rules import SMALLEST_GROUP, SUPPRESSED, rounded
from server.research.work import Work

QUASI = ("arm", "service", "age_band", "language")
ELIGIBLE = ("done", "partial", "tried", "not_done", "no_answer", "unknown")
STEPS = {
    "people": "In the bundle",
    "booked": "Of these, with an appointment",
    "attended": "Of these, with one that took place",
    "agreed": "Of these, with something agreed",
    "due": "Of these, with practice that was eligible",
    "attempted": "Of these, with anything done, partly done or tried",
}
_HOURS = (("up to an hour", 1), ("up to a day", 24), ("up to a week", 168))
_OFFSETS = (("up to a minute", timedelta(minutes=1)), ("up to an hour", timedelta(hours=1)))

Cells = dict[str, Any]


class Quality:
    """Sees every row once; holds counts only, one person's at a time, and no row."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        self.missing: Counter[tuple[str, str, str]] = Counter()
        self.steps: Counter[str] = Counter(dict.fromkeys(STEPS, 0))
        self.times: Counter[str] = Counter()
        self.entries: Counter[str] = Counter()
        self.arrival: Counter[str] = Counter()
        self.lag: Counter[str] = Counter()
        self.clocks: Counter[str] = Counter()
        self.phones: Counter[str] = Counter()
        self.measured: dict[str, Counter[str]] = defaultdict(Counter)
        self.groups: Counter[tuple[str, ...]] = Counter()
        self.sensitive: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._mine: set[str] = set()
        self._group: tuple[str, ...] = ()
        self._taken: Counter[tuple[str, str]] = Counter()

    def see(self, file: File, cells: Sequence[Any]) -> None:
        """One row as it left. Those of one person come one after the other, their own first."""
        self.rows[file.name] += 1
        for column, cell in zip(file.columns, cells, strict=True):
            if isinstance(cell, str) and cell in MISSING:
                self.missing[file.name, column.name, cell] += 1
        look = _LOOKS.get(file.name)
        if look:
            look(self, dict(zip(file.names, cells, strict=True)))

    def look(self, facts: Facts, work: Work) -> None:
        """What is in no row: clocks of phones, and phones that went with something unsent."""
        for one in work.shown:
            self.clocks[_offset(one.head.effective_at - one.head.created_at)] += 1
        for phone in facts.phones:
            self.phones["phones"] += 1
            self.phones["gone"] += phone.gone_at is not None
            self.phones["gone_holding"] += phone.gone_at is not None and phone.outbox > 0
            self.phones["unsent"] += phone.outbox if phone.gone_at is not None else 0
            self.phones["never_emptied"] += phone.emptied_at is None

    def end(self) -> Quality:
        """Count the last person too."""
        self._next_person()
        return self

    def take(self, other: Quality) -> None:
        """What was counted of other people, to its end."""
        for name, mine in vars(self).items():
            if isinstance(mine, Counter):
                mine.update(getattr(other, name))
        for key, counts in other.measured.items():
            self.measured[key].update(counts)
        for group, problems in other.sensitive.items():
            self.sensitive[group] |= problems

    def _person(self, row: Cells) -> None:
        self._next_person()
        self._mine = {"people"}
        self._group = tuple(row[name] for name in QUASI)
        self.groups[self._group] += 1

    def _next_person(self) -> None:
        for step in STEPS:
            if step not in self._mine:
                break
            self.steps[step] += 1
        for (key, _), n in self._taken.items():
            self.measured[key]["started"] += 1
            self.measured[key]["paired"] += n > 1
        self._mine = set()
        self._taken.clear()

    def _episode(self, row: Cells) -> None:
        self.sensitive[self._group].add(row["problem"])

    def _appointment(self, row: Cells) -> None:
        self._mine |= {"booked", "attended"} if row["state"] == "attended" else {"booked"}

    def _assignment(self, row: Cells) -> None:
        self._mine.add("agreed")

    def _time(self, row: Cells) -> None:
        state = row["state"]
        if row["practice"] == "no":
            state = "asks_about_it"
        elif row["rhythm"] == "event" and state in ("no_answer", "unknown"):
            state = "silent_event"
        self.times[state] += 1
        if state in ELIGIBLE:
            self._mine.add("due")
        if state in ("done", "partial", "tried"):
            self._mine.add("attempted")

    def _entry(self, row: Cells) -> None:
        self.entries["all"] += 1
        for name in ("two_devices", "deleted", "kept", "late"):
            self.entries[name] += row[name] == "yes"
        self.entries[f"by_{row['entered_by']}"] += 1
        self.entries[f"as_{row['medium']}"] += 1
        self.arrival[_hours(row["hours_to_server"])] += 1
        self.lag[_hours(row["hours_to_entry"])] += 1

    def _measure(self, row: Cells) -> None:
        if row["value"] not in MISSING:
            self._taken[f"{row['measure']} {row['scale']}", row["episode"]] += 1


_LOOKS = {
    "participants": Quality._person,
    "episodes": Quality._episode,
    "appointments": Quality._appointment,
    "assignments": Quality._assignment,
    "occurrences": Quality._time,
    "entries": Quality._entry,
    "measures": Quality._measure,
}


def identifiability(quality: Quality) -> dict[str, Any]:
    """k, l and what was hidden, of the descriptions as they left."""
    groups = quality.groups.items()
    hidden = {name: sum(n for group, n in groups if group[at] == SUPPRESSED) for at, name in enumerate(QUASI)}
    open_groups = {group: n for group, n in quality.groups.items() if set(group) - {SUPPRESSED, NOT_APPLICABLE}}
    smallest = min(quality.groups.values(), default=0)
    return {
        "quasi_identifiers": list(QUASI),
        "people": sum(quality.groups.values()),
        "groups": len(quality.groups),
        "groups_described": len(open_groups),
        "k": smallest,
        "k_wanted": SMALLEST_GROUP,
        "below_k": sum(n for n in quality.groups.values() if n < SMALLEST_GROUP),
        "l": min((len(quality.sensitive[group]) for group in quality.groups), default=0),
        "l_of": "episodes.problem",
        "rows_suppressed": hidden,
    }


def report(quality: Quality, excluded: dict[str, int], as_of: str) -> dict[str, Any]:
    """Everything that was counted, as quality/data_quality.json has it."""
    return {
        "as_of": as_of,
        "left_out": left_out(excluded, quality.steps["people"]),
        "flow": [{"step": label, "people": quality.steps[step]} for step, label in STEPS.items()],
        "occurrences": _times(quality),
        "entries": dict(sorted(quality.entries.items())),
        "hours_to_server": _in_order(quality.arrival),
        "hours_to_entry": _in_order(quality.lag),
        "clock_offset": _in_order(quality.clocks),
        "phones": {
            name: quality.phones[name] for name in ("phones", "gone", "gone_holding", "unsent", "never_emptied")
        },
        "measures": [{"scale": key, **dict(sorted(n.items()))} for key, n in sorted(quality.measured.items())],
        "missing": [
            {"file": file, "column": column, "code": word, "rows": n, "of": quality.rows[file]}
            for (file, column, word), n in sorted(quality.missing.items())
        ],
    }


def left_out(excluded: dict[str, int], inside: int) -> dict[str, Any]:
    """Who is not in the bundle, to the nearest 5; the total is of the numbers shown, so that none is told by it."""
    shown = {why: rounded(n) for why, n in sorted(excluded.items())}
    hidden = sum(text == SUPPRESSED for text in shown.values())
    known = inside + sum(int(text) for text in shown.values() if text != SUPPRESSED)
    return {"in_bundle": inside, "reasons": shown, "known": known, "reasons_hidden": hidden}


def _times(quality: Quality) -> dict[str, int]:
    """All that fell due or was planned, and what of it counts: the parts make the whole."""
    eligible = sum(quality.times[state] for state in ELIGIBLE)
    others = {state: n for state, n in sorted(quality.times.items()) if state not in ELIGIBLE}
    parts = {f"not counted: {state}": n for state, n in others.items()}
    return {"all": sum(quality.times.values()), **parts, "eligible": eligible} | {
        f"eligible: {state}": quality.times[state] for state in ELIGIBLE
    }


def _hours(hours: float | str) -> str:
    if isinstance(hours, str):
        return hours
    if hours < 0:
        return "before it happened" if hours < -0.1 else _HOURS[0][0]
    return next((words for words, most in _HOURS if hours <= most), "longer")


def _offset(offset: timedelta) -> str:
    return next((words for words, most in _OFFSETS if abs(offset) <= most), "longer")


def _in_order(counts: Counter[str]) -> dict[str, int]:
    order = [words for words, _ in (*_HOURS, *_OFFSETS)]
    return dict(sorted(counts.items(), key=lambda pair: (order.index(pair[0]) if pair[0] in order else 99, pair[0])))
