"""The rows of one client that the work itself makes: occurrences and entries."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from server.research.interval_rows import interval_name
from server.research.names import NOT_APPLICABLE, NOT_KNOWN, Names, given, hours, yes_no
from server.research.rules import day_in
from server.research.work import Shown, Work

Row = dict[str, Any]
NOT_ANSWERED = "not-answered"


def occurrences(names: Names, work: Work, as_of: datetime) -> Iterator[Row]:
    """Each time something fell due, by assignment and day."""
    for time in work.times:
        filled, slot = time.filled, time.slot
        yield {
            "pid": names.pid,
            "episode": names.name("episode", time.assignment.episode_id),
            "assignment": names.name("assignment", time.assignment.id),
            "occurrence": occurrence_name(names, time.assignment.id, slot.key),
            "interval": time.interval.number if time.interval else NOT_APPLICABLE,
            "interval_id": interval_name(names, time.assignment.episode_id, time.interval),
            "version": time.version,
            "rhythm": time.rhythm,
            "opens_day": names.day(slot.opens_on),
            "due_day": names.day(slot.due_on),
            "due": yes_no(time.told.due_at <= as_of),
            "practice": yes_no(time.told.practice),
            "state": time.told.state,
            "size": filled.size,
            "barrier": _barrier(filled.barrier, asked=filled.state in ("not_done", "moved", "exempt")),
            "moved_to_day": names.day(filled.moved_to),
            "medium": given(filled.medium),
            "entered_by": given(filled.entered_by),
            "helped_by": given(filled.helped_by),
            "done_day": names.day(filled.done_at),
            "done_band": names.band(filled.done_at),
            "days_since_agreed": names.days_between(time.assignment.agreed_at, filled.done_at),
            "extra": filled.extra,
        }


def entries(names: Names, work: Work) -> Iterator[Row]:
    """Each worksheet and answer by its shown revision, in the order they arrived."""
    filled = {time.filled.filled_by: time for time in work.times if time.filled.filled_by}
    for one in work.shown:
        head = one.head
        time = filled.get(str(head.revision_id))
        yield {
            "pid": names.pid,
            "entry": names.name("entry", head.entry_id),
            "assignment": names.name("assignment", head.assignment_id),
            "occurrence": occurrence_name(names, head.assignment_id, time.slot.key) if time else NOT_APPLICABLE,
            "revisions": one.saved,
            **_saved(names, one),
            **_lived(names, head),
            **_said(names, head),
        }


def occurrence_name(names: Names, assignment_id: UUID | None, slot: str | None) -> str:
    """The project's name of one occurrence."""
    return names.name("occurrence", f"{assignment_id}/{slot}" if assignment_id and slot else None)


def _saved(names: Names, one: Shown) -> Row:
    head = one.head
    return {
        "kind": head.subject_kind,
        "worksheet": given(head.form_key),
        "worksheet_version": given(head.form_version),
        "two_devices": yes_no(one.two),
        "deleted": yes_no(head.kind == "delete"),
        "kept": yes_no(head.kept),
        "late": yes_no(head.late),
        "outcome": given(head.outcome),
        "answered": given(head.answered),
        "asked": given(head.asked),
    }


def _lived(names: Names, head: Any) -> Row:
    return {
        "medium": head.medium,
        "entered_by": head.entered_by,
        "helped_by": head.helped_by,
        "happened_day": names.day(day_in(head.happened_local), NOT_KNOWN),
        "happened_band": names.band(head.happened_at),
        "hours_to_entry": hours(head.happened_at, head.created_at),
        "hours_to_server": hours(head.effective_at, head.received_at),
    }


def _said(names: Names, head: Any) -> Row:
    return {
        "answer": given(head.answer),
        "answer_outcome": given(head.answer_outcome),
        "barrier": _barrier(head.barrier, asked=head.answer in ("not_today", "exempt")),
        "moved_to_day": names.day(day_in(head.moved_to)),
    }


def _barrier(barrier: str | None, asked: bool) -> str:
    return barrier or (NOT_ANSWERED if asked else NOT_APPLICABLE)
