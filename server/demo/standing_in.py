"""Who stood in for whom in the demonstration: cover, one client handed over, one record opened without being theirs."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from server.audit import actions as audit
from server.caseload import cover, handing_over, urgent
from server.caseload.queries import clients_of, episode_of
from server.dashboard.hand_over_summary import summary_of
from server.demo.so_far import staff_of
from server.entries.models import Entry
from server.entries.promise import mark_shown
from server.extensions import db
from server.people.models import Client, Practitioner

ZONE = ZoneInfo("Europe/London")
NOTE = "Calls after four suit best. Small steps, agreed in their own words, have worked better than big ones."


def looked(client: Client, by: Practitioner, at: datetime, page: str = "show_appointment") -> None:
    """A page was open, the appointment's while they talked: without looks, all that ever came would be unread."""
    audit.record("client.seen", by=by, about=client, client_id=client.id, detail={"page": page}, now=at)
    if page == "show_appointment":
        here = (Entry.client_id == client.id, Entry.first_received_at <= at, Entry.kept.is_(False))
        mark_shown(client.id, db.session.scalars(select(Entry.entry_id).where(*here)), at)


def stand_in(service_id: UUID, now: datetime) -> None:
    """Cover before, now and to come between the first two practitioners; a hand-over; a break-glass look."""
    ruth, tom = staff_of(service_id)[:2]
    hers, his = ([line.client for line in clients_of(one, now)] for one in (ruth, tom))
    _cover(tom, ruth, [his[2]], -20, -16, "A course in Leeds", now)
    _cover(tom, ruth, [his[0]], -1, 3, "Annual leave", now)
    monday = 14 - now.astimezone(ZONE).weekday()  # the one after next week's
    _cover(ruth, tom, None, monday, monday + 4, "Annual leave", now)
    _hand_over(his[1], tom, ruth, now)
    opened = urgent.open_urgently(
        number=hers[1].local_number, reason="They rang the office in distress while Ruth was in a meeting.", hours=1,
        by=tom, now=now - timedelta(days=6),
    )  # fmt: skip
    looked(opened, tom, now - timedelta(days=6) + timedelta(minutes=1))
    for alert in urgent.alerts_for(ruth, now):
        urgent.acknowledge(access_id=alert.access.id, by=ruth, now=now - timedelta(days=5))


def _cover(away, colleague, clients: list[Client] | None, first: int, last: int, reason: str, now: datetime) -> None:
    """From the beginning of one day to the end of another, counted from today; arranged a week before."""
    cover.give(
        practitioner=away, colleague=colleague, scope="chosen" if clients else "all",
        client_ids=[one.id for one in clients or []], from_at=_midnight(now, first), until_at=_midnight(now, last + 1),
        reason=reason, by=away, now=min(_midnight(now, first) - timedelta(days=7), now),
    )  # fmt: skip


def _hand_over(client: Client, giver: Practitioner, to: Practitioner, now: datetime) -> None:
    at = now - timedelta(days=2)
    episode = episode_of(giver, client.id, at)
    handing_over.hand_over(
        episode=episode, to=to, from_day=at.astimezone(ZONE).date(), appointments="go",
        summary=summary_of(client, episode, NOTE, at), by=giver, now=at,
    )  # fmt: skip


def _midnight(now: datetime, days: int) -> datetime:
    day = now.astimezone(ZONE).date() + timedelta(days=days)
    return datetime.combine(day, time(), ZONE).astimezone(UTC)
