"""Scores and equity fields from another system: looked at first, safe to repeat, one's own clients only."""

import pytest

from server.measures.queries import of_client
from server.people.equity import EQUITY, HEADS, LABELS, code_of
from server.people.equity_queries import equity_of, newest_equity
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import scores

SCORES, EQUITIES = "/staff/lists/scores", "/staff/lists/equity"


def look(web, place, text):
    return words(web.read(web.fetch(place, "POST", data={**web.tokens(), "text": text})))


def do(web, place, text):
    answer = web.fetch(place, "POST", data={**web.tokens(), "text": text, "confirmed": "yes"})
    assert answer.status_code in (200, 303), answer.text[:800]


@pytest.mark.parametrize("place", ["/staff/caseload", "/staff/lists/appointments"])
def test_the_lists_are_found_where_one_looks_for_them(ben, cast, place):
    links = {one["href"] for one in ben.page(place).main.find_all("a")}
    assert {SCORES, EQUITIES} <= links


def held(cast) -> list:
    return [
        (one.row.measure_id, str(one.row.taken_on), one.scored.scales[0].value)
        for one in of_client(cast.anna, cast.episode)
    ]


WIDE = "Patient ID,Date,PHQ9,GAD-7\nTT-1001,17/11/2026,14,\nTT-1001,10/11/2026,17,11\n"


def test_a_column_for_each_measure_is_entered_once_however_often_it_is_sent(ben, cast):
    assert "3 new" in look(ben, SCORES, WIDE)
    assert held(cast) == []
    do(ben, SCORES, WIDE)
    first = held(cast)
    assert sorted(first) == [("gad-7", "2026-11-10", 11), ("phq-9", "2026-11-10", 17), ("phq-9", "2026-11-17", 14)]
    assert "3 already there" in look(ben, SCORES, WIDE)
    do(ben, SCORES, WIDE)
    assert held(cast) == first


def test_items_go_through_the_scorer_and_a_missing_one_makes_no_score(ben, cast):
    heads = "Patient ID;Date;Measure;" + ";".join(str(n) for n in range(1, 8)) + "\n"
    do(ben, SCORES, heads + "TT-1001;17/11/2026;GAD-7;1;2;0;3;1;1;1\nTT-1001;10/11/2026;GAD-7;1;2;0;;1;1;1\n")
    assert held(cast) == [("gad-7", "2026-11-10", None), ("gad-7", "2026-11-17", 9)]


REFUSED = {
    "17/11/2026,PHQ-9,28,,": "0 to 27",
    "17/11/2026,PHQ-9,twelve,,": "Write numbers only",
    "17/11/2026,PHQ-10,12,,": "We do not know this measure",
    "17/11/2026,PHQ-9,12,2,": "by version 1",
    "17/11/2026,PHQ-9,,,": "There is no score",
    "19/11/2026,PHQ-9,12,,": "lies ahead",
    "11/25/2026,PHQ-9,12,,": "puts the month first",
    "17/11/2026,IAPT phobia scales,12,,": "several totals",
    "17/11/2026,GAD-7,,,9": "0 to 3",
}


def test_what_the_scorer_cannot_take_is_refused_with_the_reason(ben, cast):
    text = "Patient ID,Date,Measure,Total,Version,Item 1\n" + "".join(f"TT-1001,{row}\n" for row in REFUSED)
    page = ben.read(ben.fetch(SCORES, "POST", data={**ben.tokens(), "text": text}))
    rows = [words(row) for row in page.find("tbody").find_all("tr")]
    assert f"{len(REFUSED)} not taken" in words(page)
    for row, why in zip(rows, REFUSED.values(), strict=True):
        assert why in row


def test_a_score_that_says_otherwise_is_corrected_on_its_page_and_not_by_a_list(ben, cast):
    scores(cast, NOW.date(), **{"phq-9": 9})
    assert "There is another score of this day" in look(ben, SCORES, "ID,Date,PHQ-9\nTT-1001,18/11/2026,12\n")
    assert "1 already there" in look(ben, SCORES, "ID,Date,PHQ-9\nTT-1001,18/11/2026,9.0\n")


def test_cara_enters_and_learns_nothing_of_annas(open_as, cast):
    cara = open_as(cast.cara)
    for place, text in ((SCORES, WIDE), (EQUITIES, "ID,Gender\nTT-1001,Female\n")):
        said = look(cara, place, text)
        assert "left out" in said and "Anna" not in said
        do(cara, place, text)
    assert held(cast) == [] and newest_equity(cast.anna) is None


def test_not_stated_is_an_answer_and_an_empty_cell_is_none(ben, cast):
    do(ben, EQUITIES, "Local number,Ethnic category,Gender,Disability,IMD decile\nTT-1001,Z,Female,,3\n")
    assert equity_of(cast.service) == {
        cast.anna.id: {
            "ethnicity": "not_stated", "gender": "woman", "disability": None, "sexual_orientation": None,
            "imd_decile": "3", "age_band": None,
        }
    }  # fmt: skip
    assert equity_of(cast.other_service) == {}


def test_a_later_list_changes_what_it_says_and_keeps_the_rest(ben, cast):
    do(ben, EQUITIES, "ID,Gender,Ethnicity\nTT-1001,Female,White British\n")
    assert "1 changed" in look(ben, EQUITIES, "ID,Gender,Disability\nTT-1001,F,Yes\n")
    do(ben, EQUITIES, "ID,Gender,Disability\nTT-1001,F,Yes\n")
    now = newest_equity(cast.anna)
    assert (now.gender, now.ethnicity, now.disability, now.source) == ("woman", "white", "yes", "csv")
    assert "1 already there" in look(ben, EQUITIES, "ID,Gender,Disability\nTT-1001,F,Yes\n")


def test_a_word_nobody_knows_is_refused_with_those_that_are(ben, cast):
    said = look(ben, EQUITIES, "ID,Gender,Ethnicity\nTT-1001,Female,Martian\n")
    assert "Ethnicity: we know Asian or Asian British, Black" in said and "Not stated" in said
    do(ben, EQUITIES, "ID,Gender,Ethnicity\nTT-1001,Female,Martian\n")
    assert newest_equity(cast.anna) is None


def test_a_list_without_any_field_says_which_there_are(ben, cast):
    answer = ben.fetch(EQUITIES, "POST", data={**ben.tokens(), "text": "ID,Shoe size\nTT-1001,41\n"})
    assert "Ethnicity, Gender" in words(ben.read(answer, 422))


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [
        ("ethnicity", "white and black caribbean", "mixed"), ("ethnicity", "asian or asian british indian", "asian"),
        ("ethnicity", "any other white background", "white"), ("ethnicity", "99", ""), ("ethnicity", "z", "not_stated"),
        ("gender", "prefer not to say", "not_stated"), ("gender", "x", ""), ("disability", "n", "no"),
        ("sexual_orientation", "straight", "heterosexual"), ("imd_decile", "9", "9"), ("imd_decile", "11", None),
        ("imd_decile", "10", "10"), ("age_band", "34", "26-64"), ("age_band", "15", None), ("age_band", "99", "65+"),
        ("age_band", "65 and over", "65+"), ("age_band", "18 to 25", "18-25"),
    ],
)  # fmt: skip
def test_an_answer_is_read_as_systems_write_it(field, said, code):
    assert code_of(field, said) == code


def test_every_field_has_its_words_and_heads():
    assert set(EQUITY) == set(LABELS) == set(HEADS)


def test_her_practitioner_writes_down_what_anna_says_and_cara_sees_nothing(ben, open_as, cast):
    place = f"/staff/clients/{cast.anna.id}/equity"
    page = ben.page(place)
    assert page.find("option", selected=True) is None or "Never recorded" in words(page)
    ben.send(page, "/equity", gender="woman", ethnicity="not_stated")
    now = newest_equity(cast.anna)
    assert (now.gender, now.ethnicity, now.disability, now.source) == ("woman", "not_stated", None, "practitioner")
    assert "written down here" in words(ben.page(place))
    assert open_as(cast.cara).fetch(place).status_code == 404


def test_no_other_page_about_a_client_shows_equity_fields(ben, cast):
    do(ben, EQUITIES, "ID,Gender,Ethnicity\nTT-1001,Non-binary,Asian - Indian\n")
    for place in ("/staff/today", "/staff/caseload", f"/staff/clients/{cast.anna.id}"):
        said = words(ben.page(place))
        assert "Non-binary" not in said and "Asian" not in said
