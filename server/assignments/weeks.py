"""Keep the weekly counts in step with the occurrences, by whoever writes those."""

from datetime import date, datetime, timedelta
from uuid import UUID

from server.assignments.models import STORED, ClientWeek
from server.assignments.quick_sql import ADD_WEEK, DAYS, FORGET_WEEK
from server.prepared import forget


def count_weeks(*, client_id: UUID, service_id: UUID, weeks: set[date], now: datetime) -> None:
    """Count the client's times of practice of these weeks (their Mondays) afresh. The cache is never the source."""
    if not weeks:
        return
    rows = DAYS.rows(client=client_id, since=min(weeks), before=max(weeks) + timedelta(days=7))
    counted = {week: dict.fromkeys(STORED, 0) for week in weeks}
    for due_on, state, count in rows:
        if monday(due_on) in counted:
            counted[monday(due_on)][state] += count
    FORGET_WEEK.run([{"client": client_id, "of": week} for week in sorted(weeks)])
    owner = {"client_id": client_id, "service_id": service_id, "computed_at": now}
    ADD_WEEK.run(
        [{**owner, "week": week, **counts} for week, counts in sorted(counted.items()) if any(counts.values())]
    )
    forget(ClientWeek)


def monday(day: date) -> date:
    """The Monday of a day's calendar week."""
    return day - timedelta(days=day.weekday())
