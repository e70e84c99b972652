"""The doctor: what it refuses, and that it changes nothing."""

import pytest

from server import doctor, startup
from server.config import Config


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Push services are asked in one test only."""
    monkeypatch.setattr(doctor, "_reachable", lambda host: True)


@pytest.fixture
def settings(tmp_path):
    return {"MEANTIME_DATA": str(tmp_path / "data")}


def _refused(findings):
    return {finding.check for finding in findings if finding.state == doctor.REFUSED}


def test_a_fresh_laptop_is_refused_nothing_about_data_and_keys(settings):
    assert not _refused(doctor.examine(Config.from_env(settings))) & {"data", "keys", "database", "clock"}


def test_it_changes_nothing(settings, tmp_path):
    doctor.examine(Config.from_env(settings))
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_others_can_read_is_refused(settings):
    config = Config.from_env(settings)
    startup.prepare(config)
    assert "keys" not in _refused(doctor.examine(config))
    config.key_file.chmod(0o644)
    assert "keys" in _refused(doctor.examine(config))


def test_unsafe_public_settings_are_refused_one_by_one(settings):
    config = Config.from_env({**settings, "MEANTIME_HOST": "0.0.0.0", "MEANTIME_DEMO": "1"})
    found = [finding.sentence for finding in doctor.examine(config) if finding.check == "configuration"]
    assert len(found) == 3
    assert "push" in _refused(doctor.examine(config))


def test_a_phone_app_that_is_not_built_is_refused(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(Config, "phone_app", tmp_path / "nothing")
    assert "pages" in _refused(doctor.examine(Config.from_env(settings)))


def test_a_folder_without_worksheets_is_refused(settings, tmp_path):
    config = Config.from_env({**settings, "MEANTIME_WORKSHEETS": str(tmp_path / "none")})
    assert "worksheets" in _refused(doctor.examine(config))


def test_a_push_service_out_of_reach_is_a_note(settings, monkeypatch):
    monkeypatch.setattr(doctor, "_reachable", lambda host: False)
    found = [finding for finding in doctor.examine(Config.from_env(settings)) if finding.check == "push"]
    assert {finding.state for finding in found} == {doctor.NOTE}


def test_every_finding_is_a_sentence(settings):
    for finding in doctor.examine(Config.from_env(settings)):
        assert finding.sentence.endswith((".", "?"))
        assert "\n" not in finding.sentence
