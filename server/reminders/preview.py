"""The next reminders of a client as things stand now, by the very timetable that plans them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.people.models import Client
from server.reminders.asking import is_asked
from server.reminders.facts import about, to_do
from server.reminders.models import ReminderRule
from server.reminders.queries import holding
from server.reminders.rules import Due, zone_of
from server.reminders.timetable import BEFORE
from server.reminders.ways import ways_of
from server.reminders.whole import coming_for

SHOWN = 5
AHEAD = timedelta(days=42)  # a weekly one has its next five in it


@dataclass(frozen=True)
class Next:
    """One reminder to come: what kind, how much it says, by which way, and when by whose clock."""

    kind: str
    level: int
    channel: str
    zone: str
    due: Due


def next_of(client: Client, now: datetime, count: int = SHOWN) -> list[Next]:
    """The next few, if nothing changes meanwhile: on days on which something is agreed, in order.

    None before they were asked, alone, how to reach them safely, nor at an hour at which no way of theirs is open.
    """
    if not is_asked(client):
        return []
    ways = ways_of([client.id])[client.id]
    found = [
        Next(rule.kind, rule.level, channel, rule.zone, due)
        for rule, due in _wanted(client, _coming(client, now))
        if (channel := ways.open_at(due.due_at, zone_of(rule.zone)))
    ]
    return found[:count]


def why_none(client: Client, now: datetime) -> str:
    """Why none comes for somebody who set hours: "not-asked", "not-now" (a break, long silence), "nothing-to-do", or
    "no-way" where none of theirs is open at those hours.
    """
    if not is_asked(client):
        return "not-asked"
    coming = _coming(client, now)
    if not coming:
        return "not-now"
    return "no-way" if _wanted(client, coming) else "nothing-to-do"


def _coming(client: Client, now: datetime) -> list[tuple[ReminderRule, Due]]:
    active = holding(client)
    return coming_for(active, now, now + AHEAD)[client.id] if active else []


def _wanted(client: Client, coming: list[tuple[ReminderRule, Due]]) -> list[tuple[ReminderRule, Due]]:
    """Those on days on which something they are about is open, and those before an appointment."""
    days = [due.local_date for _, due in coming]
    things = to_do([client.id], min(days), max(days))[client.id] if days else {}
    return [
        (rule, due) for rule, due in coming if rule.kind == BEFORE or about(rule.assignment_id, things[due.local_date])
    ]
