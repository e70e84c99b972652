"""What a list would do, in words, for the page that is looked at before anything is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import g

from server.caseload.list_actions import Looked
from server.dashboard import dates, measure_words, presenters
from server.people import queries as people
from server.people.equity import LABELS, in_words


@dataclass(frozen=True)
class About:
    """The words of one kind of list."""

    title: str
    lead: str
    columns: str
    example: str
    confirm: str


@dataclass(frozen=True)
class ShownRow:
    """One row that is of one's own client: what it says, what it does (words and the colour of its tag), and why."""

    line: int
    name: str
    what: str
    tag: str
    colour: str
    why: str = ""


@dataclass(frozen=True)
class Preview:
    """All of it. `writes`: how many rows change anything; `left_out`: the lines of whoever is not on this caseload."""

    rows: Sequence[ShownRow]
    counts: str
    writes: int
    left_out: str = ""
    unused: Sequence[str] = field(default=())


APPOINTMENTS = About(
    "Clinic list",
    "Paste the list from your record system with its column headings, or choose a CSV file. You see what it does before"
    " anything is kept. The same list twice changes nothing.",
    "Needs: local number, date, time. Reads too: type, how you meet, attended or DNA, minutes.",
    "Local number,Date,Time,Type,How you meet,Attended\nAB1234,24/11/2026,09:30,treatment,telephone,",
    "Write these appointments",
)
SCORES = About(
    "List of scores",
    "Paste scores with their column headings, or choose a CSV file. They go through the same scorer"
    " as what you type. The same list twice changes nothing.",
    "Needs: local number, date, and a measure with its total or items. Or a column for each measure: PHQ-9, GAD-7.",
    "Local number,Date,PHQ-9,GAD-7\nAB1234,17/11/2026,12,9\n\nLocal number,Date,Measure,Item 1,Item 2,Item 3\n"
    "AB1234,17/11/2026,IAPT phobia scales,2,0,4",
    "Enter these scores",
)
EQUITY = About(
    "Equity fields",
    "Paste them with their column headings, or choose a CSV file. “Not stated” is an answer; an empty cell"
    " changes nothing. Figures of the service count them; small numbers are never shown.",
    "Needs: local number, and any of: ethnicity, gender, disability, sexual orientation, IMD decile, age band.",
    "Local number,Ethnicity,Gender,Disability,Sexual orientation,IMD decile\n"
    "AB1234,White British,Female,No,Prefer not to say,4",
    "Write these down",
)
TAGS = {
    "new": ("New", "green"),
    "same": ("Already there", "grey"),
    "moved": ("Moved", "purple"),
    "attendance": ("Attendance", "blue"),
    "changed": ("Changed", "blue"),
    "refused": ("Not taken", "yellow"),
}
WORDS = {"new": "new", "same": "already there", "moved": "moved", "attendance": "attendance changed"}
WORDS |= {"changed": "changed", "refused": "not taken"}
# A row has no number of its own for an appointment: that it is the one of another time is only likely.
GUESSED = "This is a guess. If it is a new appointment, take the row out and book it on the client’s page."
MOST_LINES = 12  # line numbers named one by one


def appointments(looked: Looked) -> Preview:
    """A clinic list against the caseload."""
    zone = people.service_of(g.practitioner).zone
    names = _names(looked)
    rows = [_appointment(one, names, zone) for one in looked.outcomes if one.what != "left_out"]
    return preview_of(looked, rows)


def scores(looked) -> Preview:
    """A list of scores against the caseload and the scorer."""
    names = _names(looked)
    return preview_of(looked, [_score(one, names) for one in looked.outcomes if one.what != "left_out"])


def equity(looked) -> Preview:
    """Equity fields against what is held."""
    names = _names(looked)
    return preview_of(looked, [_equity(one, names) for one in looked.outcomes if one.what != "left_out"])


def preview_of(looked, rows: Sequence[ShownRow]) -> Preview:
    """A preview with its counts: the same for every kind of list."""
    counted = Counter(one.what for one in looked.outcomes)
    said = [f"{counted[what]} {words}" for what, words in WORDS.items() if counted[what]]
    return Preview(
        rows=rows,
        counts=", ".join(said) or "Nothing in it is about a client of yours",
        writes=sum(one.writes for one in looked.outcomes),
        left_out=_left_out([one.row.line for one in looked.outcomes if one.what == "left_out"]),
        unused=looked.table.unused,
    )


def _names(looked) -> dict[str, str]:
    return {str(one.client.id): one.client.preferred_name for one in looked.found.values()}


def _score(one, names: dict) -> ShownRow:
    row, why = one.row, one.why
    said = [row.measure.name] if row.measure else []
    if row.taken_on:
        said.append(dates.short_day(row.taken_on))
    if one.scored and one.scored.problem:
        why = " ".join(dict.fromkeys(measure_words.wrong_words(row.measure, one.scored).values()))
    elif one.scored:
        said += [measure_words.value_words(scale) for scale in one.scored.scales]
    return ShownRow(row.line, names.get(one.client_id, ""), ". ".join(said), why=why, **tagged(one.what))


def _equity(one, names: dict) -> ShownRow:
    said = [f"{LABELS[field]}: {in_words(field, code)}" for field, code in one.fields.items()]
    return ShownRow(one.row.line, names.get(one.client_id, ""), ". ".join(said), why=one.why, **tagged(one.what))


def tagged(what: str) -> dict:
    """The words and colour of what a row does."""
    text, colour = TAGS[what]
    return {"tag": text, "colour": f"nhsuk-tag--{colour}"}


def _left_out(lines: Sequence[int]) -> str:
    """A count and line numbers, never a name: whether somebody else's client has this number is not told either."""
    if not lines:
        return ""
    lines = list(dict.fromkeys(lines))  # a row may hold several scores
    named = ", ".join(map(str, lines[:MOST_LINES])) + (" and more" if len(lines) > MOST_LINES else "")
    who, at = ("row is", "line") if len(lines) == 1 else ("rows are", "lines")
    return f"{len(lines)} {who} left out: nobody on your caseload has that number ({at} {named})."


def _appointment(one, names: dict, zone: str) -> ShownRow:
    row = one.row
    said = []
    if row.starts_local is not None:
        said.append(f"{dates.short_day(row.starts_local.date())}, {row.starts_local:%H:%M}")
    if one.from_at is not None:
        said[-1] += f" (was {dates.moment(one.from_at, zone)})"
    if one.state is not None:
        before = f" (was: {presenters.ATTENDANCE[one.was].lower()})" if one.was not in ("", "planned") else ""
        said.append(presenters.ATTENDANCE[one.state] + before)
    why = GUESSED if one.what == "moved" else one.why
    return ShownRow(row.line, names.get(one.client_id, ""), ". ".join(said), why=why, **tagged(one.what))
