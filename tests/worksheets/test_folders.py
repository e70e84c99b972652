"""A service's own folder: the same check, hashes that hold, and never a reason not to start; and quick starts."""

import json
import shutil

import pytest

from server import create_app, doctor
from server.worksheets import folders, kept
from server.worksheets.folders import OWN, own_definitions
from server.worksheets.kept import FILE, Kept
from server.worksheets.library import Library, library
from server.worksheets.reading import sha256
from tests.conftest import settings
from tests.worksheets.write_vectors import ROOT, shipped

SHIPPED = ROOT / "worksheets"
THEIRS = "our-service/worry-page.v1.yaml"


@pytest.fixture
def config(tmp_path, key_file):
    """An installation whose only shipped worksheets are two, and which has one of its own."""
    small = tmp_path / "shipped"
    (small / "low-intensity-cbt").mkdir(parents=True)
    for name in ("schema.json", "low-intensity-cbt/worry-diary.v1.yaml", "low-intensity-cbt/thought-record.v1.yaml"):
        shutil.copy(SHIPPED / name, small / name)
    _write(tmp_path / OWN, THEIRS)
    return settings(tmp_path, MEANTIME_KEY_FILE=str(key_file), MEANTIME_WORKSHEETS=str(small))


def _write(folder, file, old="", new=""):
    text = (SHIPPED / "low-intensity-cbt" / "worry-diary.v1.yaml").read_text(encoding="utf-8")
    text = text.replace("id: low-intensity-cbt/worry-diary", f"id: {file.rpartition('.v')[0]}").replace(old, new, 1)
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")


def _started(config):
    with create_app(config).app_context():
        return library()


def test_a_services_own_worksheet_is_found_beside_those_that_ship(config):
    found = _started(config)
    assert found.get("our-service/worry-page", 1).title == "Worry diary"
    assert found.get("low-intensity-cbt/worry-diary", 1)
    assert (len(found.all()), found.problems) == (3, [])


def test_its_hash_is_recorded_at_the_first_start_and_a_changed_file_is_left_out(config):
    _started(config)
    recorded = json.loads((config.data / OWN / "published.json").read_text(encoding="utf-8"))
    assert list(recorded) == ["our-service/worry-page.v1"]
    _write(config.data / OWN, THEIRS, "minutes: 2", "minutes: 3")
    found = _started(config)
    assert found.get("our-service/worry-page", 1) is None
    assert [(one.file, one.code) for one in found.problems] == [(THEIRS, "changed")]
    _write(config.data / OWN, THEIRS)
    assert _started(config).get("our-service/worry-page", 1)


def test_one_that_is_gone_is_named(config):
    _started(config)
    (config.data / OWN / THEIRS).unlink()
    assert [(one.file, one.code) for one in _started(config).problems] == [(THEIRS, "gone")]


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("our-service/broken.v1.yaml", "minutes: 2", "minutes: two", "shape"),
        ("our-service/broken.v1.yaml", "title: Worry diary", "title: [", "unreadable"),
        ("low-intensity-cbt/worry-diary.v2.yaml", "version: 1", "version: 2", "clash"),
        ("own/a1b2.v1.yaml", "", "", "clash"),
    ],
)
def test_a_broken_one_is_left_out_named_by_the_doctor_and_stops_nothing(config, file, old, new, code):
    _write(config.data / OWN, file, old, new)
    found = _started(config)
    assert [(one.file, one.code) for one in found.problems] == [(file, code)]
    assert len(found.all()) == 3
    said = [one for one in doctor.examine(config) if one.check == "worksheets"]
    assert any(one.state == doctor.NOTE and file in one.sentence for one in said)
    assert file.removesuffix(".yaml") not in folders.published_in(config.data / OWN)


def test_a_record_that_cannot_be_read_leaves_all_of_them_out(config):
    (config.data / OWN / "published.json").write_text("[", encoding="utf-8")
    found = _started(config)
    assert [one.code for one in found.problems] == ["unreadable"]
    assert found.get("low-intensity-cbt/worry-diary", 1)


def test_no_folder_is_nothing_wrong(config, tmp_path):
    assert own_definitions(tmp_path / "nowhere", config.worksheets, ()) == []


def test_what_was_sound_is_not_read_again_and_comes_out_the_same(tmp_path, monkeypatch):
    first = Kept(tmp_path, SHIPPED)
    Library.load(SHIPPED, allow_broken=True, kept=first)
    first.write()
    shipped_before = shipped()
    monkeypatch.setattr(folders, "read", lambda content: pytest.fail("read again"))
    again = Kept(tmp_path, SHIPPED)
    for one in shipped_before:
        path = SHIPPED / f"{one.key}.yaml"
        assert again.reading(f"{one.key}.yaml", sha256(path.read_bytes())), one.key
    folder = tmp_path / "small"
    (folder / "low-intensity-cbt").mkdir(parents=True)
    shutil.copy(SHIPPED / "schema.json", folder)
    for one in shipped_before:
        (folder / one.family).mkdir(exist_ok=True)
        shutil.copy(SHIPPED / f"{one.key}.yaml", folder / f"{one.key}.yaml")
    quick = Library.load(folder, kept=again).every()
    assert sorted(quick, key=lambda one: one.key) == shipped_before


@pytest.mark.parametrize(
    "held", ["", "[", "[]", '{"checker": 1}', '{"checker": "x", "files": {"a": 1}}', '{"files": 3}']
)
def test_what_was_kept_by_another_check_or_is_no_json_is_forgotten(tmp_path, held):
    (tmp_path / FILE).write_text(held, encoding="utf-8")
    assert Kept(tmp_path, SHIPPED).reading("a", "b") is None


def test_another_schema_or_check_forgets_what_was_kept(tmp_path, monkeypatch):
    Library.load(SHIPPED, allow_broken=True, kept=(first := Kept(tmp_path, SHIPPED)))
    first.write()
    one = shipped()[0]
    assert Kept(tmp_path, SHIPPED).reading(f"{one.key}.yaml", one.sha256).data["id"] == one.id
    monkeypatch.setattr(kept, "_checker", lambda worksheets: "another")
    assert Kept(tmp_path, SHIPPED).reading(f"{one.key}.yaml", one.sha256) is None


def test_without_a_data_folder_nothing_is_kept_and_nothing_is_made(tmp_path):
    remembering = Kept(tmp_path / "nowhere", SHIPPED)
    Library.load(SHIPPED, allow_broken=True, kept=remembering)
    remembering.write()
    assert list(tmp_path.iterdir()) == []
