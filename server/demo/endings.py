"""How courses of the demonstration ended: what was written down, what was said of them, and who came back."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from server.assignments.actions import assign
from server.assignments.models import Assignment
from server.caseload import actions as caseload
from server.caseload.models import Episode
from server.endings import actions as endings
from server.endings import feedback
from server.endings.models import Ending
from server.engagement.actions import refresh_all
from server.extensions import db
from server.people.models import Client, Practitioner, Service
from server.worksheets.library import library

ZONE = ZoneInfo("Europe/London")
STANDING = "You can refer yourself again at any time, at the number on our letters.\nYour GP can help too."
SIGNPOSTING = (
    "The library has a walking group on Tuesdays.",
    "Carers’ line: ask at the health centre.",
    "",
)
SAID = (
    {"helped": "Doing one small thing a day.", "in_the_way": "Shift work.", "again": "very_likely", "quote": True},
    {"helped": "Somebody asked how it went, every time.", "differently": "Later appointments.", "again": "likely"},
    {"helped": "Writing thoughts down and looking again.", "again": "likely", "quote": True},
    {"in_the_way": "I could not find a quiet place.", "differently": "Shorter questions.", "again": "unsure"},
    {"helped": "The plan for hard days.", "again": "very_likely", "quote": True},
)


def end_story(
    *, client: Client, episode: Episode, by: Practitioner, completed: bool, rng: Random, now: datetime
) -> None:
    """End a course as its practitioner would, and let the client say how it was: most do."""
    endings.end_course(
        client=client,
        episode=episode,
        reason="completed" if completed else rng.choice(("stopped_coming", "ended_early", "no_contact")),
        last_day=now.astimezone(ZONE).date(),
        staying_well="on_paper" if completed else "not_done",
        signposting=rng.choice(SIGNPOSTING),
        by=by,
        now=now,
    )


def after_the_end(service_id: UUID, now: datetime) -> None:
    """What the service says to everybody, what was said of the courses, and one who came back a week ago."""
    service = db.session.get(Service, service_id)
    ended = db.session.scalars(
        select(Ending).where(Ending.service_id == service_id).order_by(Ending.recorded_at, Ending.id)
    ).all()
    by = db.session.get(Practitioner, ended[0].recorded_by)
    endings.set_endings(
        service=service, reading_days=90, signposting=STANDING, by=by, now=ended[0].recorded_at - timedelta(days=30)
    )
    for number, (ending, answers) in enumerate(zip(ended, SAID, strict=False)):
        asked = feedback.worksheet()
        at = min(ending.recorded_at + timedelta(days=1, hours=number), now)
        feedback.keep(
            client=db.session.get(Client, ending.client_id), episode_id=ending.episode_id, version=asked.version,
            answers=answers, medium="phone_call" if number % 2 else "paper", effective_at=at,
            by=db.session.get(Practitioner, ending.recorded_by), now=at,
        )  # fmt: skip
    _come_back(next((one for one in ended if one.reason == "completed"), ended[0]), now)


def _come_back(ending: Ending, now: datetime) -> None:
    """Taken on again a week ago, with one task and the next appointment in three days."""
    client, by = db.session.get(Client, ending.client_id), db.session.get(Practitioner, ending.recorded_by)
    began = max(now - timedelta(days=7), ending.recorded_at + timedelta(hours=2))
    before = db.session.get(Episode, ending.episode_id)
    episode = endings.start_again(client=client, practitioner=by, problem=before.problem, by=by, now=began)
    day = now.astimezone(ZONE).date()
    helped = db.session.scalar(
        select(Assignment.worksheet_id)
        .where(Assignment.episode_id == before.id, Assignment.worksheet_id.is_not(None))
        .order_by(Assignment.agreed_at, Assignment.id)
        .limit(1)
    )
    caseload.book(
        episode=episode, practitioner=by, zone=ZONE.key, kind="assessment", by=by, now=began,
        starts_local=datetime.combine(day + timedelta(days=3), datetime.min.time()).replace(hour=16, minute=30),
    )  # fmt: skip
    assign(
        client=client, episode=episode, worksheet=library().newest(helped), by=by, now=began,
        reason="It helped you last time, so you want to begin with what you know.", plan={"when": "after tea"},
        rhythm={"kind": "weekly"}, from_date=began.astimezone(ZONE).date(),
    )  # fmt: skip
    refresh_all(client=client, now=now)
