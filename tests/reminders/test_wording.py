"""What a reminder says, in every language and by every way, tells nothing and blames nobody; senders' names too."""

import re
from pathlib import Path

import pytest

from server.reminders import wording
from server.worksheets.library import Library

LANGUAGES = sorted(wording.texts())
ADDRESS = "https://meantime.example.org"
ROOT = Path(__file__).parents[2]


def everything(language):
    """All that this language's client can get, by every way and at every level."""
    stop = f"{ADDRESS}/api/stop/x"
    return [
        *(wording.body(level, language) for level in (0, 1, 2)),
        wording.mail_text(language, ADDRESS, stop),
        wording.mail_text(language, ADDRESS, stop, read_by_somebody=True),
        *(wording.sms_text(level, language, ADDRESS) for level in (0, 1, 2)),
        *(wording.word(language, key) for key in wording.texts()["en"]),
    ]


def test_every_language_of_the_phone_has_its_texts():
    phones = {path.name for path in (ROOT / "pwa/src/words").iterdir() if path.is_dir()}
    assert {"en", *phones} == set(LANGUAGES)
    for language in LANGUAGES:
        assert set(wording.texts()[language]) <= set(wording.texts()["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_tells_what_it_is_about_or_blames_anybody(language):
    for text in everything(language):
        assert (wording.telling(text), wording.shaming(text)) == (None, None)
        assert not re.search(r"\d", text.replace(ADDRESS, ""))  # no score, no count, no time


def test_no_text_names_a_worksheet():
    library = Library.load(ROOT / "worksheets", allow_broken=True)
    titles = [form.title.lower() for form in library.all()]
    said = " ".join(text.lower() for language in LANGUAGES for text in everything(language))
    assert titles and [title for title in titles if title in said] == []


@pytest.mark.parametrize(
    "text",
    ["Your therapy task", "CBT", "NHS Talking Therapies", "low mood", "Twoja terapia", "Eich triniaeth", "ڈپریشن",
     "northside-talking-therapies.example.org", "iapt.nhs.uk", "PHQ-9", "crisis", "how anxious are you"],
)  # fmt: skip
def test_what_tells_is_found(text):
    assert wording.telling(text)


@pytest.mark.parametrize("text", ["Meantime", "meantime.example.org", "You have a reminder", "m.example.org"])
def test_what_is_plain_is_not(text):
    assert wording.telling(text) is None


@pytest.mark.parametrize("text", ["You missed 3 days", "You should", "40%", "Don't break your streak", "چاہیے"])
def test_what_shames_is_found(text):
    assert wording.shaming(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_is_one_part(language):
    text = wording.sms_text(1, language, ADDRESS)
    assert len(text) <= (160 if text.isascii() else 70)


def test_level_nothing_says_nothing_and_an_unknown_language_is_english():
    assert wording.sms_text(0, "pl", ADDRESS) == f"Meantime: {ADDRESS}/" and wording.title(0, "pl") == "Meantime"
    assert wording.body(0, "pl") == "" and wording.body(1, "pl") == "Masz przypomnienie"
    assert wording.body(1, "xx") == wording.body(2, "ur") == "You have a reminder"


def test_the_phone_promises_the_words_that_are_sent():
    words = (ROOT / "pwa/src/words/settings.ts").read_text("utf-8")
    assert f"“{wording.body(1, 'en')}”" in words
    for language in ("cy", "pl"):
        told = (ROOT / f"pwa/src/words/{language}/settings.json").read_text("utf-8")
        assert wording.body(1, language) in told
