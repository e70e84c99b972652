"""Turns what was known of one client into values that may leave: pseudonyms, days from day zero, codes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from server.research.facts import Facts
from server.research.rules import SUPPRESSED, hours_between, local_day, pseudonym, relative_day, time_band

NOT_APPLICABLE = "not-applicable"
NOT_KNOWN = "not-known"
NOT_YET = "not-yet"


@dataclass(frozen=True)
class Names:
    """The names of one project, and the days of one client.

    `hidden`: their service is not told. Then no practitioner is either, and an appointment has a name of its own, as
    both are shared with others whose service is.
    """

    key: bytes
    facts: Facts
    hidden: bool = False
    _made: dict[tuple[str, object], str] = field(default_factory=dict, repr=False)  # an episode is in hundreds of rows

    def name(self, kind: str, identity: object, missing: str = NOT_APPLICABLE) -> str:
        """The project's name of a thing, or the missing code."""
        if identity is None:
            return missing
        if self.hidden and kind == "practitioner":
            return SUPPRESSED
        made = self._made.get((kind, identity))
        if made is None:
            own = f"{self.facts.who.id}/{identity}" if self.hidden and kind == "appointment" else identity
            made = self._made[kind, identity] = pseudonym(self.key, kind, own)
        return made

    @cached_property
    def pid(self) -> str:
        """The client's name in this project."""
        return pseudonym(self.key, "client", self.facts.who.id)

    @cached_property
    def day_zero(self) -> tuple[str, date]:
        """What the client's days count from, and its date (docs/export.md)."""
        visits = self.facts.visits
        attended = [visit.local_date for visit in visits if visit.meeting.state == "attended"]
        if attended:
            return "first_attended", min(attended)
        if visits:
            return "first_appointment", min(visit.local_date for visit in visits)
        if self.facts.episodes:
            return "episode_start", min(episode.opened_on for episode in self.facts.episodes)
        return "client_added", local_day(self.facts.who.created_at, self.facts.who.zone)

    def day(self, day: date | datetime | None, missing: str = NOT_APPLICABLE) -> int | str:
        """Days from day zero, of a date or of a moment in the client's zone."""
        if day is None:
            return missing
        if isinstance(day, datetime):
            day = local_day(day, self.facts.who.zone)
        return relative_day(day, self.day_zero[1])

    def days_between(self, start: datetime | None, end: datetime | None) -> int | str:
        """Days of the calendar where they live from one moment to another, or the missing code."""
        if start is None or end is None:
            return NOT_APPLICABLE
        return (local_day(end, self.facts.who.zone) - local_day(start, self.facts.who.zone)).days

    def band(self, moment: datetime | None) -> str:
        """The part of the day where the client lives."""
        return time_band(moment.astimezone(ZoneInfo(self.facts.who.zone)).time()) if moment else NOT_APPLICABLE

    def last_day(self, moments: Sequence[datetime | None]) -> int | str:
        """The day of the last of several moments."""
        return self.day(max((moment for moment in moments if moment), default=None))


def hours(start: datetime | None, end: datetime | None) -> float | str:
    """Hours between two moments, or the missing code."""
    return hours_between(start, end) if start and end else NOT_APPLICABLE


def given(value: Any, missing: str = NOT_APPLICABLE) -> Any:
    """The value, or the missing code."""
    return missing if value is None else value


def yes_no(value: object) -> str:
    """The code of a truth."""
    return "yes" if value else "no"
