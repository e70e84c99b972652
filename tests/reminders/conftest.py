"""Both databases with one client who agreed something, and a push service on this machine to send to."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server import create_app
from server.assignments import actions as assignments
from server.caseload import actions as caseload
from server.commands import bring_up
from server.extensions import atomic, db, new_id
from server.people import actions as people
from server.people.models import Device
from server.reminders import actions as reminders
from server.reminders import ledger
from server.reminders.models import EVENTS, Delivery, DeliveryEvent
from server.sealing import push_public_key
from tests.conftest import fresh_address, settings
from tests.fakes import PhoneKeys, PushService
from tests.reminders.processes import Nursery

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 08:00 in London too
ASKED = {"asked_alone": True}  # how they can be reached safely, without which nothing is sent
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
WISH = {"name": "reminder", "on": True, "at": "13:30", "weekdays": EVERY_DAY, "level": 1}
RHYTHM = {"kind": "daily", "times": 1}


@pytest.fixture
def app(both):
    """The application on both databases: what is claimed and sent must be single on either."""
    return both


@pytest.fixture(scope="session")
def _nursery(tmp_path_factory):
    """Where real processes are born: the program is imported once for all tests."""
    made = Nursery(tmp_path_factory.mktemp("nursery"))
    yield made
    made.close()


@pytest.fixture
def nursery(_nursery):
    """The same, with nothing left running after the test."""
    yield _nursery
    _nursery.end_all()


@dataclass
class Story:
    """Anna, who agreed a daily task with Ben, has a paired phone and a reminder at 13:30."""

    app: Flask
    push: PushService
    keys: PhoneKeys
    client: object
    practitioner: object
    episode: object
    assignment: object
    device: object

    def subscribe(self, name="phone", device=None, keys=None, now=MONDAY, client=None):
        keys = self.push.phones[f"/{name}"] = keys or self.keys
        with atomic():
            return reminders.subscribe(
                client=client or self.client, device=device or self.device, endpoint=self.push.endpoint(name),
                p256dh=keys.p256dh, auth=keys.auth, hosts=self.app.config["MEANTIME"].push_hosts, now=now,
            )  # fmt: skip

    def set_rule(self, now=MONDAY, client=None, **wish):
        more = {name: wish.pop(name) for name in ("revision_id",) if name in wish}
        client = client or self.client
        with atomic():
            return reminders.set_rule(client=client, payload={**WISH, **wish}, by=client, now=now, **more)

    def agree(self, rhythm=RHYTHM, now=MONDAY, from_date=date(2026, 11, 23), client=None, episode=None):
        with atomic():
            return assignments.assign(
                client=client or self.client, episode=episode or self.episode, worksheet=None, title="A short walk",
                reason="It helped before", plan={}, rhythm=rhythm, from_date=from_date, by=self.practitioner, now=now,
            )  # fmt: skip

    def pair(self, client=None):
        client = client or self.client
        with atomic():
            device = Device(
                service_id=client.service_id, client_id=client.id, token_hash=new_id().hex, paired_at=MONDAY
            )
            db.session.add(device)
        return device

    def lend(self, nursery, moment):
        """The processes of this nursery work on this database, by a clock that shows that moment."""
        nursery.on(self.app.config["MEANTIME"], self.push.host)
        nursery.clock.set(moment)
        self.push.now = lambda: nursery.clock.now().timestamp()
        db.session.rollback()

    def another_client(self):
        with atomic():
            client = people.add_client(
                service=self.service,
                preferred_name="Cleo",
                safe_contact=ASKED,
                by=self.practitioner,
                now=MONDAY - timedelta(days=1),
            )
            episode = caseload.take_on(client=client, practitioner=self.practitioner, by=self.practitioner, now=MONDAY)
        return client, episode

    def others(self, number, name="other"):
        """So many clients more, each with a phone of that name and a reminder at the same moment, on Mondays alone."""
        phones = []
        for n in range(number):
            client, episode = self.another_client()
            self.agree(client=client, episode=episode)
            phones.append(self.subscribe(f"{name}{n}", device=self.pair(client), client=client))
            self.set_rule(client=client, weekdays=[0])
        return phones

    @property
    def service(self):
        return db.session.get(type(self)._service, self.client.service_id)


@pytest.fixture
def story(app):
    """Anna on her first Monday, with a push service that takes what is sent."""
    with told_story(app) as told:
        yield told
        db.session.rollback()
        # Whatever a test made of reminders, staff pages and bundles have a word for it.
        assert set(db.session.scalars(select(Delivery.why).distinct())) <= {*ledger.WHYS, None}
        assert set(db.session.scalars(select(DeliveryEvent.what).distinct())) <= set(EVENTS)


@pytest.fixture
def on_postgres(request, tmp_path, key_file):
    """Anna's story on PostgreSQL alone, its job queue made by `meantime migrate`."""
    config = settings(tmp_path, url=fresh_address(request), MEANTIME_KEY_FILE=str(key_file))
    app = create_app(config)
    bring_up(app)
    with app.app_context():
        with told_story(app) as story:
            yield story
        db.session.remove()
        db.engine.dispose()


@contextmanager
def told_story(app):
    """Anna on her first Monday, in the database of this application."""
    with PushService(public_key=push_public_key(app.extensions["meantime-keys"])) as push:
        config = app.config["MEANTIME"]
        app.config["MEANTIME"] = replace(config, push_hosts=(*config.push_hosts, push.host))
        with atomic():
            service = people.add_service(name="North", by="operator", now=MONDAY, demo=True)
            ben, _ = people.add_practitioner(
                service=service, name="Ben", sign_in_name="ben", roles=["practitioner"], by="operator", now=MONDAY
            )
            anna = people.add_client(service=service, preferred_name="Anna", safe_contact=ASKED, by=ben, now=MONDAY)
            episode = caseload.take_on(client=anna, practitioner=ben, by=ben, now=MONDAY)
        Story._service = type(service)
        told = Story(app, push, PhoneKeys(), anna, ben, episode, None, None)
        told.assignment, told.device = told.agree(), told.pair()
        yield told
