"""The record of a client's record: who could and can open it, who looked, and who did what."""

from dataclasses import dataclass
from datetime import timedelta

from flask import g

from server.audit import queries as audit
from server.caseload import queries as caseload
from server.caseload import roads
from server.dashboard import dates
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.people import queries as people

WAYS = {
    "own": "Their practitioner",
    "cover": "Cover",
    "supervision": "Supervision",
    "break_glass": "Opened without being theirs",
}
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
    return page("dashboard/audit.html", client=client, rows=rows, ways=ways)


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
