"""Bring occurrences and the weekly cache in step with the facts, inside the transaction that brought them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from server.assignments.actions import lay_out
from server.assignments.models import Assignment, Occurrence
from server.assignments.queries import AHEAD, whose
from server.entries.queries import heads_and_answers
from server.extensions import db
from server.people.models import Client


def refresh(*, client: Client, assignment_ids: Iterable[UUID], now: datetime) -> None:
    """Lay out and settle these assignments afresh, and count the weeks they touch. Twice changes nothing."""
    mine = whose(client.id, assignment_ids)
    heads, answers = heads_and_answers(client.id, mine)
    zone = ZoneInfo(client.zone)
    for assignment_id, ground in mine.items():
        lay_out(ground=ground, heads=heads[assignment_id], answers=answers[assignment_id], zone=zone, now=now)


def refresh_all(*, client: Client, now: datetime) -> None:
    """The same for everything agreed with a client: after an appointment or a change of zone."""
    ids = db.session.scalars(select(Assignment.id).where(Assignment.client_id == client.id)).all()
    refresh(client=client, assignment_ids=ids, now=now)


def roll_forward(now: datetime, limit: int = 200) -> int:
    """Lay out the coming weeks of open assignments that have fewer than three left. Returns how many. For the tick."""
    today = now.date()
    newest = (
        select(Occurrence.assignment_id, func.max(Occurrence.opens_on).label("until"))
        .group_by(Occurrence.assignment_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Assignment.id, Assignment.client_id)
        .join(newest, newest.c.assignment_id == Assignment.id)
        .where(Assignment.state == "open", newest.c.until < today + AHEAD - timedelta(days=7))
        .order_by(newest.c.until)
        .limit(limit)
    ).all()
    rolled = 0
    for assignment_id, client_id in rows:
        before = _newest(assignment_id)
        refresh(client=db.session.get(Client, client_id), assignment_ids=[assignment_id], now=now)
        rolled += _newest(assignment_id) != before
    return rolled


def _newest(assignment_id: UUID) -> date | None:
    return db.session.scalar(select(func.max(Occurrence.opens_on)).where(Occurrence.assignment_id == assignment_id))
