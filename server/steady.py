"""Whether this machine's clock can be believed: one that jumped would let everything expire, or send all of it again.

Compared with the time that really passed in this process, and on PostgreSQL with the database's own clock, so that
of several machines the one that is wrong stays still.
"""

import time
from datetime import datetime, timedelta

from sqlalchemy import func, select

from server.extensions import db

OFF = timedelta(minutes=2)
HELD = timedelta(minutes=5)  # long enough to be set right again; then the new time is believed


class Steady:
    """The clock of this process as it was at the last look."""

    def __init__(self) -> None:
        self._wall: datetime | None = None
        self._passed = 0.0
        self._held_until = 0.0

    def trouble(self, now: datetime, passed: float) -> str | None:
        """What is wrong with the moment `now`, as half a sentence; None: it can be believed.

        `passed` is the seconds that really passed since some moment, as `passing()` counts them.
        """
        wall, before = self._wall, self._passed
        self._wall, self._passed = now, passed
        if wall is not None:
            jump = (now - wall) - timedelta(seconds=passed - before)
            if abs(jump) > OFF:
                self._held_until = passed + HELD.total_seconds()
                return f"jumped {_minutes(jump)} {'ahead' if jump > timedelta(0) else 'back'}"
        return "jumped a moment ago" if passed < self._held_until else None


def passing() -> float:
    """Seconds that really passed, those in which the machine slept included where it counts them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def off_the_database(now: datetime) -> str | None:
    """How far this clock is from PostgreSQL's own, as half a sentence; None: near enough, or there is no other."""
    if db.engine.dialect.name != "postgresql":
        return None
    away = now - db.session.scalar(select(func.clock_timestamp()))
    db.session.rollback()
    side = "ahead of" if away > timedelta(0) else "behind"
    return f"is {_minutes(away)} {side} the database's" if abs(away) > OFF else None


def _minutes(length: timedelta) -> str:
    return f"{round(abs(length).total_seconds() / 60)} minutes"
