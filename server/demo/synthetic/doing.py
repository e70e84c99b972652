"""What one invented person does with what is agreed: a worksheet, a tap, a reason, nothing. Rules settle it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.assignments.actions import outcome_of
from server.assignments.queries import Ground
from server.assignments.rules import Answer, Filled, Head, Rhythm, Slot, Span
from server.caseload.rules import Meeting
from server.demo import agreements
from server.demo.synthetic import published as p
from server.demo.synthetic.course import ZONE, Life, Visit, made_id, odds
from server.demo.writing import write
from server.entries.rules import Phone, phone_of
from server.worksheets.definition import Worksheet
from server.worksheets.library import library
from server.worksheets.rules import outcome

REVIEWED = 0.85
MARKS = {"carry_over": 5, "stop": 5}


@dataclass
class Agreed:
    """One worksheet agreed in an appointment, until it was stopped or the course ended."""

    id: UUID
    worksheet: Worksheet
    rhythm: Mapping[str, Any]
    plan: Mapping[str, Any]
    reason: str
    agreed_in: Visit
    agreed_at: datetime
    ended_at: datetime | None = None
    reviews: list[tuple[UUID, Visit, str, datetime]] = field(default_factory=list)

    @property
    def plan_text(self) -> str:
        """The plan as it is sealed."""
        return json.dumps(self.plan, ensure_ascii=False)

    @property
    def agreed_on(self) -> date:
        """The day it was agreed, where the person lives."""
        return self.agreed_at.astimezone(ZONE).date()

    @property
    def ended_on(self) -> date | None:
        """The day it ended."""
        return self.ended_at.astimezone(ZONE).date() if self.ended_at else None


@dataclass(frozen=True)
class Said:
    """One worksheet or one tap, as it was saved and as it arrived."""

    revision_id: UUID
    entry_id: UUID
    about: Agreed
    kind: str
    slot: str | None
    payload: Mapping[str, Any]
    happened_at: datetime
    created_at: datetime
    received_at: datetime
    medium: str
    by_staff: bool
    outcome: str | None  # of a worksheet, by its done rule


@dataclass
class Deeds:
    """Everything one person did up to a day, and what became of each time that fell due."""

    life: Life
    until: datetime
    agreed: list[Agreed]
    said: list[Said]
    contacts: list[datetime]
    paired_at: datetime | None
    laid: dict[UUID, tuple[list[Slot], Mapping[str, Filled]]] = field(default_factory=dict)

    @cached_property
    def phones(self) -> tuple[Phone, ...]:
        """What the phone may have held, as the program tells it from contacts."""
        if self.paired_at is None:
            return ()
        device = SimpleNamespace(paired_at=self.paired_at, revoked_at=None, ended_at=None)
        return (phone_of(device, [SimpleNamespace(outbox=0, emptied_at=at) for at in self.contacts]),)


@dataclass(frozen=True)
class Owner:
    """The ids under which one person's rows are written."""

    client: UUID
    service: UUID
    episode: UUID
    practitioner: UUID


def do(life: Life, owner: Owner, until: datetime, rng: Random) -> Deeds:
    """Draw what one person does. The same life and random numbers make the same deeds."""
    agreed = _agree(life, rng)
    came = life.attended
    paired_at = came[0].starts_at + timedelta(minutes=25) if came and life.has_phone else None
    if paired_at is not None and paired_at > until:
        paired_at = None
    met = meetings(life, owner.practitioner)
    deeds = Deeds(life, until, agreed, [], [], paired_at)
    drawn = []
    for one in agreed:
        laid, filled = outcome_of(ground(one, owner), (), (), ZONE, until, met)
        drawn += [pair for slot in laid if filled[slot.key].state == "open" for pair in _drawn(one, slot, deeds, rng)]
    drawn.sort(key=lambda pair: (pair[0], pair[1].id, pair[2]))
    deeds.said, deeds.contacts = _sent(deeds, drawn, rng) if paired_at else (_told(deeds, drawn, rng), [])
    for one in agreed:
        deeds.laid[one.id] = _settled(one, deeds, owner, met)
    return deeds


def meetings(life: Life, practitioner: UUID) -> list[Meeting]:
    """The appointments as the rules of intervals read them."""
    return [
        Meeting(str(v.id), v.starts_at, v.state, v.mode, "treatment", ZONE.key, str(practitioner)) for v in life.visits
    ]


def ground(one: Agreed, owner: Owner) -> Ground:
    """What laying out needs to know of it."""
    return Ground(
        assignment_id=one.id,
        client_id=owner.client,
        service_id=owner.service,
        episode_id=owner.episode,
        agreed_on=one.agreed_on,
        agreed_at=one.agreed_at,
        state="ended" if one.ended_at else "open",
        ended_on=one.ended_on,
        ended_at=one.ended_at,
        worksheet_id=one.worksheet.id,
        worksheet_version=one.worksheet.version,
        spans=(Span(1, Rhythm.read(dict(one.rhythm)), one.agreed_on, None, "usual"),),
        done_rule=None,
    )


def _agree(life: Life, rng: Random) -> list[Agreed]:
    """One worksheet at a time, those of the problem in turn; looked at in most appointments, and stopped in half."""
    made: list[Agreed] = []
    open_now: Agreed | None = None
    course = agreements.COURSES[life.problem]
    for number, visit in enumerate(life.attended, start=1):
        at = visit.starts_at + timedelta(minutes=8)
        if open_now and rng.random() < REVIEWED:
            mark = rng.choices(list(MARKS), list(MARKS.values()))[0]
            open_now.reviews.append((made_id(at, rng), visit, mark, at))
            if mark == "stop":
                open_now.ended_at, open_now = at, None
        if open_now is None and number < life.planned:
            worksheet_id = course[len(made) % len(course)]
            open_now = _agreed(worksheet_id, visit, rng)
            made.append(open_now)
    if open_now and life.closed_at:
        open_now.ended_at = life.closed_at
    return made


def _agreed(worksheet_id: str, visit: Visit, rng: Random) -> Agreed:
    at = visit.starts_at + timedelta(minutes=18)
    when, where, with_whom, how_long, hour = rng.choice(agreements.PLANS[worksheet_id])
    plan = {"when": when, "where": where, "with_whom": with_whom, "how_long": how_long, "at": hour or None}
    rhythm, reason = rng.choice(agreements.RHYTHMS[worksheet_id]), rng.choice(agreements.REASONS[worksheet_id])
    return Agreed(made_id(at, rng), library().newest(worksheet_id), rhythm, plan, reason, visit, at)


def _drawn(one: Agreed, slot: Slot, deeds: Deeds, rng: Random) -> Iterator[tuple[datetime, Agreed, str, str]]:
    """When somebody does something about one time, and what: nothing comes of most."""
    moment = _moment(one, slot, deeds, rng)
    if moment is None:
        return
    if rng.random() < odds(_log_odds(deeds.life, moment)):
        by_tap = rng.random() < p.BY_TAP
        ways = ("done", "tried") if by_tap else ("whole", "short", "started")
        yield moment, one, slot.key, rng.choices(ways, (3, 1) if by_tap else (75, 15, 10))[0]
    elif rng.random() < p.EXEMPT:
        yield moment, one, slot.key, "exempt"
    elif rng.random() < p.SAYS_WHY:
        yield moment, one, slot.key, "not_today"


def _moment(one: Agreed, slot: Slot, deeds: Deeds, rng: Random) -> datetime | None:
    """A waking hour within its window, after it was agreed and before it ended; None where there is none."""
    ends = min(deeds.until, one.ended_at or deeds.until)
    first, last = max(slot.opens_on, one.agreed_on), min(slot.due_on, ends.astimezone(ZONE).date())
    if first > last:
        return None
    day = first + timedelta(days=rng.randint(0, (last - first).days))
    hours = (7, 9) if one.worksheet.id == agreements.NIGHTS else (9, 21)
    moment = datetime.combine(day, time(rng.randint(*hours), rng.randrange(60)), ZONE)
    return moment if one.agreed_at + timedelta(minutes=10) < moment < ends - timedelta(minutes=30) else None


def _log_odds(life: Life, at: datetime) -> float:
    number = sum(visit.starts_at <= at for visit in life.attended)
    usual = life.tries[max(0, number - 1)]
    return usual + p.GONE if life.stopped and number == len(life.tries) else usual


def _sent(deeds: Deeds, drawn: list, rng: Random) -> tuple[list[Said], list[datetime]]:
    """What was saved on the phone and has arrived, and when the phone was in contact."""
    saved = [(at + timedelta(seconds=rng.randint(20, 900)), *rest, at) for at, *rest in drawn if at > deeds.paired_at]
    syncs = [at + timedelta(seconds=rng.randint(5, 1200)) for at, *_ in saved if rng.random() < p.SENT_AT_ONCE]
    for visit in deeds.life.visits:
        opened = visit.starts_at - timedelta(minutes=rng.randint(30, 600))
        if visit.state == "attended" and opened > deeds.paired_at and rng.random() < p.OPENED_BEFORE:
            syncs.append(opened)
    syncs = sorted(at for at in [deeds.paired_at + timedelta(minutes=1), *syncs] if at <= deeds.until)
    said = []
    for created, one, slot, what, at in saved:
        arrived = next((sync for sync in syncs if sync >= created), None)
        found = _made(deeds, one, slot, what, at, created, arrived, rng)
        if arrived is not None:
            said.append(found)
    return said, syncs


def _told(deeds: Deeds, drawn: list, rng: Random) -> list[Said]:
    """What somebody without a phone tells in the next appointment: it is written down there."""
    said = []
    for at, one, slot, what in drawn:
        next_one = next((visit for visit in deeds.life.attended if visit.starts_at > at), None)
        if next_one is not None and rng.random() < p.TOLD:
            when = next_one.starts_at + timedelta(minutes=4)
            said.append(_made(deeds, one, slot, what, at, when, when, rng))
    return said


def _made(
    deeds: Deeds, one: Agreed, slot: str, what: str, at: datetime, created: datetime, arrived, rng: Random
) -> Said:
    by_staff = deeds.paired_at is None
    is_entry = what in ("whole", "short", "started")
    if is_entry:
        answers = write(one.worksheet.id, at.date(), rng, what)
        payload: dict[str, Any] = {"answers": answers, "kept": False}
        came_of = outcome(one.worksheet, answers, None)
    else:
        payload, came_of = _tapped(one, what, rng), None
    medium = ("paper" if is_entry else "phone_call") if by_staff else ("worksheet" if is_entry else "said")
    kind, slot = ("entry", None) if is_entry else ("answer", slot)
    ids = made_id(created, rng), made_id(created, rng)
    return Said(*ids, one, kind, slot, payload, at, created, arrived, medium, by_staff, came_of)


def _tapped(one: Agreed, what: str, rng: Random) -> dict[str, Any]:
    if what == "exempt":
        return {"answer": "exempt", "barrier": "unwell_physical"}
    if what != "not_today":
        return {"answer": what}
    codes = [code for code in one.worksheet.barriers if code in p.BARRIERS]
    return {"answer": "not_today", "barrier": rng.choices(codes, [p.BARRIERS[code] for code in codes])[0]}


def _settled(
    one: Agreed, deeds: Deeds, owner: Owner, met: Sequence[Meeting]
) -> tuple[list[Slot], Mapping[str, Filled]]:
    mine = [said for said in deeds.said if said.about is one]
    heads = [_head(said) for said in mine if said.kind == "entry" and said.outcome not in (None, "empty")]
    answers = [_answer(said, number) for number, said in enumerate(mine) if said.kind == "answer"]
    return outcome_of(ground(one, owner), heads, answers, ZONE, deeds.until, met)


def _head(said: Said) -> Head:
    return Head(
        entry_id=str(said.entry_id),
        revision_id=str(said.revision_id),
        slot=said.slot,
        happened_at=said.happened_at,
        outcome=str(said.outcome),
        medium=said.medium,
        entered_by="practitioner" if said.by_staff else "client",
    )


def _answer(said: Said, number: int) -> Answer:
    return Answer(
        revision_id=str(said.revision_id),
        slot=str(said.slot),
        answer=said.payload["answer"],
        outcome=None,
        barrier=said.payload.get("barrier"),
        moved_to=None,
        happened_at=said.happened_at,
        order=(min(said.created_at, said.received_at), number),
        medium=said.medium,
        entered_by="practitioner" if said.by_staff else "client",
    )
