"""Errors in a definition are named with file, line and field; each test plants one in a copy of a real worksheet."""

import json
import shutil

import pytest

from server.worksheets.check import check_folder, hashes
from server.worksheets.library import BrokenWorksheets, Library
from tests.worksheets.write_vectors import ROOT

FILE = "low-intensity-cbt/worry-diary.v1.yaml"


@pytest.fixture
def folder(tmp_path):
    """A copy of the schema and two worksheets, without published hashes."""
    made = tmp_path / "worksheets"
    (made / "low-intensity-cbt").mkdir(parents=True)
    for name in ("schema.json", FILE, "low-intensity-cbt/thought-record.v1.yaml"):
        shutil.copy(ROOT / "worksheets" / name, made / name)
    return made


def _plant(folder, old, new):
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return 1 + text[: text.index(old)].count("\n")


def test_what_ships_has_no_error_and_no_warning():
    assert [str(problem) for problem in check_folder(ROOT / "worksheets")] == []


def test_the_published_hashes_are_those_of_the_files():
    published = json.loads((ROOT / "worksheets" / "published.json").read_text(encoding="utf-8"))
    assert published == hashes(ROOT / "worksheets")


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("title: Worry diary", "title: Worry diary\ntitle: Again", "title", "unreadable"),
        ("title: Worry diary", "title: [", "", "unreadable"),
        ("title: Worry diary", "title: !!python/name:os.system x", "title", "unreadable"),
        ("title: Worry diary", "title: no: yes", "", "unreadable"),
        ("title: Worry diary", "titel: Worry diary", "", "shape"),
        ("minutes: 2", "minutes: two", "minutes", "shape"),
        ("version: 1", "version: 2", "id", "file-name"),
        ("  - {answered: kind}", "  - {answered: sort}", "done.all.1.answered", "unknown-field"),
        ("field: kind, value: practical", "field: kind, value: practise", "fields.4.show_when.is.value", "never"),
        ("field: kind, value: practical", "field: anxiety_after, value: 1", "fields.4.show_when.is", "unknown-field"),
        ("keep_visible: [anxiety]", "keep_visible: [anxeity]", "fields.8.keep_visible.0", "unknown-field"),
        ("short: [worry, kind]", "short: [worry, date]", "short.1", "unknown-field"),
        ("end: anxiety_after", "end: worry", "derived.0.end", "not-a-number"),
        ("code: practical, label", "code: not_sure, label", "fields.3.options", "twice"),
        ("id: turn_to", "id: worry", "fields.6.id", "twice"),
        ("default: {kind: event}", "default: {kind: weekly}", "rhythms.default", "rhythm"),
        ("forgot, no_trigger", "forgot, no_triger", "barriers.1", "shape"),
        ("step: 1", "step: 3", "fields.2.step", "range"),
        ("    type: text\n    lines: 2", "    type: text\n    initial: 3", "fields.1.initial", "initial"),
        (
            "    type: text\n    lines: 2",
            "    type: text\n    max_length: 2\n    initial: long",
            "fields.1.initial",
            "initial",
        ),
        ("    type: text\n    lines: 2", "    type: text\n    open: true", "fields.1.open", "shape"),
        ("    type: text\n    lines: 2", "    type: text\n    integer: true", "fields.1.integer", "shape"),
        ("    type: text\n    lines: 2", "    type: text\n    risk: true\n    carry_over: true", "fields.1", "risk"),
        ("title: Worry diary", "title: Worry diary\nagreed_by: anybody", "agreed_by", "shape"),
        ("title: Worry diary", "title: Worry diary\ncopyright: Somebody", "copyright", "shape"),
        ("  - {answered: kind}", "  - {above: {field: worry, value: 3}}", "done.all.1.above", "not-a-number"),
        ("  - {answered: kind}", "  - {above: {field: anxiety, value: x}}", "done.all.1.above.value", "never"),
        ("  - {answered: kind}", "  - {below: {field: date, value: soon}}", "done.all.1.below.value", "never"),
        ("  - {answered: kind}", "  - {not: {answered: sort}}", "done.all.1.not.answered", "unknown-field"),
        (
            "title: Worry diary",
            "title: Worry diary\nrisk_flags: [{field: anxiety, level: 1, when: {answered: anxiety}}]",
            "risk_flags.0.field",
            "risk",
        ),
        ("title: Worry diary", "title: " + "Long " * 25, "title", "too-long"),
        ("    kind: practical\n", "    kind: practise\n", "example.answers.kind", "example"),
        ("    anxiety: 7", "    anxeity: 7", "example.answers.anxeity", "unknown-field"),
        ("summary: Note", "summary: Your homework is to note", "summary", "banned-word"),
        ("title: Worry diary", "title: What you should do", "title", "banned-word"),
        (
            "summary: Note a worry when it comes.",
            "summary: " + "a " * 21 + "b.",
            "summary",
            "long-sentence",
        ),
    ],
)
def test_an_error_is_named_with_file_line_and_field(folder, old, new, field, code):
    line = _plant(folder, old, new)
    found = [problem for problem in check_folder(folder) if problem.code != "unpublished"]
    assert found, "nothing was found"
    first = found[0]
    assert (first.file, first.field, first.code) == (FILE, field, code)
    assert first.message.endswith(".")
    if field and code != "file-name":
        assert abs(first.line - line) <= 2
    assert str(first).startswith(f"{FILE}:{first.line}: ")


def test_hard_words_are_a_warning_unless_named_with_a_reason(folder):
    hard = (
        "Systematic identification of hypothetical catastrophic interpretations facilitates psychological flexibility"
    )
    _plant(folder, "summary: Note a worry when it comes.", f"summary: {hard} for individuals in our vicinity.")
    found = [problem for problem in check_folder(folder) if problem.code == "reading-age"]
    assert [(problem.field, problem.warning) for problem in found] == [("summary", True)]
    named = {"low-intensity-cbt/worry-diary.v1:summary": "A planted exception."}
    (folder / "reading-exceptions.json").write_text(json.dumps(named), encoding="utf-8")
    assert "reading-age" not in {problem.code for problem in check_folder(folder)}


def test_a_published_worksheet_cannot_change(folder):
    (folder / "published.json").write_text(json.dumps(hashes(folder)), encoding="utf-8")
    assert check_folder(folder) == []
    _plant(folder, "title: Worry diary", "title: Worry diaries")
    assert [problem.code for problem in check_folder(folder)] == ["changed"]


def test_a_published_worksheet_cannot_go(folder):
    (folder / "published.json").write_text(json.dumps(hashes(folder)), encoding="utf-8")
    (folder / FILE).unlink()
    assert [(problem.file, problem.code) for problem in check_folder(folder)] == [(FILE, "gone")]


def test_other_line_ends_are_the_same_worksheet(folder):
    (folder / "published.json").write_text(json.dumps(hashes(folder)), encoding="utf-8")
    path = folder / FILE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_folder(folder) == []


def test_a_broken_worksheet_stops_the_start_unless_told_otherwise(folder):
    _plant(folder, "minutes: 2", "minutes: two")
    with pytest.raises(BrokenWorksheets, match=r"worry-diary\.v1\.yaml:\d+: minutes: "):
        Library.load(folder)
    library = Library.load(folder, allow_broken=True)
    assert library.get("low-intensity-cbt/worry-diary", 1) is None
    assert len(library.all()) == 1
    assert [problem.field for problem in library.problems] == ["minutes"]


def test_a_folder_without_a_schema_is_said_so(tmp_path):
    with pytest.raises(BrokenWorksheets, match=r"schema\.json is missing or cannot be read"):
        Library.load(tmp_path)


def test_the_newest_version_is_found_and_the_old_one_stays(folder):
    old = folder / FILE
    new = old.with_name("worry-diary.v2.yaml")
    new.write_text(old.read_text(encoding="utf-8").replace("version: 1", "version: 2", 1), encoding="utf-8")
    library = Library.load(folder)
    assert library.newest("low-intensity-cbt/worry-diary").version == 2
    assert library.get("low-intensity-cbt/worry-diary", 1).version == 1
    assert library.newest("low-intensity-cbt/unknown") is None
    assert library.get("low-intensity-cbt/worry-diary", 3) is None
    assert [one.version for one in library.all()].count(2) == 1
