"""What was said of a client's hours: whole rules by the client, and moves, which carry a time of day alone."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from server.entries.models import Revision
from server.extensions import db
from server.reminders.models import ReminderRule
from server.reminders.rules import Hours, is_quiet, moment_of, wall_time
from server.reminders.timetable import OWN

ONLY_TIME = ["at"]


@dataclass(frozen=True)
class Move:
    """A time that a practitioner wrote down as agreed, and the one before it."""

    was: str
    now: str
    at: datetime
    practitioner_id: UUID | None


def time_alone(payload: dict) -> str | None:
    """The time of a move, like "13:30"; None for a whole rule. `ValueError` when it is no time of day."""
    return f"{wall_time(payload['at']):%H:%M}" if payload.get("parts") == ONLY_TIME else None


def is_silent_at(at: str, quiet: dict | None, weekdays: list[int], zone: str, now: datetime) -> bool:
    """Whether the client wants no reminders at that time of day: quiet hours always win."""
    hours = Hours.of(at=at, weekdays=weekdays, zone=zone, quiet=quiet)
    return is_quiet(hours, moment_of(now.astimezone(hours.zone).date(), hours.at, hours.zone))


def is_by_move(rule: ReminderRule) -> bool:
    """Whether the last word of this rule was a move."""
    said = db.session.get(Revision, (rule.client_id, rule.revision_id)) if rule.revision_id else None
    return said is not None and said.body.get("payload", {}).get("parts") == ONLY_TIME


def is_newest_before(rule: ReminderRule, revision_id: UUID | None) -> bool:
    """Whether this is the last whole rule that the client said before that move, whatever arrived first."""
    rows = db.session.scalars(
        select(Revision)
        .where(
            Revision.client_id == rule.client_id,
            Revision.subject_kind == "setting",
            Revision.effective_at <= rule.created_at,
        )
        .order_by(Revision.effective_at.desc(), Revision.feed_seq.desc())
    )
    return next((row.revision_id for row in rows if _is_whole(row, rule)), None) == revision_id


def moves_of(client_id: UUID) -> list[Move]:
    """Each move of the client's own hours that was taken up, oldest first."""
    rows = db.session.execute(
        select(ReminderRule, Revision)
        .outerjoin(
            Revision,
            (Revision.revision_id == ReminderRule.revision_id) & (Revision.client_id == ReminderRule.client_id),
        )
        .where(ReminderRule.client_id == client_id, ReminderRule.kind == OWN, ReminderRule.assignment_id.is_(None))
        .order_by(ReminderRule.created_at, ReminderRule.id)
    ).all()
    return [
        Move(before.at, rule.at, said.effective_at, said.practitioner_id)
        for (before, _), (rule, said) in pairwise(rows)
        if said is not None and before.at != rule.at and _time_of(said) == rule.at
    ]


def _time_of(row: Revision) -> str | None:
    said = row.body.get("payload", {})
    return said.get("at") if said.get("parts") == ONLY_TIME else None


def _is_whole(row: Revision, rule: ReminderRule) -> bool:
    said = row.body.get("payload", {}) if row.kind != "delete" else {}
    about = str(rule.assignment_id) if rule.assignment_id else None
    return said.get("name") == "reminder" and said.get("parts") != ONLY_TIME and said.get("assignment_id") == about
