"""A private calendar of a client's reminders, for a calendar program to read: off until it is asked for.

It says no more than a reminder would, and nothing at all once its address was ended or the course is over.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from server.audit import actions as audit
from server.extensions import db, new_id
from server.people.models import Client
from server.reminders import rules, wording
from server.reminders.models import CalendarFeed, ReminderRule
from server.reminders.queries import hours_of, rules_of
from server.reminders.rules import Due
from server.reminders.ways import ways_of

AHEAD = timedelta(days=28)
READ_EVERY = "PT6H"  # how often a calendar program is asked to look


def start(*, client: Client, by, now: datetime) -> str:
    """Make a new secret for the address, and end the one before. It is told this once; only its hash is kept."""
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
    """The calendar behind this address, or None for one that ended and for one that never was."""
    held = select(CalendarFeed).where(CalendarFeed.secret_hash == _hash(secret), CalendarFeed.ended_at.is_(None))
    return db.session.scalar(held)


def whose(feed: CalendarFeed) -> Client:
    """Whose calendar it is."""
    return db.session.get(Client, feed.client_id)


def note_read(*, feed: CalendarFeed, now: datetime) -> None:
    """A calendar program looked; kept once a day."""
    if feed.read_at is None or now - feed.read_at > timedelta(days=1):
        feed.read_at = now
        db.session.flush()


def written(client: Client, base_url: str, now: datetime) -> str:
    """The calendar as text (RFC 5545): the reminders of the coming 28 days, or none where nothing may be sent."""
    asked = ways_of([client.id])[client.id].asked
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Meantime//Reminders//EN", "METHOD:PUBLISH",
             "X-WR-CALNAME:Meantime", f"REFRESH-INTERVAL;VALUE=DURATION:{READ_EVERY}",
             f"X-PUBLISHED-TTL:{READ_EVERY}"]  # fmt: skip
    for rule in rules_of(client) if asked else []:
        for due in _coming(rule, now):
            lines += _event(rule, due, wording.title(rule.level, client.language), base_url, now)
    return "\r\n".join(line for long in (*lines, "END:VCALENDAR") for line in _folded(long)) + "\r\n"


def _coming(rule: ReminderRule, now: datetime) -> list[Due]:
    try:
        return rules.moments(hours_of(rule), now, now + AHEAD)
    except (ValueError, TypeError, KeyError, AttributeError):
        return []  # planning says that it cannot be read


def _event(rule: ReminderRule, due: Due, summary: str, base_url: str, now: datetime) -> list[str]:
    uid = hashlib.sha256(f"calendar|{rule.id}|{due.local_date}".encode()).hexdigest()[:32]
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
