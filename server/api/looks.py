"""Who has looked: what a client is told of the staff who opened their pages."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from flask import g

from server.api import schemas, wire
from server.api.guard import blueprint
from server.audit import queries as audit
from server.caseload.urgent import OPENED
from server.people import queries as people

MOST = 100
MOST_EVENTS = 2000  # somebody's pages are opened many times a day, and are told once

# What a page shows, in the client's terms; a page that is not here shows their record as a whole.
WHAT = {
    "show_entry": "entry",
    "list_entries": "entry",
    "show_flag": "entry",
    "show_occurrences": "entry",
    "download_entry": "entry",
    "download_care_plan": "plan",
    "show_appointment": "appointment",
    "show_booking": "appointment",
    "choose_task": "plan",
    "preview_task": "plan",
    "show_assignment": "plan",
    "show_change": "plan",
    "show_paper": "plan",
    "show_invitation": "phone",
    "invitation_state": "phone",
    "show_end_phone": "phone",
}


@blueprint.route("/looks")
@blueprint.response(200, schemas.LooksSchema)
def list_looks():
    """Who looked at what of this client, newest first: each practitioner and kind of page once a day."""
    return {"looks": _told(audit.looks_at(g.client.id, ("client.seen", OPENED), MOST_EVENTS), ZoneInfo(g.client.zone))}


def _told(events: Iterable, zone: ZoneInfo) -> list[dict]:
    names: dict[str, str] = {}
    told: dict[tuple, dict] = {}
    for event in events:
        what = "urgent" if event.verb == OPENED else WHAT.get(event.detail.get("page", ""), "client")
        key = (event.actor_id, what, event.at.astimezone(zone).date())
        if key in told:
            continue
        if len(told) == MOST:
            break
        name = names.setdefault(event.actor_id, people.name_of(event.actor_id))
        told[key] = {"at": wire.moment(event.at), "by": name, "what": what}
    return list(told.values())
