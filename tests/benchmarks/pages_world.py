"""The people whose pages are measured: two services, each with a practitioner of sixty clients, lived for real."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import select

from server.demo.measuring import measure_all
from server.demo.people import PEOPLE, SERVICE
from server.demo.reminding import remind
from server.demo.story import Story
from server.extensions import atomic, db
from server.people import actions as people
from server.people import sign_in
from server.people.equity import EQUITY
from server.people.equity_actions import record_equity
from server.people.models import Client, Practitioner, Service
from tests.cast import PASSWORD

CLIENTS = 60  # open cases of one practitioner (clinical.md C3)
DAYS = 14  # of sixty, as many places of the demonstration's story: the first seven are seen today


@dataclass(frozen=True)
class Measured:
    """One service whose pages are opened, and how its people sign in."""

    service: UUID
    practitioner: UUID
    signs_in: str
    leads: str  # the service lead's sign-in name
    supervises: str


def populate(names: tuple[str, ...], clients: int, now: datetime) -> list[Measured]:
    """Make these services in the database of the current application."""
    sign_in._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # hashing is not what is measured
    with atomic():
        people.new_epoch(why="install", now=now - timedelta(weeks=14))
    return [_service(name, clients, now) for name in names]


def _service(name: str, clients: int, now: datetime) -> Measured:
    began = now - timedelta(weeks=14)
    with atomic():
        service = people.add_service(by="operator", now=began, **{**SERVICE, "name": name})
        staff = [_staff(service, name, role, began) for role in ("practitioner", "service_lead", "supervisor")]
        service_id, (practitioner_id, *_) = service.id, [one.id for one in staff]
    for number in range(clients):
        _live(service_id, practitioner_id, number, f"{name}/{number}", now)
    with atomic():
        measure_all(service_id, name, now)
        remind(service_id, Random(f"{name}/reminders"), now)
        _equity(service_id, practitioner_id, Random(name), now)
    signs = [f"{name}-{role}" for role in ("practitioner", "service_lead", "supervisor")]
    return Measured(service_id, practitioner_id, *signs)


def _staff(service: Service, name: str, role: str, now: datetime) -> Practitioner:
    made, _ = people.add_practitioner(
        service=service, name=f"{role} of {name}", sign_in_name=f"{name}-{role}", roles=[role], password=PASSWORD,
        by="operator", now=now,
    )  # fmt: skip
    return made


def _live(service_id: UUID, practitioner_id: UUID, number: int, seed: str, now: datetime) -> None:
    """One client from being taken on to now. Only the first come today: a day has room for seven."""
    place = number if number < DAYS else 7 + number % 10
    with atomic():
        service, by = db.session.get(Service, service_id), db.session.get(Practitioner, practitioner_id)
        person = PEOPLE[number % len(PEOPLE)]
        Story(person, place, number, service, by, Random(seed), now).live()


def _equity(service_id: UUID, practitioner_id: UUID, rng: Random, now: datetime) -> None:
    by = db.session.get(Practitioner, practitioner_id)
    for client in db.session.scalars(select(Client).where(Client.service_id == service_id)).all():
        said = {name: rng.choice(codes) for name, codes in EQUITY.items()}
        record_equity(client=client, fields=said, source="csv", by=by, now=now)
