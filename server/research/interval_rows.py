"""The figures of one client's intervals and courses, by the rules of engagement: the same as on the staff pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from server.assignments.queries import closed_at
from server.caseload.rules import Interval
from server.engagement.rules import (
    ATTEMPTED,
    DISCHARGED,
    Done,
    Figures,
    Followed,
    Look,
    Share,
    Task,
    active_days,
    as_intended,
    attempts,
    back_filled,
    care,
    completion,
    disengagement,
    entry_lag_hours,
    field_completeness,
    interval_score,
    landmark,
    latency_hours,
    on_time,
    person_mean,
    practice_rhythm,
    weighted,
    within_person,
)
from server.engagement.rules import Saved as SavedThen
from server.research.interval_fields import BARRIERS_THAT_EXEMPT, NOT_SILENT
from server.research.names import NOT_APPLICABLE, NOT_KNOWN, NOT_YET, Names, given
from server.research.rules import day_in, local_day
from server.research.work import Shown, Work

Row = dict[str, Any]
NOT_ASKED = "not-asked"


@dataclass(frozen=True)
class Between:
    """One interval of one course with the work in it."""

    names: Names
    work: Work
    episode_id: UUID
    interval: Interval
    figures: Figures
    as_of: datetime

    @property
    def until(self) -> datetime:
        """Its end, or the moment of the export."""
        return self.interval.closes_at or self.as_of

    @cached_property
    def entries(self) -> list[Shown]:
        """Practice by worksheet and tap that counts in it: with the time it filled, else by when it happened."""
        mine = self.work.filled
        return [
            one
            for one in self.work.shown
            if one.head.kind != "delete"
            and one.head.assignment_id in self.work.practice
            and self.work.episode_of[one.head.assignment_id] == self.episode_id
            and (
                mine[one.head.revision_id] == self.interval
                if one.head.revision_id in mine
                else self.interval.holds(one.head.happened_at)
            )
        ]


def intervals(names: Names, work: Work, as_of: datetime) -> Iterator[Row]:
    """Each interval with its counts and figures; `m12_between` waits for everybody's mean (`export`)."""
    for episode in names.facts.episodes:
        several = [
            Between(names, work, episode.id, one, work.figures(one, episode.id), as_of)
            for one in work.intervals[episode.id]
        ]
        m3 = [weighted(one.figures.told) for one in several]
        own = person_mean(m3)
        for one, within in zip(several, within_person(m3), strict=True):
            yield {
                **_opened(one),
                **_counts(one.figures),
                **_rates(one.figures),
                **_quality(one),
                **_times(one),
                "m12_own_mean": _or_none(own),
                "m12_within": _or_none(within),
                "m12_between": NOT_APPLICABLE,
                **_rhythm(one),
                **_practitioner(one),
            }


def course(names: Names, work: Work, episode: Any, as_of: datetime) -> Row:
    """M11 both ways and the landmark, of one course of treatment."""
    facts = names.facts
    began = min((row.agreed_at for row in facts.assignments if row.episode_id == episode.id), default=None)
    told = [time.told for time in work.times if time.assignment.episode_id == episode.id]
    ended = closed_at(episode)
    attended = [m.starts_at for m in facts.meetings(episode.id) if m.state == "attended"]
    mark = landmark(told, attended, ended)
    until = facts.known_until
    if until and ended and until >= ended - timedelta(days=1):  # a course ends with its last day: all of that is known
        until = max(until, ended)
    every = _followed(work, episode.id, began, ended, as_of) if began else None
    known = _followed(work, episode.id, began, ended, as_of, until) if began and until else None
    without = NOT_KNOWN if began else NOT_APPLICABLE
    return {
        "m11_event": _event(every, NOT_APPLICABLE),
        "m11_days": given(days_followed(names, began, every)),
        "m11_event_known": _event(known, without),
        "m11_days_known": given(days_followed(names, began, known), without),
        "landmark_day": names.day(mark.at if mark else None),
        "landmark_eligible": mark.tried.of if mark else NOT_APPLICABLE,
        "landmark_tried": mark.tried.count if mark else NOT_APPLICABLE,
    }


def days_followed(names: Names, began: datetime | None, found: Followed | None) -> int | None:
    """Days of the calendar where the client lives, from the first agreed task to the end of looking.

    Whole, because looking may end at the moment of the bundle, which is known: a part of a day would tell the hour and
    minute at which somebody agreed, the same in the bundles of every project.
    """
    if began is None or found is None:
        return None
    zone = names.facts.who.zone
    end = began + timedelta(days=found.days)
    if found.event == DISCHARGED:  # the end of that day is the first moment of the next one
        end = max(began, end - timedelta(seconds=1))
    return (local_day(end, zone) - local_day(began, zone)).days


def _followed(
    work: Work,
    episode_id: UUID,
    began: datetime,
    ended: datetime | None,
    as_of: datetime,
    known: datetime | None = None,
) -> Followed:
    closed = [one for one in work.intervals[episode_id] if one.closes_at is not None and one.closes_at <= as_of]
    return disengagement(
        began_at=began,
        intervals=[Done(one.closes_at, work.figures(one, episode_id)) for one in closed],
        entries_at=[
            one.head.happened_at
            for one in work.shown
            if one.head.kind != "delete" and work.episode_of.get(one.head.assignment_id) == episode_id
        ],
        ended_at=ended,
        as_of=as_of,
        known_until=max(known, began) if known else None,
    )


def _event(found: Followed | None, missing: str) -> str:
    return missing if found is None else found.event or "still_followed"


def _opened(one: Between) -> Row:
    names, interval = one.names, one.interval
    return {
        "pid": names.pid,
        "episode": names.name("episode", one.episode_id),
        "interval": interval.number,
        "interval_id": interval_name(names, one.episode_id, interval),
        "opens_day": names.day(interval.opens_at),
        "closes_day": names.day(interval.closes_at, NOT_YET),
        "opening": names.name("appointment", interval.opening),
        "closing": names.name("appointment", interval.closing),
    }


def interval_name(names: Names, episode_id: UUID, interval: Interval | None) -> str:
    """The project's name of one interval."""
    return names.name("interval", f"{episode_id}/{interval.key}" if interval else None)


def _counts(figures: Figures) -> Row:
    tried = [o.medium for o in figures.work if o.state in ATTEMPTED]
    why = [o.barrier for o in figures.work if o.state == "exempt"]
    by_code = {f"exempt_{code}": why.count(code) for code in BARRIERS_THAT_EXEMPT}
    return {
        "agreed": len(figures.work),
        **{state: figures.count(state) for state in NOT_SILENT},
        "no_answer": figures.no_answer,
        "unknown": figures.not_known,
        "silent_event": figures.need_not_have_happened,
        "eligible": figures.done.of,
        **by_code,
        "exempt_no_reason": len(why) - sum(by_code.values()),
        "only_said": figures.only_said,
        "on_paper": tried.count("paper"),
        "told_by_phone": tried.count("phone_call"),
        "asked_about_it": figures.beside.of,
        "asked_and_filled_in": figures.beside.count,
    }


def _rates(figures: Figures) -> Row:
    told = figures.told
    m3 = weighted(told)
    score = interval_score(m3)
    return {
        "m1_unknown_as_not_done": _rate(completion(told)),
        "m1_unknown_left_out": _rate(completion(told, leave_out_unknown=True)),
        "m1_exempt_counted": _rate(completion(told, exempt_too=True)),
        "m2_unknown_as_not_done": _rate(attempts(told)),
        "m2_unknown_left_out": _rate(attempts(told, leave_out_unknown=True)),
        "m2_exempt_counted": _rate(attempts(told, exempt_too=True)),
        "m3_unknown_as_not_done": _or_none(m3),
        "m3_unknown_left_out": _or_none(weighted(told, leave_out_unknown=True)),
        "m3_partial_0": _or_none(weighted(told, 0.0)),
        "m3_partial_1": _or_none(weighted(told, 1.0)),
        "m4_score": NOT_APPLICABLE if score is None else score,
    }


def _quality(one: Between) -> Row:
    sheets = [each.head for each in one.entries if each.head.subject_kind == "entry" and each.head.asked]
    filled = field_completeness((head.answered, head.asked) for head in sheets)
    rated = one.names.facts.ratings.get(one.interval.closing)
    return {
        "m5_completeness": _or_none(filled.mean),
        "m5_worksheets": filled.n,
        "m5_practitioner_amount": _rated(rated, "amount", one.interval),
        "m5_practitioner_quality": _rated(rated, "quality", one.interval),
        "m6_as_intended": _or_none(as_intended(one.figures.told)),
    }


def _rated(row: Any, what: str, interval: Interval) -> int | str:
    if interval.closing is None:
        return NOT_APPLICABLE
    value = getattr(row, what) if row else None
    return NOT_ASKED if value is None else value


def _times(one: Between) -> Row:
    zone = one.names.facts.who.zone
    first, last = local_day(one.interval.opens_at, zone), local_day(one.until, zone)
    own = [each for each in one.entries if each.head.entered_by == "client"]
    days = [day_in(each.head.happened_local) for each in own if each.is_attempt]
    active = active_days([day for day in days if day], first, last)
    saved = [
        SavedThen(each.head.happened_at, each.first_saved_at)
        for each in own
        if each.head.subject_kind == "entry" and each.head.medium == "worksheet"
    ]
    agreed = [o for o in one.figures.told if o.agreed_at and one.interval.holds(o.agreed_at)]
    timely, late = on_time(one.figures.told), back_filled(saved)
    return {
        "days": active.of,
        "m7_active_days": active.count,
        "m8_days_to_first_try": _days(latency_hours(agreed, one.until)),
        "m9_tries_with_a_moment": timely.of,
        "m9_on_time": _rate(timely),
        "m10_entries": late.of,
        "m10_back_filled": _rate(late),
        "m10_median_hours": _hours(entry_lag_hours(saved)),
    }


def _rhythm(one: Between) -> Row:
    told = [time.told for time in one.work.times if time.assignment.episode_id == one.episode_id]
    rhythm = practice_rhythm(told, local_day(one.until, one.names.facts.who.zone))
    return {"m13_planned_days": rhythm.of, "m13_days_with_a_try": rhythm.count}


def _practitioner(one: Between) -> Row:
    facts, told = one.names.facts, one.figures.told
    touched = {o.assignment_id for o in told if o.is_eligible}
    newest = {str(key): versions[-1] for key, versions in facts.versions.items()}
    tasks = [Task(key, newest[key].specificity, bool(newest[key].reason)) for key in sorted(touched)]
    looks = [
        Look(str(key), row.recorded_at, str(row.appointment_id) if row.appointment_id else None)
        for key, rows in facts.reviews.items()
        for row in rows
    ]
    found = care(
        tasks=tasks, told=told, looks=looks, answered=facts.answered, interval=one.interval, until=one.as_of,
    )  # fmt: skip
    return {
        "tasks": len(tasks),
        "m15_specificity": _or_none(found.specificity.mean),
        "m15_with_reason": found.reason.count,
        "m15_reviewed": found.reviewed.count,
        "m15_days_to_review": _days(found.hours_to_review),
        "m15_responded": found.responded.count,
    }


def _rate(share: Share) -> float | str:
    return _or_none(share.rate)


def _or_none(value: float | None) -> float | str:
    return NOT_APPLICABLE if value is None else float(value)


def _hours(value: float | None) -> float | str:
    return NOT_APPLICABLE if value is None else round(value, 1)


def _days(hours: float | None) -> int | str:
    return NOT_APPLICABLE if hours is None else round(hours / 24)
