"""`meantime worksheets` as an operator meets it: the list, FHIR out and in, exit codes, and never a traceback."""

import json
from functools import partial
from shutil import copytree

import pytest
from click.testing import CliRunner

from server.commands import main
from server.worksheets.folders import published_in
from server.worksheets.library import Library
from tests.fhir.published import questionnaires
from tests.worksheets.write_vectors import ROOT, shipped

TAKEN = "imported/nsw-government-my-personal-health-record"


@pytest.fixture
def bluebook(tmp_path):
    """A Questionnaire that HL7 published, as a file."""
    path = tmp_path / "bluebook.json"
    path.write_bytes(questionnaires()["bb"])
    return path


@pytest.fixture
def meantime(tmp_path):
    """Run a command with its data in an empty folder."""
    environment = {"MEANTIME_DATA": str(tmp_path / "data"), "MEANTIME_WORKSHEETS": None}
    return lambda *arguments: CliRunner().invoke(main, ["worksheets", *map(str, arguments)], env=environment)


def test_the_list_names_every_worksheet_with_its_figures(meantime):
    done = meantime("list")
    assert done.exit_code == 0
    heading, *lines, _ = done.stdout.splitlines()
    assert heading.split() == ["Worksheet", "v", "Fields", "Min", "Age", "Languages", "Notes"]
    rows = json.loads(meantime("list", "--json").stdout)
    assert [line.split()[0] for line in lines] == [row["id"] for row in rows]
    assert {one.id for one in shipped()} <= {row["id"] for row in rows}
    diary = next(row for row in rows if row["id"] == "low-intensity-cbt/worry-diary")
    assert (diary["family"], diary["version"], diary["fields"], diary["minutes"]) == ("low-intensity-cbt", 1, 9, 2)
    assert 4 < diary["reading_age"] <= 11 and diary["languages"][0] == "en"


def test_worksheets_go_out_as_one_file_each(meantime, tmp_path):
    done = meantime("export", "--fhir", "--out", tmp_path / "out")
    assert done.exit_code == 0
    files = sorted((tmp_path / "out").glob("*.json"))
    assert len(files) == len(Library.load(ROOT / "worksheets", allow_broken=True).all())
    assert all(json.loads(path.read_text(encoding="utf-8"))["resourceType"] == "Questionnaire" for path in files)
    one = meantime("export", "--fhir", "low-intensity-cbt/worry-diary", "--out", tmp_path / "one")
    assert (one.exit_code, [path.name for path in (tmp_path / "one").iterdir()]) == (
        0,
        ["low-intensity-cbt-worry-diary.v1.json"],
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["export", "--out", "x"], "Say in which format"),
        (["export", "--fhir", "nothing/here", "--out", "x"], "There is no worksheet nothing/here"),
        (["export", "--fhir", "--out", "/dev/null/x"], "cannot be written to"),
        (["import", "/nowhere.json"], "/nowhere.json cannot be read"),
        (["import", __file__, "--risk", "sex"], "Name the clinician"),
    ],
)
def test_what_hinders_is_one_sentence_and_exit_code_2(meantime, arguments, says):
    done = meantime(*arguments)
    assert done.exit_code == 2 and says in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_a_questionnaire_taken_over_is_listed_for_staff_only_and_kept_with_its_source(meantime, tmp_path, bluebook):
    done = meantime("import", bluebook)
    assert done.exit_code == 0 and "staff entry only" in done.stdout and "only in the source" in done.stdout
    folder = tmp_path / "data" / "worksheets"
    assert json.loads((folder / f"{TAKEN}.v1.source.json").read_text(encoding="utf-8"))["id"] == "bb"
    assert list(json.loads((folder / "published.json").read_text(encoding="utf-8"))) == [f"{TAKEN}.v1"]
    row = next(row for row in json.loads(meantime("list", "--json").stdout) if row["id"] == TAKEN)
    assert (row["imported"], row["staff_entry"]) == (True, True)
    assert meantime("check").exit_code == 0


def test_the_same_again_changes_nothing_and_an_answer_about_risk_is_a_new_version(meantime, tmp_path, bluebook):
    meantime("import", bluebook)
    again = meantime("import", bluebook)
    assert again.exit_code == 0 and "already here" in again.stdout
    meantime("import", bluebook, "--risk", "sex", "--risk-answered-by", "Ben")
    versions = sorted(path.name for path in (tmp_path / "data" / "worksheets").glob(f"{TAKEN}.v*.yaml"))
    assert [name.split(".")[-2] for name in versions] == ["v1", "v2"]
    row = next(row for row in json.loads(meantime("list", "--json").stdout) if row["id"] == TAKEN)
    assert (row["version"], row["staff_entry"], row["asks_about_risk"]) == (2, False, True)


def test_another_questionnaire_of_the_same_name_is_another_worksheet(meantime, tmp_path, bluebook):
    other = {**json.loads(bluebook.read_text(encoding="utf-8")), "url": "http://elsewhere.example/bb"}
    (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
    meantime("import", bluebook, tmp_path / "other.json")
    listed = {row["id"] for row in json.loads(meantime("list", "--json").stdout) if row["imported"]}
    assert listed == {TAKEN, f"{TAKEN}-2"}


def test_one_that_is_refused_is_named_with_its_reasons_and_the_others_are_taken(meantime, tmp_path, bluebook):
    (tmp_path / "broken.json").write_text('{"a":\n ]', encoding="utf-8")
    weight = tmp_path / "sdc-weight-height.json"
    weight.write_bytes(questionnaires()["questionnaire-sdc-profile-example-weight-height-tracking-panel"])
    done = meantime("import", weight, tmp_path / "broken.json", bluebook)
    assert done.exit_code == 1
    assert "sdc-weight-height.json: /39156-5: its answer is calculated" in done.stderr
    assert "broken.json: line 2, column 2" in done.stderr
    assert "Traceback" not in done.stderr
    assert [row["id"] for row in json.loads(meantime("list", "--json").stdout) if row["imported"]] == [TAKEN]


def test_publishing_writes_down_new_hashes_and_nothing_while_something_is_wrong(tmp_path):
    folder = tmp_path / "worksheets"
    copytree(ROOT / "worksheets", folder)
    publish = partial(
        CliRunner().invoke, main, ["worksheets", "publish"],
        env={"MEANTIME_DATA": str(tmp_path / "data"), "MEANTIME_WORKSHEETS": str(folder)},
    )  # fmt: skip
    diary = (folder / "low-intensity-cbt" / "worry-diary.v1.yaml").read_text(encoding="utf-8")
    second = folder / "low-intensity-cbt" / "worry-diary.v2.yaml"
    second.write_text(diary.replace("version: 1", "version: 2", 1), encoding="utf-8")
    assert publish().stdout.split() == ["low-intensity-cbt/worry-diary.v2"]
    assert "low-intensity-cbt/worry-diary.v2" in published_in(folder)
    second.write_text(diary.replace("version: 1", "version: 2", 1) + "# changed\n", encoding="utf-8")
    refused = publish()
    assert refused.exit_code == 1 and "cannot change" in refused.stderr
