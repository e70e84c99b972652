"""Enter scores, correct or withdraw them (never overwrite), and write down who looked a constant up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from server.audit import actions as audit
from server.caseload.models import Appointment, Attendance, Episode
from server.errors import Refused
from server.extensions import db
from server.measures.definition import Measure, constants
from server.measures.library import measures
from server.measures.models import MeasureCheck, MeasureScore
from server.measures.queries import standing
from server.measures.rules import score
from server.people.models import Client, Practitioner, Service

BEFORE = timedelta(days=30)  # a questionnaire may come with the referral, and no earlier
TOO_EARLY = "This is more than 30 days before this course of treatment began. Check the year."


@dataclass(frozen=True)
class Entered:
    """What was typed for one measure: item scores in order, or totals by scale, or both."""

    measure: Measure
    items: Sequence[Any] | None = None
    totals: Mapping[str, Any] | None = None


def enter(
    *, client: Client, episode: Episode, taken_on: date, entered: Sequence[Entered], by: Practitioner, now: datetime
) -> list[MeasureScore]:
    """Keep the scores of one day, each as a row.

    Refused where the scorer cannot take them, where the day lies ahead or long before the course, and where there is an
    entry of this measure and day already: that one is corrected instead (`fields` names the measure).
    """
    for one in entered:
        _refuse_unfit(client, episode.id, one, taken_on, now)
        _refuse_second(client, one.measure, taken_on)
    appointment_id = appointment_on(episode.id, taken_on)
    rows = [
        MeasureScore(**_of(client, episode.id, one, taken_on, by, now), appointment_id=appointment_id, what="entered")
        for one in entered
    ]
    db.session.add_all(rows)
    db.session.flush()
    detail = {"measures": [row.measure_id for row in rows]}
    audit.record("measures.entered", about=episode, by=by, client_id=client.id, detail=detail, now=now)
    return rows


def correct(
    *,
    earlier: MeasureScore,
    client: Client,
    entered: Entered,
    taken_on: date,
    reason: str,
    note: str,
    by: Practitioner,
    now: datetime,
) -> MeasureScore:
    """Put a new row in the place of an earlier one, which stays as it was. Refused when another did so already."""
    _refuse_unfit(client, earlier.episode_id, entered, taken_on, now)
    values = _of(client, earlier.episode_id, entered, taken_on, by, now)
    values["appointment_id"] = appointment_on(earlier.episode_id, taken_on)
    return _supersede(earlier, values, what="corrected", reason=reason, note=note, by=by, now=now)


def withdraw(*, earlier: MeasureScore, reason: str, note: str, by: Practitioner, now: datetime) -> MeasureScore:
    """Take an entry out of every count. The row stays, and so does who withdrew it and why."""
    values = {
        "service_id": earlier.service_id,
        "client_id": earlier.client_id,
        "episode_id": earlier.episode_id,
        "appointment_id": earlier.appointment_id,
        "measure_id": earlier.measure_id,
        "measure_version": earlier.measure_version,
        "taken_on": earlier.taken_on,
        "source": "practitioner",
        "entered_by": by.id,
        "recorded_at": now,
    }
    return _supersede(earlier, values, what="withdrawn", reason=reason, note=note, by=by, now=now)


def check(
    *,
    service: Service,
    measure: Measure,
    constant: str,
    found: str,
    against: str,
    checked_by: str,
    checked_on: date,
    by: Practitioner,
    now: datetime,
) -> MeasureCheck:
    """Write down that somebody looked a constant up, where, and whether it agrees. It changes no score.

    Refused for a constant this measure does not have, and for a day that lies ahead.
    """
    if constant not in {one.name for one in constants(measure)}:
        raise Refused("bad-input", "This measure has no such constant.")
    if checked_on > now.astimezone(ZoneInfo(service.zone)).date():
        raise Refused("bad-input", fields={"checked_on": "This day lies ahead. Enter the day it was looked up."})
    row = MeasureCheck(
        service_id=service.id,
        measure_id=measure.id,
        measure_version=measure.version,
        constant=constant,
        found=found,
        against=against,
        checked_by=checked_by,
        checked_on=checked_on,
        recorded_by=by.id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"measure": measure.key, "constant": constant, "found": found}
    audit.record("measure.checked", about=row, by=by, detail=detail, now=now)
    return row


def _supersede(earlier: MeasureScore, values: dict, *, what, reason, note, by, now) -> MeasureScore:
    if earlier.what == "withdrawn":
        raise Refused("bad-input", "This entry was withdrawn already.")
    row = MeasureScore(**values, what=what, supersedes=earlier.id, reason=reason, note=note.strip() or None)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused("bad-input", "This entry was corrected or withdrawn already. Open it again.") from None
    audit.record(f"measure.{what}", about=row, by=by, detail={"measure": row.measure_id, "reason": reason}, now=now)
    return row


def _of(client: Client, episode_id: UUID, one: Entered, taken_on: date, by: Practitioner, now: datetime) -> dict:
    return {
        "service_id": client.service_id,
        "client_id": client.id,
        "episode_id": episode_id,
        "measure_id": one.measure.id,
        "measure_version": one.measure.version,
        "taken_on": taken_on,
        "items": list(one.items) if one.items is not None else None,
        "totals": {name: _plain(value) for name, value in one.totals.items()} if one.totals else None,
        "source": "practitioner",
        "entered_by": by.id,
        "recorded_at": now,
    }


def _plain(value: Any) -> int | float:
    """A number as JSON holds it."""
    return int(value) if value == int(value) else float(value)


def earliest_day(episode_id: UUID) -> date:
    """The first day that a score of a course may be of: `BEFORE` its opening, or its first appointment if earlier."""
    opened_on = db.session.scalar(select(Episode.opened_on).where(Episode.id == episode_id))
    first = db.session.scalar(
        select(func.min(Appointment.local_date))
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(Attendance.episode_id == episode_id)
    )
    return min(day for day in (opened_on, first) if day is not None) - BEFORE


def _refuse_unfit(client: Client, episode_id: UUID, one: Entered, taken_on: date, now: datetime) -> None:
    problem = score(one.measure, one.items, one.totals).problem
    if problem:
        raise Refused("bad-input", f"These scores do not fit the {one.measure.name}: {problem.replace('_', ' ')}.")
    if taken_on > now.astimezone(ZoneInfo(client.zone)).date():
        raise Refused("bad-input", fields={"taken_on": "This day lies ahead. Enter the day it was filled in."})
    if taken_on < earliest_day(episode_id):
        raise Refused("bad-input", fields={"taken_on": TOO_EARLY})


def _refuse_second(client: Client, measure: Measure, day: date) -> None:
    rows = db.session.scalars(
        select(MeasureScore).where(MeasureScore.client_id == client.id, MeasureScore.measure_id == measure.id)
    ).all()
    if any(row.taken_on == day for row in standing(rows)):
        sentence = f"There is a {measure.name} of this day already. Correct that one instead."
        raise Refused("bad-input", fields={measure.id: sentence})


def appointment_on(episode_id: UUID, day: date) -> UUID | None:
    """The appointment of that day in this episode, where there is just one."""
    found = db.session.scalars(
        select(Appointment.id)
        .join(Attendance, Attendance.appointment_id == Appointment.id)
        .where(Attendance.episode_id == episode_id, Appointment.local_date == day)
        .distinct()
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def forget_answers(client_id: UUID) -> None:
    """Of who is erased: totals stay, on which recovery rests, and what they answered to each question goes.

    So does a total that says another thing without its items, as one in which an item did not apply.
    """
    for row in db.session.scalars(select(MeasureScore).where(MeasureScore.client_id == client_id)):
        if row.items is not None:
            row.totals, row.items = _totals_alone(row), None
    db.session.flush()


def _totals_alone(row: MeasureScore) -> dict[str, int | float]:
    measure = measures().get(row.measure_id, row.measure_version)
    if measure is None:
        return {}
    alone: dict[str, int | float] = {}
    for one in score(measure, row.items, row.totals).scales:
        total = {one.scale: _plain(one.value)} if one.value is not None else {}
        if total and score(measure, None, total).of(one.scale) == replace(one, filled=0):
            alone |= total
    return alone
