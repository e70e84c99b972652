"""The clinic list: what it would do is shown first, doing it twice changes nothing, and others stay unnamed."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest

from server.caseload import actions as caseload
from server.caseload import queries
from server.extensions import atomic
from server.people import actions as people
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import HOSTILE

PAGE = "/staff/lists/appointments"
HEADS = "Patient ID\tAppt date\tTime\tDNA\n"


@pytest.fixture
def carl(cast):
    """Cara's client."""
    with atomic():
        client = people.add_client(
            service=cast.service, preferred_name="Carl", date_of_birth=date(1980, 1, 1), local_number="TT-2002",
            by=cast.cara, now=NOW,
        )  # fmt: skip
        caseload.take_on(client=client, practitioner=cast.cara, by=cast.cara, now=NOW)
        return client


def meetings(cast) -> list:
    return queries.meetings_of([cast.episode.id])[cast.episode.id]


def look(web, text):
    return web.read(web.send(web.page(PAGE), "/lists/appointments", 200, text=text))


def do(web, text):
    """Look, then write."""
    page = look(web, text)
    return web.follow(_confirm(web, page))


def _confirm(web, page):
    form = next(form for form in page.find_all("form") if form.find("input", {"name": "confirmed"}))
    data = {field["name"]: field["value"] for field in form.find_all("input")}
    answer = web.fetch(form["action"], "POST", data=data)
    assert answer.status_code == 303, answer.text[:800]
    return answer


def test_nothing_is_written_before_it_was_confirmed(ben, cast):
    page = look(ben, HEADS + "TT-1001\t25/11/2026\t9.30\t\n")
    assert "nothing is written yet" in words(page) and "1 new" in words(page)
    assert meetings(cast) == []


def test_a_list_sent_twice_changes_nothing(ben, cast):
    text = HEADS + "TT-1001\t25/11/2026\t9.30\t\nTT-1001\t11/11/2026\t9.30\tY\n"
    do(ben, text)
    first = meetings(cast)
    assert [one.state for one in first] == ["missed", "planned"]
    page = look(ben, text)
    assert "2 already there" in words(page) and "There is nothing to write" in words(page)
    assert meetings(cast) == first


def test_a_row_that_is_only_taken_for_a_moved_one_says_that_it_is_a_guess(ben, cast):
    do(ben, HEADS + "TT-1001\t25/11/2026\t9.30\t\n")
    said = words(look(ben, HEADS + "TT-1001\t25/11/2026\t14.30\t\nTT-1001\t27/11/2026\t9.30\t\n"))
    assert "1 new, 1 moved" in said or "1 moved, 1 new" in said
    assert said.count("This is a guess. If it is a new appointment, take the row out") == 1


def test_after_writing_it_says_how_many_rows_were_not_taken(ben, cast, carl):
    rows = "TT-1001\t25/11/2026\t9.30\t\nTT-1001\t99/11/2026\t9.30\t\nTT-2002\t25/11/2026\t11:00\t\n"
    said = words(do(ben, HEADS + rows))
    assert "Written: 1 row. Not taken: 2 rows. Look at the list once more to see why." in said
    assert "Not taken" not in words(do(ben, HEADS + "TT-1001\t26/11/2026\t9.30\t\n"))


def test_the_columns_the_page_names_and_its_sample_shows_are_read(ben, cast):
    page = ben.page(PAGE)
    sample = page.find("pre").text
    assert "Type,How you meet" in sample and "how you meet" in words(page)
    said = words(look(ben, sample.replace("AB1234", "TT-1001")))
    assert "1 new" in said and "not read" not in said
    do(ben, sample.replace("AB1234", "TT-1001").replace("telephone", "video"))
    assert meetings(cast)[-1].mode == "video"


def test_a_confirmation_sent_twice_writes_once(ben, cast):
    page = look(ben, HEADS + "TT-1001\t25/11/2026\t9.30\t\n")
    for _ in range(2):
        _confirm(ben, page)
    assert len(meetings(cast)) == 1


def test_a_row_that_moved_moves(ben, cast):
    do(ben, HEADS + "TT-1001\t25/11/2026\t9.30\t\n")
    page = do(ben, HEADS + "TT-1001\t25/11/2026\t14:00\t\n")
    [one] = meetings(cast)
    assert (one.starts_at.hour, one.state) == (14, "planned")
    assert "Written: 1 row" in words(page)


def test_what_became_of_it_is_written_to_the_same_appointment(ben, open_as, cast, time):
    do(ben, HEADS + "TT-1001\t18/11/2026\t11:00\t\n")
    time.now = NOW + timedelta(hours=6)
    do(open_as(cast.ben), "Date,Patient ID,Time,Attended\n18/11/2026,TT-1001,11:00,Yes\n")
    [one] = meetings(cast)
    assert one.state == "attended"


def test_somebody_elses_row_is_counted_and_never_named(ben, cast, carl):
    text = HEADS + "TT-2002\t25/11/2026\t9:30\t\nNOBODY\t25/11/2026\t9:30\t\n"
    page = look(ben, text)
    said = words(page.find("main"))
    assert "2 rows are left out: nobody on your caseload has that number (lines 2, 3)" in said
    assert "Carl" not in said and page.find("table") is None
    one, other = (words(look(ben, HEADS + f"{number}\t25/11/2026\t9:30\t\n").find("h1").parent) for number in (
        "TT-2002", "NOBODY"
    ))  # fmt: skip
    assert one.replace("TT-2002", "") == other.replace("NOBODY", "")


def test_cara_changes_nothing_of_annas(open_as, cast):
    cara = open_as(cast.cara)
    page = look(cara, HEADS + "TT-1001\t25/11/2026\t9.30\t\n")
    assert "1 row is left out" in words(page)
    data = {**cara.tokens(), "text": HEADS + "TT-1001\t25/11/2026\t9.30\t\n", "confirmed": "yes"}
    assert cara.fetch(PAGE, "POST", data=data).status_code == 303
    assert meetings(cast) == []


def test_a_course_that_ended_takes_no_more(ben, cast):
    with atomic():
        caseload.discharge(episode=cast.episode, reason="finished", by=cast.ben, now=NOW)
    page = look(ben, HEADS + "TT-1001\t25/11/2026\t9.30\t\n")
    assert "This course of treatment has ended" in words(page) and "1 not taken" in words(page)


def test_a_row_that_cannot_be_taken_says_why(ben, cast):
    said = words(look(ben, HEADS + "TT-1001\tsoon\t9:30\t\nTT-1001\t25/11/2026\t9:30\tY\n"))
    assert "not a date" in said and "It lies ahead" in said and "2 not taken" in said
    assert meetings(cast) == []


def test_text_that_means_harm_is_shown_as_text(ben, cast):
    cell = HOSTILE.replace("\t", " ").replace('"', "'")
    text = f"Patient ID\tAppt date\tTime\tType\t{cell}\nTT-1001\t25/11/2026\t9.30\t=HYPERLINK(1)\tx\n"
    page = look(ben, text)
    assert page.find("main").find("script") is None
    assert "We know: treatment" in words(page)


def test_a_file_is_read_as_excel_writes_it(ben, cast):
    raw = 'sep=;\r\nPatient ID;Appt date;Time\r\n="TT-1001";25/11/2026;9.30\r\n'.encode("utf-16")
    data = {**ben.tokens(), "text": "", "file": (io.BytesIO(raw), "list.csv")}
    page = ben.read(ben.fetch(PAGE, "POST", data=data))
    assert "1 new" in words(page)


def test_nothing_of_a_list_is_logged(ben, cast, caplog):
    caplog.set_level(0)
    do(ben, HEADS + "TT-1001\t25/11/2026\t9.30\t\nZZ-SECRET\t25/11/2026\t9.30\t\n")
    assert "TT-1001" not in caplog.text and "ZZ-SECRET" not in caplog.text


def test_an_empty_list_and_one_without_heads_say_so(ben):
    assert "Paste a list" in words(ben.read(ben.send(ben.page(PAGE), "/lists/appointments", 422, text=""), 422))
    said = words(ben.read(ben.send(ben.page(PAGE), "/lists/appointments", 422, text="a\tb\nc\td"), 422))
    assert "We did not find: Local number, Date" in said


def test_datetime_is_what_the_clock_on_the_wall_shows(ben, cast):
    do(ben, HEADS + "TT-1001\t01/06/2027\t9.30\t\n")
    assert meetings(cast)[0].starts_at == datetime(2027, 6, 1, 8, 30, tzinfo=UTC)
