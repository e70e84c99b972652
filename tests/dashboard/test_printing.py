"""The library of worksheets to look at and print: every one of them, with every word that its questions have."""

import re

import pytest
from bs4 import BeautifulSoup

from server.worksheets.definition import every_field
from server.worksheets.rule_words import UNSAID, condition
from tests.cast import NOW
from tests.dashboard.browser import check_house
from tests.dashboard.conftest import HOSTILE, send
from tests.worksheets.write_vectors import the_library

ALL = {one.id: one for one in the_library().all()}


def words(page) -> str:
    return re.sub(r"\s+", " ", page.get_text(" ", strip=True))


def sheet_of(web, whole, path=""):
    """A page that keeps the house's rules, where “None” may stand in the worksheet's own words alone."""
    answer = web.fetch(f"/staff/worksheets/{whole.id}{path}")
    assert answer.status_code == 200, whole.id
    plain = answer.text
    for text in sorted(whole.texts.values(), key=len, reverse=True):
        if "None" in text:
            plain = plain.replace(text, "")
    check_house(BeautifulSoup(plain, "html.parser"))
    return BeautifulSoup(answer.text, "html.parser")


def wanted(sheet) -> set[str]:
    """Every word that somebody needs to fill this in."""
    said = {sheet.title, sheet.summary, sheet.why, sheet.who_sees, *sheet.how, sheet.safety_note or sheet.title}
    said |= {stage["title"] for stage in sheet.stages}
    for one in every_field(sheet.fields):
        said |= {one.label, one.hint or one.label, one.low or one.label, one.high or one.label}
        said |= {option.label for option in one.options} | {one.unit or one.label}
    return {re.sub(r"\s+", " ", text) for text in said}


@pytest.mark.parametrize("size", ["normal", "large"])
def test_every_worksheet_prints_with_all_its_words_and_nobodys_name(ben, anna, size):
    assert len(ALL) >= 46
    for key, whole in ALL.items():
        said = words(sheet_of(ben, whole, f"/print?size={size}"))
        sheet = whole if whole.for_staff_only(False) else whole.client_part(False)
        missing = {text for text in wanted(sheet) if text not in said}
        assert missing == set(), key
        assert ("The supervisor may then read it too." in said) is (whole.agreed_by != "nobody"), key
        assert "Anna" not in said and "Ben Okafor" not in said
        assert "Northfield Talking Therapies" in said and "Crisis team: 0800 000 0000" in said


def test_every_worksheet_can_be_looked_at_as_the_client_sees_it(ben):
    for key, whole in ALL.items():
        said = words(sheet_of(ben, whole))
        assert whole.title in said and whole.example["who"] in said, key


def test_every_question_that_is_not_always_asked_says_when(ben):
    found = [
        (key, one.id, condition(one.show_when, whole.fields))
        for key, whole in ALL.items()
        for one in every_field(whole.fields)
        if one.show_when
    ]
    assert len(found) > 30
    assert [one for one in found if one[2] == UNSAID or not one[2].startswith("If ")] == []
    page = ben.page("/staff/worksheets/low-intensity-cbt/sleep-diary/print")
    assert words(page).count("If “Did you wake in the night?” is “Yes”:") == 1


def test_a_rule_without_words_still_says_that_it_is_not_for_everybody():
    assert condition({"count": {"list": "x", "at_least": 2}}, ()) == UNSAID
    assert condition({"is": {"field": "gone", "value": 1}}, ()) == UNSAID
    assert condition(None, ()) == ""


def test_risk_is_not_asked_on_paper_that_goes_home_unless_somebody_answers_for_it(ben):
    for key, whole in ALL.items():
        if whole.asks_about_risk:
            said = words(sheet_of(ben, whole, "/print"))
            together = "Fill this in together with your practitioner" in said
            assert together == whole.needs_procedure, key
            others = {one.label for one in every_field(whole.client_part(False).fields)}
            asked = {one.label for one in every_field(whole.fields) if one.risk} - others
            assert asked and all((label in said) == together for label in asked), key


def test_the_library_is_searched_without_any_script(ben):
    everything = ben.page("/staff/worksheets")
    assert len(everything.select(".staff-choices > li")) == len(ALL)
    found = ben.page("/staff/worksheets?q=SLEEP+diary").select(".staff-choices > li")
    assert [one.a.text for one in found][:1] and "Sleep diary" in [one.a.text for one in found]
    assert len(found) < 5
    assert "No worksheet has all these words" in words(ben.page("/staff/worksheets?q=%3Cb%3Ezebra"))


def test_a_worksheet_that_does_not_exist_is_not_here(ben):
    for place in ("no/such", "low-intensity-cbt/nothing"):
        assert ben.fetch(f"/staff/worksheets/{place}").status_code == 404
        assert ben.fetch(f"/staff/worksheets/{place}/print").status_code == 404


def test_a_filled_one_prints_in_reading_form_and_the_look_is_written_down(ben, cast, anna):
    said = words(ben.page(f"{anna.home}/entries/{anna.entry}/print?size=large"))
    assert "What was happening?" in said and "80 out of 100" in said and "Change in the feeling: -35 points" in said
    assert "Anna" in said, "a filled one says whose it is"
    assert "printed what they sent" in words(ben.page(f"{anna.home}/audit"))


def test_what_is_kept_for_now_is_never_printed(ben, cast, anna):
    kept = cast.entry(anna.agreed, {"situation": "secret thing"}, slot=anna.slots[4])
    kept["payload"]["kept"] = True
    send(cast, [kept], NOW)
    answer = ben.fetch(f"{anna.home}/entries/{kept['entry_id']}/print")
    assert answer.status_code == 200 and "secret thing" not in answer.text
    assert "keeps this entry for now" in answer.text


def test_hostile_words_print_as_words(ben, cast, anna):
    entry = cast.entry(anna.agreed, {"situation": HOSTILE, "feeling": "x"}, slot=anna.slots[4])
    send(cast, [entry], NOW)
    answer = ben.fetch(f"{anna.home}/entries/{entry['entry_id']}/print")
    assert "<script>alert" not in answer.text and "&lt;script&gt;" in answer.text and "\u202e" not in answer.text


def test_a_filled_one_says_in_which_language_it_was_asked(ben, cast, anna):
    entry = cast.entry(anna.agreed, {"situation": "W kuchni"}, slot=anna.slots[4])
    entry["wording"] = {"language": "pl", "sha256": "0" * 64}
    send(cast, [entry], NOW)
    for page in ("", "/print"):
        said = words(ben.page(f"{anna.home}/entries/{entry['entry_id']}{page}"))
        assert "Shown in Polish on the phone. The questions here are in English." in said, page
