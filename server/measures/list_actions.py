"""Take in scores from another system, through the measures' own scorer and by its refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from server.caseload.list_queries import Theirs, theirs_by_number
from server.caseload.pasted import Table
from server.measures.actions import TOO_EARLY, Entered, earliest_day, enter
from server.measures.library import measures
from server.measures.models import MeasureScore
from server.measures.queries import of_client
from server.measures.rules import Scored, score
from server.measures.score_list import ScoreRow, read_scores
from server.people.actions import lock
from server.people.models import Practitioner

AHEAD = "This day lies ahead."
ENDED = "This course of treatment has ended."
SAID_OTHERWISE = "There is another score of this day already. Correct that one on the client’s page."
TWICE = "Line {line} has this measure of this day already."


@dataclass(frozen=True)
class ScoreOutcome:
    """What one score of a row would do: new · same · refused · left_out. `scored`: what the scorer makes of it."""

    row: ScoreRow
    what: str
    client_id: str = ""
    scored: Scored | None = None
    why: str = ""

    @property
    def writes(self) -> bool:
        """Whether anything changes."""
        return self.what == "new"


@dataclass(frozen=True)
class ScoresLooked:
    """A list as it stands against the caseload."""

    table: Table
    outcomes: list[ScoreOutcome]
    found: dict[str, Theirs]


def look(*, text: str, by: Practitioner, now: datetime, locked: bool = False) -> ScoresLooked:
    """What a list would do. `locked`: hold its clients, so that two lists at once cannot both enter the same."""
    table, rows = read_scores(text, measures().all())
    found = theirs_by_number(by, [row.number for row in rows], now)
    episodes = {one.client.id: one for one in found.values()}
    for client_id in sorted(episodes) if locked else ():
        lock(client_id)
    held = {
        (str(client_id), taken.row.measure_id, taken.row.taken_on): taken.row
        for client_id, one in episodes.items()
        for taken in of_client(one.client, one.episode)
    }
    judge = _Judge(found, held, {one.episode.id: earliest_day(one.episode.id) for one in found.values()}, now)
    return ScoresLooked(table, [_outcome(row, judge) for row in rows], found)


def take_in(*, text: str, by: Practitioner, now: datetime) -> ScoresLooked:
    """Enter what a list says, as `look` shows it now. Doing it again changes nothing."""
    looked = look(text=text, by=by, now=now, locked=True)
    for one in looked.outcomes:
        row = one.row
        if one.writes and row.measure is not None and row.taken_on is not None:
            theirs = looked.found[row.number]
            entered = [Entered(row.measure, row.items, row.totals or None)]
            enter(client=theirs.client, episode=theirs.episode, taken_on=row.taken_on, entered=entered, by=by, now=now)
    return looked


@dataclass(frozen=True)
class _Judge:
    """What rows are judged by: whose numbers, what is held, from which day on, and the rows above (`first`)."""

    found: Mapping[str, Theirs]
    held: Mapping[tuple, MeasureScore]
    earliest: Mapping[UUID, date]
    now: datetime
    first: dict[tuple, int] = field(default_factory=dict)


def _outcome(row: ScoreRow, by: _Judge) -> ScoreOutcome:
    theirs = by.found.get(row.number)
    if theirs is None:
        return ScoreOutcome(row, "left_out")
    client_id = str(theirs.client.id)
    if row.wrong or row.measure is None or row.taken_on is None:
        return ScoreOutcome(row, "refused", client_id, why=row.wrong)
    scored = score(row.measure, row.items, row.totals or None)
    key = (client_id, row.measure.id, row.taken_on)
    before = by.held.get(key)
    if scored.problem:
        return ScoreOutcome(row, "refused", client_id, scored)
    if before is not None:
        same = _says_the_same(row, before, scored)
        return ScoreOutcome(row, "same" if same else "refused", client_id, scored, "" if same else SAID_OTHERWISE)
    why = ""
    if theirs.episode.closed_on is not None:
        why = ENDED
    elif row.taken_on > by.now.astimezone(ZoneInfo(theirs.client.zone)).date():
        why = AHEAD
    elif row.taken_on < by.earliest[theirs.episode.id]:
        why = TOO_EARLY
    elif key in by.first:
        why = TWICE.format(line=by.first[key])
    by.first.setdefault(key, row.line)
    return ScoreOutcome(row, "refused" if why else "new", client_id, scored, why)


def _says_the_same(row: ScoreRow, before: MeasureScore, scored: Scored) -> bool:
    """By the values that the scorer makes of both: a total is the same whether its items came along or not."""
    if row.measure is None:
        return False
    earlier = score(row.measure, before.items, before.totals)
    return [one.value for one in earlier.scales] == [one.value for one in scored.scales]
