"""A client's own reminder hours as they agree them with a practitioner: all of them, or the time alone."""

from datetime import datetime, time
from typing import Any

from server.entries.actions import receive
from server.entries.recording import raw_revision
from server.people import actions as people
from server.people.models import Client, Practitioner
from server.reminders import said, wishes
from server.reminders.actions import set_rule
from server.reminders.models import ReminderRule
from server.reminders.queries import readable_hours, rules_of


def own_rule(client: Client) -> ReminderRule | None:
    """The hours for all that is agreed; None for somebody who wants no reminders, or hours that cannot be read."""
    found = next((rule for rule in rules_of(client) if rule.assignment_id is None), None)
    return found if found and readable_hours(found) else None


def is_unwanted(rule: ReminderRule, at: time, now: datetime) -> bool:
    """Whether the client wants no reminders at that time of day: quiet hours always win."""
    return said.is_silent_at(f"{at:%H:%M}", rule.quiet, rule.weekdays, rule.zone, now)


def shift_of(client: Client) -> dict[str, Any] | None:
    """Other hours for some days, as they are kept: from, until, at and quiet."""
    rule = own_rule(client)
    return rule.shift if rule else None


def agree(*, client: Client, parts: dict[str, Any], by: Practitioner, now: datetime) -> ReminderRule | None:
    """Their hours with these parts as they agree them with a practitioner: a revision that says the whole of them.

    Their phone takes it up like the word of another phone. How much a reminder says stays as it is. `parts` are those
    of the setting named *reminder* (docs/protocol.md); None takes one away. `ValueError` when they cannot be read.
    """
    people.lock(client.id)
    rule = own_rule(client)
    before = wishes.said(wishes.of_rule(rule)) if rule else {"name": "reminder", "on": True, "level": wishes.NEUTRAL}
    payload = {name: value for name, value in (before | parts).items() if value is not None}
    wishes.own(payload, client.zone)
    return _say(client, payload, by, now)


def move(*, client: Client, at: time, by: Practitioner, now: datetime) -> bool:
    """From now on at this time; nothing else changes. A revision, which their phone takes up. False where it stays."""
    rule = own_rule(client)
    if rule is None or rule.at == f"{at:%H:%M}" or is_unwanted(rule, at, now):
        return False
    payload = {"name": "reminder", "at": f"{at:%H:%M}", "parts": said.ONLY_TIME}
    _say(client, payload, by, now)
    return True


def _say(client: Client, payload: dict[str, Any], by: Practitioner, now: datetime) -> ReminderRule | None:
    raw = raw_revision(client=client, assignment_id=None, slot=None, subject_kind="setting", payload=payload, now=now)
    [word] = receive(client=client, revisions=[raw], practitioner=by, now=now).of("setting")
    return set_rule(client=client, payload=payload, revision_id=word.revision_id, by=by, now=now)
