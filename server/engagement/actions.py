"""Bring occurrences and the weekly cache in step with the facts, inside the transaction that brought them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select

from server.assignments.actions import lay_out
from server.assignments.models import STORED, Assignment, Occurrence
from server.assignments.queries import AHEAD, whose
from server.engagement.models import ClientWeek
from server.entries.queries import heads_and_answers
from server.extensions import db
from server.people.models import Client


def refresh(*, client: Client, assignment_ids: Iterable[UUID], now: datetime) -> None:
    """Lay out and settle these assignments afresh, and the weeks they touch. Doing it twice changes nothing."""
    mine = whose(client.id, assignment_ids)
    heads, answers = heads_and_answers(client.id, mine)
    zone = ZoneInfo(client.zone)
    days: set[date] = set()
    for assignment_id, ground in mine.items():
        days |= lay_out(ground=ground, heads=heads[assignment_id], answers=answers[assignment_id], zone=zone, now=now)
    count_weeks(client=client, weeks={monday(day) for day in days}, now=now)


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


def count_weeks(*, client: Client, weeks: set[date], now: datetime) -> None:
    """Count the client's occurrences of these weeks (their Mondays) afresh. The cache is never the source."""
    if not weeks:
        return
    rows = db.session.execute(
        select(Occurrence.due_on, Occurrence.state, func.count())
        .where(Occurrence.client_id == client.id)
        .where(Occurrence.due_on >= min(weeks), Occurrence.due_on < max(weeks) + timedelta(days=7))
        .group_by(Occurrence.due_on, Occurrence.state)
    )
    counted = {week: dict.fromkeys(STORED, 0) for week in weeks}
    for due_on, state, count in rows:
        if monday(due_on) in counted:
            counted[monday(due_on)][state] += count
    db.session.execute(delete(ClientWeek).where(ClientWeek.client_id == client.id, ClientWeek.week.in_(weeks)))
    owner = {"client_id": client.id, "service_id": client.service_id, "computed_at": now}
    full = [{**owner, "week": week, **counts} for week, counts in sorted(counted.items()) if any(counts.values())]
    if full:
        db.session.execute(insert(ClientWeek), full)


def monday(day: date) -> date:
    """The Monday of a day's calendar week."""
    return day - timedelta(days=day.weekday())


def _newest(assignment_id: UUID) -> date | None:
    return db.session.scalar(select(func.max(Occurrence.opens_on)).where(Occurrence.assignment_id == assignment_id))
