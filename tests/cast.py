"""The cast: Anna is Ben's client; Cara works in Ben's service, but Anna is not hers; Dev works in another service."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import uuid6

from server.assignments import actions as assignments
from server.caseload import actions as caseload
from server.caseload import cover
from server.caseload.rules import TOOK_PLACE
from server.endings import actions as endings
from server.extensions import atomic
from server.people import actions as people
from server.people import pairing
from server.people.models import Client, Device, Practitioner, Service
from server.worksheets.definition import to_wire
from server.worksheets.library import library

LONDON = ZoneInfo("Europe/London")  # where everybody of the cast lives
PASSWORD = "correct horse battery staple"
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)  # a Wednesday
READY = {
    "crisis_name": "Crisis team",
    "crisis_number": "0800 000 0000",
    "crisis_hours": "Day and night",
    "reading_promise": "Ben reads what you send before your next appointment.",
}
ONE_AT_A_TIME = threading.Lock()
THOUGHT_RECORD = "low-intensity-cbt/thought-record"
PLAN = {
    "when": "after lunch",
    "where": "at my desk",
    "with_whom": "",
    "how_long": "ten minutes",
    "reminder": "my empty cup",
    "obstacle": "a busy day",
    "then": "I do it on the bus",
    "confidence": 7,
    "at": "13:30",
    "weekdays": [0, 1, 2, 3, 4],
}


@dataclass
class Cast:
    """Who is there. Made at `NOW`, before anything was agreed."""

    service: Service
    other_service: Service
    ben: Practitioner
    cara: Practitioner
    dev: Practitioner
    ada: Practitioner  # administrator of Ben's service
    anna: Client
    episode: object
    phone: Device | None = None
    token: str = ""
    seq: int = 0
    made: dict = field(default_factory=dict)

    def pair(self, now: datetime = NOW) -> Device:
        """Pair Anna's phone."""
        with atomic():
            _, code = pairing.invite(client=self.anna, by=self.ben, now=now)
            paired = pairing.pair(code=code, details={"platform": "android"}, now=now)
        self.phone, self.token = paired.device, paired.token
        return paired.device

    def ask_safely(self, **said) -> None:
        """Ben asks Anna alone how she can be reached safely; before that nothing is sent."""
        with atomic():
            people.change_safe_contact(
                client=self.anna, safe_contact={"asked_alone": True, **said}, by=self.ben, now=NOW
            )

    def agree(self, worksheet: str | None = THOUGHT_RECORD, now: datetime = NOW, **kwargs):
        """Ben agrees a task with Anna: a thought record three times a week, unless told otherwise."""
        values = {
            "reason": "It can help to look at a thought from the outside.",
            "plan": PLAN,
            "rhythm": {"kind": "per_week", "times": 3},
            "from_date": now.astimezone(LONDON).date(),
            **kwargs,
        }
        with atomic():
            return assignments.assign(
                client=self.anna,
                episode=self.episode,
                worksheet=library().newest(worksheet) if worksheet else None,
                by=self.ben,
                now=now,
                **values,
            )

    def meet(self, starts: datetime, state: str | None = None, now: datetime = NOW):
        """Book an appointment of Anna and Ben, and say what became of it."""
        with atomic():
            appointment = caseload.book(
                episode=self.episode,
                practitioner=self.ben,
                starts_local=starts.replace(tzinfo=None),
                zone="Europe/London",
                by=self.ben,
                now=now,
            )
            if state:
                then = max(now, starts) if state in TOOK_PLACE else now
                caseload.record_attendance(
                    appointment=appointment, episode=self.episode, state=state, by=self.ben, now=then
                )
        return appointment

    def end(self, now: datetime = NOW, **kwargs):
        """Ben ends Anna's course of treatment today, unless told otherwise."""
        values = {
            "reason": "completed",
            "last_day": now.astimezone(LONDON).date(),
            "staying_well": "on_paper",
            "signposting": "",
            **kwargs,
        }
        with atomic():
            return endings.end_course(client=self.anna, episode=self.episode, by=self.ben, now=now, **values)

    def add(self, name: str, *roles: str, by="test", now: datetime = NOW, **kwargs) -> Practitioner:
        """An account more in Ben's service, with a password of their own, unless told otherwise."""
        values = {
            "service": self.service,
            "sign_in_name": f"{name.split()[0].lower()}@example.org",
            "password": PASSWORD,
            **kwargs,
        }
        with atomic():
            made, _ = people.add_practitioner(name=name, roles=list(roles), by=by, now=now, **values)
        return made

    def stand_in(self, colleague: Practitioner, until: datetime, now: datetime = NOW, **kwargs):
        """A colleague stands in for Ben from now on, for all his clients, unless told otherwise."""
        values = {
            "practitioner": self.ben,
            "scope": "all",
            "from_at": now,
            "reason": "Leave",
            "by": self.ben,
            **kwargs,
        }
        with atomic():
            return cover.give(colleague=colleague, until_at=until, now=now, **values)

    def revision(self, subject: dict, payload: dict, happened: datetime = NOW, **changes) -> dict:
        """A raw revision as Anna's phone would send it."""
        with ONE_AT_A_TIME:  # several threads may save on it at once, and no number is given twice
            self.seq = number = self.seq + 1
        local = happened.astimezone(LONDON)
        offset = local.utcoffset()
        return {
            "revision_id": new_uuid(),
            "entry_id": new_uuid(),
            "subject": subject,
            "parents": [],
            "kind": "save",
            "payload": payload,
            "happened_at": {
                "local": local.strftime("%Y-%m-%dT%H:%M"),
                "zone": "Europe/London",
                "utc_offset": int(offset.total_seconds() // 60) if offset else 0,
            },
            "medium": "worksheet",
            "entered_by": "client",
            "helped_by": "none",
            "device_seq": number,
            "created_at": happened.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "app_version": "0.1.0",
            "schema_version": 1,
            **changes,
        }

    def entry(self, assignment_id: UUID, answers: dict | None = None, slot: str | None = None, **changes) -> dict:
        """A filled-in thought record."""
        subject = {"kind": "entry", "assignment_id": str(assignment_id)}
        if slot:
            subject["slot"] = slot
        form = {"form_key": THOUGHT_RECORD, "form_version": 1, "wording": {"language": "en", "sha256": "0" * 64}}
        payload = {"answers": answers if answers is not None else full_thought_record(), "kept": False}
        return self.revision(subject, payload, **{**form, **changes})

    def answer(self, assignment_id: UUID, slot: str, answer: str, **payload) -> dict:
        """One tap: done, tried, not today …"""
        happened = payload.pop("happened", NOW)
        subject = {"kind": "answer", "assignment_id": str(assignment_id), "slot": slot}
        return self.revision(subject, {"answer": answer, **payload}, happened, medium="said")


def new_uuid() -> str:
    """An id as a phone makes it."""
    return str(UUID(int=uuid6.uuid7().int))


def full_thought_record() -> dict:
    """Answers that the thought record's done rule takes as done: its own worked example."""
    return dict(to_wire(library().newest(THOUGHT_RECORD))["example"]["answers"])


def people_of_two_services(now: datetime = NOW) -> Cast:
    """Make the cast in the database of the current application."""
    with atomic():
        people.new_epoch(why="install", now=now)
        service = people.add_service(name="Northfield Talking Therapies", by="test", now=now, **READY)
        other = people.add_service(name="Southmoor Talking Therapies", by="test", now=now, **READY)

        def practitioner(name, of, roles=("practitioner",)):
            made, _ = people.add_practitioner(
                service=of,
                name=name,
                sign_in_name=f"{name.split()[0].lower()}@example.org",
                roles=list(roles),
                password=PASSWORD,
                by="test",
                now=now,
            )
            return made

        ben = practitioner("Ben Okafor", service)
        cara = practitioner("Cara Lindqvist", service)
        dev = practitioner("Dev Anand", other)
        ada = practitioner("Ada Brooks", service, ("administrator",))
        anna = people.add_client(
            service=service,
            preferred_name="Anna",
            date_of_birth=date(1994, 3, 2),
            local_number="TT-1001",
            by=ben,
            now=now,
        )
        episode = caseload.take_on(client=anna, practitioner=ben, by=ben, now=now - timedelta(days=1))
    return Cast(service, other, ben, cara, dev, ada, anna, episode)
