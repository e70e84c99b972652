"""Gives the demonstration its scores: measures at most appointments, with the gaps and slips that real ones have."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from server.caseload.models import Episode
from server.caseload.rules import Meeting
from server.demo.so_far import courses_of
from server.measures.actions import Entered, enter
from server.measures.definition import Measure
from server.measures.library import measures
from server.people.models import Client, Practitioner

BESIDE = {"panic": "pdss", "social_anxiety": "spin", "health_anxiety": "hai"}
STARTS, STEP = (0.45, 0.8), (-0.02, 0.11)  # of the highest score, and how much of it goes by the next appointment


def measure_all(service_id: UUID, seed: str, now: datetime) -> None:
    """Scores for every episode of the service, as if typed in each appointment. Inside `atomic()`."""
    for number, (client, episode, by, meetings) in enumerate(courses_of(service_id)):
        attended = [one for one in meetings if one.state == "attended" and one.starts_at < now]
        _course(client, episode, by, attended, Random(f"{seed}/measures/{number}"), number)  # noqa: S311


def _course(
    client: Client, episode: Episode, by: Practitioner, attended: list[Meeting], rng: Random, number: int
) -> None:
    level, step = rng.uniform(*STARTS), rng.uniform(*STEP)
    for place, meeting in enumerate(attended):
        skipped = place and rng.random() < 0.12
        ended_without = number % 4 == 3 and place >= len(attended) - 2  # nobody asked at the end: there is no pair
        if not skipped and not (ended_without and place):
            entered = [_entered(measures().newest(one), level, rng, number, place) for one in _which(episode, place)]
            at = meeting.starts_at + timedelta(minutes=21)
            enter(
                client=client, episode=episode, taken_on=meeting.starts_at.date(), entered=entered, by=by, now=at,
            )  # fmt: skip
        level = min(0.95, max(0.04, level - step + rng.uniform(-0.06, 0.06)))


def _which(episode: Episode, place: int) -> list[str]:
    beside = BESIDE.get(episode.problem or "")
    often = ["phq-9", "gad-7"] + ([beside] if beside else [])
    return often + (["wsas"] if place % 3 == 0 else [])


def _entered(measure: Measure, level: float, rng: Random, number: int, place: int) -> Entered:
    """A total, or for every second client each item; once in a while one item is missing."""
    if measure.id == "phq-9" and number % 2 == 0:
        items: list[int | None] = [_answer(measure, level, rng) for _ in range(measure.count)]
        items[8] = 1 if level > 0.6 and number % 6 == 0 else 0
        if place == 2 and number % 8 == 4:
            items[4] = None
        return Entered(measure, items=items)
    scale = measure.main
    drawn = sum(_answer(measure, level, rng) for _ in scale.items)
    return Entered(measure, totals={scale.id: drawn})


def _answer(measure: Measure, level: float, rng: Random) -> int:
    drawn = measure.least + (measure.most - measure.least) * level + rng.uniform(-1, 1)
    return min(measure.most, max(measure.least, round(drawn)))
