"""The key file is away while we serve: phones and staff are told to come again, and nothing breaks or is kept half."""

import shutil
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from server import clock
from server.extensions import atomic, db
from server.people import pairing
from server.people.actions import add_client
from server.people.models import Client
from server.sealing import add_service_key, hold, ring
from tests.cast import NOW, people_of_two_services
from tests.conftest import running, settings
from tests.dashboard.browser import Browser

HEADERS = {"X-Sync-Protocol": "1"}
BEA = {"preferred_name": "Bea", "date_of_birth": "31/03/1980", "local_number": "TT-77"}


@pytest.fixture
def own(tmp_path, migrated_file, key_file, monkeypatch):
    """`app`, `cast`, `path`, `away`: an application with a key file of its own, which can be taken away for a while."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    shutil.copy(migrated_file, tmp_path / "meantime.sqlite3")
    path = Path(shutil.copy(key_file, tmp_path / "own.keys"))
    for app in running(settings(tmp_path, MEANTIME_KEY_FILE=str(path))):
        yield SimpleNamespace(app=app, cast=people_of_two_services(), path=path, away=partial(away, path))


@contextmanager
def away(path):
    """As while a folder is not mounted."""
    elsewhere = path.rename(path.with_suffix(".away"))
    yield
    elsewhere.rename(path)


def test_staff_read_why_a_client_cannot_be_added_and_add_them_later(own):
    ben = Browser(own.app).sign_in(own.cast.ben)
    before = db.session.scalar(select(func.count()).select_from(Client))
    db.session.rollback()
    with own.away():
        refused = ben.read(ben.send(ben.page("/staff/clients/new"), "/staff/clients", 503, **BEA), 503)
    assert "The key file cannot be read" in refused.text
    assert "database is busy" not in refused.text
    assert str(own.path) not in refused.text
    assert db.session.scalar(select(func.count()).select_from(Client)) == before
    db.session.rollback()
    ben.send(ben.page("/staff/clients/new"), "/staff/clients", 303, **BEA)


def test_a_phone_of_somebody_whose_key_is_wrapped_under_a_later_one_comes_again(own):
    """The keys were rotated by another process, and this one has not read them yet."""
    older = ring()
    add_service_key(own.path, NOW)
    with atomic():
        bea = add_client(service=own.cast.service, preferred_name="Bea", by=own.cast.ben, now=NOW)
        _, code = pairing.invite(client=bea, by=own.cast.ben, now=NOW)
        token = pairing.pair(code=code, details={}, now=NOW).token
    web = own.app.test_client()
    web.set_cookie("phone", token)
    hold(own.app, older)
    with own.away():
        answer = web.get("/api/v1/device", headers=HEADERS)
        assert (answer.status_code, answer.json["code"]) == (503, "try-again")
    db.session.rollback()
    assert web.get("/api/v1/device", headers=HEADERS).status_code == 200
