"""What an invented person does between appointments: a worksheet, a tick, *not today*, or nothing anybody hears of."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from server.assignments.models import Assignment
from server.assignments.rules import Slot
from server.demo import agreements
from server.demo.people import Person
from server.demo.phone import Phone
from server.demo.writing import write
from server.engagement.actions import refresh
from server.entries.recording import record_for
from server.errors import Refused
from server.people.models import Client, Practitioner
from server.worksheets.definition import Worksheet
from server.worksheets.library import library

ZONE = ZoneInfo("Europe/London")
SILENT_FOR = timedelta(days=10)


@dataclass(frozen=True)
class Work:
    """One time something falls due."""

    assignment: Assignment
    worksheet_id: str | None
    slot: Slot


@dataclass
class Doing:
    """One person's ways between appointments. `told` waits for the next call of somebody without a phone."""

    person: Person
    number: int
    client: Client
    practitioner: Practitioner
    rng: Random
    now: datetime
    phones: list[Phone] = field(default_factory=list)
    told: list[tuple[Work, datetime, str]] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def between(self, work: list[Work], begins: datetime, ends: datetime) -> None:
        """Live from one appointment to the next."""
        moments = [(moment, one) for one in work if (moment := self._when(one, begins, ends))]
        for moment, one in sorted(moments, key=lambda pair: (pair[0], pair[1].slot.key)):
            what = self._what(one)
            if self.person.phone == "none" and what:
                self.told.append((one, moment, what))
            elif self.phones and what:
                self._on(self.phones[0], one, moment, what)
                self._rarities(one, moment)
                if self.in_contact(moment) and self.rng.random() < (0.1 if self.person.phone == "late" else 0.3):
                    self.phones[0].sync(moment + timedelta(minutes=16), again=self.rng.random() < 0.04)
        if self.phones and self.rng.random() < 0.15 and ends - begins > timedelta(days=2):
            self.phones[0].tell(begins + timedelta(days=1), "agenda", {"text": self._question()})
        self._last_contact(ends)

    def _question(self) -> str:
        return agreements.fresh(agreements.QUESTIONS, self.asked, self.rng)

    def call(self, now: datetime) -> None:
        """Somebody without a phone says in the call what they did, or holds up the sheet."""
        for one, moment, what in self.told:
            if self.rng.random() < 0.7:
                self._written_down(one, moment, what, now)
        self.told.clear()

    def in_contact(self, at: datetime) -> bool:
        """Whether the phone is heard of at this time: some have been silent for ten days and more."""
        silent = self.person.phone == "silent" and at > self.now - SILENT_FOR - timedelta(days=self.number % 9)
        return bool(self.phones) and not silent

    def _last_contact(self, ends: datetime) -> None:
        """The app is opened once more before the next appointment, by most."""
        back = timedelta(days=2) if self.person.phone == "late" else timedelta(minutes=self.rng.randint(2, 600))
        if self.in_contact(ends - back) and self.rng.random() < 0.9:
            for phone in self.phones:
                phone.sync(max(ends - back, phone.last_made + timedelta(seconds=self.rng.randint(5, 900))))

    def _when(self, one: Work, begins: datetime, ends: datetime) -> datetime | None:
        """A moment of an ordinary day within the window, or None where there is no time left."""
        slot, hours = one.slot, (7, 9) if one.worksheet_id == agreements.NIGHTS else (7, 21)
        first = max(slot.opens_on, begins.astimezone(ZONE).date())
        last = min(slot.due_on, ends.astimezone(ZONE).date())
        if first > last:
            return None
        for _ in range(3):
            day = first + timedelta(days=self.rng.randint(0, (last - first).days))
            moment = _moment(day, time(self.rng.randint(*hours), self.rng.randint(0, 59)))
            if begins + timedelta(minutes=10) < moment < ends - timedelta(minutes=30):
                return moment
        return None

    def _what(self, one: Work) -> str | None:
        roll, does = self.rng.random(), self.person.does
        if roll < does * 0.66:
            return self.rng.choices(("whole", "short", "started"), (75, 15, 10))[0] if one.worksheet_id else "done"
        if roll < does * 0.86:
            return self.rng.choices(("done", "tried", "nothing_happened"), (6, 2, 1))[0]
        return self.rng.choices(("not_today", "exempt", None), (52, 4, 44))[0]

    def _on(self, phone: Phone, one: Work, moment: datetime, what: str) -> None:
        if what in ("whole", "short", "started") and one.worksheet_id:
            worksheet = _worksheet(one.worksheet_id)
            answers = write(one.worksheet_id, moment.astimezone(ZONE).date(), self.rng, what)
            kept = self.rng.random() < 0.07
            phone.entry(moment, one.assignment.id, worksheet, answers, kept=kept, short=what == "short")
        else:
            phone.answer(moment, one.assignment.id, one.slot.key, self._said(one, what))

    def _said(self, one: Work, what: str) -> dict[str, Any]:
        if what == "nothing_happened" and one.worksheet_id != agreements.THOUGHT:
            what = "tried"
        if what == "exempt":
            return {"answer": "exempt", "barrier": "unwell_physical"}
        if what != "not_today":
            return {"answer": "done" if what in ("whole", "short", "started") else what}
        barriers = _worksheet(one.worksheet_id).barriers if one.worksheet_id else ("forgot", "no_time", "life_event")
        said: dict[str, Any] = {"answer": "not_today", "words": self.rng.choice(agreements.BARRIER_WORDS)}
        if self.rng.random() < 0.85:
            said["barrier"] = self.rng.choice(barriers)
        if said.get("barrier") == "no_trigger":
            return {"answer": "nothing_happened"}  # nothing got in the way: there was nothing to record
        outcome = self.rng.choices(("keep", "another_day", "smaller", "swap", None), (4, 3, 2, 1, 2))[0]
        if outcome:
            said["outcome"] = outcome
        if outcome == "another_day":
            said["moved_to"] = (one.slot.due_on + timedelta(days=self.rng.randint(1, 3))).isoformat()
        return said

    def _rarities(self, one: Work, moment: datetime) -> None:
        """What happens once in the demonstration, so that it can be looked at."""
        if self.person.phone == "two" and one.worksheet_id and "two" not in self.shown:
            self.shown.add("two")
            self._on_two_phones(one, moment)
        if self.number == 5 and "unreadable" not in self.shown:
            self.shown.add("unreadable")
            self.phones[0].tell(moment, "measure", {"from": "a newer app"})  # a subject this server does not know yet

    def _on_two_phones(self, one: Work, moment: datetime) -> None:
        worksheet = _worksheet(str(one.worksheet_id))
        day = moment.astimezone(ZONE).date()
        first, second = self.phones
        saved = first.entry(moment, one.assignment.id, worksheet, write(worksheet.id, day, self.rng, "short"))
        first.sync(moment + timedelta(minutes=16))
        for phone in (first, second):
            answers = write(worksheet.id, day, self.rng, "whole")
            edit = {"entry_id": saved["entry_id"], "parents": (saved["revision_id"],)}
            phone.entry(moment + timedelta(minutes=1), one.assignment.id, worksheet, answers, **edit)
            phone.sync(moment + timedelta(minutes=18))

    def _written_down(self, one: Work, moment: datetime, what: str, now: datetime) -> None:
        on_paper = one.worksheet_id and what in ("whole", "short")
        lived = moment.astimezone(ZONE).replace(tzinfo=None)
        if on_paper and one.worksheet_id:
            worksheet = _worksheet(one.worksheet_id)
            payload: dict[str, Any] = {"answers": write(worksheet.id, lived.date(), self.rng, what), "kept": False}
            form = (worksheet.id, worksheet.version)
        else:
            payload, form = self._said(one, what), None
        record_for(
            client=self.client,
            assignment_id=one.assignment.id,
            slot=one.slot.key,
            subject_kind="entry" if on_paper else "answer",
            payload=payload,
            medium="paper" if on_paper else "phone_call",
            helped_by=self.person.helped_by,
            happened_local=lived,
            form=form,
            by=self.practitioner,
            now=now,
        )
        refresh(client=self.client, assignment_ids=[one.assignment.id], now=now)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def _worksheet(worksheet_id: str) -> Worksheet:
    found = library().newest(worksheet_id)
    if found is None:
        raise Refused("worksheet-unknown", f"The demonstration needs the worksheet {worksheet_id}.")
    return found
