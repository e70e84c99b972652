"""How twelve weeks of treatment went for each invented person: appointments, and how they turned out. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

TIMES = tuple(time.fromisoformat(t) for t in ("09:00", "09:45", "10:30", "11:15", "13:15", "14:30", "15:45"))
WEEKS = timedelta(weeks=12)
TODAY, TO_COME, DISCHARGED, NEW = "today", "to_come", "discharged", "new"
STATES = ("attended", "missed", "cancelled_by_client", "cancelled_by_service")
MODES = ("telephone", "video", "in_person")


@dataclass(frozen=True)
class Visit:
    """One appointment by the wall clock: how it turned out (planned: still to come) and where it was moved from."""

    at: datetime
    state: str
    mode: str
    kind: str
    moved_from: datetime | None = None


def stands(place: int) -> str:
    """Where the treatment of the n-th client of a practitioner stands, of twenty."""
    if place < len(TIMES):
        return TODAY
    if place == 19:
        return NEW
    return DISCHARGED if place in (16, 17, 18) else TO_COME


def visits(place: int, today: date, rng: Random) -> list[Visit]:
    """The appointments of the n-th client of a practitioner, oldest first; two clients of one never overlap."""
    standing = stands(place)
    last = today + timedelta(days={TODAY: 0, DISCHARGED: -rng.randint(15, 30), NEW: 2}.get(standing, place % 6 + 1))
    if standing == NEW:
        return [Visit(datetime.combine(last, _time(place)), "planned", "telephone", "assessment")]
    days = [last]
    begins = today - WEEKS + timedelta(days=rng.randint(0, 30))
    while days[0] > begins:
        days.insert(0, days[0] - timedelta(days=rng.choices((7, 14), (7, 3))[0]))
    return [_visit(day, number, place, day >= today, rng) for number, day in enumerate(days)]


def _visit(day: date, number: int, place: int, to_come: bool, rng: Random) -> Visit:
    at = datetime.combine(day, _time(place))
    state = rng.choices(STATES, (84, 7, 6, 3))[0] if number else "attended"
    moved = rng.random() < 0.1 and number > 0
    return Visit(
        at,
        "planned" if to_come else state,
        rng.choices(MODES, (65, 25, 10))[0],
        "treatment" if number else "assessment",
        at - timedelta(days=1, hours=2) if moved else None,
    )


def _time(place: int) -> time:
    return TIMES[place % len(TIMES)]
