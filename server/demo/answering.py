"""Gives the demonstration what practitioners did about barriers, equity fields, and an appointment that moved."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from server.assignments.models import Assignment, Occurrence
from server.caseload import actions as caseload
from server.caseload.models import Appointment, Episode
from server.caseload.rules import Meeting
from server.demo.so_far import courses_of
from server.engagement.actions import refresh_all
from server.extensions import db
from server.people.equity import EQUITY, NOT_STATED
from server.people.equity_actions import record_equity
from server.people.models import Client, Practitioner
from server.reviews.response_actions import respond

RECORDED, STATED, ANSWERED = 0.9, 0.92, 0.7  # how many have a field at all, how many of those say, how many barriers
USUAL = {"gender": ("woman", "woman", "man"), "ethnicity": ("white", "white", "asian", "black", "mixed", "white")}
FITTING = {
    "no_time": "smaller",
    "too_hard": "smaller",
    "forgot": "moved",
    "not_for_me": "swapped",
    "felt_better": "talked",
}
OFTEN = ("talked", "talked", "smaller", "nothing_needed")


def answer_all(service_id: UUID, seed: str, now: datetime) -> None:
    """As if each practitioner had done their clicks. Inside `atomic()`."""
    moved = False
    for number, (client, episode, by, meetings) in enumerate(courses_of(service_id)):
        rng = Random(f"{seed}/answering/{number}")  # noqa: S311  a story, not a secret
        _equity(client, by, episode, rng, now)
        _responses(episode, by, [one for one in meetings if one.state == "attended"], rng)
        moved = moved or _moves(client, by, meetings, now)


def _equity(client: Client, by: Practitioner, episode: Episode, rng: Random, now: datetime) -> None:
    fields = {
        name: NOT_STATED if rng.random() > STATED else rng.choice(USUAL.get(name, codes[:-1]))
        for name, codes in EQUITY.items()
        if name != "age_band" and rng.random() < RECORDED
    }
    if client.date_of_birth:
        fields["age_band"] = _band(date.fromisoformat(client.date_of_birth), now.date())
    at = datetime.combine(episode.opened_on, datetime.min.time(), ZoneInfo(client.zone)) + timedelta(hours=10)
    record_equity(client=client, fields=fields, source="csv", by=by, now=min(at, now))


def _band(born: date, today: date) -> str:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return "16-17" if years < 18 else "18-25" if years < 26 else "26-64" if years < 65 else "65+"


def _responses(episode: Episode, by: Practitioner, attended: list[Meeting], rng: Random) -> None:
    """What was said not to be done was answered in the next appointment, most of the time."""
    said = db.session.execute(
        select(Occurrence, Assignment)
        .join(Assignment, Assignment.id == Occurrence.assignment_id)
        .where(Occurrence.episode_id == episode.id, Occurrence.state == "not_done")
        .order_by(Occurrence.due_on, Occurrence.slot)
    ).all()
    for occurrence, assignment in said:
        meeting = next((one for one in attended if one.starts_at >= occurrence.due_at), None)
        if meeting is not None and rng.random() < ANSWERED:
            what = FITTING.get(occurrence.barrier or "") or rng.choice(OFTEN)
            at = meeting.starts_at + timedelta(minutes=12)
            respond(
                assignment=assignment, slots=[occurrence.slot], barrier=occurrence.barrier, what=what, by=by, now=at
            )


def _moves(client: Client, by: Practitioner, meetings: list[Meeting], now: datetime) -> bool:
    """One appointment was moved by a day yesterday: the first that is still three days ahead or more."""
    coming = next((one for one in meetings if one.state == "planned" and one.starts_at > now + timedelta(days=3)), None)
    if coming is None or client.research == "not_asked":
        return False
    local = coming.starts_at.astimezone(ZoneInfo(coming.zone)).replace(tzinfo=None)
    later = local + timedelta(days=1 if local.weekday() < 4 else -1)
    appointment = db.session.get(Appointment, UUID(coming.appointment_id))
    caseload.move(appointment=appointment, starts_local=later, by=by, now=now - timedelta(days=1))
    refresh_all(client=client, now=now)
    return True
