"""Translations of worksheets: made from the English of now, or English in their place, and never part of the hash."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.config import Config
from server.worksheet_commands import worksheets as commands
from server.worksheets import in_language
from server.worksheets.definition import every_field, to_wire
from server.worksheets.in_language import Shown, offered_in
from server.worksheets.reading import Unreadable
from server.worksheets.translations import (
    Text,
    Translation,
    faults,
    filled_up,
    problems_in,
    read_translation,
    text_hash,
    to_translate,
    usable,
)
from tests.worksheets.write_vectors import the_library

SHIPPED = Path(__file__).parents[2] / "worksheets"
WORRY = "low-intensity-cbt/worry-time"
LIBRARY = the_library()


@pytest.fixture
def worry():
    """A worksheet with options, a list, sizes, derived values and an example."""
    return LIBRARY.newest(WORRY)


def translated(worksheet, **changed) -> Translation:
    """Every text in Welsh, as far as a test goes; `changed` by key with __ for a dot."""
    texts = {key: Text(text_hash(en), en, f"cy {en}") for key, en in to_translate(worksheet).items()}
    texts |= {key.replace("__", "."): one for key, one in changed.items()}
    return Translation(worksheet.key, "cy", texts)


def codes(worksheet, translation) -> list[tuple[str, str]]:
    return [(key, code) for key, code, _ in faults(worksheet, translation)]


def test_every_text_has_a_place_and_every_place_its_text(worry):
    """Whatever the worksheet: a text put in by its key comes back by its key, and structure does not change."""
    for worksheet in LIBRARY.all():
        shown = Shown(worksheet, "cy", {key: f"cy {text}" for key, text in to_translate(worksheet).items()}).to_wire()
        assert shown["english"] == []
        plain = to_wire(worksheet)
        seen = set(strings(shown)) - set(strings(plain))
        assert {f"cy {text}" for text in to_translate(worksheet).values()} <= seen | {""}, worksheet.id
        assert shown["title"] == f"cy {worksheet.title}"
        for part in ("id", "version", "done", "short", "rhythms", "part", "barriers"):
            assert shown[part] == plain[part]
        assert [f["id"] for f in shown["fields"]] == [f["id"] for f in plain["fields"]]


def test_a_text_made_from_other_english_is_shown_in_english(worry):
    stale = translated(worry, title=Text(text_hash("Worry hour"), "Worry hour", "Awr boeni"))
    assert codes(worry, stale) == [("title", "stale")]
    wire = Shown(worry, "cy", usable(worry, stale)).to_wire()
    assert (wire["title"], wire["english"]) == ("Worry time", ["title"])
    assert wire["summary"].startswith("cy ")


@pytest.mark.parametrize("text", ["", "  "])
def test_a_blank_text_is_missing(worry, text):
    blank = translated(worry, summary=Text(text_hash(worry.summary), worry.summary, text))
    assert codes(worry, blank) == [("summary", "missing")]


def test_a_key_that_is_not_there_and_a_copy_that_is_not_the_english_are_errors(worry):
    odd = translated(worry, fields__gone__label=Text("0" * 16, "Gone", "x"))
    assert codes(worry, odd) == [("fields.gone.label", "unknown-key")]
    lying = translated(worry, title=Text(text_hash("Worry time"), "Another", "x"))
    assert codes(worry, lying) == [("title", "wrong")]


def test_units_the_app_reckons_with_are_not_translated():
    units = {
        (field.unit, f"fields.{field.id}.unit" in to_translate(sheet))
        for sheet in LIBRARY.all()
        for field in every_field(sheet.fields)
        if field.unit and f"fields.{field.id}.label" in sheet.texts
    }
    assert ("minutes", False) in units
    assert ("minutes", True) not in units


def test_filling_up_keeps_what_is_translated_and_names_what_changed(worry, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text(filled_up(worry, "cy", None), encoding="utf-8")
    fresh, _ = read_translation(path)
    assert {code for _, code in codes(worry, fresh)} == {"missing"}
    texts = {
        **fresh.texts,
        "title": Text(text_hash("Old"), "Old", "Hen"),
        "summary": Text(fresh.texts["summary"].made_from, worry.summary, 'Crynodeb: “dyfyniad” \\ "x"'),
    }
    path.write_text(filled_up(worry, "cy", replace(fresh, texts=texts)), encoding="utf-8")
    again, _ = read_translation(path)
    assert again.texts["title"] == Text(text_hash("Old"), "Old", "Hen")
    assert 'now: "Worry time"' in path.read_text(encoding="utf-8")
    assert again.texts["summary"].text == texts["summary"].text
    path.write_text(filled_up(worry, "cy", again, {"title"}), encoding="utf-8")
    renewed, _ = read_translation(path)
    assert ("title", "stale") not in codes(worry, renewed)
    assert renewed.texts["title"].text == "Hen"


def test_the_wording_is_another_as_soon_as_one_text_is(worry):
    one, other = usable(worry, translated(worry)), {**usable(worry, translated(worry)), "title": "Arall"}
    hashes = {Shown(worry, "cy", one).sha256, Shown(worry, "cy", other).sha256, Shown(worry, "pl", one).sha256}
    assert len(hashes) == 3
    assert Shown(worry, "cy", dict(reversed(one.items()))).sha256 in hashes
    assert worry.sha256 not in hashes


def test_an_instrument_is_offered_only_in_the_language_of_its_official_text(worry):
    measure = replace(worry, id="imported/phq-9", imported=True, measure="phq-9")
    assert offered_in(worry, "cy")
    assert not offered_in(measure, "cy")
    assert offered_in(measure, "en")
    assert offered_in(replace(measure, language="cy"), "cy")
    assert not offered_in(replace(measure, language="cy"), "en")


def test_an_instrument_has_no_translation_of_ours(worry, monkeypatch, app):
    with app.app_context():
        assert in_language.shown_in(replace(worry, imported=True), "cy") is None
        assert in_language.shown_in(worry, "../etc") is None


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Path:
    """A folder of its own with one worksheet, as the commands read it."""
    folder = tmp_path / "worksheets"
    (folder / WORRY).parent.mkdir(parents=True)
    for name in ("schema.json", f"{WORRY}.v1.yaml"):
        shutil.copy(SHIPPED / name, folder / name)
    made = Config.from_env({"MEANTIME_DATA": str(tmp_path / "data"), "MEANTIME_WORKSHEETS": str(folder)})
    monkeypatch.setattr(Config, "from_env", classmethod(lambda cls, *_: made))
    return folder


def test_the_check_names_what_is_wrong_and_counts_what_is_missing(installed):
    run = CliRunner()
    assert "50 to write" in run.invoke(commands, ["translate", "cy", WORRY]).output
    path = installed / "translations" / "cy" / f"{WORRY}.v1.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('text: ""', 'text: "Amser poeni"', 1).replace("  summary:", "  sumary:"), encoding="utf-8"
    )
    told = {(one.field, one.code, one.warning) for one in problems_in(installed, LIBRARY.every())}
    assert told == {("sumary", "unknown-key", False), ("texts", "missing", True)}
    answer = run.invoke(commands, ["check"])
    assert answer.exit_code == 1
    assert "translations/cy/low-intensity-cbt/worry-time.v1.yaml:13: sumary" in answer.stderr
    assert "49 of 50 texts are not translated yet" in answer.stderr


def test_a_file_that_lies_about_itself_or_cannot_be_read_is_an_error(installed):
    CliRunner().invoke(commands, ["translate", "cy", WORRY])
    path = installed / "translations" / "cy" / f"{WORRY}.v1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("language: cy", "language: pl"), encoding="utf-8")
    assert [one.code for one in problems_in(installed, LIBRARY.every())] == ["translation"]
    for broken in ("texts: [", "worksheet: a\n", "worksheet: a\nversion: 1\nlanguage: cy\ntexts: {title: {from: 1}}\n"):
        path.write_text(broken, encoding="utf-8")
        assert [one.code for one in problems_in(installed, LIBRARY.every())] == ["unreadable"]
        with pytest.raises(Unreadable):
            read_translation(path)
    assert CliRunner().invoke(commands, ["translate", "cy", WORRY]).exit_code == 1


def test_the_list_shows_a_language_once_there_is_a_text_in_it(installed):
    run = CliRunner()
    run.invoke(commands, ["translate", "cy", WORRY])
    assert languages_listed(run) == {WORRY: ["en"]}
    path = installed / "translations" / "cy" / f"{WORRY}.v1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('text: ""', 'text: "Amser poeni"', 1), encoding="utf-8")
    assert languages_listed(run) == {WORRY: ["en", "cy"]}


def test_a_language_nobody_can_name_is_refused(installed):
    for language in ("en", "welsh", "../x"):
        assert CliRunner().invoke(commands, ["translate", language, WORRY]).exit_code == 1


def test_the_translations_that_ship_are_sound():
    errors = [str(one) for one in problems_in(SHIPPED, LIBRARY.every()) if not one.warning]
    assert errors == []


def languages_listed(run) -> dict[str, list[str]]:
    rows = json.loads(run.invoke(commands, ["list", "--json"]).stdout)
    return {row["id"]: row["languages"] for row in rows if row["id"] == WORRY}


def strings(part):
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from strings(value)
