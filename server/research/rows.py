"""The rows of one client in each file of the bundle, but for what the work itself makes (work_rows)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from server.caseload.rules import Interval
from server.reminders.models import EVENTS
from server.research.columns import UNLISTED
from server.research.facts import Facts
from server.research.names import NOT_APPLICABLE, NOT_KNOWN, NOT_YET, Names, given, hours, yes_no
from server.research.rules import local_day

Row = dict[str, Any]
ARRIVED = "delivered"  # once a text arrived it arrived, whatever a late receipt says


def participant(names: Names, described: tuple[str, ...]) -> Row:
    """The client; `described` is arm, service, age band and language, with small groups hidden."""
    facts = names.facts
    arm, service, age_band, language = described
    arrived = facts.arrived
    return {
        "pid": names.pid,
        "arm": arm,
        "service": service,
        "age_band": age_band,
        "language": language,
        "day_zero": names.day_zero[0],
        "research": facts.who.research,
        "phones": len(facts.devices),
        "saved_on_phones": sum(one.made for one in arrived),
        "never_arrived": sum(one.missing for one in arrived),
        "first_paired_day": names.day(min((device.paired_at for device in facts.devices), default=None)),
        "last_contact_day": names.last_day([contact.at for contact in facts.contacts]),
        "last_emptied_day": names.day(facts.known_until),
    }


def consents(names: Names, said: Iterable[Any]) -> Iterator[Row]:
    """What the client said to the study, in the order it was said."""
    for number, row in enumerate(said, start=1):
        yield {
            "pid": names.pid,
            "number": number,
            "text": row.number,
            "choice": row.choice,
            "day": names.day(row.effective_at),
            "entered_by": row.entered_by,
        }


def episodes(names: Names, courses: Mapping[UUID, Row]) -> Iterator[Row]:
    """The courses of treatment, oldest first, with what `interval_rows.course` worked out for each."""
    for episode in names.facts.episodes:
        closed = episode.closed_on is not None
        yield {
            "pid": names.pid,
            "episode": names.name("episode", episode.id),
            "practitioner": names.name("practitioner", names.facts.owners.get(episode.id), NOT_KNOWN),
            "opened_day": names.day(episode.opened_on),
            "closed_day": names.day(episode.closed_on, NOT_YET),
            "close_reason": given(episode.close_reason, NOT_KNOWN) if closed else NOT_YET,
            "problem": given(episode.problem, NOT_KNOWN),
            **courses[episode.id],
        }


def appointments(names: Names, intervals: dict[UUID, list[Interval]]) -> Iterator[Row]:
    """The appointments, by time within each episode."""
    for episode in names.facts.episodes:
        opens = {interval.opening: interval.number for interval in intervals[episode.id]}
        visits = [visit for visit in names.facts.visits if visit.episode_id == episode.id]
        for number, visit in enumerate(visits, start=1):
            meeting = visit.meeting
            yield {
                "pid": names.pid,
                "episode": names.name("episode", episode.id),
                "appointment": names.name("appointment", meeting.appointment_id),
                "practitioner": names.name("practitioner", meeting.practitioner_id),
                "number": number,
                "day": names.day(visit.local_date),
                "band": names.band(meeting.starts_at),
                "minutes": meeting.minutes,
                "kind": meeting.kind,
                "mode": meeting.mode,
                "state": meeting.state,
                "moves": visit.moves,
                "recorded_day": names.day(visit.recorded_at),
                "opens_interval": opens.get(meeting.appointment_id, NOT_APPLICABLE),
            }


def assignments(names: Names, as_of: datetime) -> Iterator[Row]:
    """What was agreed, oldest first, as the newest version says."""
    for row in names.facts.assignments:
        versions = names.facts.versions[row.id]
        newest = versions[-1]
        ended_on = ended(names.facts, row, as_of)
        yield {
            "pid": names.pid,
            "episode": names.name("episode", row.episode_id),
            "assignment": names.name("assignment", row.id),
            "practitioner": names.name("practitioner", row.agreed_by),
            "worksheet": given(row.worksheet_id),
            "worksheet_version": given(row.worksheet_version),
            "agreed_day": names.day(row.agreed_on),
            "agreed_in": names.name("appointment", row.agreed_in, NOT_KNOWN),
            "from_assignment": names.name("assignment", row.from_assignment),
            "state": row.state if ended_on else "open",
            "ended_day": names.day(ended_on),
            "versions": len(versions),
            "from_day": names.day(newest.from_date),
            "until_day": names.day(newest.until_date),
            "rhythm": str(newest.rhythm.get("kind")),
            "times": _times(newest.rhythm),
            "size": newest.size,
            "specificity": given(newest.specificity, NOT_KNOWN),
            "own_done_rule": yes_no(newest.done_rule),
            "made_by": newest.made_by,
            "reason_written": yes_no(newest.reason),
            **_reviewed(names, names.facts.reviews.get(row.id, [])),
        }


def deliveries(names: Names) -> Iterator[Row]:
    """The reminders, by when they were due."""
    for row in names.facts.deliveries:
        events = names.facts.events[row.id]
        accepted = next((event.recorded_at for event in events if event.what == "accepted"), None)
        opened = next((event.recorded_at for event in events if event.what == "opened"), None)
        shown = any(event.what == "shown" for event in events)
        slot = row.occurrence_slot
        yield {
            "pid": names.pid,
            "delivery": names.name("delivery", row.id),
            "assignment": names.name("assignment", row.assignment_id),
            "occurrence": names.name("occurrence", f"{row.assignment_id}/{slot}" if slot else None),
            "channel": row.channel,
            "day": names.day(row.local_date),
            "band": names.band(row.due_at),
            "state": state_after([event.what for event in events]),
            "attempts": sum(event.what == "accepted" or event.origin is not None for event in events),
            "hours_late": hours(row.due_at, accepted),
            "shown": yes_no(shown),
            "opened": yes_no(opened),
            "hours_to_open": hours(row.due_at, opened),
        }


def state_after(events: list[str]) -> str:
    """What became of a reminder to which this happened, in this order, as a code of the codebook."""
    states = [state for what in events if (state := EVENTS.get(what, UNLISTED))]
    return "accepted" if ARRIVED in events or not states else states[-1]


def ended(facts: Facts, row: Any, as_of: datetime) -> Any:
    """The day an assignment ended, if it had by then."""
    had_ended = row.ended_on is not None and row.ended_on <= local_day(as_of, facts.who.zone)
    return row.ended_on if had_ended else None


def _times(rhythm: dict[str, Any]) -> int | str:
    times = rhythm.get("times")
    return int(times) if isinstance(times, int) and rhythm.get("kind") in ("daily", "per_week") else NOT_APPLICABLE


def _reviewed(names: Names, reviews: list[Any]) -> Row:
    last = reviews[-1] if reviews else None
    return {
        "reviews": len(reviews),
        "last_mark": last.mark if last else NOT_APPLICABLE,
        "last_review_day": names.day(last.recorded_at if last else None),
    }
