"""What was brought to supervision, decided and carried out, and how reasons to look at clients were answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from server.caseload.models import Access
from server.extensions import db
from server.people.models import Practitioner, Service
from server.supervision.models import AttentionAction, Brought, Decision, DecisionState, SupervisionSetting
from server.supervision.rules import DAYS_BETWEEN, Answered


@dataclass(frozen=True)
class Decided:
    """One decision with what became of it: `open`, `done` or `not_done`, and since when."""

    row: Decision
    state: str
    state_at: datetime | None


def brought_now(episode_ids: Iterable[UUID], now: datetime) -> dict[UUID, Brought]:
    """What is brought to supervision now, by episode, for episodes the caller was given.

    It was brought to the supervisors of whose client it was then: with a hand-over it is brought no longer.
    """
    handed_on = exists().where(
        Access.episode_id == Brought.episode_id,
        Access.role == "own",
        Access.from_at > Brought.recorded_at,
        Access.from_at <= now,
        or_(Access.until_at.is_(None), Access.until_at > Access.from_at),  # called off before it began: never opened
    )
    rows = db.session.scalars(
        select(Brought).where(Brought.episode_id.in_(list(episode_ids)), Brought.ended_at.is_(None), ~handed_on)
    )
    return {row.episode_id: row for row in rows}


def brought_before(episode_id: UUID) -> list[Brought]:
    """Everything that was ever brought of an episode the caller was given, newest first."""
    return list(
        db.session.scalars(select(Brought).where(Brought.episode_id == episode_id).order_by(Brought.recorded_at.desc()))
    )


def decisions_of(episode_ids: Iterable[UUID]) -> dict[UUID, list[Decided]]:
    """What was decided about episodes the caller was given, newest first, each with what became of it."""
    found: dict[UUID, list[Decided]] = {episode_id: [] for episode_id in episode_ids}
    rows = db.session.scalars(
        select(Decision)
        .where(Decision.episode_id.in_(list(found)))
        .order_by(Decision.recorded_at.desc(), Decision.id.desc())
    ).all()
    states = _states([row.id for row in rows])
    for row in rows:
        held = states.get(row.id)
        state = "open" if held is None and row.who != "nobody" else held.state if held else "done"
        found[row.episode_id].append(Decided(row, state, held.recorded_at if held else None))
    return found


def days_between(service: Service) -> int:
    """After how many days without a word in supervision a case is due, in this service."""
    held = db.session.scalar(
        select(SupervisionSetting.days_between)
        .where(SupervisionSetting.service_id == service.id)
        .order_by(SupervisionSetting.id.desc())
        .limit(1)
    )
    return held if held is not None else DAYS_BETWEEN


def answered(episode_ids: Iterable[UUID], now: datetime) -> dict[UUID, list[Answered]]:
    """What was done about reasons of episodes the caller was given, as far as it has not run out."""
    found: dict[UUID, list[Answered]] = {episode_id: [] for episode_id in episode_ids}
    a = AttentionAction
    rows = db.session.execute(
        select(a.episode_id, a.reason, a.what, a.recorded_at, a.until_at)
        .where(a.episode_id.in_(list(found)), a.until_at > now)
        .order_by(a.recorded_at, a.id)
    )
    for episode_id, reason, what, at, until_at in rows:
        found[episode_id].append(Answered(reason, what, at, until_at))
    return found


def answers_of(episode_id: UUID) -> list[tuple[AttentionAction, str]]:
    """Everything done about reasons of an episode the caller was given, newest first, with the name of who did it."""
    rows = db.session.execute(
        select(AttentionAction, Practitioner)
        .join(Practitioner, Practitioner.id == AttentionAction.recorded_by)
        .where(AttentionAction.episode_id == episode_id)
        .order_by(AttentionAction.recorded_at.desc(), AttentionAction.id.desc())
    ).all()
    return [(row, who.name) for row, who in rows]


def _states(decision_ids: list[UUID]) -> dict[UUID, DecisionState]:
    newest = (
        select(func.max(DecisionState.id))
        .where(DecisionState.decision_id.in_(decision_ids))
        .group_by(DecisionState.decision_id)
    )
    rows = db.session.scalars(select(DecisionState).where(DecisionState.id.in_(newest)))
    return {row.decision_id: row for row in rows}
