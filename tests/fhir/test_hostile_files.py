"""What a careless or hostile file does to the importer and the checker: a sentence, and never a traceback."""

import json

import pytest
from click.testing import CliRunner

from server.commands import main
from server.fhir.files import already_here, free_place, keep
from server.fhir.importing import Unreadable, imported_definition, parsed
from server.fhir.words import OURS
from server.worksheets.definition import worksheet_from
from server.worksheets.plain import data_of
from server.worksheets.reading import Reading, read
from server.worksheets.structure import problems_of
from server.worksheets.translations import Text, Translation, faults, text_hash, to_translate
from tests.fhir.test_round_trip import EVERY, SCHEMA

LONG = "1" + "0" * 5000
TURN, ISOLATE = "\u202e", "\u2066"


def _asked(text="How are you?", **more):
    item = {"linkId": "a", "text": text, "type": "string"}
    return {"resourceType": "Questionnaire", "status": "active", "title": "Check", "item": [item], **more}


def _kept(folder, resource):
    """(id, version) under which it lies now, or lay already."""
    name, version = free_place(folder, resource)
    found = imported_definition(resource, worksheet_id=name, version=version, schema=SCHEMA)
    if already_here(folder, found.definition) is None:
        keep(folder, found.definition, resource)
    return name, version


def test_questionnaires_without_an_address_are_not_versions_of_each_other(tmp_path):
    assert _kept(tmp_path, _asked("One?")) == ("imported/check", 1)
    assert _kept(tmp_path, _asked("Two?")) == ("imported/check-2", 1)
    assert _kept(tmp_path, _asked("Three?", url="urn:x")) == ("imported/check-3", 1)
    assert _kept(tmp_path, _asked("Four?", url="urn:x")) == ("imported/check-3", 2)


def test_the_same_file_without_an_address_is_here_already(tmp_path):
    _kept(tmp_path, _asked("One?"))
    _kept(tmp_path, _asked("One?"))
    assert [path.name for path in sorted(tmp_path.glob("**/*.yaml"))] == ["check.v1.yaml"]


def test_titles_without_latin_letters_make_names_of_their_own(tmp_path):
    first, second = (free_place(tmp_path, _asked(title=title))[0] for title in ("気分", "睡眠"))
    assert first != second
    assert free_place(tmp_path, _asked(title="気分")) == (first, 1)
    _kept(tmp_path, _asked("One?", title="気分", url="urn:x"))
    assert _kept(tmp_path, _asked("Two?", title="気分", url="urn:x"))[1] == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (LONG, "100000000000000000… is a number of 5,001 digits; at most 18."),
        (f'{{"a": [-{LONG}]}}', "is a number of 5,002 digits; at most 18."),
        ('{"a": 1e999}', "1e999 is too large a number."),
    ],
)
def test_a_number_too_long_to_read_is_said_to_be_so(content, says):
    with pytest.raises(Unreadable) as refused:
        parsed(content.encode())
    assert says in str(refused.value)


@pytest.mark.parametrize("version", ["9" * 6000, "9" * 6, "²", "-1"])
def test_our_own_address_with_any_version_is_taken_over_or_refused(version):
    resource = _asked(url=f"{OURS}low-intensity-cbt/thought-record", version=version)
    found = imported_definition(resource, worksheet_id="imported/x", version=1, schema=SCHEMA)
    assert found.definition["version"] == 1


def test_the_command_says_which_file_it_cannot_read(tmp_path, monkeypatch):
    monkeypatch.setenv("MEANTIME_DATA", str(tmp_path))
    (tmp_path / "long.json").write_text(f'{{"a": {LONG}}}')
    ran = CliRunner().invoke(main, ["worksheets", "import", str(tmp_path / "long.json")])
    assert ran.exit_code == 1
    assert "long.json: 100000000000000000… is a number of 5,001 digits; at most 18." in ran.output


def test_characters_that_turn_a_line_round_are_left_out_and_the_importer_says_so():
    resource = _asked(f"How {TURN}are{ISOLATE} you?", title=f"Che{TURN}ck")
    found = imported_definition(resource, worksheet_id="imported/x", version=1, schema=SCHEMA)
    assert TURN not in json.dumps(found.definition, ensure_ascii=False)
    assert (found.definition["title"], found.definition["fields"][0]["label"]) == ("Check", "How are you?")
    assert "questionnaire: characters that turn a line round, left out of 3 texts." in map(str, found.kept)
    assert resource["item"][0]["text"] == f"How {TURN}are{ISOLATE} you?"  # the source stays what it was


def test_a_link_id_that_turns_a_line_round_is_refused_because_answers_go_back_under_it():
    resource = _asked()
    resource["item"][0]["linkId"] = f"a{TURN}"
    found = imported_definition(resource, worksheet_id="imported/x", version=1, schema=SCHEMA)
    assert [one.reason[:20] for one in found.refused] == ["It holds U+202E, whi"]


@pytest.mark.parametrize("sign", [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))])
def test_a_file_with_a_character_that_turns_a_line_round_is_no_worksheet(sign):
    data = data_of(EVERY[0])
    data["fields"][0]["label"] += sign
    found = problems_of(Reading(data), f"{EVERY[0].key}.yaml", SCHEMA)
    said = f"It holds U+{ord(sign):04X}, which shows letters in another order. Take it out."
    assert [(one.field, one.code, one.message) for one in found] == [("fields.0.label", "turns-round", said)]


@pytest.mark.parametrize(
    "number", [10**400, -(10**16), 1e308, float("inf"), float("nan")], ids=["huge", "-1e16", "1e308", "inf", "nan"]
)
def test_a_number_too_large_to_reckon_with_is_named(number):
    data = data_of(EVERY[0])
    data["minutes"] = number
    found = problems_of(Reading(data), f"{EVERY[0].key}.yaml", SCHEMA)
    assert [(one.field, one.code) for one in found] == [("minutes", "too-large")]


def test_a_scale_with_400_digits_is_named_with_its_line():
    scale = next(one for one in EVERY if any(field.type == "scale" for field in one.fields))
    data = data_of(scale)
    n = next(n for n, field in enumerate(data["fields"]) if field["type"] == "scale")
    data["fields"][n]["max"] = 10**400
    found = problems_of(read(json.dumps(data).encode()), f"{scale.key}.yaml", SCHEMA)
    assert [(one.field, one.code) for one in found] == [(f"fields.{n}.max", "too-large")]


def test_a_translation_that_turns_a_line_round_is_not_shown():
    worksheet = worksheet_from(data_of(EVERY[0]), "0" * 64)
    texts = {key: Text(text_hash(one), one, f"{one}{TURN}") for key, one in to_translate(worksheet).items()}
    codes = {code for _, code, _ in faults(worksheet, Translation(worksheet.key, "cy", texts))}
    assert codes == {"turns-round"}
