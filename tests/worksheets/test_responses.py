"""What a practitioner is offered for each barrier: one response, few exceptions, and every error named."""

import os
import shutil
from dataclasses import replace

import pytest

from server.assignments.rules import BARRIERS
from server.worksheets.check import check_folder
from server.worksheets.reading import read
from server.worksheets.responses import FILE, MOST, Responses, check_responses, responses
from tests.worksheets.write_vectors import ROOT

FOLDER = ROOT / "worksheets"
SLEEP = "low-intensity-cbt/sleep-diary"


@pytest.fixture
def folder(tmp_path):
    """A copy of what ships."""
    shutil.copytree(FOLDER, tmp_path / "worksheets")
    return tmp_path / "worksheets"


def shipped() -> dict:
    return read((FOLDER / FILE).read_bytes()).data


def test_what_ships_has_no_problem():
    assert check_responses(FOLDER) == []


def test_every_barrier_that_can_be_named_has_a_response_and_no_other():
    assert set(shipped()["responses"]) == set(BARRIERS)


def test_there_are_sixty_texts_at_most():
    data = shipped()
    count = len(data["responses"]) + sum(len(those) for those in data["overrides"].values())
    assert len(Responses(data)) == count <= MOST == 60


def test_a_worksheet_has_its_own_response_only_where_it_was_written():
    known = Responses(shipped())
    assert known.of("forgot", SLEEP) != known.of("forgot")
    assert known.of("forgot", SLEEP).words == known.of("forgot").words, "what got in the way is called the same"
    assert known.of("life_event", SLEEP) == known.of("life_event") == known.of("life_event", None)


def test_that_nothing_happened_is_no_barrier():
    known = Responses(shipped())
    assert [code for code in BARRIERS if not known.of(code).got_in_the_way] == ["no_trigger"]
    own = "low-intensity-cbt/worry-diary"
    assert known.of("no_trigger", own).say != known.of("no_trigger").say
    assert not known.of("no_trigger", own).got_in_the_way


def test_a_code_that_nobody_wrote_for_is_shown_in_words_with_a_plain_response():
    plain = Responses({}).of("lost_the_sheet")
    assert plain.words == "Lost the sheet" and plain.tip.endswith(".") and plain.got_in_the_way


def test_the_running_program_has_those_that_ship(app):
    assert len(responses()) == len(Responses(shipped()))


@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("responses:\n", "responses: [\n", "", "unreadable"),
        ("  forgot:\n    words: Forgot", "  forgot:\n    words: Forgot\n    words: Again", "words", "unreadable"),
        ("responses:\n", "answers:\n", "", "shape"),
        ("\noverrides:\n", "\nalso: x\noverrides:\n", "also", "shape"),
        ("    words: No time\n", "", "responses.no_time", "shape"),
        ("    words: No time\n", "    words: 12\n", "responses.no_time", "shape"),
        ("got_in_the_way: false", "got_in_the_way: perhaps", "responses.no_trigger.got_in_the_way", "shape"),
        ("  prefer_not_say:", "  prefer_not_to_say:", "responses", "missing"),
        ("  prefer_not_say:", "  prefer_not_to_say:", "responses.prefer_not_to_say", "unknown-barrier"),
        (
            f"  {SLEEP}:",
            "  low-intensity-cbt/sleep-dairy:",
            "overrides.low-intensity-cbt/sleep-dairy",
            "unknown-worksheet",
        ),
        ("say: It was a full week.", "say: You should try harder.", "responses.no_time.say", "banned-word"),
        ("say: It was a full week.", "say: It was " + "very " * 20 + "full.", "responses.no_time.say", "long-sentence"),
        ("source: Every question can be skipped [D]", "source: We think so", "responses.prefer_not_say.source", "mark"),
        (
            "try: Agree the short way for working days.",
            "try: Agree the small version. Two minutes count.",
            f"overrides.{SLEEP}.no_time",
            "same",
        ),
    ],
)
def test_an_error_is_named_with_its_field_and_line(folder, old, new, field, code):
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = {(one.field.rpartition("words")[1] or one.field, one.code): one for one in check_responses(folder)}
    assert (field, code) in found, list(found)
    problem = found[field, code]
    assert problem.file == FILE and problem.line >= 1 and problem.message.endswith(".") and not problem.warning


def test_more_than_sixty_are_too_many(folder):
    path = folder / FILE
    texts = "    {code}:\n      say: Say this, {n}.\n      try: Try this, {n}.\n      source: Ours [D]\n"
    own = "".join(
        f"  low-intensity-cbt/{name}:\n" + "".join(texts.format(code=code, n=n) for n, code in enumerate(BARRIERS))
        for name in ("sleep-diary", "worry-diary", "problem-solving")
    )
    text = path.read_text(encoding="utf-8").partition("\noverrides:\n")[0]
    path.write_text(f"{text}\noverrides:\n{own}", encoding="utf-8")
    assert [one.code for one in check_responses(folder)] == ["too-many"]


def test_a_folder_without_the_file_shows_plain_ones(folder, app):
    (folder / FILE).unlink()
    assert check_responses(folder) == []
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], worksheets=folder)
    assert responses().of("forgot").words == "Forgot" and len(responses()) == 0


def test_a_broken_file_shows_plain_ones_and_a_mended_one_shows_without_a_restart(folder, app):
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], worksheets=folder)
    whole = (folder / FILE).read_bytes()
    (folder / FILE).write_text("responses: [", encoding="utf-8")
    assert len(responses()) == 0
    (folder / FILE).write_bytes(whole)
    os.utime(folder / FILE, ns=(1, 1))
    assert len(responses()) == len(Responses(shipped()))


def test_the_command_names_them_with_the_rest(folder):
    path = folder / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("    words: No time\n", "", 1), encoding="utf-8")
    assert any(str(one).startswith(f"{FILE}:") for one in check_folder(folder))
