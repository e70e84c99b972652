"""For the service lead: accounts that wait for a second person, and clients that administrators opened to others."""

from datetime import timedelta

from flask import g

from server.caseload import cover, stranded
from server.dashboard import dates, presenters
from server.dashboard.role_words import role_words
from server.people import queries as people
from server.people import settling

DAYS = 30


def opened_by_administrators() -> dict:
    """Staff by name, clients by number only: whoever leads the service meets none of them."""
    since, zone = g.now - timedelta(days=DAYS), people.service_of(g.practitioner).zone
    lines = [_cover(one, zone) for one in cover.given_by_administrators(g.practitioner, since)]
    lines += [_given(*row) for row in stranded.given_on(g.practitioner, since)]
    waiting = [_account(one, zone) for one in settling.not_known_yet(g.practitioner, g.now)]
    return {"accounts": waiting, "lines": lines, "days": DAYS}


def _account(row, zone: str) -> dict:
    return {
        "id": row.id,
        "name": row.name,
        "roles": role_words(row.roles),
        "by": people.name_of(str(row.unsettled_by)),
        "until": dates.day(dates.local_day(row.settles_at, zone)),
        "may_confirm": settling.may_confirm(row, g.practitioner, g.now),
    }


def _cover(one, zone: str) -> str:
    first = dates.short_day(dates.local_day(one.row.from_at, zone))
    last = dates.short_day(dates.last_day(one.row.until_at, zone))
    by = people.name_of(str(one.row.given_by))
    clients = presenters.counted(one.clients, "client")
    return f"{by} arranged that {one.colleague.name} stands in for {one.away.name} from {first} to {last} ({clients})."


def _given(by, before, to, count: int) -> str:
    return f"{by.name} gave {presenters.counted(count, 'client')} of {before.name} to {to.name}."
