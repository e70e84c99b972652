"""Settings: their defaults, and the sentence for each that is wrong."""

import shutil
from pathlib import Path

import pytest

from server.config import SETTINGS, Config, ConfigError, unknown_settings


def test_a_laptop_needs_no_setting(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = Config.from_env({})
    assert config.data == tmp_path / "data"
    assert config.database_url == f"sqlite:///{tmp_path}/data/meantime.sqlite3"
    assert (config.host, config.port, config.base_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert config.unsafe() == []


def test_the_base_url_follows_the_port():
    assert Config.from_env({"MEANTIME_PORT": "9000"}).base_url == "http://localhost:9000"


def test_a_hosted_postgresql_address_is_read_by_our_driver():
    config = Config.from_env({"MEANTIME_DATABASE_URL": "postgres://a:b@db/meantime"})
    assert config.database_url == "postgresql+psycopg://a:b@db/meantime"
    assert not config.is_sqlite


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MEANTIME_PORT", "eighty"),
        ("MEANTIME_PORT", "0"),
        ("MEANTIME_PORT", "70000"),
        ("MEANTIME_PORT", "²"),
        ("MEANTIME_TICK_SECONDS", "0"),
        ("MEANTIME_THREADS", "1.5"),
        ("MEANTIME_DEMO", "perhaps"),
        ("MEANTIME_BASE_URL", "meantime.example.org"),
        ("MEANTIME_BASE_URL", "https://meantime.example.org/app"),
        ("MEANTIME_BASE_URL", "http://["),
        ("MEANTIME_DATABASE_URL", "mysql://a:b@db/meantime"),
        ("MEANTIME_DATABASE_URL", "postgresql://a:b@db"),
        ("MEANTIME_DATABASE_URL", "postgresql://a:b@db:port/meantime"),
        ("MEANTIME_DATABASE_URL", "sqlite://"),
        ("MEANTIME_PUSH_CONTACT", "ben@example.org"),
        ("MEANTIME_NOTIFY_URL", "http://notify.example.org"),
        ("MEANTIME_NOTIFY_URL", "https://"),
        ("MEANTIME_NOTIFY_TOKEN", "too-short-a-one"),
        ("MEANTIME_METRICS_TOKEN", "too-short-a-one"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(name, value):
    with pytest.raises(ConfigError, match=rf"^{name} [^\n]+\.$"):
        Config.from_env({name: value})


@pytest.mark.parametrize("holds", [None, "empty", "schema.json", "mine/my-page.v1.yaml", "a file"])
def test_a_folder_without_worksheets_is_a_sentence(tmp_path, holds):
    folder = tmp_path / "mine"
    if holds == "a file":
        folder.touch()
    elif holds:
        (folder / holds).parent.mkdir(parents=True)
        (folder / holds).touch()
    with pytest.raises(ConfigError, match=rf"^MEANTIME_WORKSHEETS names {folder}[^\n]+\.$"):
        Config.from_env({"MEANTIME_WORKSHEETS": str(folder)}).refuse_no_worksheets()


def test_a_copy_of_the_worksheets_that_ship_will_do(tmp_path):
    shipped = Config.from_env({}).worksheets
    shutil.copytree(shipped, tmp_path / "mine")
    Config.from_env({"MEANTIME_WORKSHEETS": str(tmp_path / "mine")}).refuse_no_worksheets()


def test_a_wrong_database_address_does_not_repeat_its_password():
    with pytest.raises(ConfigError) as refusal:
        Config.from_env({"MEANTIME_DATABASE_URL": "mysql://ben:hunter2@db/meantime"})
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("public", [{"MEANTIME_HOST": "0.0.0.0"}, {"MEANTIME_BASE_URL": "https://m.example.org"}])
def test_the_key_file_may_not_lie_in_the_data_folder_of_a_public_host(public, tmp_path):
    data = {"MEANTIME_DATA": str(tmp_path / "data")}
    assert any("key file" in reason for reason in Config.from_env({**data, **public}).unsafe())
    elsewhere = {"MEANTIME_KEY_FILE": str(tmp_path / "meantime.keys")}
    assert not any("key file" in reason for reason in Config.from_env({**data, **public, **elsewhere}).unsafe())


def test_the_demonstration_may_not_be_public():
    config = Config.from_env({"MEANTIME_DEMO": "1", "MEANTIME_HOST": "0.0.0.0"})
    assert any("demonstration" in reason for reason in config.unsafe())


def test_a_public_address_needs_https():
    assert any("https" in reason for reason in Config.from_env({"MEANTIME_HOST": "192.0.2.1"}).unsafe())


def test_more_push_hosts_are_added_to_the_browsers_own():
    config = Config.from_env({"MEANTIME_PUSH_HOSTS": "push.example.org, Other.example.org"})
    assert config.push_hosts[-2:] == ("push.example.org", "other.example.org")
    assert "fcm.googleapis.com" in config.push_hosts


def test_a_misspelt_setting_is_noticed():
    assert unknown_settings({"MEANTIME_PROT": "1", "MEANTIME_PORT": "1", "HOME": "/"}) == ["MEANTIME_PROT"]


def test_every_setting_says_what_it_means():
    assert all(setting.default and setting.meaning for setting in SETTINGS)


def test_worksheets_and_app_of_a_checkout_are_read_where_they_are():
    root = Path(__file__).resolve().parents[1]
    config = Config.from_env({})
    assert (config.worksheets, config.phone_app) == (root / "worksheets", root / "pwa" / "dist")
