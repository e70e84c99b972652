"""Fills an empty database with whole synthetic services, a batch of people at a time: any number fits in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import insert

from server.audit import actions as audit
from server.demo.filling import SignIn, new_password
from server.demo.people import SERVICE
from server.demo.synthetic import published as p
from server.demo.synthetic.course import OVER, Place, live, made_id, place_of
from server.demo.synthetic.doing import Deeds, do
from server.demo.synthetic.rows import TABLES, Keyed, keyed, rows_of
from server.errors import Refused
from server.extensions import Row, atomic, db
from server.people import actions as people
from server.people import sign_in
from server.people.models import Practitioner, Service

AT_ONCE = 100  # people in memory, and in one transaction
SIGN_INS = (("practitioner", "syn-practitioner"), ("service_lead", "syn-lead"), ("administrator", "syn-admin"))

Progress = Callable[[int, int], None]


def fill_synthetic(*, clients: int, seed: int, until: datetime, progress: Progress | None = None) -> tuple[SignIn, ...]:
    """Make services of so many people, as of a moment: the same three make the same data, but for keys and passwords.

    Refused where there is a service already. Returns how to sign in to the first of them.
    """
    if clients < 1:
        raise Refused("bad-input", "Synthetic services need at least one client.")
    if people.how_many_services():
        raise Refused("bad-input", "This database is not empty. Synthetic services need one of their own.")
    with atomic():
        people.new_epoch(why="install", now=until - OVER - timedelta(days=1))
    sign_ins: tuple[SignIn, ...] = ()
    for number in range(-(-clients // p.PER_SERVICE)):
        service, practitioners, theirs = _service(number, clients, seed, until)
        sign_ins = sign_ins or theirs
        first = number * p.PER_SERVICE
        for start in range(first, min(first + p.PER_SERVICE, clients), AT_ONCE):
            several = range(start, min(start + AT_ONCE, first + p.PER_SERVICE, clients))
            with atomic():
                _write(several, clients, seed, until, service, practitioners)
            if progress:
                progress(several.stop, clients)
    return sign_ins


def person(place: Place, seed: int, until: datetime, service: UUID, practitioner: UUID) -> tuple[Deeds, Keyed, Random]:
    """One person: what they did, whose they are, and their random numbers from there on."""
    rng = Random(f"{seed}/{place.number}")  # noqa: S311  a story, not a secret
    life = live(place, until, rng)
    who = keyed(life, service, practitioner, rng)
    return do(life, who.owner, until, rng), who, rng


def _write(several: range, clients: int, seed: int, until: datetime, service: UUID, practitioners: list[UUID]) -> None:
    rows: dict[type[Row], list[dict]] = {table: [] for table in TABLES}
    for number in several:
        place = place_of(number, clients)
        found = rows_of(*person(place, seed, until, service, practitioners[place.practitioner]))
        for table, values in found.items():
            rows[table] += values
    for table in TABLES:
        if rows[table]:
            db.session.execute(insert(table.__table__), rows[table])


def _service(number: int, clients: int, seed: int, until: datetime) -> tuple[UUID, list[UUID], tuple[SignIn, ...]]:
    """One service with its practitioners; of the first, three accounts that can be signed in to."""
    rng = Random(f"{seed}/service/{number}")  # noqa: S311
    began = until - OVER - timedelta(days=1)
    theirs = min(p.PER_SERVICE, clients - number * p.PER_SERVICE)
    name = f"SYNTHETIC service {number + 1}: no real people (seed {seed})"
    with atomic():
        service = people.add_service(
            by="operator", now=began, demo=True, id=made_id(began, rng), **{**SERVICE, "name": name}
        )
        accounts = list(_accounts(service, began, rng)) if number == 0 else []
        ids = [made_id(began, rng) for _ in range(-(-theirs // p.PER_PRACTITIONER))]
        rows = [_practitioner(service.id, one, place + 1, began) for place, one in enumerate(ids)]
        if accounts:  # the account that can be signed in to has people of its own
            ids[0], rows = accounts[0][0], rows[1:]
        db.session.add_all(rows)
        db.session.flush()
        made = {"clients": theirs, "seed": seed, "practitioners": len(ids)}
        audit.record("service.filled", about=service, by="operator", service_id=service.id, detail=made, now=began)
        return service.id, ids, tuple(one for _, one in accounts)


def _practitioner(service_id: UUID, made: UUID, number: int, now: datetime) -> Practitioner:
    """Somebody whose account nobody can sign in to."""
    return Practitioner(
        id=made,
        service_id=service_id,
        roles=["practitioner"],
        name=f"Synthetic practitioner {number}",
        sign_in_lookup=f"nobody|{made}",
        password_hash=sign_in.nobody(),
        must_change_password=False,
        created_at=now,
    )


def _accounts(service: Service, now: datetime, rng: Random) -> Iterator[tuple[UUID, SignIn]]:
    for role, sign_in_name in SIGN_INS:
        name = f"Synthetic {role.replace('_', ' ')}"
        password = new_password()
        made, _ = people.add_practitioner(
            service=service,
            id=made_id(now, rng),
            name=name,
            sign_in_name=sign_in_name,
            roles=[role],
            by="operator",
            now=now,
            password=password,
        )
        yield made.id, SignIn(name, sign_in_name, password, role)
