"""Keep the weekly counts in step with the occurrences, by whoever writes those."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from server.assignments.models import STORED, ClientWeek, Occurrence
from server.extensions import db


def count_weeks(*, client_id: UUID, service_id: UUID, weeks: set[date], now: datetime) -> None:
    """Count the client's occurrences of these weeks (their Mondays) afresh. The cache is never the source."""
    if not weeks:
        return
    rows = db.session.execute(
        select(Occurrence.due_on, Occurrence.state, func.count())
        .where(Occurrence.client_id == client_id)
        .where(Occurrence.due_on >= min(weeks), Occurrence.due_on < max(weeks) + timedelta(days=7))
        .group_by(Occurrence.due_on, Occurrence.state)
    )
    counted = {week: dict.fromkeys(STORED, 0) for week in weeks}
    for due_on, state, count in rows:
        if monday(due_on) in counted:
            counted[monday(due_on)][state] += count
    db.session.execute(delete(ClientWeek).where(ClientWeek.client_id == client_id, ClientWeek.week.in_(weeks)))
    owner = {"client_id": client_id, "service_id": service_id, "computed_at": now}
    full = [{**owner, "week": week, **counts} for week, counts in sorted(counted.items()) if any(counts.values())]
    if full:
        db.session.execute(insert(ClientWeek), full)


def monday(day: date) -> date:
    """The Monday of a day's calendar week."""
    return day - timedelta(days=day.weekday())
