"""Move a client's own reminder time, as they agree it with a practitioner, who writes it down."""

from datetime import datetime, time

from server.entries.actions import receive
from server.entries.recording import raw_revision
from server.people.models import Client, Practitioner
from server.reminders import said
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


def move(*, client: Client, at: time, by: Practitioner, now: datetime) -> bool:
    """From now on at this time; nothing else changes. A revision, which their phone takes up. False where it stays."""
    rule = own_rule(client)
    if rule is None or rule.at == f"{at:%H:%M}" or is_unwanted(rule, at, now):
        return False
    payload = {"name": "reminder", "at": f"{at:%H:%M}", "parts": said.ONLY_TIME}
    raw = raw_revision(client=client, assignment_id=None, slot=None, subject_kind="setting", payload=payload, now=now)
    [word] = receive(client=client, revisions=[raw], practitioner=by, now=now).of("setting")
    set_rule(client=client, payload=payload, revision_id=word.revision_id, by=by, now=now)
    return True
