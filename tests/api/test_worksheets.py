"""Definitions as a phone fetches them: for ever, and about risk only where the service answers for it."""

from dataclasses import replace

import pytest

from server.api import worksheets
from server.worksheets.definition import Field
from server.worksheets.library import library
from tests.cast import THOUGHT_RECORD

HEADERS = {"X-Sync-Protocol": "1"}
PATH = f"/api/v1/worksheets/{THOUGHT_RECORD}/v1"
FOR_EVER = "private, max-age=31536000, immutable"


@pytest.fixture
def asking(app, monkeypatch):
    """The thought record, as if it asked about urges too."""
    with app.app_context():
        plain = library().get(THOUGHT_RECORD, 1)
    more = replace(plain, fields=(*plain.fields, Field(id="urge", type="scale", label="Urge", risk=True)))
    monkeypatch.setattr(type(library()), "get", lambda self, *_: more)


def test_a_definition_is_kept_for_ever(phone):
    answer = phone.get(PATH, headers=HEADERS)
    assert (answer.status_code, answer.json["id"], answer.json["part"]) == (200, THOUGHT_RECORD, "whole")
    assert answer.headers["Cache-Control"] == FOR_EVER


def test_questions_about_risk_do_not_reach_a_phone(phone, asking):
    answer = phone.get(PATH, headers=HEADERS).json
    assert "urge" not in {field["id"] for field in answer["fields"]}
    assert answer["part"] == "without_risk"
    assert phone.get(f"{PATH}/whole", headers=HEADERS).status_code == 404


def test_a_service_that_answers_for_risk_has_the_whole_at_another_address(phone, asking, monkeypatch):
    monkeypatch.setattr(worksheets, "has_response_procedure", lambda service_id: True)
    answer = phone.get(f"{PATH}/whole", headers=HEADERS)
    assert "urge" in {field["id"] for field in answer.json["fields"]}
    assert (answer.json["part"], answer.headers["Cache-Control"]) == ("whole", FOR_EVER)


def test_a_definition_nobody_has_is_not_there(phone):
    assert phone.get(PATH.replace("v1", "v9", 1), headers=HEADERS).status_code == 404
    assert (
        phone.get(f"/api/v1/worksheets/{THOUGHT_RECORD}/v9/whole", headers=HEADERS).json["code"] == "worksheet-unknown"
    )


@pytest.mark.parametrize("version", ["0", "10001", "9" * 23, "9" * 5000, "²", "٣", "1x"])
@pytest.mark.parametrize("more", ["", "/whole"])
def test_a_version_nobody_can_have_is_not_there(phone, version, more):
    answer = phone.get(f"/api/v1/worksheets/{THOUGHT_RECORD}/v{version}{more}", headers=HEADERS)
    assert (answer.status_code, answer.json["code"]) == (404, "worksheet-unknown")


def test_an_own_task_of_a_version_nobody_can_have_is_not_there_either(phone):
    answer = phone.get(f"/api/v1/worksheets/own/anything/v{'9' * 23}", headers=HEADERS)
    assert (answer.status_code, answer.json["code"]) == (404, "worksheet-unknown")
