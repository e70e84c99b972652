"""Fills an empty database with the demonstration, and keeps its sign-in where only this account can read it."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from server.assignments.models import Occurrence
from server.config import SIGN_IN
from server.demo.answering import answer_all
from server.demo.endings import after_the_end
from server.demo.measuring import measure_all
from server.demo.own_task import build_own
from server.demo.people import PEOPLE, SERVICE, STAFF
from server.demo.personal import say_all
from server.demo.reminding import remind
from server.demo.standing_in import stand_in
from server.demo.story import Story
from server.demo.studying import study_all
from server.demo.supervising import supervise
from server.errors import Refused
from server.extensions import atomic, db
from server.people import actions as people
from server.people import pairing
from server.people.models import Client, Device, Practitioner, Service
from server.reminders.planning import plan
from server.reviews.models import Review

SEED = 20261122


@dataclass(frozen=True)
class SignIn:
    """One account of the demonstration."""

    name: str
    sign_in_name: str
    password: str
    roles: str


@dataclass(frozen=True)
class DemoAccess:
    """How to get in: staff accounts, and the pairing code of one client."""

    sign_ins: tuple[SignIn, ...]
    client: str
    code: str


def fill(*, now: datetime, seed: int = SEED) -> DemoAccess:
    """Make the demonstration: the same seed and day make the same story. Refused where there is a service already."""
    if people.how_many_services():
        raise Refused("bad-input", "This database is not empty. The demonstration needs one of its own.")
    began = now - timedelta(weeks=14)
    with atomic():
        people.new_epoch(why="install", now=began)
        service = people.add_service(by="operator", now=began, demo=True, **SERVICE)
        staff, sign_ins = _staff(service, began)
        service_id, staff_ids = service.id, [one.id for one in staff]
    for number, person in enumerate(PEOPLE):
        rng = Random(f"{seed}/{number}")  # noqa: S311  a story, not a secret
        with atomic():
            service, practitioner = (
                db.session.get(Service, service_id),
                db.session.get(Practitioner, staff_ids[number % 2]),
            )
            Story(person, number // 2, number, service, practitioner, rng, now).live()
    with atomic():
        build_own(service_id, began)
        after_the_end(service_id, now)
        measure_all(service_id, str(seed), now)
        stand_in(service_id, now)
        answer_all(service_id, str(seed), now)
        say_all(service_id, str(seed), now)
        remind(service_id, Random(f"{seed}/reminders"), now)  # noqa: S311
        plan(now)
        supervise(service_id, now)
        study_all(service_id, now)
    client, code = pairing_code(now=now)
    return DemoAccess(tuple(sign_ins), client, code)


def pairing_code(*, now: datetime) -> tuple[str, str]:
    """A fresh code for another phone of the client who has most to do: (preferred name, 12 characters)."""
    with atomic():
        client = _busiest(now)
        by = db.session.scalar(select(Practitioner).where(Practitioner.service_id == client.service_id).limit(1))
        _, code = pairing.invite(client=client, by=by, now=now)
        return client.preferred_name, code


def new_password() -> str:
    """A random one that can be read aloud."""
    return "-".join(secrets.token_hex(3) for _ in range(3))


def keep_sign_in(folder: Path, sign_ins: tuple[SignIn, ...]) -> Path:
    """Write the sign-ins where only this account can read them, so that they can be printed again."""
    path = folder / SIGN_IN
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump([asdict(one) for one in sign_ins], file, indent=1)
    return path


def kept_sign_in(folder: Path) -> tuple[SignIn, ...]:
    """The sign-ins as they were kept; none where the file is gone."""
    path = folder / SIGN_IN
    if not path.is_file():
        return ()
    return tuple(SignIn(**one) for one in json.loads(path.read_text("utf-8")))


def _staff(service: Service, now: datetime) -> tuple[list[Practitioner], list[SignIn]]:
    staff, sign_ins = [], []
    for name, sign_in_name, roles in STAFF:
        password = new_password()
        one, _ = people.add_practitioner(
            service=service,
            name=name,
            sign_in_name=sign_in_name,
            roles=roles,
            by="operator",
            now=now,
            password=password,
        )
        staff.append(one)
        sign_ins.append(SignIn(name, sign_in_name, password, ", ".join(roles)))
    return staff, sign_ins


def _busiest(now: datetime) -> Client:
    """The client with a phone who has most agreed for the coming days: a second phone of theirs shows the whole app."""
    ahead = Occurrence.opens_on.between(now.date() - timedelta(days=3), now.date() + timedelta(days=3))
    found = db.session.scalar(
        select(Client)
        .join(Service, Service.id == Client.service_id)
        .join(Occurrence, Occurrence.client_id == Client.id)
        .where(Service.demo.is_(True), Client.research != "not_asked")
        .where(Occurrence.state == "open", Occurrence.due_on >= now.date(), ahead)
        .where(Client.id.in_(select(Review.client_id)), Client.id.in_(select(Device.client_id)))
        .group_by(Client.id)
        .order_by(func.count(Occurrence.assignment_id.distinct()).desc(), func.count().desc(), Client.id)
        .limit(1)
    )
    if found is None:
        raise Refused("bad-input", "This database does not hold the demonstration, or it is an old one.")
    return found
