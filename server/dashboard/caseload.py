"""Caseload: all my clients, those who may need me first at the top, and why in words."""

from uuid import UUID

from flask import g, url_for

from server.caseload import queries as caseload
from server.dashboard import dates, figures, presenters
from server.dashboard.guard import dashboard
from server.dashboard.pages import page
from server.dashboard.today import agreed_with, occurrences_href
from server.dashboard.whose import whose
from server.engagement import queries as engagement
from server.engagement.attention import reasons, waiting_for_review, weight
from server.engagement.rules import interval_figures
from server.entries import queries as entries
from server.people import queries as people
from server.reviews import queries as reviews


@dashboard.get("/caseload")
def show_caseload():
    """A line for each client; a person is compared with themself, and nobody is ranked by a figure."""
    zone = people.service_of(g.practitioner).zone
    mine = caseload.clients_of(g.practitioner, g.now)
    lines = engagement.lines(mine, g.now)
    ids = [line.client.id for line in lines]
    agreed, unread = agreed_with(ids), entries.unread_counts(ids)
    shown = {UUID(one.assignment_id) for line in lines for one in line.to_look_at}
    reviewed = {str(key): at for key, at in reviews.last_of(shown).items()}
    meetings, covered = caseload.meetings_of(line.episode.id for line in lines), whose(mine, zone)
    rows = [
        _row(line, agreed[line.client.id], unread.get(line.client.id, 0), reviewed, meetings[line.episode.id], zone)
        for line in lines
    ]
    for row, line in zip(rows, lines, strict=True):
        row["role"] = covered.get(line.client.id, "")
    rows.sort(key=lambda row: -row["weight"])
    return page("dashboard/caseload.html", lines=rows, count=presenters.counted(len(rows), "client"))


def _row(line, agreed: dict, unread: int, reviewed: dict, meetings: list, zone: str) -> dict:
    meeting = next((m for m in meetings if m.state == "planned" and m.starts_at > g.now), None)
    waiting = len(waiting_for_review(line.to_look_at, reviewed))
    still_open = sum(one.is_open for one in agreed.values())
    shown = interval_figures(line.figures.told, line.interval, meetings, g.now)
    codes = reasons(
        figures=line.figures, before=line.before, agreed=still_open, unreadable=unread, waiting=waiting,
        paired=line.contact.paired, last_contact=line.contact.at, next_at=meeting.starts_at if meeting else None,
        now=g.now,
    )  # fmt: skip
    client_id = line.client.id
    return {
        "name": line.client.preferred_name,
        "href": url_for(".show_client", client_id=client_id),
        "whys": [figures.WHY[code] for code in codes],
        "weight": weight(codes),
        "work": figures.work(shown, line.contact, agreed, occurrences_href(client_id, line.interval), g.now, zone),
        "contact": figures.contact_words(line.contact, g.now, zone).removeprefix("Phone last in contact "),
        "next": dates.moment(meeting.starts_at, zone) if meeting else None,
        "next_href": meeting
        and url_for(".show_appointment", client_id=client_id, appointment_id=meeting.appointment_id),
    }
