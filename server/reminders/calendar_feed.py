"""A private calendar of a client's reminders, for a calendar program to read: off until it is asked for.

It says no more than a reminder would, and is gone once its address was ended or the course is over.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from server.audit import actions as audit
from server.caseload import queries as caseload
from server.errors import Refused
from server.extensions import db, new_id
from server.people.models import Client
from server.reminders import preview, wording
from server.reminders.models import CalendarFeed
from server.reminders.rules import Due

AHEAD = timedelta(days=28)
MANY = 500  # more than there can be in those days
READ_EVERY = "PT6H"  # how often a calendar program is asked to look


def start(*, client: Client, by, now: datetime) -> str:
    """Make a new secret for the address, and end the one before. It is told this once; only its hash is kept.

    Refused `client-closed` after the course: whoever comes back starts without a calendar.
    """
    if not caseload.in_care(client.id):
        raise Refused("client-closed")
    end(client=client, by=by, now=now)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        id=new_id(),
        service_id=client.service_id,
        client_id=client.id,
        secret_hash=_hash(secret),
        created_by=getattr(by, "id", None) if by is not client else None,
        created_at=now,
    )
    db.session.add(feed)
    db.session.flush()
    audit.record("reminder.calendar_started", about=feed, by=by, client_id=client.id, now=now)
    return secret


def end(*, client: Client, by, now: datetime) -> bool:
    """The address leads nowhere from now on. Answers whether there was one."""
    held = update(CalendarFeed).where(CalendarFeed.client_id == client.id, CalendarFeed.ended_at.is_(None))
    ended = db.session.scalars(held.values(ended_at=now).returning(CalendarFeed.id)).all()
    if ended:
        audit.record("reminder.calendar_ended", about=client, by=by, client_id=client.id, now=now)
    return bool(ended)


def feed_of(client: Client) -> CalendarFeed | None:
    """The calendar that can be read now."""
    held = select(CalendarFeed).where(CalendarFeed.client_id == client.id, CalendarFeed.ended_at.is_(None))
    return db.session.scalar(held)


def opened_by(secret: str) -> CalendarFeed | None:
    """The calendar that this address led to once, or None where there never was one."""
    return db.session.scalar(select(CalendarFeed).where(CalendarFeed.secret_hash == _hash(secret)))


def is_gone(feed: CalendarFeed) -> bool:
    """Whether its address was ended, or the course it was for."""
    return feed.ended_at is not None or not caseload.in_care(feed.client_id)


def note_read(*, feed: CalendarFeed, now: datetime) -> None:
    """A calendar program looked; kept once a day."""
    if feed.read_at is None or now - feed.read_at > timedelta(days=1):
        feed.read_at = now
        db.session.flush()


def written(feed: CalendarFeed, base_url: str, now: datetime) -> str:
    """The calendar as text (RFC 5545): what is to come in 28 days as things stand now, or none if nothing may be sent.

    By the very timetable that plans reminders, so that a pause, quiet hours and silence hold here too.
    """
    client = db.session.get(Client, feed.client_id)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Meantime//EN", "METHOD:PUBLISH",
             "X-WR-CALNAME:Meantime", f"REFRESH-INTERVAL;VALUE=DURATION:{READ_EVERY}",
             f"X-PUBLISHED-TTL:{READ_EVERY}"]  # fmt: skip
    for one in preview.next_of(client, now, MANY):
        if one.due.due_at < now + AHEAD:
            lines += _event(feed, one.due, wording.title(one.level, client.language), base_url, now)
    return "\r\n".join(line for long in (*lines, "END:VCALENDAR") for line in _folded(long)) + "\r\n"


def _event(feed: CalendarFeed, due: Due, summary: str, base_url: str, now: datetime) -> list[str]:
    uid = hashlib.sha256(f"calendar|{feed.id}|{due.local_date}|{due.slot}".encode()).hexdigest()[:32]
    return ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{_utc(now)}", f"DTSTART:{_utc(due.due_at)}", "DURATION:PT5M",
            f"SUMMARY:{summary}", f"URL:{base_url}/", "CLASS:PRIVATE", "TRANSP:TRANSPARENT",
            "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT0S", f"DESCRIPTION:{summary}", "END:VALARM",
            "END:VEVENT"]  # fmt: skip


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> list[str]:
    """Lines of at most 75 bytes, cut between letters (RFC 5545 3.1)."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > 74:
            parts.append(part)
            part = " "
        part += letter
    return [*parts, part]


def _hash(secret: str) -> str:
    # 32 random bytes need no slow hash: there is nothing to guess.
    return hashlib.sha256(f"calendar|{secret}".encode()).hexdigest()
