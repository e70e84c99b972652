"""Two clients of Ben's, with two phones each, and a real server in a process of its own."""

import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import inspect, select

from server import clock
from server.assignments import actions as assignments
from server.assignments.models import Assignment
from server.caseload import actions as caseload
from server.caseload.models import Episode
from server.config import Config
from server.engagement.actions import refresh_all
from server.extensions import atomic, db
from server.people import actions as people
from server.people import pairing
from server.people.models import Client, Practitioner
from server.people.queries import epoch_id
from server.worksheets.library import library
from tests.cast import PLAN, THOUGHT_RECORD, Cast, full_thought_record, new_uuid, people_of_two_services
from tests.faults.checks import everything_holds
from tests.faults.phones import Phone
from tests.faults.restoring import TOOLS
from tests.faults.serving import Server


@dataclass
class Person:
    """A client, with what they agreed and their phones."""

    client_id: UUID
    assignment_id: UUID
    first_day: date
    phones: list[Phone]
    cast: Cast
    answers: dict  # of a thought record that is done
    agreed_later: list[UUID] = field(default_factory=list)

    def entry(self, about: UUID | None = None, **changes) -> dict:
        """A thought record made just now, about what was agreed first or something else."""
        return self.cast.entry(
            about or self.assignment_id, **{"answers": self.answers, "happened": clock.now(), **changes}
        )

    def edit(self, of: dict) -> dict:
        """A later state of it."""
        changed = self.entry(UUID(of["subject"]["assignment_id"]), answers={"situation": f"Later {new_uuid()}"})
        return {**changed, "entry_id": of["entry_id"], "parents": [of["revision_id"]]}

    def delete(self, of: dict) -> dict:
        """Taken back."""
        return {**self.edit(of), "kind": "delete", "payload": {}}

    def agree(self) -> None:
        """Something more, from today on."""
        client = db.session.get(Client, self.client_id)
        with atomic():
            self.agreed_later.append(_agreed(self.cast, client, _episode(client), clock.now()).id)

    def sign_in_again(self, phone: Phone) -> None:
        """With a new code: it is another device then, and holds what it held."""
        with atomic():
            another = _phone(self.cast, db.session.get(Client, self.client_id), clock.now())
        phone.earlier.add(phone.device_id)
        phone.token, phone.device_id, phone.epoch = another.token, another.device_id, another.epoch

    def answer(self, n: int, answer: str) -> dict:
        """One tap on the occurrence of the n-th day."""
        return self.cast.answer(self.assignment_id, self.slot(n), answer, happened=clock.now())

    def slot(self, n: int) -> str:
        """The occurrence of the n-th day."""
        return f"{self.first_day + timedelta(days=n)}#1"


@dataclass
class World:
    """The people of one database, and where it is."""

    config: Config
    anna: Person
    bea: Person
    made: datetime

    @property
    def people(self) -> tuple[Person, Person]:
        return self.anna, self.bea

    @property
    def phones(self) -> list[tuple[Person, Phone]]:
        return [(person, phone) for person in self.people for phone in person.phones]

    def holds(self) -> None:
        """Everything that must be true after any fault."""
        for person in self.people:
            everything_holds(person.client_id, person.phones, self.made)
        db.session.rollback()


@pytest.fixture
def tools(monkeypatch):
    """The client programs of the PostgreSQL that the tests run are found."""
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def world(both, config) -> World:
    """On SQLite and on PostgreSQL."""
    return make_world(config)


@pytest.fixture
def sqlite_world(app, sqlite_config) -> World:
    """On SQLite alone."""
    return make_world(sqlite_config)


@pytest.fixture
def server(world):
    """The real server on that database."""
    with Server(world.config) as running:
        yield running


def make_world(config: Config) -> World:
    """Fill the database of the current application."""
    began = clock.now()
    since = began - timedelta(days=4)
    cast = people_of_two_services(now=since)
    with atomic():
        bea = people.add_client(
            service=cast.service,
            preferred_name="Bea",
            date_of_birth=date(1990, 1, 1),
            local_number="TT-1002",
            by=cast.ben,
            now=since,
        )
        episode = caseload.take_on(client=bea, practitioner=cast.ben, by=cast.ben, now=since)
    made = World(config, _person(cast, cast.anna, cast.episode, since), _person(cast, bea, episode, since), began)
    db.session.rollback()
    return made


def _person(cast: Cast, client, episode, since: datetime) -> Person:
    with atomic():
        agreed = _agreed(cast, client, episode, since)
        phones = [_phone(cast, client, since) for _ in range(2)]
        refresh_all(client=client, now=clock.now())  # laid out as far ahead as any push does
    return Person(client.id, agreed.id, since.date(), phones, cast, full_thought_record())


def _agreed(cast: Cast, client, episode, now: datetime) -> Assignment:
    return assignments.assign(
        client=client,
        episode=episode,
        worksheet=library().newest(THOUGHT_RECORD),
        reason="It can help to look at a thought from the outside.",
        plan=PLAN,
        rhythm={"kind": "daily", "times": 1},
        from_date=now.date(),
        by=_ben(cast),
        now=now,
    )


def _ben(cast: Cast) -> Practitioner:
    """As he is in the database that is open now."""
    return db.session.get(Practitioner, inspect(cast.ben).identity[0])


def _episode(client: Client) -> Episode:
    return db.session.scalars(select(Episode).where(Episode.client_id == client.id)).one()


def _phone(cast: Cast, client, since: datetime) -> Phone:
    _, code = pairing.invite(client=client, by=_ben(cast), now=since)
    paired = pairing.pair(code=code, details={"platform": "android"}, now=since)
    return Phone(paired.token, str(paired.device.id), epoch_id())
