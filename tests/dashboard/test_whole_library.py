"""Every worksheet of the library as staff meet it: the example reads back, prints, and downloads as valid FHIR."""

import json

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from server.worksheets.rules import derived_rows, reading_form
from tests.cast import NOW
from tests.dashboard.conftest import send
from tests.fhir.invariants import codes_outside
from tests.worksheets.write_vectors import shipped


@pytest.fixture
def written(cast, time) -> dict:
    """Each filled in on Anna's phone with its example: the worksheet's key to the address of the entry."""
    cast.pair(NOW)
    found, revisions = {}, []
    for one in shipped():
        agreed = cast.agree(one.id, now=NOW, rhythm=one.rhythms["default"])
        wording = {"language": one.language, "sha256": one.sha256}
        form = {"form_key": one.id, "form_version": one.version, "wording": wording}
        revisions.append(cast.entry(agreed.id, one.example["answers"], **form))
        found[one.key] = f"/staff/clients/{cast.anna.id}/entries/{revisions[-1]['entry_id']}"
    send(cast, revisions, NOW)
    return found


def _words(text: str) -> str:
    return " ".join(text.split())


def _wanted(one) -> list[str]:
    """Each question that was answered, what was answered, and each figure worked out from it."""
    answers = one.example["answers"]
    rows = [*reading_form(one, answers), *derived_rows(one, answers, "Europe/London")]
    return [_words(text) for row in rows for text in row]


def test_each_example_reads_back_and_prints_with_every_question_and_answer(ben, written):
    for one in shipped():
        for address in (written[one.key], f"{written[one.key]}/print"):
            shown = _words(ben.page(address).find("main").get_text(" "))
            assert one.title in shown, address
            missing = [text for text in _wanted(one) if text not in shown]
            assert not missing, (one.key, address.rpartition("/")[2], missing)


def test_each_example_downloads_as_a_valid_response_with_every_word_that_was_written(ben, written):
    for one in shipped():
        answer = ben.fetch(f"{written[one.key]}/fhir")
        assert answer.status_code == 200, one.key
        text = answer.get_data(as_text=True)
        read = QuestionnaireResponse.model_validate_json(text)
        assert codes_outside(read) == [] and read.status == "completed", one.key
        held = "\n".join(_texts(json.loads(text)["item"]))
        missing = [words for words in _texts(one.example["answers"]) if words not in held]
        assert not missing, (one.key, missing)


def _texts(value) -> list[str]:
    """Every string among the answers: words, codes and days."""
    if isinstance(value, dict | list):
        return [text for inner in (value.values() if isinstance(value, dict) else value) for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
