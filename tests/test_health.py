"""Alive and ready are two answers: a database that is behind or gone makes it unready, never dead."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from server import clock, health, scheduler, startup
from server.config import Config
from server.extensions import db, migrate
from server.sealing import RingRef, read_key_file


@pytest.fixture
def config(tmp_path):
    config = Config.from_env({"MEANTIME_DATA": str(tmp_path)})
    startup.prepare(config)
    return config


@pytest.fixture
def app(config):
    """An application with these two pages only."""
    app = Flask("server", static_folder=None)
    app.config["MEANTIME"] = config
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.extensions["meantime-keys"] = read_key_file(config.key_file)
    app.extensions["meantime-keys-ref"] = RingRef(app.extensions["meantime-keys"])
    db.init_app(app)
    migrate.init_app(app, db)
    health.register(app)
    return app


def test_an_empty_database_is_alive_and_not_ready(app):
    web = app.test_client()
    assert web.get("/healthz").status_code == 200
    answer = web.get("/readyz")
    assert (answer.status_code, answer.json["database"], answer.json["schema"]) == (503, True, False)


def test_a_migrated_database_is_ready_and_an_older_one_is_not(app):
    with app.app_context():
        upgrade()
    assert app.test_client().get("/readyz").json == {
        "ready": True, "database": True, "schema": True, "keys": True, "timetable": True,
    }  # fmt: skip
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert app.test_client().get("/readyz").status_code == 503


def test_a_database_that_cannot_be_read_is_alive_and_not_ready(app, config):
    (config.data / "meantime.sqlite3").write_bytes(b"not a database, and long enough to be sure of it" * 30)
    answer = app.test_client().get("/readyz").json
    assert answer == {"ready": False, "database": False, "schema": False, "keys": True, "timetable": True}
    assert app.test_client().get("/healthz").status_code == 200


def test_a_timetable_that_has_stopped_makes_it_unready_and_one_that_only_begins_does_not(app, config, monkeypatch):
    with app.app_context():
        upgrade()
    web, began = app.test_client(), clock.now()
    late = scheduler.patience(config) + timedelta(seconds=1)
    assert web.get("/readyz").status_code == 200, "it has only just started"
    monkeypatch.setattr(clock, "now", lambda: began + late)
    answer = web.get("/readyz")
    assert (answer.status_code, answer.json["timetable"], answer.json["database"]) == (503, False, True)
    assert web.get("/healthz").status_code == 200
    scheduler.look(app, "tick", ())
    assert web.get("/readyz").json["timetable"] is True
    monkeypatch.setattr(clock, "now", lambda: began + 2 * late + timedelta(seconds=1))
    assert web.get("/readyz").status_code == 503, "it looked once and then no more"


def test_on_postgresql_others_look_for_what_is_due(app, config, monkeypatch):
    elsewhere = replace(config, database_url="postgresql+psycopg://somewhere/else")
    monkeypatch.setitem(app.config, "MEANTIME", elsewhere)
    assert "timetable" not in app.test_client().get("/readyz").json


def test_nobody_can_write_there(app):
    assert app.test_client().post("/readyz").status_code == 405
