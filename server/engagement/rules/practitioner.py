"""M15: the practitioner's side of it, for themself and their supervisor; never a league table. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.caseload.rules import Interval
from server.engagement.rules.quality import Rating, rating
from server.engagement.rules.survival import median_survival
from server.engagement.rules.told import WORTH_A_LOOK, Share, Told


@dataclass(frozen=True)
class Task:
    """One assignment as far as M15 needs it."""

    assignment_id: str
    specificity: int | None  # 0 to 8
    has_reason: bool


@dataclass(frozen=True)
class Look:
    """One review of an assignment: when, and in which appointment if in one."""

    assignment_id: str
    recorded_at: datetime
    made_in: str | None = None


@dataclass(frozen=True)
class Care:
    """What the practitioner's side of one interval, or of several, was."""

    specificity: Rating  # plans, 0 to 8
    reason: Share  # tasks with a reason, of tasks
    reviewed: Share  # tasks looked at, of tasks with something to look at
    hours_to_review: float | None
    responded: Share  # said not done, with a response recorded, of said not done


def reviewed(told: Iterable[Told], looks: Iterable[Look], interval: Interval) -> Share:
    """M15. Tasks of the interval that were looked at ÷ tasks with anything eligible in it (clinical.md F2)."""
    touched = {o.assignment_id for o in told if o.is_eligible}
    looked = {look.assignment_id for look in looks if interval.is_looked_at(look.made_in, look.recorded_at)}
    return Share(len(touched & looked), len(touched))


def hours_to_review(told: Iterable[Told], looks: Iterable[Look], until: datetime) -> float | None:
    """M15. Median hours from the first that was heard of a task to the next look at it, over tasks; Kaplan-Meier.

    A task that nobody has looked at counts for as long as it has waited. None while fewer than half were.
    """
    return median_survival(waits(told, looks, until))


def waits(told: Iterable[Told], looks: Iterable[Look], until: datetime) -> list[tuple[float, bool]]:
    """How long each task of an interval waited, in hours, and whether that ended with a look at it."""
    heard: dict[str, datetime] = {}
    for o in told:
        at = o.arrived_at or o.happened_at or o.due_at
        if o.practice and o.state in WORTH_A_LOOK and at <= until:
            heard[o.assignment_id] = min(at, heard.get(o.assignment_id, at))
    by_task: dict[str, list[datetime]] = {}
    for look in looks:
        by_task.setdefault(look.assignment_id, []).append(look.recorded_at)
    times = []
    for task, at in heard.items():
        seen = min((one for one in by_task.get(task, []) if at <= one <= until), default=None)
        times.append((((seen or until) - at).total_seconds() / 3600, seen is not None))
    return times


def responded(told: Iterable[Told], answered: Iterable[tuple[str, str]]) -> Share:
    """M15. Of what was said not done, how much has a response on record: (assignment, slot) of each that has."""
    said = {(o.assignment_id, o.slot) for o in told if o.practice and o.state == "not_done"}
    return Share(len(said & set(answered)), len(said))


def care(
    *,
    tasks: Sequence[Task],
    told: Sequence[Told],
    looks: Sequence[Look],
    answered: Iterable[tuple[str, str]],
    interval: Interval,
    until: datetime,
) -> Care:
    """M15 of one interval. `tasks` are those with anything eligible in it (clinical.md F2; Bennion 2025)."""
    return Care(
        rating(task.specificity for task in tasks),
        Share(sum(task.has_reason for task in tasks), len(tasks)),
        reviewed(told, looks, interval),
        hours_to_review(told, looks, until),
        responded(told, answered),
    )
