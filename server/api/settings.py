"""Act on what a client set on their phone: reminders, plans, zone and language."""

from datetime import datetime
from zoneinfo import available_timezones

from server.assignments import queries as assignments
from server.assignments.actions import change
from server.engagement.actions import refresh_all
from server.entries.actions import Received
from server.errors import Missing, Refused
from server.reminders import actions as reminders

PLAN_TEXTS = ("when", "where", "with_whom", "how_long", "reminder", "obstacle", "then")


def apply_settings(client, received: Received, device, now: datetime) -> None:
    """Each setting and plan of a batch, in order. One that makes no sense is kept as a revision and changes nothing."""
    for revision in received.of("setting"):
        name, payload = revision.payload.get("name"), revision.payload
        if name == "reminder":
            reminders.set_rule(
                client=client,
                payload=dict(payload),
                revision_id=revision.revision_id,
                by=device,
                now=now,
            )
        elif name == "language" and isinstance(payload.get("value"), str) and len(payload["value"]) <= 20:
            client.language = payload["value"]
        elif name == "zone" and payload.get("value") in available_timezones():
            reminders.change_zone(client=client, zone=payload["value"], by=device, now=now)
            refresh_all(client=client, now=now)
    for revision in received.of("plan"):
        _change_plan(client, revision, now)


def _change_plan(client, revision, now: datetime) -> None:
    try:
        agreed = assignments.of_assignment(client, revision.assignment_id)
        held = agreed.version.plan or {}
        plan = {**held, **_readable(revision.payload["plan"])}
        change(
            assignment=agreed.assignment,
            plan=plan,
            by=client,
            made_by="client",
            revision_id=revision.revision_id,
            now=now,
        )
    except (Missing, Refused):
        return  # withdrawn or ended: the revision is stored and marked late, and nothing changes


def _readable(plan: dict) -> dict:
    """The parts of a plan that are what they say they are."""
    kept = {name: plan[name] for name in PLAN_TEXTS if isinstance(plan.get(name), str)}
    confidence = plan.get("confidence")
    if confidence is None or (isinstance(confidence, int) and 0 <= confidence <= 10):
        kept["confidence"] = confidence
    if plan.get("at") is None or isinstance(plan.get("at"), str):
        kept["at"] = plan.get("at")
    return kept
