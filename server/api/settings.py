"""Act on what a client set or chose on their phone: reminders, plans, zone, language, research."""

from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from server.assignments import queries as assignments
from server.assignments.actions import change, confirm, tell_phone
from server.assignments.rules import merge
from server.endings import feedback
from server.engagement.actions import refresh_all
from server.entries.actions import Received
from server.entries.plan_wishes import wishes_of
from server.entries.reading import LANGUAGE, Read
from server.errors import Missing, Refused
from server.people.actions import choose_research
from server.people.queries import newest_research
from server.reminders import actions as reminders
from server.reminders.queries import said_at_of
from server.studies import consents

ENGLISH = "en"
ABOUT_REMINDERS = {
    "reminder": reminders.set_rule,
    "appointment_reminder": reminders.set_appointment_rule,
    "remind_later": reminders.remind_later,
}
SAID_AT = {"feedback": feedback.take, "research_contact": consents.take, "study_consent": consents.take}


def apply_settings(client, received: Received, device, now: datetime) -> None:
    """Each setting, plan and choice of a batch, in order. One that makes no sense is kept and changes nothing."""
    for revision in _said(received, "setting"):
        _set(client, revision, device, now)
    for revision in _said(received, "plan"):
        if "plan" in revision.payload:
            _change_plan(client, revision, now)
        else:
            _confirm_plan(client, revision, now)
    for revision in _said(received, "research"):
        _choose_research(client, revision, device, now)


def set_zone(client, zone: object, by, now: datetime, revision_id: UUID | None = None) -> None:
    """The client lives by another clock: their hours and what falls due move to it. An unknown zone changes nothing."""
    if isinstance(zone, str) and zone != client.zone and zone in available_timezones():
        reminders.change_zone(client=client, zone=zone, by=by, revision_id=revision_id, now=now)
        refresh_all(client=client, now=now)


def set_language(client, language: object) -> None:
    """What was chosen on a phone before its code was typed. English is what every phone starts in, and no choice."""
    if isinstance(language, str) and LANGUAGE.fullmatch(language) and language != ENGLISH:
        client.language = language


def _said(received: Received, subject_kind: str) -> list[Read]:
    """What was said of a kind, as `entries.reading` let it in; a tombstone says nothing, and so changes nothing."""
    return [revision for revision in received.of(subject_kind) if revision.kind != "delete"]


def _set(client, revision: Read, device, now: datetime) -> None:
    payload = revision.payload
    name, value = payload.get("name"), payload.get("value")
    if name in ABOUT_REMINDERS:
        take = ABOUT_REMINDERS[name]
        take(client=client, payload=dict(payload), revision_id=revision.revision_id, by=device, now=now)
    elif name in SAID_AT:
        at, revision_id = said_at_of(client.id, revision.revision_id) or now, revision.revision_id
        SAID_AT[name](client=client, payload=payload, revision_id=revision_id, effective_at=at, by=device, now=now)
    elif name == "language":
        client.language = value
    elif name == "zone":
        set_zone(client, value, device, now, revision.revision_id)


def _choose_research(client, revision: Read, device, now: datetime) -> None:
    """The choice said last holds, in whatever order they arrive."""
    held = newest_research(client.id)
    said_at = said_at_of(client.id, revision.revision_id) or now
    if held and (said_at_of(client.id, held.revision_id) or held.recorded_at) > said_at:
        return
    choose_research(
        client=client, choice=revision.payload["choice"], revision_id=revision.revision_id, by=device, now=now
    )


def _change_plan(client, revision: Read, now: datetime) -> None:
    """What the other side left alone is taken up; the rest is stored, and both are shown it (`merging`)."""
    try:
        agreed = assignments.of_assignment(client, revision.assignment_id)
    except Missing:
        return
    wishes = wishes_of(client.id, [agreed.assignment.id])[agreed.assignment.id]
    wish = next(one for one in wishes if one.revision_id == revision.revision_id)
    said_at = {one.revision_id: one.said_at for one in wishes}
    merged = merge(assignments.versions_of(client, agreed.assignment.id), wish, said_at)
    if not merged.taken:
        if merged.not_taken:
            tell_phone(agreed.assignment)
        return
    try:
        change(
            assignment=agreed.assignment,
            plan={**(agreed.version.plan or {}), **merged.taken},
            by=client,
            made_by="client",
            revision_id=revision.revision_id,
            now=now,
        )
    except Refused:
        return  # withdrawn or ended: the revision is stored and marked late, and nothing changes


def _confirm_plan(client, revision: Read, now: datetime) -> None:
    """*Yes, that is our plan*: it holds for the version that was on the screen, whatever was agreed since."""
    try:
        agreed = assignments.of_assignment(client, revision.assignment_id)
    except Missing:
        return
    at = said_at_of(client.id, revision.revision_id) or now
    confirm(assignment=agreed.assignment, number=revision.payload["version"], at=at, by=client, now=now)
