"""Whose a client is, in words, where they are not one's own; and what of one's clients waits longer than promised."""

from flask import g, url_for

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.entries.promise import unread_past
from server.people import queries as people


def whose(lines, zone: str, until: bool = True) -> dict:
    """Client id to words, for lines of a caseload or visits of a day; nothing for one's own clients.

    Without `until` nothing is said of when it ends.
    """
    others = [line for line in lines if line.role != "own"]
    owners = caseload.owners_of([line.episode.id for line in others], g.now) if others else {}
    return {line.client.id: _words(line, owners.get(line.episode.id), zone, until) for line in others}


def _words(line, owner, zone: str, says_until: bool) -> str:
    ends_at = line.until_at if says_until else None
    if line.role != "cover":
        until = f", until {dates.moment(ends_at, zone)}" if ends_at else ""
        return f"Opened by you with a reason{until}"
    until = f" until {dates.short_day(dates.last_day(ends_at, zone))}" if ends_at else ""
    return f"Cover for {owner.name}{until}" if owner and owner.id != g.practitioner.id else f"Cover{until}"


def unread(zone: str) -> list[dict]:
    """For Today: what nobody has read in the time that clients were promised, of one's own and of those one covers."""
    lines = {line.client.id: line for line in caseload.clients_of(g.practitioner, g.now)}
    found = unread_past(people.service_of(g.practitioner), lines, g.now)
    covered = whose([lines[client_id] for client_id in found], zone)
    return [
        {
            "name": lines[client_id].client.preferred_name,
            "whose": covered.get(client_id, ""),
            "href": url_for(".list_entries", client_id=client_id),
            "words": _since(one, zone),
        }
        for client_id, one in sorted(found.items(), key=lambda each: each[1].since)
    ]


def _since(late, zone: str) -> str:
    return f"{presenters.counted(late.count, 'thing')} since {dates.short_day(dates.local_day(late.since, zone))}"
