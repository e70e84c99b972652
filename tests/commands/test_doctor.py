"""The doctor: what it refuses, and that it changes nothing."""

from dataclasses import replace

import pytest

from server import demo, doctor, startup
from server.audit import actions as audit
from server.audit.models import AuditEvent
from server.audit.queries import check_chain
from server.config import Config
from server.extensions import atomic, db
from server.reminders import actions as reminders
from server.reminders.vitals import Trouble
from tests.cast import NOW


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


def keys_of(settings, **more):
    config = Config.from_env({**settings, **more})
    startup.prepare(config)
    return [(one.state, one.sentence) for one in doctor.examine(config) if one.check == "keys"]


def test_a_key_file_beside_the_database_is_warned_of_with_what_to_do(settings):
    """Whoever takes the folder, or one copy of it, has both halves."""
    told = keys_of(settings)
    assert [state for state, _ in told] == [doctor.FINE, doctor.NOTE]
    assert "beside the database" in told[1][1] and "MEANTIME_KEY_FILE" in told[1][1]


def test_a_key_file_elsewhere_on_the_same_disk_is_warned_of_too(settings, tmp_path):
    told = keys_of(settings, MEANTIME_KEY_FILE=str(tmp_path / "elsewhere" / "keys"))
    assert [state for state, _ in told] == [doctor.FINE, doctor.NOTE]
    assert "on the same disk" in told[1][1] and "beside" not in told[1][1]


def test_a_key_file_on_another_disk_is_fine(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "_disk", lambda path: str(path))
    assert [state for state, _ in keys_of(settings, MEANTIME_KEY_FILE=str(tmp_path / "usb" / "keys"))] == [doctor.FINE]


def test_keys_without_the_folder_of_the_database_are_no_crash(settings, tmp_path):
    """A data disk that is not mounted yet, while the key file lies on another."""
    where = {"MEANTIME_KEY_FILE": str(tmp_path / "elsewhere" / "keys")}
    startup.prepare(Config.from_env({**settings, **where}))
    gone = {**where, "MEANTIME_DATA": str(tmp_path / "not" / "mounted")}
    told = [one for one in doctor.examine(Config.from_env(gone)) if one.check == "keys"]
    assert [one.state for one in told] == [doctor.FINE]


def test_the_database_may_lie_apart_from_the_data_folder(settings, tmp_path):
    """It is the database that counts: a key file in the folder of a database elsewhere is beside it."""
    there = tmp_path / "there"
    there.mkdir()
    where = {"MEANTIME_DATABASE_URL": f"sqlite:///{there / 'm.sqlite3'}", "MEANTIME_KEY_FILE": str(there / "keys")}
    assert "beside the database" in keys_of(settings, **where)[1][1]


def test_what_the_made_up_phones_of_the_demonstration_refuse_is_a_note(both, cast, monkeypatch):
    broken = [Trouble("keys-refused", "push", 3), Trouble("later", "email", 2)]
    monkeypatch.setattr(doctor.vitals, "troubles", lambda now, session: broken)
    config = both.config["MEANTIME"]
    told = {demo: doctor.examine(replace(config, demo=demo)) for demo in (False, True)}
    states = {demo: [one.state for one in found if one.check == "timetable"] for demo, found in told.items()}
    assert states == {False: [doctor.REFUSED] * 2, True: [doctor.NOTE, doctor.REFUSED]}
    said = [one.sentence for one in told[True] if one.check == "demonstration"]
    assert len(said) == 1 and "no real people" in said[0]
    assert not [one for one in told[False] if one.check == "demonstration"]


def test_a_demonstration_is_known_by_the_sign_in_that_it_keeps(settings, tmp_path):
    config = Config.from_env(settings)
    startup.prepare(config)
    assert not config.is_demonstration
    demo.keep_sign_in(config.data, ())
    assert config.is_demonstration


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


def _audit_of(config):
    return [(finding.state, finding.sentence) for finding in doctor.examine(config) if finding.check == "audit"]


def test_an_audit_that_holds_is_told_with_what_is_linked_and_what_is_not_yet(both, cast):
    config = both.config["MEANTIME"]
    service_id = str(cast.service.id)
    with atomic():
        audit.chain(NOW)
        audit.record("client.seen", by=cast.ben, about=cast.anna, now=NOW)
    told = next(said for said in _audit_of(config) if service_id in said[1])
    linked = check_chain(cast.service.id).linked
    assert told[0] == doctor.FINE and f"holds: {linked} linked, 1 not linked yet" in told[1] and linked > 5
    assert any("of the installation holds" in sentence for _, sentence in _audit_of(config))


def test_an_event_that_was_forged_is_refused_with_its_place(both, cast):
    with atomic():
        audit.chain(NOW)
    linked = check_chain(cast.service.id).linked
    with atomic():  # the database itself refuses to change one
        forged = {"position": linked + 1, "previous_hash": "0" * 64, "hash": "1" * 64}
        db.session.add(AuditEvent(service_id=cast.service.id, at=NOW, verb="x", actor_kind="operator", **forged))
    refused = [sentence for state, sentence in _audit_of(both.config["MEANTIME"]) if state == doctor.REFUSED]
    assert len(refused) == 1 and str(cast.service.id) in refused[0] and f"breaks at link {linked + 1} " in refused[0]


def test_clients_whose_reminders_wait_are_counted(both, cast):
    wish = {"name": "reminder", "on": True, "at": "13:30", "weekdays": [0], "level": 1}
    with atomic():
        reminders.set_rule(client=cast.anna, payload=wish, now=NOW)
    said = [one.sentence for one in doctor.examine(both.config["MEANTIME"]) if one.check == "reminders"]
    assert any(one.startswith("1 client turned reminders on and gets none") for one in said)
    cast.ask_safely()
    said = [one.sentence for one in doctor.examine(both.config["MEANTIME"]) if one.check == "reminders"]
    assert not any("turned reminders on" in one for one in said)


def test_a_public_installation_is_asked_for_a_signal_that_leaves_it(settings):
    public = {**settings, "MEANTIME_BASE_URL": "https://meantime.example.org"}
    assert any("MEANTIME_SIGNAL_URL" in said for _, said in doctor._timetable(Config.from_env(public)))
    heard = Config.from_env({**public, "MEANTIME_SIGNAL_URL": "https://monitor.example.org/x"})
    assert not any("MEANTIME_SIGNAL_URL" in said for _, said in doctor._timetable(heard))


def test_every_finding_is_a_sentence(settings):
    for finding in doctor.examine(Config.from_env(settings)):
        assert finding.sentence.endswith((".", "?"))
        assert "\n" not in finding.sentence


def about_reminders(settings, **more):
    config = Config.from_env({**settings, **more})
    return [(one.state, one.sentence) for one in doctor.examine(config) if one.check == "reminders"]


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("MEANTIME_BASE_URL", "https://northside-therapy.example.org", "therap"),
        ("MEANTIME_MAIL_FROM", "cbt@example.org", "cbt"),
        ("MEANTIME_SMS_SENDER", "NHS North", "NHS"),
    ],
)
def test_a_name_that_tells_what_reminders_are_about_is_said(settings, setting, value, word):
    told = about_reminders(settings, **{setting: value})
    assert any(state == doctor.NOTE and f"“{word}”" in said and setting in said for state, said in told)


def test_neutral_names_are_fine_and_half_a_setup_for_texts_is_refused(settings):
    assert (doctor.FINE, "Neither the words of reminders nor what they come from tell what they are about.") in (
        about_reminders(settings)
    )
    told = about_reminders(settings, MEANTIME_SMS_SENDER="Meantime")
    assert any(state == doctor.REFUSED and "all three" in said for state, said in told)


def test_words_that_tell_are_refused(settings, monkeypatch):
    monkeypatch.setattr(doctor.wording, "texts", lambda: {"en": {"reminder": "Your therapy task"}})
    assert any(state == doctor.REFUSED and said.endswith("in: en.") for state, said in about_reminders(settings))
