"""The files of the measures: whole, without any item's text, unchanged once published, and refused when broken."""

import json
import shutil
from pathlib import Path

import pytest

from server.config import Config
from server.measures.library import BrokenMeasures, Measures, files, folder_of, published_in
from server.worksheets.check import check_folder

SHIPPED = Path(__file__).resolve().parents[2] / "worksheets" / "measures"
ALL = {
    "ccq", "core-10", "gad-7", "hai", "iapt-phobia", "ies-r", "mi", "oci", "pcl-5", "pdss", "phq-8", "phq-9", "pswq",
    "spin", "wsas",
}  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    """The measures in a folder of their own, to be broken."""
    shutil.copytree(SHIPPED, tmp_path / "measures")
    return tmp_path / "measures"


def change(folder, old, new, name="phq-9.v1.yaml"):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def unpublish(folder, key="phq-9.v1"):
    hashes = published_in(folder)
    del hashes[key]
    (folder / "published.json").write_text(json.dumps(hashes))


def test_all_fifteen_are_there():
    assert {one.id for one in Measures.load(SHIPPED).all()} == ALL


def test_every_file_is_published_under_its_hash():
    assert published_in(SHIPPED) == {
        Path(file).stem: reading.sha256 for file, reading, problems in files(SHIPPED) if not problems
    }


def test_a_published_measure_cannot_change(copy):
    change(copy, "at_least: 10", "at_least: 9")
    with pytest.raises(BrokenMeasures) as broken:
        Measures.load(copy)
    assert [problem.code for problem in broken.value.problems] == ["changed"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{from: 5, name: mild}", "{from: 12, name: mild}", "bands"),
        ("at_least: 10", "at_least: 28", "caseness"),
        ("max: 27", "max: 28", "range"),
        ("numbers: [9]", "numbers: [10]", "unknown-item"),
        ("id: phq-9", "id: phq-10", "file-name"),
        ("mark: V,", "mark: sure,", "shape"),
        ("points: 6, mark: V,", "points: 6,", "shape"),
        ("about: Depression", "about: Depression\ntext: [Little interest]", "shape"),
        ("count: 9, min: 0", "count: 9, min: 0, labels: [Little interest]", "shape"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(copy, old, new, code):
    change(copy, old, new)
    unpublish(copy)
    [problem] = [one for _, _, found in files(copy) for one in found][:1]
    assert (problem.file, problem.code) == ("measures/phq-9.v1.yaml", code)
    assert problem.line >= 1 and problem.message


def test_no_file_holds_an_items_text():
    """An item is a number here: nothing in the shape of a file can hold its words."""
    schema = (SHIPPED / "schema.json").read_text("utf-8")
    items = json.loads(schema)["properties"]["items"]["properties"]
    assert set(items) == {"count", "min", "max", "mark", "source"}
    telling = (
        "little interest",
        "feeling down",
        "nervous",
        "would be better off",
        "worries overwhelm",
        "panic or terror",
    )
    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text("utf-8").lower()
        assert [words for words in telling if words in text] == []


def test_the_worksheet_loader_leaves_them_alone():
    assert not any(problem.file.startswith("measures/") for problem in check_folder(SHIPPED.parent))


def test_a_service_with_worksheets_of_its_own_still_has_the_measures(tmp_path, copy):
    own = tmp_path / "own"
    own.mkdir()
    config = Config.from_env({"MEANTIME_DATA": str(tmp_path), "MEANTIME_WORKSHEETS": str(own)})
    assert folder_of(config) == SHIPPED
    shutil.copytree(copy, own / "measures")
    assert folder_of(config) == own / "measures"
