"""What is looked at before anything starts, and the sentence for each thing that is wrong."""

import json
import sqlite3
import stat

import pytest

from server import startup
from server.config import Config
from server.errors import CannotStart


@pytest.fixture
def config(tmp_path):
    return Config.from_env({"MEANTIME_DATA": str(tmp_path / "data")})


def _database_at(config, revision):
    config.data.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(config.data / "meantime.sqlite3") as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES (?)", [revision])


def test_a_first_start_makes_folder_and_keys_for_this_account_only(config):
    startup.prepare(config)
    assert stat.S_IMODE(config.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.data.stat().st_mode) == 0o700
    assert json.loads(config.key_file.read_text())["wrapping"]


def test_a_second_start_keeps_the_keys(config):
    startup.prepare(config)
    before = config.key_file.read_bytes()
    startup.prepare(config)
    assert config.key_file.read_bytes() == before


def test_keys_are_not_made_afresh_for_a_database_that_has_lost_them(config):
    _database_at(config, startup.newest_revision())
    with pytest.raises(CannotStart, match=r"key file .* is missing"):
        startup.prepare(config)
    assert not config.key_file.exists()


def test_keys_are_not_made_in_the_data_folder_of_a_public_host(tmp_path):
    public = {"MEANTIME_HOST": "0.0.0.0", "MEANTIME_BASE_URL": "https://m.example.org"}
    config = Config.from_env({"MEANTIME_DATA": str(tmp_path / "data"), **public})
    with pytest.raises(CannotStart, match="MEANTIME_KEY_FILE"):
        startup.prepare(config)
    assert not config.key_file.exists()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    config = Config.from_env({"MEANTIME_DATA": str(tmp_path / "file" / "data")})
    with pytest.raises(CannotStart, match=r"data folder .*/file/data cannot be made"):
        startup.prepare(config)


def test_a_damaged_key_file_is_named(config):
    config.key_file.parent.mkdir(parents=True)
    config.key_file.write_text("{}")
    with pytest.raises(CannotStart, match="damaged"):
        startup.prepare(config)


def test_a_database_nobody_answers_at_is_named_without_its_password(tmp_path):
    address = "postgresql://ben:hunter2@127.0.0.1:1/meantime"
    config = Config.from_env({"MEANTIME_DATA": str(tmp_path), "MEANTIME_DATABASE_URL": address})
    with pytest.raises(CannotStart, match=r"^The database [^\n]*cannot be used: [^\n]*\.$") as refusal:
        startup.revision(config)
    assert "hunter2" not in str(refusal.value)


def test_a_file_that_is_no_database_is_named(config):
    config.data.mkdir()
    (config.data / "meantime.sqlite3").write_text("this is not a database, although it is long enough for one" * 9)
    with pytest.raises(CannotStart, match="file is not a database"):
        startup.revision(config)


def test_somebody_elses_database_is_left_alone(config):
    config.data.mkdir()
    with sqlite3.connect(config.data / "meantime.sqlite3") as database:
        database.execute("CREATE TABLE orders (id INTEGER)")
    with pytest.raises(CannotStart, match="orders"):
        startup.revision(config)


def test_a_missing_database_is_empty(config):
    assert startup.revision(config) is None
    with pytest.raises(CannotStart, match="meantime install"):
        startup.refuse_old_schema(config)


def test_an_older_database_asks_for_migrate(config):
    _database_at(config, sorted(startup.all_revisions())[0])
    with pytest.raises(CannotStart, match="run meantime migrate"):
        startup.refuse_old_schema(config)


def test_a_newer_database_asks_for_a_newer_program(config):
    _database_at(config, "9999")
    with pytest.raises(CannotStart, match="newer than this program"):
        startup.refuse_old_schema(config)


def test_a_port_in_use_is_named(config):
    sentence = str(startup.refused_address(config, OSError(98, "Address already in use")))
    assert sentence == "Port 8000 is in use: stop what uses it, or set MEANTIME_PORT to another."
