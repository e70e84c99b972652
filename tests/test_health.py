"""Alive and ready are two answers: a database that is behind or gone makes it unready, never dead."""

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from server import health, startup
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
    assert app.test_client().get("/readyz").json == {"ready": True, "database": True, "schema": True, "keys": True}
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert app.test_client().get("/readyz").status_code == 503


def test_a_database_that_cannot_be_read_is_alive_and_not_ready(app, config):
    (config.data / "meantime.sqlite3").write_bytes(b"not a database, and long enough to be sure of it" * 30)
    assert app.test_client().get("/readyz").json == {"ready": False, "database": False, "schema": False, "keys": True}
    assert app.test_client().get("/healthz").status_code == 200


def test_nobody_can_write_there(app):
    assert app.test_client().post("/readyz").status_code == 405
