"""A clinic list against what is booked already: what each of its rows would do. Pure; nothing is written here.

Doing the same list twice changes nothing: what was new is then there already, and what moved stands where it was moved.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.caseload.list_words import COLUMNS, KINDS, MODES, NEEDED, state_written
from server.caseload.pasted import Line, Table, bare, named, read_table
from server.caseload.rules import TOOK_PLACE, Meeting
from server.caseload.written import day_written, exists, month_first, split_moment, time_written

MOST_DAYS_AWAY = 400

LEFT_OUT = "left_out"
NO_SUCH_HOUR = "The clocks go forward that night: there is no such time."
AHEAD = "It lies ahead, so nobody can have come or stayed away yet."
MIDNIGHT = "The time is missing, or it is midnight."
TWO_CLIENTS = "This row names more than one client. Write a row for each."
SAME_TIME = "Line {line} has another client at the same time."
THEY_CAME = "It is written down here that they came. Change it on the appointment’s page."
FAR = "This is more than a year away. Check the year."
ENDED = "This course of treatment has ended."
TWICE = "Line {line} says otherwise about the same appointment."


@dataclass(frozen=True)
class Known:
    """One client of one's own caseload, by whose local number rows are found."""

    client_id: str
    closed: bool
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True)
class Row:
    """One row as it was read: an appointment at a wall time. `wrong` says why it is none."""

    line: int
    number: str
    starts_local: datetime | None = None
    kind: str = ""
    mode: str = ""
    state: str = "planned"
    minutes: int | None = None
    wrong: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a row would do: new · same · moved · attendance · refused · left_out.

    `state` is what is written down afterwards (None: nothing about who came). `why` is a sentence where there is one.
    """

    row: Row
    what: str
    client_id: str = ""
    appointment_id: str = ""
    from_at: datetime | None = None
    state: str | None = None
    was: str = ""
    why: str = ""

    @property
    def writes(self) -> bool:
        """Whether anything changes."""
        return self.what in ("new", "moved", "attendance")


def read_list(text: str, now: datetime, zone: str) -> tuple[Table, list[Row]]:
    """The rows of a pasted clinic list, each as far as it can be read. `zone`: the service's own."""
    table = read_table(text, COLUMNS, NEEDED)
    doubtful = month_first(line.of("day") for line in table.lines)
    return table, [_row(line, doubtful, now, zone) for line in table.lines]


def outcomes(
    rows: Sequence[Row], known: Mapping[str, Known], now: datetime, zone: str, new: Collection[int] = ()
) -> list[Outcome]:
    """What each row would do. `known`: local number as it was written → whose it is, of one's own caseload only.

    Where a cell holds several, it has each of them too (`several`). `new`: lines that somebody said are appointments
    of their own, where we would take them for one that moved.
    """
    judged: dict[int, Outcome] = {}
    first: dict[tuple[str, datetime], Row] = {}
    mine: dict[str, tuple[Known, list[Row]]] = {}  # by client: one number may be written in several ways
    for row in rows:
        who = known.get(row.number)
        said = _unusable(row, who, first, now, zone)
        if who is None and any(part in known for part in several(row.number)):
            said = Outcome(row, "refused", why=TWO_CLIENTS)
        if said is not None or who is None or row.starts_local is None:
            judged[row.line] = said or Outcome(row, LEFT_OUT)
            continue
        first[who.client_id, row.starts_local] = row
        mine.setdefault(who.client_id, (who, []))[1].append(row)
    days = [row.starts_local.date() for row in rows if row.starts_local]
    beside = _same_times(first)
    for who, theirs in mine.values():
        for outcome in _of_client(theirs, who, (min(days), max(days)), now, zone, new):
            judged[outcome.row.line] = _with_note(outcome, beside.get(outcome.row.line))
    return [judged[row.line] for row in rows]


def several(number: str) -> list[str]:
    """The numbers in a cell that holds more than one: "A1; B2", "A1 & B2". None where it holds one."""
    parts = [part.strip() for part in re.split(r"[;,/&+|]| and ", number) if part.strip()]
    return parts if len(parts) > 1 else []


def _same_times(first: Mapping[tuple[str, datetime], Row]) -> dict[int, int]:
    """Line → the line above it that has another client at the same time."""
    held: dict[datetime, int] = {}
    found = {}
    for (_, starts), row in first.items():
        if starts in held:
            found[row.line] = held[starts]
        held.setdefault(starts, row.line)
    return found


def _with_note(outcome: Outcome, line: int | None) -> Outcome:
    """Two clients at once may be meant, as with a couple: it is said and not refused."""
    if line is None or not outcome.writes:
        return outcome
    return replace(outcome, why=f"{outcome.why} {SAME_TIME.format(line=line)}".strip())


def _row(line: Line, doubtful: bool, now: datetime, zone: str) -> Row:
    day_text, behind = split_moment(line.of("day"))
    at_text = line.of("at") or behind
    row = Row(line.number, line.of("number"))
    if not row.number:
        return replace(row, wrong="There is no local number in this row.")
    day, at = day_written(day_text, doubtful), time_written(split_moment(at_text)[1] or at_text)
    if isinstance(day, str) or isinstance(at, str):
        return replace(row, wrong=day if isinstance(day, str) else str(at))
    if not (at.hour or at.minute):
        return replace(row, wrong=MIDNIGHT)
    starts = datetime.combine(day, at)
    row = replace(row, starts_local=starts)
    over = starts.replace(tzinfo=ZoneInfo(zone)) <= now
    state = state_written(line, over)
    kind, mode = _coded(line.of("kind"), KINDS), _coded(line.of("mode"), MODES)
    wrong = next((said for said in (state[1], kind[1], mode[1]) if said), "")
    minutes = int(line.of("minutes")) if line.of("minutes").isdecimal() and len(line.of("minutes")) < 4 else None
    if minutes is not None and not 5 <= minutes <= 240:
        wrong = wrong or "An appointment lasts 5 to 240 minutes."
    return replace(row, state=state[0], kind=kind[0], mode=mode[0], minutes=minutes, wrong=wrong)


def _coded(text: str, words: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """(code, what is wrong): "" and "" where nothing is said. A word nobody knows is refused with those that are."""
    if not bare(text):
        return "", ""
    found = named(text, words)
    return found, "" if found else f"We know: {', '.join(known[0] for known in words.values())}."


def _unusable(row: Row, who: Known | None, first: Mapping, now: datetime, zone: str) -> Outcome | None:
    """A row that does nothing, and why. Whose number it is comes first: of others nothing at all is said."""
    if row.number and who is None:
        return Outcome(row, LEFT_OUT)
    client_id = who.client_id if who else ""
    if row.wrong or row.starts_local is None:
        return Outcome(row, "refused", client_id, why=row.wrong)
    earlier = first.get((client_id, row.starts_local))
    if who is not None and who.closed:
        why = ENDED
    elif not exists(row.starts_local, zone):
        why = NO_SUCH_HOUR
    elif abs((row.starts_local.date() - now.date()).days) > MOST_DAYS_AWAY:
        why = FAR
    elif row.state in TOOK_PLACE and row.starts_local.replace(tzinfo=ZoneInfo(zone)) > now:
        why = AHEAD
    elif earlier is not None and earlier.state != row.state:
        why = TWICE.format(line=earlier.line)
    else:
        return Outcome(row, "same", client_id, why=f"As line {earlier.line} says.") if earlier else None
    return Outcome(row, "refused", client_id, why=why)


def _of_client(
    rows: Sequence[Row], who: Known, span: tuple[date, date], now: datetime, zone: str, new: Collection[int]
) -> list[Outcome]:
    """One client's rows: those that stand already first, so that what is left can have moved.

    What a line that is `new` would have been taken for stays, and no other row is taken for it instead.
    """
    free = {one.appointment_id: one for one in who.meetings}
    found, unmatched = [], []
    for row in rows:
        standing = _standing(row, free.values(), zone)
        if standing is None:
            unmatched.append(row)
        else:
            del free[standing.appointment_id]
            found.append(_at_its_time(row, who, standing))
    for row in unmatched:
        moved = _moved_from(row, free.values(), span, now, zone)
        if moved:
            del free[moved.appointment_id]
        found.append(_elsewhere(row, who, None if row.line in new else moved, zone))
    return found


def _standing(row: Row, meetings, zone: str) -> Meeting | None:
    """What is booked for just this time; one that was cancelled only where nothing else is."""
    at = _begins(row, zone)
    same = [one for one in meetings if one.starts_at.astimezone(UTC) == at]
    return min(same, key=lambda one: one.state.startswith("cancelled"), default=None)


def _begins(row: Row, zone: str) -> datetime | None:
    """In UTC: two times of the hour that autumn has twice are never equal across zones, whatever they are."""
    return row.starts_local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if row.starts_local else None


def _at_its_time(row: Row, who: Known, standing: Meeting) -> Outcome:
    same = row.state in ("planned", standing.state)
    if standing.state == "attended" and not same:
        return Outcome(row, "refused", who.client_id, standing.appointment_id, was=standing.state, why=THEY_CAME)
    return Outcome(
        row,
        "same" if same else "attendance",
        who.client_id,
        standing.appointment_id,
        state=None if same else row.state,
        was=standing.state,
        why=_said_otherwise(row, standing),
    )


def _said_otherwise(row: Row, standing: Meeting) -> str:
    if row.state == "planned" and standing.state.startswith("cancelled"):
        return "It was cancelled here. Book it again on the client’s page if it takes place."
    return ""


def _moved_from(row: Row, meetings, span: tuple[date, date], now: datetime, zone: str) -> Meeting | None:
    """What moved here: still planned, of the same day, or within the days of the list, which then would name it.

    To another day only what lies ahead moves, and only to what lies ahead: of a past one nobody wrote down yet what
    became of it, and a past row tells of an appointment that took place or did not.
    """
    if row.starts_local is None:
        return None
    day = row.starts_local.date()
    ahead = row.starts_local.replace(tzinfo=ZoneInfo(zone)) > now

    def local(one: Meeting) -> date:
        return one.starts_at.astimezone(ZoneInfo(one.zone)).date()

    near = [
        one
        for one in meetings
        if one.state == "planned"
        and (local(one) == day or (ahead and one.starts_at > now and span[0] <= local(one) <= span[1]))
    ]
    return min(near, key=lambda one: (abs((local(one) - day).days), one.starts_at), default=None)


def _elsewhere(row: Row, who: Known, moved: Meeting | None, zone: str) -> Outcome:
    state = None if row.state == "planned" else row.state
    if moved is not None:
        return Outcome(row, "moved", who.client_id, moved.appointment_id, moved.starts_at, state, moved.state)
    why = ""
    at = _begins(row, zone)
    near = [
        one for one in who.meetings if one.state == "planned" and at and abs(one.starts_at - at) < timedelta(days=7)
    ]
    if near:
        stays = min(one.starts_at for one in near).astimezone(ZoneInfo(zone))
        why = f"The one on {stays:%a} {stays.day} {stays:%b} at {stays:%H:%M} stays booked as well."
    return Outcome(row, "new", who.client_id, state=state, why=why)
