"""Lives the treatment of one invented person: agreed, planned, done or not, told, reviewed; each at its own date."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from server.assignments.actions import assign
from server.assignments.models import Assignment
from server.assignments.rules import Rhythm, Slot, Span, Window, slots
from server.caseload import actions as caseload
from server.caseload.models import Appointment
from server.demo import agreements
from server.demo.course import DISCHARGED, Visit, stands, visits
from server.demo.doing import Doing, Work
from server.demo.endings import end_story
from server.demo.pairing import paired_at
from server.demo.people import Person
from server.demo.phone import Phone
from server.demo.planning import answer_plan
from server.demo.standing_in import looked
from server.engagement.actions import refresh_all
from server.people import actions as people
from server.people.models import Client, Practitioner, Service
from server.reviews.actions import review
from server.worksheets.library import library

ZONE = ZoneInfo("Europe/London")


@dataclass
class Agreement:
    """What is open between two appointments, and which of its times were seen to."""

    assignment: Assignment
    worksheet_id: str | None
    rhythm: dict[str, Any]
    plan: dict[str, Any]
    handled: set[str] = field(default_factory=set)
    asked: bool = False  # whether the phone has asked if the plan looks right

    @property
    def is_over(self) -> bool:
        """Whether it was for once, and its time has come and gone: then there is nothing to carry over."""
        return self.rhythm["kind"] == "once" and bool(self.handled)

    def times(self, until: date, window: Window) -> list[Slot]:
        """Its slots up to a day."""
        span = Span(1, Rhythm.read(self.rhythm), self.assignment.agreed_on, None)
        return slots([span], self.assignment.agreed_on, until, [window])


@dataclass
class Story:
    """One client from being taken on to now."""

    person: Person
    place: int
    number: int
    service: Service
    practitioner: Practitioner
    rng: Random
    now: datetime
    open: list[Agreement] = field(default_factory=list)
    agreed: int = 0
    said: set[str] = field(default_factory=set)

    def live(self) -> Client:
        """Everything that happened, in order. Inside `atomic()`."""
        course = visits(self.place, self.now.astimezone(ZONE).date(), self.rng)
        begins = _moment(course[0].at) - timedelta(days=9)
        self.client = self._added(begins)
        self.episode = caseload.take_on(
            client=self.client,
            practitioner=self.practitioner,
            by=self.practitioner,
            now=begins,
            problem=self.person.problem,
        )
        self.doing = Doing(self.person, self.number, self.client, self.practitioner, self.rng, self.now)
        booked = self._book(course[0], begins)
        opening = str(booked.id)  # of the interval: the last appointment they came to
        for number, visit in enumerate(course):
            if _moment(visit.at) > self.now or visit.state == "planned":
                break
            after = self._meet(booked, visit, first=number == 0)
            if visit.state == "attended":
                opening = str(booked.id)
            following = course[number + 1] if number + 1 < len(course) else None
            if following:
                booked = self._book(following, after)
            elif stands(self.place) == DISCHARGED:
                self._discharge(after)
                break
            ends = _moment(following.at) if following else self.now
            self._between(after, min(ends, self.now), opening)
        refresh_all(client=self.client, now=self.now)
        return self.client

    def _added(self, at: datetime) -> Client:
        client = people.add_client(
            service=self.service,
            preferred_name=self.person.name,
            date_of_birth=self.person.born,
            local_number=f"DEMO-{1000 + self.number}",
            language=self.person.language,
            safe_contact=self._safe_contact(),
            by=self.practitioner,
            now=at,
        )
        if self.person.phone == "none" and self.person.research != "not_asked":
            people.choose_research(
                client=client, choice=self.person.research, revision_id=None, by=self.practitioner, now=at
            )
        return client

    def _safe_contact(self) -> dict[str, Any]:
        """As the form keeps it. Chosen by number: how to reach somebody is no part of how the story goes."""
        return {
            "channels": (["call"], ["call", "email"], ["call", "text"], ["email"])[self.number % 4],
            "never_sms": self.number % 4 == 0,
            "voicemail": "neutral" if self.number % 3 == 0 else "none",
            "asked_alone": self.person.phone != "none" or self.number % 5 != 4,
            "hours": {"from": "09:00", "until": "19:00"} if self.number % 3 else {},
        }

    def _book(self, visit: Visit, now: datetime) -> Appointment:
        """Booked at the end of the one before; some are moved two days ahead of time."""
        appointment = caseload.book(
            episode=self.episode,
            practitioner=self.practitioner,
            starts_local=visit.moved_from or visit.at,
            zone=ZONE.key,
            mode=visit.mode,
            kind=visit.kind,
            by=self.practitioner,
            now=now,
        )
        moved = max(_moment(visit.at) - timedelta(days=2), now + timedelta(minutes=5))
        if visit.moved_from and moved < self.now:
            caseload.move(appointment=appointment, starts_local=visit.at, by=self.practitioner, now=moved)
        return appointment

    def _meet(self, appointment: Appointment, visit: Visit, first: bool) -> datetime:
        """What happens in an appointment: review, agree the next task, pair the phone. Returns when it was over."""
        begins = _moment(visit.at)
        after = begins + timedelta(minutes=28)
        caseload.record_attendance(
            appointment=appointment, episode=self.episode, state=visit.state, by=self.practitioner, now=after
        )
        if visit.state != "attended":
            return after
        if self.person.phone == "none":
            self.doing.call(begins + timedelta(minutes=4))
        looked(self.client, self.practitioner, begins + timedelta(minutes=5))
        self._review(appointment, begins + timedelta(minutes=8))
        if len(self.open) < 2:
            self._agree(appointment, begins + timedelta(minutes=18))
        if first and self.person.phone not in ("none", "new"):
            self._pair(begins + timedelta(minutes=25))
        elif self.doing.in_contact(after):
            self.doing.phones[0].sync(after)
        self._answer_plans(after)
        return after

    def _answer_plans(self, after: datetime) -> None:
        """What is agreed shows on the phone at once, and asks whether it looks right."""
        for agreement in self.open if self.doing.phones and after < self.now - timedelta(hours=1) else ():
            if not agreement.asked:
                agreement.asked = True
                place = f"{self.number}/{self.agreed}/{agreement.worksheet_id}"
                answer_plan(self.doing.phones[0], agreement.assignment, agreement.plan, after, place)

    def _pair(self, at: datetime) -> None:
        for number in range(2 if self.person.phone == "two" else 1):
            moment = at + timedelta(minutes=number)
            device = paired_at(moment, client=self.client, by=self.practitioner, platform=self.person.platform)
            self.doing.phones.append(Phone(self.client, device, self.rng, self.person.helped_by))
        first, done = self.doing.phones[0], at + timedelta(minutes=2)
        if self.person.research != "not_asked":
            first.tell(done, "research", {"choice": self.person.research})
        first.tell(done, "setting", {"name": "reminder", **self._hours()})
        first.sync(done + timedelta(minutes=1))

    def _hours(self) -> dict[str, Any]:
        at = self.rng.choice(("08:30", "12:30", "17:45", "19:00", "20:30"))
        weekdays = self.rng.choice(([0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4], [0, 2, 4, 6]))
        return {"on": True, "at": at, "weekdays": weekdays, "level": 1}

    def _review(self, appointment: Appointment, now: datetime) -> None:
        for agreement in list(self.open):
            if self.rng.random() < 0.12:
                continue  # no time for it today: it waits for the next appointment
            marks, weights = ("reviewed", "carry_over", "make_smaller", "stop"), (5, 3, 1, 3)
            mark = self.rng.choices(marks, weights)[0]
            said = agreements.lines(mark, agreement.worksheet_id)
            if agreement.is_over:
                mark, said = "stop", agreements.FINISHED
            review(
                assignment=agreement.assignment,
                mark=mark,
                line=agreements.fresh(said, self.said, self.rng),
                note=self.rng.choice(agreements.NOTES),
                appointment_id=appointment.id,
                by=self.practitioner,
                now=now,
            )
            if mark == "stop":
                self.open.remove(agreement)

    def _agree(self, appointment: Appointment, now: datetime) -> None:
        free = self.rng.random() < 0.1
        course = agreements.COURSES[self.person.problem]
        worksheet_id = course[min(self.agreed // 2, len(course) - 1)]
        if any(one.worksheet_id == worksheet_id for one in self.open):
            worksheet_id = course[(self.agreed + 1) % len(course)]
        if any(one.worksheet_id == worksheet_id for one in self.open):
            return
        title, why = self.rng.choice(agreements.FREE_TASKS)
        free = free and title not in self.said
        self.said.update([title] if free else [])
        rhythm = {"kind": "once"} if free else self.rng.choice(agreements.RHYTHMS[worksheet_id])
        worksheet = None if free else library().newest(worksheet_id)
        reason = why if free else self.rng.choice(agreements.REASONS[worksheet_id])
        plan = self._plan(worksheet_id)
        assignment = assign(
            client=self.client,
            episode=self.episode,
            worksheet=worksheet,
            title=title if free else None,
            reason=reason,
            plan=plan,
            rhythm=rhythm,
            from_date=now.astimezone(ZONE).date(),
            agreed_in=appointment.id,
            by=self.practitioner,
            now=now,
        )
        self.open.append(Agreement(assignment, None if free else worksheet_id, rhythm, plan))
        self.agreed += 1

    def _plan(self, worksheet_id: str) -> dict[str, Any]:
        when, where, with_whom, how_long, at = self.rng.choice(agreements.PLANS[worksheet_id])
        obstacle, then = self.rng.choice(agreements.OBSTACLES)
        return {
            "when": when,
            "where": where,
            "with_whom": with_whom,
            "how_long": how_long,
            "reminder": self.rng.choice(agreements.REMINDS),
            "obstacle": obstacle,
            "then": then,
            "confidence": self.rng.choice((None, 5, 6, 7, 7, 8, 8, 9)),
            "at": at or None,
            "weekdays": None,
        }

    def _between(self, begins: datetime, ends: datetime, opening: str) -> None:
        """The days from one appointment to the next: what falls due then, and what becomes of it."""
        last = ends.astimezone(ZONE).date()
        window = Window(opening, begins.astimezone(ZONE).date(), last, ends)
        work = []
        for agreement in self.open:
            for slot in agreement.times(last, window):
                still_open = slot.due_on >= last and self.rng.random() < 0.5
                if slot.key not in agreement.handled and slot.opens_on <= last and not still_open:
                    agreement.handled.add(slot.key)
                    work.append(Work(agreement.assignment, agreement.worksheet_id, slot))
        self.doing.between(work, begins, ends)

    def _discharge(self, now: datetime) -> None:
        end_story(
            client=self.client, episode=self.episode, by=self.practitioner, completed=self.person.does > 0.5,
            rng=self.rng, now=now,
        )  # fmt: skip


def _moment(wall: datetime) -> datetime:
    return wall.replace(tzinfo=ZONE).astimezone(UTC)
