"""Bring occurrences and the weekly cache in step with the facts, inside the transaction that brought them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select

from server.assignments.actions import lay_out
from server.assignments.models import Assignment, AssignmentVersion, Occurrence
from server.assignments.queries import AHEAD, whose
from server.entries.queries import heads_and_answers
from server.extensions import db
from server.people.models import Client

# Rhythms that go on by the calendar; *per appointment* is laid out when an appointment is booked or attended.
GOES_ON = frozenset({"daily", "weekdays", "per_week", "weekly", "monthly", "event"})


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


def roll_forward(short: Iterable[tuple[UUID, UUID]], now: datetime) -> None:
    """Lay out the coming weeks of these (assignment, client), as `running_short` named them."""
    for assignment_id, client_id in short:
        refresh(client=db.session.get(Client, client_id), assignment_ids=[assignment_id], now=now)


def running_short(now: datetime) -> list[tuple[UUID, UUID]]:
    """Open assignments with less than three weeks laid out, of those that go on: the shortest first."""
    wanted = now.date() + AHEAD - timedelta(days=7)
    laid = (
        select(Occurrence.assignment_id, func.max(Occurrence.opens_on).label("until"))
        .group_by(Occurrence.assignment_id)
        .subquery()
    )
    newest = and_(AssignmentVersion.assignment_id == Assignment.id, AssignmentVersion.number == Assignment.version)
    rows = db.session.execute(
        select(
            Assignment.id, Assignment.client_id, AssignmentVersion.rhythm, AssignmentVersion.until_date, laid.c.until
        )
        .join(AssignmentVersion, newest)
        .join(laid, laid.c.assignment_id == Assignment.id)
        .where(Assignment.state == "open", laid.c.until < wanted)
        .order_by(laid.c.until, Assignment.id)
    )
    return [
        (row.id, row.client_id)
        for row in rows
        # What is done once, or has come to its end, is whole: it would stand in the way of the others every night.
        if row.rhythm.get("kind") in GOES_ON
        and (row.until_date is None or row.until_date > row.until + timedelta(days=7))
    ]
