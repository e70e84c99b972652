"""Whether phones were paired, and still in use four weeks later, told apart from whether treatment went on.

Attrition of the tracker is an outcome of its own (clinical.md F3.16).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from server.caseload.models import Episode
from server.entries.models import Contact
from server.extensions import db
from server.people.models import Client, Device
from server.totals.window import Window

WITHIN = timedelta(days=28)  # of the course's first day: a phone paired by then is an activation
FOURTH_WEEK = timedelta(days=21), timedelta(days=28)  # after pairing
UNTIL_KNOWN = WITHIN + FOURTH_WEEK[1]


def app_use_of(service_id: UUID, over: Window) -> dict[str, int]:
    """Courses opened in twelve weeks that lie eight weeks back, so that each has had its four weeks and four more.

    opened; paired within 28 days, or with a phone of an earlier course that went on: paired on the course's first day;
    of those, in contact on days 22 to 28 after pairing (`used`), the course over by then
    (`ended`), or neither: the app was left while treatment went on (`left`). used + ended + left = paired.
    """
    first, after = over.first - UNTIL_KNOWN, over.after - UNTIL_KNOWN
    rows = _courses(service_id, first, after)
    paired = [row for row in rows if row.paired_on and row.paired_on <= row.opened_on + WITHIN]
    by_day: dict[date, list[_Course]] = {}
    for row in paired:
        by_day.setdefault(row.paired_on, []).append(row)
    used = {row.id for day, some in by_day.items() for row in _in_contact(service_id, day, some)}
    ended = {row.id for row in paired if row.closed_on and row.closed_on < row.paired_on + FOURTH_WEEK[1]}
    return {
        "first": first.isoformat(),
        "last": (after - timedelta(days=1)).isoformat(),
        "opened": len(rows),
        "paired": len(paired),
        "used": len(used),
        "ended": len(ended - used),
        "left": len(paired) - len(used | ended),
    }


@dataclass
class _Course:
    """One course, and the day from which it had a phone: one paired since it opened, or one that went on into it."""

    id: UUID
    client_id: UUID
    opened_on: date
    closed_on: date | None
    paired_on: date | None = None


def _courses(service_id: UUID, first: date, after: date) -> list[_Course]:
    e, d = Episode, Device
    rows = db.session.execute(
        select(e.id, e.client_id, e.opened_on, e.closed_on, d.paired_at, d.revoked_at, d.ended_at)
        .join(Client, Client.id == e.client_id)
        .outerjoin(d, d.client_id == e.client_id)
        .where(Client.service_id == service_id, e.opened_on >= first, e.opened_on < after)
    )
    found: dict[UUID, _Course] = {}
    for row in rows:
        one = found.setdefault(row.id, _Course(row.id, row.client_id, row.opened_on, row.closed_on))
        if row.paired_at is None:
            continue
        gone = min((at.date() for at in (row.revoked_at, row.ended_at) if at), default=None)
        if gone is None or gone >= one.opened_on:
            had_from = max(row.paired_at.date(), one.opened_on)
            one.paired_on = min(one.paired_on or had_from, had_from)
    return list(found.values())


def _in_contact(service_id: UUID, paired_on: date, rows: list[_Course]) -> list[_Course]:
    """Those of some courses, all paired on one day, whose phone was in contact in the fourth week after."""
    begins, ends = (datetime.combine(paired_on + days, time(), tzinfo=UTC) for days in FOURTH_WEEK)
    met = set(
        db.session.scalars(
            select(Contact.client_id)
            .join(Client, Client.id == Contact.client_id)
            .where(Client.service_id == service_id, Contact.hour >= begins, Contact.hour < ends)
            .where(Contact.client_id.in_([row.client_id for row in rows]))
            .distinct()
        )
    )
    return [row for row in rows if row.client_id in met]
