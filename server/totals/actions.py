"""Keep what was counted of a service, and how many people are too few to show."""

from datetime import datetime
from uuid import UUID

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Practitioner
from server.totals.models import ServiceTotal, TotalSetting
from server.totals.rules import HIDE_UP_TO

MOST = 50
WEEKLY = ("clients", "equity")  # counts of people, of which breakdowns are shown: once for each window of weeks
ONCE = "people_counted_at"


def keep(*, service_id: UUID, body: dict, now: datetime) -> ServiceTotal:
    """Put a fresh count in the place of the last one.

    The counts of people stay those of the week's first count: the difference of two looks a minute apart would be one
    person.
    """
    row = db.session.get(ServiceTotal, service_id)
    body = {**body, ONCE: now.isoformat(), **_of_this_week(row, body)}
    if row is None:
        row = ServiceTotal(service_id=service_id, counted_at=now, body=body)
        db.session.add(row)
    else:
        row.counted_at, row.body = now, body
    db.session.flush()
    return row


def _of_this_week(row: ServiceTotal | None, body: dict) -> dict:
    """What was counted of people earlier in the same week."""
    held = row.body if row else {}
    same = ONCE in held and held["first"] == body["first"]
    return {name: held[name] for name in (*WEEKLY, ONCE)} if same else {}


def set_hide_up_to(*, number: int, by: Practitioner, now: datetime) -> TotalSetting:
    """Hide more than 7 in the breakdowns and copies of one's own service. Refused below 7 and above 50."""
    if not HIDE_UP_TO <= number <= MOST:
        raise Refused("bad-input", fields={"hide_up_to": f"Enter a number from {HIDE_UP_TO} to {MOST}."})
    row = TotalSetting(service_id=by.service_id, hide_up_to=number, recorded_by=by.id, recorded_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record("totals.hide_up_to", about=("service", by.service_id), by=by, detail={"number": number}, now=now)
    return row
