"""Rows in the shapes that docs/protocol.md writes down."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.endings.feedback import WORKSHEET as FEEDBACK
from server.endings.rules import CHECK, PLAN
from server.entries.promise import promise_told
from server.entries.queries import is_damaged
from server.entries.reading import canonical
from server.languages.queries import offered
from server.people import queries as people
from server.safety.queries import has_response_procedure
from server.worksheets.library import library


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z" if value else None


def day(value) -> str | None:
    """A day, or nothing."""
    return value.isoformat() if value else None


def service_of_wire(service, now: datetime) -> dict[str, Any]:
    """What a client is told about their service, closed days that come soon among it."""
    return {
        "name": service.name,
        "nation": service.nation,
        "crisis": {
            "name": service.crisis_name,
            "number": service.crisis_number,
            "hours": service.crisis_hours,
        },
        "reading_promise": promise_told(service, now.astimezone(ZoneInfo(service.zone)).date()),
        "asks_about_risk": has_response_procedure(service.id),
        "languages": offered(service),
        "demo": service.demo,
    }


def assignment(agreed, agreed_with: str, changed: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """What was agreed, with its reason and plan, and what changed of it since (`server.api.changes`)."""
    a, v = agreed.assignment, agreed.version
    return {
        "assignment_id": str(a.id),
        "worksheet": _on_the_phone(a),
        "title": v.title,
        "reason": v.reason,
        "plan": v.plan or {},
        "rhythm": v.rhythm,
        "from": day(v.from_date),
        "until": day(v.until_date),
        "agreed_on": day(a.agreed_on),
        "agreed_in": str(a.agreed_in) if a.agreed_in else None,
        "size": v.size,
        "state": a.state,
        "version": v.number,
        "done_rule": v.done_rule,
        "agreed_with": agreed_with,
        "made_by": v.made_by,
        "changes": list(changed),
    }


def _on_the_phone(agreed) -> dict[str, Any] | None:
    """The worksheet a phone is to show: none for a free task, and none for what is only filled in together.

    With `needs_procedure` it shows it only while the service is said to ask about risk: that is told with every pull,
    and switching it on or off changes no assignment.
    """
    if agreed.worksheet_id is None:
        return None
    sheet = library().get(agreed.worksheet_id, agreed.worksheet_version)
    if sheet is not None and sheet.staff_entry:
        return None
    named = {"id": agreed.worksheet_id, "version": agreed.worksheet_version}
    return {**named, "needs_procedure": True} if sheet is not None and sheet.needs_procedure else named


def occurrence(row) -> dict[str, Any]:
    """One time it falls due, with its stored state."""
    return {
        "assignment_id": str(row.assignment_id),
        "slot": row.slot,
        "opens_on": day(row.opens_on),
        "due_on": day(row.due_on),
        "state": row.state,
        "barrier": row.barrier,
        "size": row.size,
        "moved_to": day(row.moved_to),
        "done_at": moment(row.done_at),
    }


def review(row, by: str) -> dict[str, Any]:
    """What was looked at together, and the line for the client. The staff note stays here."""
    return {
        "review_id": str(row.id),
        "assignment_id": str(row.assignment_id),
        "mark": row.mark,
        "line": row.line,
        "at": moment(row.recorded_at),
        "by": by,
    }


def handover(row) -> dict[str, Any]:
    """Who looks after this client from a day on, and who did before: names as clients know them."""
    to, before = people.name_of(str(row.to_practitioner_id)), people.name_of(str(row.from_practitioner_id))
    return {"handover_id": str(row.id), "to": to, "was": before, "from": day(row.from_day)}


def appointment(meeting, local: str) -> dict[str, Any]:
    """An appointment with its newest state."""
    return {
        "appointment_id": meeting.appointment_id,
        "starts_at": moment(meeting.starts_at),
        "local": local,
        "zone": meeting.zone,
        "mode": meeting.mode,
        "state": meeting.state,
    }


def revision(row, device_id) -> dict[str, Any]:
    """A revision as it was pushed, for another phone of the same client or after storage was cleared."""
    return {
        "revision": row.body,
        "content_hash": row.content_hash or canonical(row.body)[1],
        "received_at": moment(row.received_at),
        "saved_at": row.effective_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "order": row.feed_seq,
        "mine": row.device_id == device_id,
        "device": str(row.device_id) if row.device_id else None,
        "staff": row.practitioner_id is not None,
    }


def revision_or_damaged(row, device_id) -> tuple[str, str, dict[str, Any]]:
    """(kind, id, body) of one revision in a pull; of one that does not open, what a phone needs to give it back."""
    body = revision(row, device_id)
    if is_damaged(body["revision"]):
        return "damaged", str(row.revision_id), {"content_hash": row.content_hash}
    return "revision", str(row.revision_id), body


def delivery(row) -> dict[str, Any]:
    """The meaning of a reminder's opaque code, so that a click opens the task without a network."""
    return {
        "code": row.code,
        "assignment_id": str(row.assignment_id) if row.assignment_id else None,
        "slot": row.occurrence_slot,
        "local_date": day(row.local_date),
        "at": row.slot,
    }


def course_over(course) -> dict[str, Any] | None:
    """That the course has ended, until when the client can read, and where to turn; None while one is open."""
    if course is None:
        return None
    return {
        "episode_id": str(course.episode.id),
        "began_on": day(course.episode.opened_on),
        "ended_on": day(course.episode.closed_on),
        "read_until": day(course.read_until),
        "signposts": course.signposting,
        "worksheets": {"check": _newest(CHECK), "feedback": _newest(FEEDBACK), "plan": PLAN},
    }


def _newest(worksheet_id: str) -> dict[str, Any] | None:
    """The newest version of a worksheet, by name; None where this installation has others in their place."""
    found = library().newest(worksheet_id)
    return {"id": found.id, "version": found.version} if found else None


def fingerprint(service: dict[str, Any]) -> str:
    """Changes when what clients are told about their service (`service_of_wire`) changes."""
    return hashlib.sha256(json.dumps(service, sort_keys=True).encode()).hexdigest()[:12]
