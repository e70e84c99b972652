"""Draws the course of one invented person: appointments, how it ended, scores, how readily they try. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import exp, sqrt
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from server.demo.synthetic import published as p

ZONE = ZoneInfo("Europe/London")
OVER = timedelta(weeks=52)  # in which people are taken on
SLOTS = 14  # half hours of a practitioner's day; with five days, 70 people meet at 70 times of the week
FIRST = time(8, 30)
MOST_MISSED = 3  # in a row, by somebody who goes on


@dataclass(frozen=True)
class Place:
    """Whose client it is, and the how manieth of that practitioner's so many."""

    number: int  # of all
    service: int
    practitioner: int
    turn: int
    of: int


@dataclass(frozen=True)
class Visit:
    """One appointment and what became of it."""

    id: UUID
    starts_at: datetime
    state: str
    mode: str
    booked_at: datetime


@dataclass(frozen=True)
class Scored:
    """Two totals, taken in one appointment."""

    visit: Visit
    phq: int
    gad: int


@dataclass(frozen=True)
class Life:
    """One invented person, up to a day. `tries`: the log-odds of a try in each interval, by its number from 1."""

    place: Place
    added_at: datetime
    born: date
    problem: str
    language: str
    research: str
    decile: int
    has_phone: bool
    planned: int
    visits: tuple[Visit, ...]
    scores: tuple[Scored, ...]
    tries: tuple[float, ...]
    stopped: bool  # stopped coming: what they try from then on
    closed_at: datetime | None
    close_reason: str | None

    @property
    def attended(self) -> list[Visit]:
        """The appointments that took place."""
        return [one for one in self.visits if one.state == "attended"]


def place_of(number: int, clients: int) -> Place:
    """Where one person belongs. A service's practitioners are its own: the last of each may have fewer people."""
    service, within = divmod(number, p.PER_SERVICE)
    practitioner, turn = divmod(within, p.PER_PRACTITIONER)
    theirs = min(p.PER_SERVICE, clients - service * p.PER_SERVICE) - practitioner * p.PER_PRACTITIONER
    return Place(number, service, practitioner, turn, min(p.PER_PRACTITIONER, theirs))


def live(place: Place, until: datetime, rng: Random) -> Life:
    """Draw one person. The same place, day and random numbers make the same person."""
    added = _added_at(place, until, rng)
    starts = rng.random() >= p.NEVER_START
    planned = rng.choice(p.PLANNED)
    comes = _comes(planned, rng) if starts else 0
    visits = _visits(place, added, comes, comes == planned, rng)
    closed_at = _closed_at(visits[-1].starts_at, comes == planned, rng)
    ways = _Ways(rng)
    decile = rng.randint(1, 10)
    tries = tuple(ways.tries(number, rng) for number in range(1, comes + 1))
    scores = _scores([one for one in visits if one.state == "attended"], ways, tries, decile, rng)
    so_far = tuple(_as_of(one, until) for one in visits if one.booked_at <= until)
    over = closed_at <= until
    return Life(
        place=place,
        added_at=added,
        born=date(until.year - 16, 1, 1) - timedelta(days=int(rng.triangular(200, 22_000, 6_000))),
        problem=rng.choices(list(p.PROBLEMS), list(p.PROBLEMS.values()))[0],
        language="en" if rng.random() < p.ENGLISH else rng.choice(p.LANGUAGES),
        research=rng.choices(list(p.RESEARCH), list(p.RESEARCH.values()))[0],
        decile=decile,
        has_phone=rng.random() < p.PHONE,
        planned=planned,
        visits=so_far,
        scores=tuple(one for one in scores if one.visit.starts_at + timedelta(minutes=30) <= until),
        tries=tries,
        stopped=comes < planned,
        closed_at=closed_at if over else None,
        close_reason=_reason(comes, planned, rng) if over else None,
    )


def made_id(at: datetime, rng: Random) -> UUID:
    """A UUIDv7 of a moment, from the random numbers of a person: the same seed makes the same id."""
    ms = int(at.timestamp() * 1000) & (1 << 48) - 1
    return UUID(int=ms << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62))


def odds(log_odds: float) -> float:
    """The chance that a log-odds stands for."""
    return 1 / (1 + exp(-log_odds))


def _added_at(place: Place, until: datetime, rng: Random) -> datetime:
    """Spread over the year, in turn: so two people of one practitioner at one time of the week never overlap."""
    share = (place.turn + rng.random()) / place.of
    day = (until - OVER + share * (OVER - timedelta(days=1))).astimezone(ZONE).date()
    return _wall(day, time(rng.randint(9, 16), rng.randrange(60)))


def _comes(planned: int, rng: Random) -> int:
    """How many appointments somebody who starts attends."""
    for number in range(1, planned):
        if rng.random() < (p.STOP_EARLY if number <= 3 else p.STOP_LATER):
            return number
    return planned


def _visits(place: Place, added: datetime, comes: int, whole: bool, rng: Random) -> list[Visit]:
    """Every appointment that was booked: up to the last one attended, or one or two further that nobody came to."""
    day, at = _first_day(place, added, rng), _time(place)
    booked, left, missed = added + timedelta(minutes=20), comes, 0
    visits: list[Visit] = []
    unattended = 0 if whole else 1 + (rng.random() < 0.4)
    while left or unattended:
        starts_at = _wall(day, at)
        if left and missed < MOST_MISSED and rng.random() < p.MISSED:
            state, missed = "missed", missed + 1
        elif left:
            state, missed, left = "attended", 0, left - 1
        else:
            state = "missed" if rng.random() < p.NO_WORD else "cancelled_by_client"
            unattended -= 1
        mode = rng.choices(("telephone", "video", "in_person"), (7, 2, 1))[0]
        visits.append(Visit(made_id(booked, rng), starts_at, state, mode, booked))
        day, booked = day + timedelta(days=p.GAP_DAYS), starts_at + timedelta(minutes=29)
    return visits


def _first_day(place: Place, added: datetime, rng: Random) -> date:
    """Two to four weeks after somebody was taken on, on their practitioner's weekday for them."""
    day = added.astimezone(ZONE).date() + timedelta(days=rng.randint(14, 28))
    return day + timedelta(days=(place.turn % 70 // SLOTS - day.weekday()) % 7)


def _time(place: Place) -> time:
    minutes = FIRST.hour * 60 + FIRST.minute + 30 * (place.turn % SLOTS)
    return time(*divmod(minutes, 60))


def _closed_at(last: datetime, whole: bool, rng: Random) -> datetime:
    """In the last appointment, or one to three weeks after nobody came."""
    return last + (timedelta(minutes=25) if whole else timedelta(days=rng.randint(7, 21), minutes=50))


def _as_of(visit: Visit, until: datetime) -> Visit:
    """As it stood: planned, where it was still to come."""
    if visit.starts_at + timedelta(minutes=30) <= until:
        return visit
    return Visit(visit.id, visit.starts_at, "planned", visit.mode, visit.booked_at)


def _reason(comes: int, planned: int, rng: Random) -> str:
    if comes == planned:
        return "completed"
    return rng.choice(("stopped_coming", "ended_early")) if comes else "no_contact"


class _Ways:
    """How readily one person tries, and how much of their trouble goes."""

    def __init__(self, rng: Random) -> None:
        self._person = rng.gauss(0, 1)
        alike = float(p.WITH_TRIES)
        self.falls = p.FALLS + p.FALLS_SPREAD * (alike * self._person + sqrt(1 - alike**2) * rng.gauss(0, 1))
        first = rng.gauss(0, 1)
        self.phq = p.PHQ_START + p.PHQ_SPREAD * first
        self.gad = p.GAD_START + p.GAD_SPREAD * (p.ALIKE * first + sqrt(1 - p.ALIKE**2) * rng.gauss(0, 1))

    def tries(self, number: int, rng: Random) -> float:
        """The log-odds of a try in the interval of this number."""
        return self.usual(number) + rng.gauss(0, p.WEEKS)

    def usual(self, number: int) -> float:
        """The same without what this very interval brought."""
        return p.LEVEL + p.PERSONS * self._person + p.DECLINE * (number - 1)


def _scores(came: list[Visit], ways: _Ways, tries: tuple[float, ...], decile: int, rng: Random) -> list[Scored]:
    """PHQ-9 and GAD-7 at each appointment: lower as it goes on, lower after an interval better than one's own."""
    found = []
    for number, visit in enumerate(came):
        gone = (ways.falls + p.DEPRIVED * (decile - 5.5)) * (1 - 0.5 ** (number / p.HALF_AFTER))
        better = (tries[number - 1] - ways.usual(number)) / p.WEEKS if number else 0.0
        week = p.WEEK_EFFECT * better if number else 0.0
        found.append(
            Scored(
                visit,
                _total(ways.phq * (1 - gone) - week + rng.gauss(0, p.NOISE), 27),
                _total(ways.gad * (1 - gone) - 0.8 * week + rng.gauss(0, p.NOISE), 21),
            )
        )
    return found


def _total(value: float, most: int) -> int:
    return min(most, max(0, round(value)))


def _wall(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZONE).astimezone(UTC)
