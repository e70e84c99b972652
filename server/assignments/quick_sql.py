"""The statements of laying out and settling, prepared once: they run for each assignment in every sync."""

from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from server.assignments.models import Assignment, AssignmentVersion, ClientWeek, Occurrence
from server.prepared import Prepared, several
from server.worksheets.practice import ABOUT_PRACTICE


def counts_as_practice(worksheet_id):
    """`is_practice` of a column of worksheet ids, as a condition."""
    others = and_(*(worksheet_id.not_like(f"{family}/%") for family in ABOUT_PRACTICE))
    return or_(worksheet_id.is_(None), others)


A, V = Assignment, AssignmentVersion
_occurrence, _week = Occurrence.__table__, ClientWeek.__table__

# What an occurrence says besides whose it is, and what becomes of it when it is told to the phone again.
PLAIN: tuple[str, ...] = ("version", "opens_on", "due_on", "due_at", "state", "size", "barrier", "moved_to", "medium")
PLAIN += ("entered_by", "helped_by", "done_at", "filled_by", "extra")
TOLD = ("recorded_at", "feed_seq")

# by client, `id0` … : what laying out needs of these assignments, a row per version
VERSIONS = (
    *(A.id, A.client_id, A.service_id, A.episode_id, A.agreed_on, A.agreed_at, A.state, A.ended_on),
    A.ended_at,
    *(A.worksheet_id, A.worksheet_version),
    *(V.number, V.from_date, V.until_date, V.rhythm, V.size, V.done_rule),
)
WHOSE = Prepared(
    lambda size: (
        select(*VERSIONS)
        .join(V, V.assignment_id == A.id)
        .where(A.client_id == bindparam("client"), A.id.in_(several("id", A.id, size)))
        .order_by(A.id, V.number)
    )
)

OCCURRENCES = Prepared(
    select(_occurrence.c.slot, *(_occurrence.c[name] for name in PLAIN)).where(
        _occurrence.c.assignment_id == bindparam("assignment")
    )
)
ADD_OCCURRENCE = Prepared(insert(_occurrence).values({c.name: bindparam(c.name) for c in _occurrence.c}))
CHANGE_OCCURRENCE = Prepared(
    update(_occurrence)
    .where(_occurrence.c.assignment_id == bindparam("of_assignment"), _occurrence.c.slot == bindparam("of_slot"))
    .values({name: bindparam(name) for name in (*PLAIN, *TOLD)})
)

# by client, from, before: how many times of practice fell due on each day, by state
DAYS = Prepared(
    select(_occurrence.c.due_on, _occurrence.c.state, func.count().label("count"))
    .where(_occurrence.c.client_id == bindparam("client"))
    .where(_occurrence.c.due_on >= bindparam("since"), _occurrence.c.due_on < bindparam("before"))
    .where(_occurrence.c.assignment_id == A.id, counts_as_practice(A.worksheet_id))
    .group_by(_occurrence.c.due_on, _occurrence.c.state)
)
FORGET_WEEK = Prepared(delete(_week).where(_week.c.client_id == bindparam("client"), _week.c.week == bindparam("of")))
ADD_WEEK = Prepared(insert(_week).values({c.name: bindparam(c.name) for c in _week.c}))
