"""Scores over a service: how many began with a measure, how many can be compared, and only then what changed.

A change is never told without *n paired of n started* (clinical.md section 0 and M18).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, select

from server.caseload.models import Appointment, Attendance, Episode
from server.extensions import db
from server.measures.definition import Measure, Scale
from server.measures.library import measures as library
from server.measures.models import MeasureScore
from server.measures.rules import Dated, Pair, anxiety_measure_for, finished, outcome, pair_of, score
from server.people.models import Client
from server.totals.window import Window

AT_ONCE = 1000  # courses


def measures_of(service_id: UUID, over: Window) -> dict[str, Any]:
    """`measures`: by measure, started, paired and the changes of its main scale. `outcomes`: of courses that ended.

    Over courses that were open at some time of the window: first score to the latest, or the last.
    """
    courses = _courses(service_id, over)
    series: dict[str, dict[str, Pair | None]] = {}  # course → measure → its pair; None: begun, nothing to compare
    ids = list(courses)
    for start in range(0, len(ids), AT_ONCE):  # a large service has a million scores: never all of them at once
        some = [courses[key].id for key in ids[start : start + AT_ONCE]]
        for (course, measure_id), rows in _scores(some).items():
            measure = library().newest(measure_id)
            ends = _ends(measure, rows) if measure else []
            if ends:
                series.setdefault(str(UUID(course)), {})[measure_id] = pair_of(measure.main, ends)
    return {"measures": _by_measure(series.values()), "outcomes": _outcomes(courses, series, over)}


def _courses(service_id: UUID, over: Window) -> dict[str, Any]:
    e = Episode
    rows = db.session.execute(
        select(e.id, e.problem, e.closed_on)
        .join(Client, Client.id == e.client_id)
        .where(Client.service_id == service_id, e.opened_on < over.after)
        .where((e.closed_on.is_(None)) | (e.closed_on >= over.first))
    )
    return {str(row.id): row for row in rows}


def _scores(episode_ids: list[UUID]) -> dict[tuple[str, str], list]:
    """(course, measure) → what stands of it by day: one row a day, staff's own last word."""
    m = MeasureScore
    rows = db.session.execute(
        select(m.id, cast(m.episode_id, String).label("course"), m.measure_id, m.measure_version, m.taken_on, m.items,
               m.totals, m.source, m.what, m.supersedes, m.recorded_at)
        .where(m.client_id.in_(select(Episode.client_id).where(Episode.id.in_(episode_ids))))
        .where(m.episode_id.in_(episode_ids))
    ).all()  # fmt: skip
    gone = {row.supersedes for row in rows if row.supersedes}
    standing = [row for row in rows if row.id not in gone and row.what != "withdrawn"]
    by_day: dict[tuple[str, str], dict] = {}
    for row in sorted(standing, key=lambda row: (row.taken_on, row.source == "practitioner", row.recorded_at, row.id)):
        by_day.setdefault((row.course, row.measure_id), {})[row.taken_on] = row
    return {key: list(days.values()) for key, days in by_day.items()}


def _ends(measure: Measure, rows: Sequence) -> list[Dated]:
    """The first and the last score with a value, of one course and measure, by day: only these are worked out."""
    first = next((one for row in rows if (one := _dated(measure.main, row))), None)
    if first is None:
        return []
    last = next(one for row in reversed(rows) if (one := _dated(measure.main, row)))
    return [first] if last.taken_on == first.taken_on else [first, last]


def _dated(scale: Scale, row) -> Dated | None:
    measure = library().get(row.measure_id, row.measure_version)
    scored = score(measure, row.items, row.totals) if measure else None
    found = next((one for one in scored.scales if one.scale == scale.id), None) if scored else None
    return Dated(row.taken_on, found) if found and found.value is not None else None


def _by_measure(courses: Iterable[dict[str, Pair | None]]) -> list[dict]:
    """started, paired, and the paired by what changed. improved + deteriorated + same + other = paired."""
    counts: dict[str, Counter[str]] = {}
    for course in courses:
        for measure_id, pair in course.items():
            of = counts.setdefault(measure_id, Counter())
            of["started"] += 1
            if pair:
                of["paired"] += 1
                of[{"no_reliable_change": "same"}.get(pair.change, pair.change)] += 1
    return [
        {
            "measure": measure_id,
            **{name: of[name] for name in ("started", "paired", "improved", "deteriorated", "same")},
            "other": of["paired"] - of["improved"] - of["deteriorated"] - of["same"],
        }
        for measure_id, of in sorted(counts.items())
    ]


def _outcomes(courses: dict[str, Any], series: dict[str, dict[str, Pair | None]], over: Window) -> dict[str, int]:
    """The four outcomes of NHS Talking Therapies (clinical.md C2), of courses that ended in the window.

    `finished`: two or more attended that were treatment. `paired`: of those, both measures have a first and a last.
    """
    closed = {
        key: row.problem for key, row in courses.items() if row.closed_on and over.first <= row.closed_on < over.after
    }
    attended = _attended([UUID(key) for key in closed])
    done = {key: problem for key, problem in closed.items() if finished(True, attended[key])}
    known, counts = library().all(), Counter({"ended": len(closed), "finished": len(done)})
    for key, problem in done.items():
        pairs = {measure_id: pair for measure_id, pair in series.get(key, {}).items() if pair}
        depression = next((pairs[one.id] for one in known if one.role == "depression" and one.id in pairs), None)
        anxiety = anxiety_measure_for(problem, pairs.keys(), known)
        found = outcome(depression, pairs.get(anxiety) if anxiety else None)
        if found:
            counts["paired"] += 1
            counts[found.reliable] += 1
            counts["caseness"] += found.started_at_caseness
            counts["recovery"] += found.recovery is True
            counts["reliable_recovery"] += found.reliable_recovery is True
    names = ("ended", "finished", "paired", "caseness", "recovery", "improvement", "deterioration", "reliable_recovery")
    return {name: counts[name] for name in names}


def _attended(episode_ids: list[UUID]) -> dict[str, list[str]]:
    """Course → the kinds of its attended appointments, by the newest word on each."""
    found: dict[str, list[str]] = defaultdict(list)
    for start in range(0, len(episode_ids), 500):
        newest = (
            select(func.max(Attendance.id))
            .where(Attendance.episode_id.in_(episode_ids[start : start + 500]))
            .group_by(Attendance.appointment_id, Attendance.episode_id)
        )
        rows = (
            select(Attendance.episode_id, Appointment.kind)
            .join(Appointment, Appointment.id == Attendance.appointment_id)
            .where(Attendance.id.in_(newest), Attendance.state == "attended")
        )
        for row in db.session.execute(rows):
            found[str(row.episode_id)].append(row.kind)
    return found
