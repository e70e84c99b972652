"""Look at endings: what a service sets, how a course ended, what a client's phone is told, and earlier courses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from server.caseload.models import Episode
from server.caseload.queries import clients_worked_with, newest_course, newest_episode
from server.endings.models import Ending, EndingSetting
from server.extensions import db
from server.people.models import Client, Practitioner

READING_DAYS = 90  # where the service has set nothing else


@dataclass(frozen=True)
class Settings:
    """What a service sets for every ending: for how many days clients can read, and where it sends everybody."""

    reading_days: int
    signposting: str


@dataclass(frozen=True)
class Course:
    """A course that has ended, with what the client keeps of it. `ending` is None where only its last day is known."""

    episode: Episode
    ending: Ending | None
    read_until: date
    signposting: str


def settings_of(service_id: UUID) -> Settings:
    """What holds in a service now."""
    row = db.session.scalar(
        select(EndingSetting).where(EndingSetting.service_id == service_id).order_by(EndingSetting.id.desc()).limit(1)
    )
    return Settings(row.reading_days, row.signposting) if row else Settings(READING_DAYS, "")


def course_over(client: Client) -> Course | None:
    """The course that a client's phone says has ended; None while one is open, or before the first."""
    newest = newest_episode(client.id)
    return None if newest is None or newest.closed_on is None else _courses([newest], newest.service_id)[0]


def ended_courses(client: Client) -> list[Course]:
    """Every course of a client that has ended, the newest first. The client comes from `caseload.queries.client_of`."""
    rows = db.session.scalars(
        select(Episode)
        .where(Episode.client_id == client.id, Episode.closed_on.is_not(None))
        .order_by(Episode.closed_on.desc(), Episode.created_at.desc())
    ).all()
    return _courses(rows, client.service_id)


def ended_of(practitioner: Practitioner, now: datetime) -> list[tuple[Client, Course]]:
    """Everybody this practitioner works with whose newest course has ended, the last one first."""
    rows = db.session.execute(
        select(Client, Episode)
        .join(Episode, Episode.id == newest_course(Client.id))
        .where(Client.id.in_(clients_worked_with(practitioner, now)), Episode.closed_on.is_not(None))
        .order_by(Episode.closed_on.desc(), Client.id)
    ).all()
    courses = _courses([row.Episode for row in rows], practitioner.service_id)
    return list(zip([row.Client for row in rows], courses, strict=True))


def _courses(episodes: Sequence[Episode], service_id: UUID) -> list[Course]:
    """Episodes of one service with their endings, in two queries however many there are."""
    if not episodes:
        return []
    found = db.session.scalars(select(Ending).where(Ending.episode_id.in_([one.id for one in episodes])))
    by_episode, held = {row.episode_id: row for row in found}, settings_of(service_id)
    return [_course(episode, by_episode.get(episode.id), held) for episode in episodes]


def _course(episode: Episode, ending: Ending | None, held: Settings) -> Course:
    if ending is None:  # closed before endings were written down, or by hand
        closed_on = episode.closed_on or episode.opened_on
        return Course(episode, None, closed_on + timedelta(days=held.reading_days), held.signposting)
    own = (ending.signposting or "").strip()
    return Course(episode, ending, ending.read_until, "\n".join(text for text in (own, held.signposting) if text))
