"""Equity fields from another system: what each row of a list would write down, and the writing of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.caseload.list_queries import Theirs, theirs_by_number
from server.caseload.list_words import NUMBER
from server.caseload.pasted import Line, Table, bare, read_table
from server.people.actions import lock
from server.people.equity import EQUITY, HEADS, LABELS, code_of, known_words
from server.people.equity_actions import record_equity
from server.people.equity_queries import newest_of
from server.people.models import Client, Equity, Practitioner

NOTHING = "Nothing is said in this row."
TWICE = "Line {line} is about the same client."


@dataclass(frozen=True)
class EquityRow:
    """One row: field → code of what it says. `wrong` says which word nobody knows."""

    line: int
    number: str
    fields: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""


@dataclass(frozen=True)
class EquityOutcome:
    """What a row would do: new · changed · same · refused · left_out. `fields`: what would be written down."""

    row: EquityRow
    what: str
    client_id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    why: str = ""

    @property
    def writes(self) -> bool:
        """Whether anything changes."""
        return self.what in ("new", "changed")


@dataclass(frozen=True)
class EquityLooked:
    """A list as it stands against the caseload."""

    table: Table
    outcomes: list[EquityOutcome]
    found: dict[str, Theirs]


def look(*, text: str, by: Practitioner, now: datetime, locked: bool = False) -> EquityLooked:
    """What a list would do. `locked`: hold its clients, so that two lists at once cannot cross."""
    table = read_table(text, {"number": NUMBER, **HEADS}, ("number",))
    if not table.trouble and not set(table.columns) & set(EQUITY):
        table = Table(trouble=f"We did not find any of: {', '.join(LABELS.values())}.")
    rows = [_row(line) for line in table.lines]
    found = theirs_by_number(by, [row.number for row in rows], now)
    clients = {one.client.id: one.client for one in found.values()}
    for client_id in sorted(clients) if locked else ():
        lock(client_id)
    held = newest_of(clients.values())
    first: dict[str, int] = {}
    return EquityLooked(table, [_outcome(row, found, held, first) for row in rows], found)


def take_in(*, text: str, by: Practitioner, now: datetime) -> EquityLooked:
    """Write down what a list says, as `look` shows it now. Doing it again changes nothing."""
    looked = look(text=text, by=by, now=now, locked=True)
    for one in looked.outcomes:
        if one.writes:
            client: Client = looked.found[one.row.number].client
            record_equity(client=client, fields=one.fields, source="csv", by=by, now=now)
    return looked


def _row(line: Line) -> EquityRow:
    fields, number = {}, line.of("number")
    for name in EQUITY:
        code = code_of(name, bare(line.of(name)))
        if code is None:
            return EquityRow(line.number, number, wrong=f"{LABELS[name]}: we know {known_words(name)}.")
        if code:
            fields[name] = code
    return EquityRow(line.number, number, fields, "" if fields else NOTHING)


def _outcome(row: EquityRow, found: Mapping, held: Mapping, first: dict[str, int]) -> EquityOutcome:
    theirs = found.get(row.number)
    if theirs is None:
        return EquityOutcome(row, "left_out")
    client_id = str(theirs.client.id)
    if row.wrong:
        return EquityOutcome(row, "refused", client_id, why=row.wrong)
    if client_id in first:
        return EquityOutcome(row, "refused", client_id, why=TWICE.format(line=first[client_id]))
    first[client_id] = row.line
    before: Equity | None = held.get(theirs.client.id)
    changed = {name: code for name, code in row.fields.items() if getattr(before, name, None) != code}
    if not changed:
        return EquityOutcome(row, "same", client_id)
    return EquityOutcome(row, "changed" if before else "new", client_id, changed)
