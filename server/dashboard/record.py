"""The record of a client's record: who could and can open it, who looked, and who did what."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from flask import g

from server.audit import queries as audit
from server.caseload import queries as caseload
from server.caseload import roads
from server.caseload.urgent import OPENED
from server.dashboard import dates, presenters
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.people import queries as people

WAYS = {
    "own": "Their practitioner",
    "cover": "Cover",
    "supervision": "Supervision",
    "break_glass": "It could not wait",
}
MOST_LOOKS, MOST_DAYS = 1000, 14
ACTORS = {"practitioner": "A practitioner", "device": "The client’s phone", "client": "The client"}


@dataclass(frozen=True)
class Way:
    """A line of who can open it: `state` says whether that was, is, or will be."""

    who: str
    how: str
    when: str
    state: str
    reason: str


@dashboard.get("/clients/<uuid:client_id>/audit")
def show_audit(client_id):
    """Who can open this client's record, who looked, and who did what."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    names = {str(one.id): one.name for one in people.practitioners_of(g.practitioner)}
    zone = people.service_of(g.practitioner).zone
    ways = [_way(row, names, zone) for row in roads.of_client(client) if not _never(row)]
    rows = [_event(one, names) for one in audit.about_client(client.id)]
    looks = _by_day(audit.looks_at(client.id, ("client.seen", OPENED), MOST_LOOKS), names, zone)
    return page("dashboard/audit.html", client=client, rows=rows, ways=ways, looks=looks)


def _by_day(events, names: dict, zone: str) -> list[dict]:
    """Each day with who looked on it and how often, newest first: the same as their phone tells, with counts."""
    days: dict = {}
    for event in sorted(events, key=lambda one: one.at, reverse=True):
        pages, opened = days.setdefault(dates.local_day(event.at, zone), (Counter(), []))
        who = names.get(event.actor_id, "An account that is gone")
        if event.verb == OPENED:
            opened.append(f"{who} opened it because it could not wait")
        else:
            pages[who] += 1
    return [
        {
            "day": dates.day(day),
            "who": [*opened, *(f"{who} ({presenters.counted(n, 'page')})" for who, n in pages.items())],
        }
        for day, (pages, opened) in list(days.items())[:MOST_DAYS]
    ]


def _never(row) -> bool:
    """Called off before it began."""
    return row.until_at is not None and row.until_at <= row.from_at


def _way(row, names: dict, zone: str) -> Way:
    if row.from_at > g.now:
        state = "To come"
    elif row.until_at is not None and row.until_at <= g.now:
        state = "Over"
    else:
        state = "Now"
    return Way(names.get(str(row.practitioner_id), ""), WAYS[row.role], _span(row, zone), state, row.reason or "")


def _span(row, zone: str) -> str:
    if row.until_at is None:
        return f"from {dates.moment(row.from_at, zone)}"
    if row.until_at - row.from_at <= timedelta(days=1):
        return f"{dates.moment(row.from_at, zone)} to {dates.moment(row.until_at, zone)}"
    last = dates.local_day(row.until_at - timedelta(seconds=1), zone)
    return f"from {dates.moment(row.from_at, zone)}, last day {dates.short_day(last)}"


def _event(event, names: dict) -> dict:
    to = names.get(event.detail.get("to", ""))
    said = [event.detail.get("page", "") or event.detail.get("role", ""), f"to {to}" if to else ""]
    more = ", ".join(part.replace("_", " ") for part in said if part)
    return {
        "at": event.at,
        "who": names.get(event.actor_id or "") or ACTORS.get(event.actor_kind, event.actor_kind.capitalize()),
        "what": event.verb.replace(".", ": ").replace("_", " ") + (f" ({more})" if more else ""),
    }
