"""Take in what clients say of their course, and show it to those who run the service without saying who said it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from server.audit import actions as audit
from server.caseload.models import Episode
from server.endings.models import Feedback
from server.endings.rules import listed_now
from server.errors import Missing
from server.extensions import db
from server.people.models import Client, Service
from server.worksheets.definition import Worksheet
from server.worksheets.library import library

WORKSHEET = "check-ins/end-of-course"
QUOTE = "quote"  # its question "May we quote your words without your name?"


@dataclass(frozen=True)
class Said:
    """What people said, question by question and loose from one another, so that nobody can be put together from it."""

    answered: int  # courses of which something was said, of
    ended: int  # courses that have ended
    listed: int  # of those answered: the rest wait until there are five more people
    counts: dict[str, Counter]  # choice -> code -> how many
    texts: dict[str, list[tuple[str, bool]]]  # question -> (words, may be quoted), in the order of the alphabet


def worksheet() -> Worksheet | None:
    """The questions as they are now; None where a service has replaced the worksheets by its own."""
    return library().newest(WORKSHEET)


def keep(
    *, client: Client, episode_id: UUID, version: int, answers: Mapping[str, Any], medium: str, effective_at: datetime,
    by, now: datetime, revision_id: UUID | None = None,
) -> Feedback:  # fmt: skip
    """Keep what was said of a course of this client. `Missing` for any other, or questions that we do not know."""
    episode = db.session.get(Episode, episode_id)
    if episode is None or episode.client_id != client.id or library().get(WORKSHEET, version) is None:
        raise Missing
    row = Feedback(
        service_id=client.service_id,
        client_id=client.id,
        episode_id=episode.id,
        worksheet_id=WORKSHEET,
        worksheet_version=version,
        answers=dict(answers),
        quote=answers.get(QUOTE) is True,
        medium=medium,
        entered_by="client" if revision_id else "practitioner",
        revision_id=revision_id,
        recorded_by=None if revision_id else by.id,
        effective_at=effective_at,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("feedback.kept", about=row, by=by, client_id=client.id, detail={"medium": medium}, now=now)
    return row


def take(*, client: Client, payload: Mapping[str, Any], revision_id: UUID, effective_at: datetime, by, now) -> bool:
    """A setting named "feedback" from a phone. What cannot be read stays a revision, and counts nowhere."""
    answers, version = payload.get("answers"), payload.get("version")
    if payload.get("worksheet") != WORKSHEET or not isinstance(answers, dict) or type(version) is not int:
        return False
    try:
        keep(
            client=client, episode_id=UUID(str(payload.get("episode_id"))), version=version, answers=answers,
            medium="worksheet", effective_at=effective_at, by=by, now=now, revision_id=revision_id,
        )  # fmt: skip
    except (Missing, ValueError):
        return False
    return True


def newest_of(episode: Episode) -> Feedback | None:
    """What was last said of one course."""
    return db.session.scalar(
        select(Feedback)
        .where(Feedback.episode_id == episode.id)
        .order_by(Feedback.effective_at.desc(), Feedback.id.desc())
        .limit(1)
    )


def said_in(service: Service) -> Said:
    """What a service may be shown now: of the first courses of which something was said, in whole fives of people.

    In the words of the moment when the last five was full: a word changed since waits for the next five, or two looks
    would tell whose it is. Leave to quote, once taken back, is gone at once.
    """
    rows = list(db.session.scalars(select(Feedback).where(Feedback.service_id == service.id)))
    first: dict[UUID, Feedback] = {}
    for row in sorted(rows, key=lambda row: (row.recorded_at, row.id)):
        first.setdefault(row.episode_id, row)
    listed = listed_now(list(first.values()), [row.client_id for row in first.values()])
    full_at = listed[-1].recorded_at if listed else None
    then = _newest(row for row in rows if full_at and row.recorded_at <= full_at)
    quotable = {episode_id for episode_id, row in _newest(rows).items() if row.quote}
    shown = [then[row.episode_id] for row in listed]
    ended = select(func.count()).where(Episode.service_id == service.id, Episode.closed_on.is_not(None))
    return Said(len(first), db.session.scalar(ended) or 0, len(listed), _counts(shown), _texts(shown, quotable))


def _newest(rows: Iterable[Feedback]) -> dict[UUID, Feedback]:
    """Course -> the last word about it."""
    return {row.episode_id: row for row in sorted(rows, key=lambda row: (row.effective_at, row.id))}


def _counts(rows: list[Feedback]) -> dict[str, Counter]:
    counts: dict[str, Counter] = {}
    for row in rows:
        for field in _fields(row, "choice"):
            counts.setdefault(field, Counter())[str(row.answers[field])] += 1
    return counts


def _texts(rows: list[Feedback], quotable: set[UUID]) -> dict[str, list[tuple[str, bool]]]:
    texts: dict[str, list[tuple[str, bool]]] = {}
    for row in rows:
        may = row.quote and row.episode_id in quotable
        for field in _fields(row, "text"):
            if words := str(row.answers[field]).strip():
                texts.setdefault(field, []).append((words, may))
    return {field: sorted(said, key=lambda one: (one[0].casefold(), one[1])) for field, said in texts.items()}


def _fields(row: Feedback, kind: str) -> list[str]:
    """The questions of this kind that were answered with something of that kind."""
    asked = library().get(row.worksheet_id, row.worksheet_version)
    named = [field.id for field in asked.fields if field.type == kind] if asked else []
    return [field for field in named if isinstance(row.answers.get(field), str)]
