"""Caseload: all my clients, those who may need me first at the top, and why in words."""

from flask import g, request, url_for

from server.caseload import queries as caseload
from server.dashboard import dates, figures, presenters, reason_words
from server.dashboard.attention import Standing, reason_lines, standings
from server.dashboard.guard import dashboard
from server.dashboard.pages import page
from server.dashboard.today import occurrences_href
from server.dashboard.whose import whose
from server.engagement.attention import place_in_list
from server.people import queries as people

# How one may sort, with the words of its link. The first is how the page opens.
SORTS = {
    "reason": "why look",
    "name": "name",
    "next": "next appointment",
    "contact": "longest without contact",
}


@dashboard.get("/caseload")
def show_caseload():
    """A line for each client; a person is compared with themself, and nobody is ranked by a figure."""
    zone = people.service_of(g.practitioner).zone
    mine = caseload.clients_of(g.practitioner, g.now)
    covered = whose(mine, zone)
    sort = request.args.get("sort") if request.args.get("sort") in SORTS else "reason"
    found = sorted(standings(mine, g.now), key=_key(sort))
    return page(
        "dashboard/caseload.html",
        lines=[_row(one, covered.get(one.line.client.id, ""), sort, zone) for one in found],
        count=presenters.counted(len(found), "client"),
        saved=request.args.get("saved", ""),
        to_look_at=sum(bool(one.open) for one in found),
        sorts=[
            {"text": text, "href": url_for(".show_caseload", sort=code), "here": code == sort}
            for code, text in SORTS.items()
        ],
    )


@dashboard.get("/caseload/order")
def show_order():
    """How the list is ordered: the very rules, numbers included."""
    return page("dashboard/order.html", rules=reason_words.rules(), days=reason_words.holds_for())


def _key(sort: str):
    keys = {
        "reason": lambda one: place_in_list(one.open),
        "name": lambda one: one.line.client.preferred_name.casefold(),
        "next": lambda one: (one.next is None, one.next and one.next.starts_at),
        "contact": lambda one: (one.line.contact.at is not None, one.line.contact.at),
    }
    return keys[sort]


def _row(one: Standing, role: str, sort: str, zone: str) -> dict:
    line, meeting = one.line, one.next
    client_id = line.client.id
    return {
        "name": line.client.preferred_name,
        "role": role,
        "href": url_for(".show_client", client_id=client_id),
        "why": reason_lines(one, zone, sort=sort if sort != "reason" else None),
        "agreed": one.agreed,
        "work": figures.short(one.shown),
        "work_href": occurrences_href(client_id, line.interval),
        "barriers": figures.in_the_way(one.shown),
        "contact": figures.short_contact(line.contact, g.now, zone),
        "next": dates.moment(meeting.starts_at, zone) if meeting else None,
        "next_href": meeting
        and url_for(".show_appointment", client_id=client_id, appointment_id=meeting.appointment_id),
    }
