"""Weekly counts and totals hold practice alone: what was counted of check-ins and measures comes out of them."""

from collections import Counter
from datetime import timedelta

from alembic import op
from sqlalchemy import Date, String, and_, column, func, or_, select, table

from server.extensions import Id, Json, Moment

revision = "0020"
down_revision = "0019"

# As it was decided here: a later change of the families is a migration of its own.
FAMILIES = ("check-ins", "measures-imported")
STATES = ("open", "done", "partial", "tried", "not_done", "nothing_happened", "exempt", "moved", "withdrawn")
HOUR = timedelta(hours=1)

assignment = table("assignment", column("id", Id()), column("worksheet_id", String()))
occurrence = table(
    "occurrence",
    *(column("assignment_id", Id()), column("client_id", Id()), column("due_on", Date()), column("state", String())),
)
week = table("client_week", column("client_id", Id()), column("week", Date()), *(column(state) for state in STATES))
total = table("service_total", column("service_id", Id()), column("counted_at", Moment()), column("body", Json))


def upgrade():
    _take_out_of_weeks()
    _count_services_again()


def _take_out_of_weeks():
    rows = op.get_bind().execute(
        select(occurrence.c.client_id, occurrence.c.due_on, occurrence.c.state, func.count())
        .join(assignment, assignment.c.id == occurrence.c.assignment_id)
        .where(or_(*(assignment.c.worksheet_id.like(f"{family}/%") for family in FAMILIES)))
        .group_by(occurrence.c.client_id, occurrence.c.due_on, occurrence.c.state)
    )
    counted = {}
    for client_id, due_on, state, number in rows:
        of = counted.setdefault((client_id, due_on - timedelta(days=due_on.weekday())), Counter())
        of[state] += number
    for (client_id, monday), of in counted.items():
        here = and_(week.c.client_id == client_id, week.c.week == monday)
        op.execute(week.update().where(here).values({state: week.c[state] - number for state, number in of.items()}))
        op.execute(week.delete().where(here, *(week.c[state] == 0 for state in STATES)))


def _count_services_again():
    """At the next look, people too: their counts stand for a week otherwise."""
    rows = op.get_bind().execute(select(total.c.service_id, total.c.counted_at, total.c.body)).all()
    for service_id, counted_at, body in rows:
        held = {name: value for name, value in body.items() if name != "people_counted_at"}
        here = total.c.service_id == service_id
        op.execute(total.update().where(here).values(counted_at=counted_at - HOUR, body=held))
