"""Other languages as a phone is told of them: offered once switched on, words for everybody, worksheets by wording."""

import json

import pytest

from server import clock
from server.extensions import atomic, db
from server.languages import actions, built, queries
from server.people import pairing
from server.people.models import Client
from server.worksheets import in_language
from server.worksheets.library import bind, library
from server.worksheets.translations import file_of, filled_up, read_translation, to_translate
from tests.cast import NOW, THOUGHT_RECORD
from tests.safety import sheets

HEADERS = {"X-Sync-Protocol": "1"}
PATH = f"/api/v1/worksheets/{THOUGHT_RECORD}/v1"


@pytest.fixture
def words(tmp_path, monkeypatch):
    """A built app with three languages; writes it again with other words."""
    folder = tmp_path / "app"
    folder.mkdir()

    def write(sha256="a" * 64, help_sha256="b" * 64):
        counts = {name: {"texts": 2, "there": 1} for name in ("app", "help")}
        told = {"name": "Cymraeg", "catalogues": counts, "sha256": sha256, "help_sha256": help_sha256}
        (folder / "languages.json").write_text(json.dumps({"cy": told}), encoding="utf-8")
        (folder / "words-cy.json").write_text(
            json.dumps({"app": {"app.today": "Heddiw"}, "help": {}}), encoding="utf-8"
        )
        built._READ.clear()

    monkeypatch.setattr(built, "_folder", lambda: folder)
    write()
    yield write
    built._READ.clear()


@pytest.fixture
def welsh(app, tmp_path, monkeypatch):
    """The thought record with two of its texts in Welsh."""
    with app.app_context():
        shelf, sheet = library(), library().get(THOUGHT_RECORD, 1)
    path = file_of(tmp_path, "cy", sheet)
    path.parent.mkdir(parents=True)
    text = filled_up(sheet, "cy", None)
    for welsh in ("Edrych ar feddwl", "Fy nodiadau"):
        text = text.replace('text: ""', f'text: "{welsh}"', 1)
    path.write_text(text, encoding="utf-8")
    assert read_translation(path)[0].texts["title"].text == "Edrych ar feddwl"
    monkeypatch.setattr(shelf, "folders", (tmp_path,))
    in_language._READ.clear()
    return path


def offered(phone) -> list:
    return phone.get("/api/v1/device", headers=HEADERS).json["service"]["languages"]


def check(cast, **more):
    with atomic():
        actions.record_check(
            service=cast.service, language="cy", checked_by="Elin Jones", checked_on=NOW.date(), by=cast.ada, now=NOW,
            **{"help_too": True, **more},
        )  # fmt: skip


def test_a_language_is_off_until_the_service_says_otherwise(phone, cast, words):
    assert offered(phone) == []
    with atomic():
        actions.switch_on_draft(service=cast.service, language="cy", by=cast.ada, now=NOW)
    assert offered(phone) == [{"code": "cy", "name": "Cymraeg", "state": "draft", "help_checked": False}]
    check(cast)
    assert offered(phone) == [{"code": "cy", "name": "Cymraeg", "state": "checked", "help_checked": True}]
    with atomic():
        actions.switch_off(service=cast.service, language="cy", by=cast.ada, now=NOW)
    assert offered(phone) == []
    assert len(queries.checks_of(cast.service.id, "cy")) == 3


def test_the_decision_of_one_service_is_not_that_of_another(cast, words):
    check(cast)
    assert [one.state for one in queries.languages_of(cast.other_service.id)] == ["off"]


def test_english_stands_beside_help_that_has_changed_since_it_was_checked(phone, cast, words):
    check(cast, help_too=False)
    assert offered(phone)[0]["help_checked"] is False
    check(cast)
    words(help_sha256="c" * 64)
    assert (offered(phone)[0]["state"], offered(phone)[0]["help_checked"]) == ("checked", False)
    words(sha256="d" * 64)
    assert queries.languages_of(cast.service.id)[0].changed_since


def test_a_phone_hears_of_a_language_by_its_next_pull(phone, cast, words):
    first = phone.get("/api/v1/sync/pull", headers=HEADERS)
    same = phone.get("/api/v1/sync/pull", headers={**HEADERS, "If-None-Match": first.headers["ETag"]})
    check(cast)
    other = phone.get("/api/v1/sync/pull", headers={**HEADERS, "If-None-Match": first.headers["ETag"]})
    told = [one["body"] for one in other.json["changes"] if one["kind"] == "service"]
    assert (same.status_code, told[0]["languages"][0]["code"]) == (304, "cy")


def test_words_are_for_everybody_and_name_the_wording_of_each_worksheet(app, cast, words, welsh):
    told = app.test_client().get("/api/v1/words/cy", headers=HEADERS).json
    assert told["catalogues"]["app"] == {"app.today": "Heddiw"}
    assert (told["language"], told["sha256"], list(told["worksheets"])) == ("cy", "a" * 64, [f"{THOUGHT_RECORD}.v1"])
    for unknown in ("pl", "en", "..%2Fx"):
        assert app.test_client().get(f"/api/v1/words/{unknown}", headers=HEADERS).status_code == 404


def test_a_worksheet_in_another_language_is_kept_for_ever_under_its_wording(phone, words, welsh):
    wanted = phone.get("/api/v1/words/cy", headers=HEADERS).json["worksheets"][f"{THOUGHT_RECORD}.v1"]
    answer = phone.get(f"{PATH}?lang=cy&w={wanted}", headers=HEADERS)
    assert "immutable" in answer.headers["Cache-Control"]
    assert (answer.json["language"], answer.json["sha256"], answer.json["title"]) == ("cy", wanted, "Edrych ar feddwl")
    assert answer.json["english_title"] == phone.get(PATH, headers=HEADERS).json["title"]
    assert "summary" in answer.json["english"]
    assert "title" not in answer.json["english"]
    for other in (f"{PATH}?lang=cy", f"{PATH}?lang=cy&w=0"):
        assert phone.get(other, headers=HEADERS).headers["Cache-Control"] == "no-store"


@pytest.fixture
def risky(app, tmp_path, monkeypatch):
    """A worksheet of our own that asks about risk, with every text in Welsh: its English with a mark before it."""
    sheets.add_to(tmp_path)
    bind(app)
    sheet = library().get(sheets.CHECK["id"], 1)
    path = file_of(tmp_path / "welsh", "cy", sheet)
    path.parent.mkdir(parents=True)
    lines, english = filled_up(sheet, "cy", None).splitlines(), list(to_translate(sheet).values())
    told = iter(english)
    path.write_text("\n".join(f'    text: "cy {next(told)}"' if 'text: ""' in one else one for one in lines), "utf-8")
    monkeypatch.setattr(library(), "folders", (tmp_path / "welsh",))
    in_language._READ.clear()
    return f"{sheet.id}.v1"


def test_the_questions_about_risk_are_translated_where_the_service_answers_for_them(app, phone, cast, words, risky):
    told = phone.get("/api/v1/words/cy", headers=HEADERS).json
    less, whole = told["worksheets"][risky], told["whole"][risky]
    assert list(told["whole"]) == [risky] and less != whole
    address = f"/api/v1/worksheets/{sheets.CHECK['id']}/v1"
    assert phone.get(f"{address}/whole?lang=cy&w={whole}", headers=HEADERS).status_code == 404
    sheets.switched_on(app, cast)
    asked = phone.get(f"{address}/whole?lang=cy&w={whole}", headers=HEADERS)
    assert "immutable" in asked.headers["Cache-Control"] and asked.json["sha256"] == whole
    labels = {one["id"]: one["label"] for one in asked.json["fields"]}
    assert labels["thoughts"].startswith("cy ")
    without = phone.get(f"{address}?lang=cy&w={less}", headers=HEADERS).json
    assert "thoughts" not in {one["id"] for one in without["fields"]} and without["language"] == "cy"


def test_other_words_have_another_address(phone, words, welsh):
    def wording():
        return phone.get("/api/v1/words/cy", headers=HEADERS).json["worksheets"][f"{THOUGHT_RECORD}.v1"]

    before = wording()
    welsh.write_text(welsh.read_text(encoding="utf-8").replace("Edrych ar feddwl", "Ystyried meddwl"), encoding="utf-8")
    in_language._READ.clear()
    assert wording() != before


@pytest.mark.parametrize("language", ["pl", "en", "xx-yy", "../cy", ""])
def test_a_language_nobody_translated_it_into_is_not_there(phone, words, welsh, language):
    assert phone.get(PATH, query_string={"lang": language}, headers=HEADERS).status_code == 404


def test_the_language_chosen_before_the_code_is_the_clients_and_english_is_no_choice(app, cast, words):
    def pair(language):
        with atomic():
            _, code = pairing.invite(client=cast.anna, by=cast.ben, now=clock.now())
        body = {"code": code, "language": language}
        return app.test_client().post("/api/v1/pair", json=body, headers=HEADERS).json["me"]["language"]

    assert pair("cy") == "cy"
    assert pair("en") == "cy"
    assert pair("<script>") == "cy"
    assert db.session.get(Client, cast.anna.id).language == "cy"
