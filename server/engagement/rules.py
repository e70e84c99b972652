"""The figures, one function each, numbered as in clinical.md F2. Pure: occurrences in, counts out.

What is not known is never counted as *not done* without saying so: each share exists both ways (design.md 5).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

ATTEMPTED = frozenset({"done", "partial", "tried"})
ANSWERED = ATTEMPTED | {"not_done", "nothing_happened", "exempt"}
ELIGIBLE = ATTEMPTED | {"not_done", "no_answer", "unknown"}
SILENT = frozenset({"no_answer", "unknown"})
FEWEST_FOR_A_PERCENTAGE = 8  # 3 of 5 could be 23 % or 88 % (clinical.md F3.2)
ON_TIME_GRACE = timedelta(hours=24)  # clinical.md F2, M9
RHYTHM_DAYS = 28


@dataclass(frozen=True)
class Told:
    """One occurrence at a moment, with what is known of it then. `when_it_happens`: falls due only if it happened."""

    assignment_id: str
    slot: str
    state: str
    due_on: date
    due_at: datetime
    happened_at: datetime | None = None
    barrier: str | None = None
    medium: str | None = None
    entered_by: str | None = None
    when_it_happens: bool = False
    agreed_at: datetime | None = None
    stored: str | None = None  # what the row says: a moved one that fell due stands as no_answer or unknown
    arrived_at: datetime | None = None  # when we got to know of it, perhaps days after it happened

    @property
    def counts_at(self) -> datetime:
        """The moment that decides in which interval it counts: when it was answered, or when it fell due if earlier.

        What was done before it was agreed counts from then: phones tell the minute, and somebody may add that very
        morning's. Otherwise it would lie before the first interval, and count nowhere.
        """
        if self.state in ANSWERED and self.happened_at is not None:
            return min(max(self.happened_at, self.agreed_at or self.happened_at), self.due_at)
        return self.due_at

    @property
    def is_eligible(self) -> bool:
        """Whether it belongs below the line: due or answered, not exempt, not moved on, not withdrawn.

        A worksheet for *when it happens* that nobody answered is not eligible: nothing need have happened (F3.4).
        """
        return self.state in ELIGIBLE and not (self.when_it_happens and self.state in SILENT)


@dataclass(frozen=True)
class Share:
    """So many out of so many. A percentage only where there are enough to mean something."""

    count: int
    of: int

    @property
    def percent(self) -> int | None:
        """Whole per cent, or None under eight."""
        return round(100 * self.count / self.of) if self.of >= FEWEST_FOR_A_PERCENTAGE else None

    @property
    def rate(self) -> float | None:
        """The bare ratio, for exports; None over nothing."""
        return self.count / self.of if self.of else None


def state_now(stored: str, due_at: datetime, emptied_at: datetime | None, now: datetime) -> str:
    """The state at a moment, from the stored one, when it falls due and the last contact that left nothing unsent.

    planned: not due yet. no_answer: due, the phone has since synced with an empty outbox, and nothing was said.
    unknown: due, and no such contact since. Nothing stores these three: they are true only of a moment (design.md 5).
    """
    if stored not in ("open", "moved"):
        return stored
    if now < due_at:
        return "moved" if stored == "moved" else "planned"
    return "no_answer" if emptied_at is not None and emptied_at >= due_at else "unknown"


def completion(told: Iterable[Told], leave_out_unknown: bool = False) -> Share:
    """M1. Done out of eligible. What is not known counts as not done, or is left out (clinical.md F2)."""
    eligible = _eligible(told, leave_out_unknown)
    return Share(sum(o.state == "done" for o in eligible), len(eligible))


def attempts(told: Iterable[Told], leave_out_unknown: bool = False) -> Share:
    """M2. Done, partly done or tried, out of eligible: the first figure shown (clinical.md F2)."""
    eligible = _eligible(told, leave_out_unknown)
    return Share(sum(o.state in ATTEMPTED for o in eligible), len(eligible))


def latency_hours(told: Iterable[Told], until: datetime) -> float | None:
    """M8. Median hours from agreeing to the first attempt, over assignments; Kaplan-Meier, censored at `until`.

    None when fewer than half were ever tried. Source: clinical.md F2; Kaplan & Meier 1958.
    """
    first: dict[str, tuple[float, bool]] = {}
    for o in told:
        if o.agreed_at is None or o.agreed_at >= until:
            continue
        tried = o.state in ATTEMPTED and o.happened_at is not None and o.happened_at <= until
        hours = max(((o.happened_at if tried and o.happened_at else until) - o.agreed_at).total_seconds() / 3600, 0.0)
        held = first.get(o.assignment_id)
        if held is None or (tried and (not held[1] or hours < held[0])):
            first[o.assignment_id] = (hours, tried)
    return median_survival(list(first.values()))


def median_survival(times: Sequence[tuple[float, bool]]) -> float | None:
    """The time by which half had the event: (time, whether it was the event or the end of looking)."""
    at_risk, survival = len(times), 1.0
    for time in sorted({time for time, event in times}):
        events = sum(t == time and event for t, event in times)
        if events:
            survival *= 1 - events / at_risk
            if survival <= 0.5 + 1e-12:
                return time
        at_risk -= sum(t == time for t, _ in times)
    return None


def on_time(told: Iterable[Told]) -> Share:
    """M9. Attempts that happened before they were due, or within 24 hours after, out of attempts with a time.

    By when it happened, never by when it was sent (clinical.md F2, F3.9).
    """
    tried = [o for o in told if o.state in ATTEMPTED and o.happened_at is not None]
    in_time = sum(o.happened_at <= o.due_at + ON_TIME_GRACE for o in tried if o.happened_at is not None)
    return Share(in_time, len(tried))


def practice_rhythm(told: Iterable[Told], today: date) -> Share:
    """M13. Of the planned days of the last four weeks, those with an attempt. No reset, ever (clinical.md F2).

    Dated slots of one day are one planned day; an undated slot (per week, per appointment) is one planned time.
    """
    planned: dict[tuple[str, str], bool] = {}
    for o in told:
        if o.is_eligible and today - timedelta(days=RHYTHM_DAYS) < o.due_on <= today:
            key = ("day", str(o.due_on)) if o.slot[:1].isdigit() else (o.assignment_id, o.slot)
            planned[key] = planned.get(key, False) or o.state in ATTEMPTED
    return Share(sum(planned.values()), len(planned))


def barriers(told: Iterable[Told]) -> list[tuple[str, int]]:
    """M14, as counts: what got in the way, most often first."""
    counted = Counter(o.barrier for o in told if o.barrier)
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


@dataclass(frozen=True)
class Figures:
    """What is known of the work of one interval."""

    told: tuple[Told, ...]

    def count(self, *states: str) -> int:
        """How many are in any of these states."""
        return sum(o.state in states for o in self.told)

    @property
    def only_said(self) -> int:
        """Attempts that were only ticked, or told, without a worksheet."""
        return sum(o.state in ATTEMPTED and o.medium == "said" for o in self.told)

    @property
    def done(self) -> Share:
        return completion(self.told)

    @property
    def tried(self) -> Share:
        return attempts(self.told)

    @property
    def not_known(self) -> int:
        """Due, and no contact since that could have told."""
        return sum(o.state == "unknown" and o.is_eligible for o in self.told)

    @property
    def no_answer(self) -> int:
        """Due, the phone has been in contact, nothing was said."""
        return sum(o.state == "no_answer" and o.is_eligible for o in self.told)

    @property
    def not_due(self) -> int:
        return self.count("planned", "moved")

    @property
    def barriers(self) -> list[tuple[str, int]]:
        return barriers(self.told)


def within(told: Iterable[Told], opens_at: datetime, closes_at: datetime | None) -> list[Told]:
    """The occurrences that count in an interval: each in exactly one, and what is not due yet in the open one."""
    return [o for o in told if opens_at <= o.counts_at and (closes_at is None or o.counts_at < closes_at)]


def _eligible(told: Iterable[Told], leave_out_unknown: bool) -> list[Told]:
    return [o for o in told if o.is_eligible and not (leave_out_unknown and o.state == "unknown")]
