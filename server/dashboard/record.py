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
# What was looked at and done, in the words the client's own phone has for it (pwa/src/words/help.ts).
_SENT, _PLAN, _PHONE = "looked at what they sent", "looked at their plan", "looked at their phones"
LOOKED = {
    **dict.fromkeys(("show_entry", "list_entries", "show_flag", "show_occurrences"), _SENT),
    **{"print_entry": "printed what they sent", "download_entry": "took a copy of what they sent"},
    **dict.fromkeys(("show_appointment", "show_booking"), "looked at what they did, for an appointment"),
    **dict.fromkeys(("choose_task", "preview_task", "show_assignment", "show_change", "show_paper"), _PLAN),
    "download_care_plan": _PLAN,
    **dict.fromkeys(("show_invitation", "invitation_state", "show_end_phone"), _PHONE),
    "show_audit": "looked at who looked",
    "show_case": "opened the page on which a case is brought to supervision",
    "show_agenda": "read the question brought to supervision",
    "show_supervised": "opened the case in supervision",
}
WORDS = {
    "entries.received": "sent what they wrote",
    "client.added": "added the client",
    "episode.opened": "opened the course of treatment",
    "episode.given_on": "gave them to a colleague, because nobody looked after them",
    "assignment.made": "agreed a task",
    "appointment.booked": "booked an appointment",
    "appointment.attended": "recorded that they came",
    "appointment.missed": "recorded that they did not come",
    "device.copied": "came with a sign-in that another phone had used: that phone was ended",
    "device.set_apart": "was found to be two phones: the second one is listed apart",
    "device.ended_along": "locked a phone that began as one with a phone that was ended",
    "device.paired": "paired a phone",
    "invitation.made": "made an invitation",
    "access.given": "gave access",
    "measures.entered": "entered scores",
    "appointment.moved": "moved an appointment",
    "assignment.changed": "changed a task",
    "barrier.responded": "wrote down what was agreed about what got in the way",
    "case.brought": "brought the case to supervision",
    "case.decided": "wrote down what was decided in supervision",
    "course.ended": "ended the course of treatment",
    "quarantined.seen": "marked something unreadable as seen",
    "reason.answered": "answered a reason to look at them",
    "review.made": "reviewed a task",
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
    return f"from {dates.moment(row.from_at, zone)}, last day {dates.short_day(dates.last_day(row.until_at, zone))}"


def _event(event, names: dict) -> dict:
    if event.verb == "client.seen":
        what = LOOKED.get(event.detail.get("page", ""), "opened their page")
    else:
        what = WORDS.get(event.verb) or event.verb.replace(".", ": ").replace("_", " ")
    to = names.get(event.detail.get("to", ""))
    said = [event.detail.get("role", "").replace("_", " "), f"to {to}" if to else ""]
    more = ", ".join(part for part in said if part)
    return {
        "at": event.at,
        "who": names.get(event.actor_id or "") or ACTORS.get(event.actor_kind, event.actor_kind.capitalize()),
        "what": what + (f" ({more})" if more else ""),
    }
