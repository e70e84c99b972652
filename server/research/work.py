"""Works out from facts what became of everything agreed with one client, as of a moment, by the house's own rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.assignments.actions import falls_due_at, outcome_of
from server.assignments.queries import Ground, closed_at
from server.assignments.rules import Answer, Filled, Head, Rhythm, Slot, Span
from server.caseload.rules import Interval, intervals
from server.engagement.rules import ATTEMPTED, Figures, Told, state_now, within
from server.entries.rules import State, heads, is_kept
from server.research.facts import Facts
from server.research.rows import ended
from server.research.rules import day_in
from server.worksheets.practice import is_practice


@dataclass(frozen=True)
class Time:
    """One occurrence as it stood: its slot, what filled it, its state then and the interval it counts in."""

    assignment: Any
    version: int
    slot: Slot
    filled: Filled
    told: Told
    rhythm: str
    interval: Interval | None


@dataclass(frozen=True)
class Shown:
    """One entry by its shown revision; `saved` is how often, `two` whether two states stand side by side.

    `kept_back`: the client keeps it for now, so that nobody else reads what is in it.
    """

    head: Any
    saved: int
    two: bool
    first_saved_at: datetime
    kept_back: bool

    @property
    def is_attempt(self) -> bool:
        """Something was done or tried, by worksheet or by one tap."""
        return self.head.outcome in ATTEMPTED or self.head.answer in ATTEMPTED


@dataclass(frozen=True)
class Work:
    """Everything a client did, and the intervals it counts in."""

    intervals: dict[UUID, list[Interval]]
    times: list[Time]
    shown: list[Shown]
    episode_of: dict[UUID, UUID]  # assignment -> course
    practice: frozenset[UUID]  # assignments that are practice; the others ask about it

    @cached_property
    def filled(self) -> dict[UUID, Interval | None]:
        """Revision -> the interval in which the time that it filled counts."""
        return {UUID(one.filled.filled_by): one.interval for one in self.times if one.filled.filled_by}

    def figures(self, interval: Interval, episode_id: UUID) -> Figures:
        """The figures of one interval, as staff pages work them out."""
        told = [time.told for time in self.times if time.assignment.episode_id == episode_id]
        return Figures(tuple(within(told, interval.opens_at, interval.closes_at)))


def work_of(facts: Facts, as_of: datetime) -> Work:
    """Lay out and settle everything afresh, as of a moment."""
    found = {episode.id: _intervals(facts, episode, as_of) for episode in facts.episodes}
    shown = list(_shown(facts))
    times = [
        time
        for assignment in facts.assignments
        for time in _times(facts, assignment, shown, found[assignment.episode_id], as_of)
    ]
    practice = frozenset(row.id for row in facts.assignments if is_practice(row.worksheet_id))
    return Work(found, times, shown, {row.id: row.episode_id for row in facts.assignments}, practice)


def _intervals(facts: Facts, episode: Any, as_of: datetime) -> list[Interval]:
    agreed = [row.agreed_at for row in facts.assignments if row.episode_id == episode.id]
    return intervals(facts.meetings(episode.id), min(agreed, default=None), closed_at(episode), as_of)


def _shown(facts: Facts) -> Iterable[Shown]:
    """The entries and answers by their shown revision, in the order they were first received."""
    by_entry: dict[UUID, list[Any]] = {}
    for row in facts.revisions:
        if row.subject_kind in ("entry", "answer"):
            by_entry.setdefault(row.entry_id, []).append(row)
    for rows in by_entry.values():
        states = [State(r.revision_id, tuple(r.parents), r.kind, r.effective_at, r.feed_seq, r.kept) for r in rows]
        standing = heads(states)
        head = next(row for row in rows if row.revision_id == standing[0].revision_id)
        kept = is_kept(states, facts.choices.get(head.entry_id, ()))
        yield Shown(head, len(rows), len(standing) > 1, min(row.created_at for row in rows), kept)


def _times(facts: Facts, assignment: Any, shown: list[Shown], found: list[Interval], as_of: datetime) -> Iterable[Time]:
    zone = ZoneInfo(facts.who.zone)
    ground = _ground(facts, assignment, as_of)
    rows = [one.head for one in shown if one.head.assignment_id == assignment.id and one.head.kind != "delete"]
    arrived = {str(row.revision_id): row.received_at for row in rows}
    said = [_answer(row) for row in rows if row.subject_kind == "answer"]
    done = [_head(row) for row in rows if row.subject_kind == "entry" and row.outcome is not None]
    laid, filled = outcome_of(ground, done, said, zone, as_of, facts.meetings(assignment.episode_id))
    today = as_of.astimezone(zone).date()
    rhythms = {span.version: span.rhythm.kind for span in ground.spans}
    for slot in laid:
        # What opens later is left out: how far ahead it is laid out says nothing about anybody.
        if slot.opens_on <= today:
            told = _told(facts, assignment, slot, filled[slot.key], rhythms[slot.version], as_of, arrived)
            interval = next((i for i in found if within([told], i.opens_at, i.closes_at)), None)
            yield Time(assignment, slot.version, slot, filled[slot.key], told, rhythms[slot.version], interval)


def _told(
    facts: Facts,
    assignment: Any,
    slot: Slot,
    filled: Filled,
    rhythm: str,
    as_of: datetime,
    arrived: dict[str, datetime],
) -> Told:
    due_at = falls_due_at(slot, filled, ZoneInfo(facts.who.zone))
    return Told(
        assignment_id=str(assignment.id),
        slot=slot.key,
        state=state_now(filled.state, due_at, facts.emptied_for(due_at), as_of),
        due_on=slot.due_on,
        due_at=due_at,
        happened_at=filled.done_at,
        barrier=filled.barrier,
        medium=filled.medium,
        entered_by=filled.entered_by,
        when_it_happens=rhythm == "event",
        agreed_at=assignment.agreed_at,
        stored=filled.state,
        arrived_at=arrived.get(filled.filled_by) if filled.filled_by else None,
        episode_id=str(assignment.episode_id),
        extra=filled.extra,
        practice=is_practice(assignment.worksheet_id),
    )


def _ground(facts: Facts, row: Any, as_of: datetime) -> Ground:
    versions = facts.versions[row.id]
    ended_on = ended(facts, row, as_of)
    return Ground(
        assignment_id=row.id,
        client_id=row.client_id,
        service_id=row.service_id,
        episode_id=row.episode_id,
        agreed_on=row.agreed_on,
        agreed_at=row.agreed_at,
        state=row.state if ended_on else "open",
        ended_on=ended_on,
        ended_at=row.ended_at if ended_on else None,
        worksheet_id=row.worksheet_id,
        worksheet_version=row.worksheet_version,
        spans=tuple(Span(v.number, Rhythm.read(v.rhythm), v.from_date, v.until_date, v.size) for v in versions),
        done_rule=versions[-1].done_rule,
    )


def _head(row: Any) -> Head:
    return Head(
        entry_id=str(row.entry_id),
        revision_id=str(row.revision_id),
        slot=row.slot,
        happened_at=row.happened_at,
        outcome=row.outcome,
        medium=row.medium,
        entered_by=row.entered_by,
        helped_by=row.helped_by,
    )


def _answer(row: Any) -> Answer:
    return Answer(
        revision_id=str(row.revision_id),
        slot=row.slot,
        answer=row.answer,
        outcome=row.answer_outcome,
        barrier=row.barrier,
        moved_to=day_in(row.moved_to),
        happened_at=row.happened_at,
        order=(row.effective_at, row.feed_seq),
        medium=row.medium,
        entered_by=row.entered_by,
        helped_by=row.helped_by,
    )
