"""What each row of a clinic list would do, without a database."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.caseload.clinic_list import Known, outcomes, read_list
from server.caseload.pasted import read_table
from server.caseload.rules import Meeting
from server.caseload.written import day_written, exists, time_written

LONDON = "Europe/London"
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
HEADS = "Patient ID\tAppt date\tTime\tDNA\n"
KNOWN = {"known": ("Local number", "Patient ID"), "day": ("Date",)}


def meeting(name: str, starts: datetime, state: str = "planned") -> Meeting:
    return Meeting(name, starts, state, "telephone", "treatment", LONDON, "ben")


def judged(text: str, *meetings: Meeting, closed: bool = False, now: datetime = NOW, new=()):
    _, rows = read_list(text, now, LONDON)
    return outcomes(rows, {"A1": Known("anna", closed, meetings)}, now, LONDON, new)


def only(text: str, *meetings: Meeting, **options):
    [one] = judged(text, *meetings, **options)
    return one


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("28/03/2027\t1:30 am\t", "there is no such time"),
        ("25/11/2026\t2.30\t", "Is this at night?"),
        ("25/11/2026\t9:30\tY", "It lies ahead"),
        ("25/11/2030\t9:30\t", "more than a year away"),
        ("11/25/2026\t9:30\t", "puts the month first"),
        ("30/02/2027\t9:30\t", "not a date"),
        ("25/11/2026\t25:00\t", "not a time"),
        ("25/11/2026\t\t", "not a time"),
        ("25/11/2026 00:00\t\t", "The time is missing"),
        ("Tue 25/11/2026\t9:30\t", "it is a Wednesday"),
        ("25/11/2026\t9:30\tperhaps", "We know: booked, attended"),
        ("25/11/2026\t9:30\tcancelled", "Who cancelled?"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(row, why):
    one = only(f"{HEADS}A1\t{row}\n")
    assert one.what == "refused"
    assert why in one.why
    assert not one.writes


def test_a_course_that_ended_takes_no_more():
    one = only(f"{HEADS}A1\t25/11/2026\t9:30\t\n", closed=True)
    assert (one.what, one.why) == ("refused", "This course of treatment has ended.")


def test_a_list_with_months_first_anywhere_is_taken_nowhere_in_doubt():
    first, second, third = judged(f"{HEADS}A1\t11/25/2026\t9:30\t\nA1\t04/12/2026\t9:30\t\nA1\t12/12/2026\t9:30\t\n")
    assert first.what == second.what == "refused"
    assert third.what == "new"


@pytest.mark.parametrize("text", ["25/11/2026", "25.11.26", "25-Nov-2026", "Wed 25 Nov 2026", "2026-11-25", "46351"])
def test_a_day_is_read_as_systems_write_it(text):
    assert str(day_written(text)) == "2026-11-25"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("09:30", time(9, 30)), ("9.30", time(9, 30)), ("9:30am", time(9, 30)), ("2.30 pm", time(14, 30)),
        ("0930", time(9, 30)), ("12:15 am", time(0, 15)), ("12 p.m.", time(12)), ("09:30:00", time(9, 30)),
        ("0.395833333333333", time(9, 30)), ("1899-12-30 09:30:00", time(9, 30)), ("02:30", time(2, 30)),
    ],
)  # fmt: skip
def test_a_time_is_read_as_systems_write_it(text, read):
    assert time_written(text) == read


def test_the_hour_that_is_left_out_in_spring_is_no_time():
    assert not exists(datetime(2027, 3, 28, 1, 30), LONDON)  # noqa: DTZ001  a wall time
    assert exists(datetime(2026, 10, 25, 1, 30), LONDON)  # noqa: DTZ001


def test_what_is_booked_for_that_time_is_there_already():
    one = only(f"{HEADS}A1\t25/11/2026\t9:30\t\n", meeting("m", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)))
    assert (one.what, one.writes) == ("same", False)


def test_another_time_of_the_same_day_has_moved():
    one = only(f"{HEADS}A1\t25/11/2026\t14:00\t\n", meeting("m", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)))
    assert (one.what, one.appointment_id) == ("moved", "m")


def test_a_row_that_was_said_to_be_new_leaves_the_other_where_it_is_and_for_nobody_else():
    booked = meeting("m", datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
    text = f"{HEADS}A1\t25/11/2026\t14:00\t\nA1\t25/11/2026\t16:00\t\n"
    assert [one.what for one in judged(text, booked)] == ["moved", "new"]
    first, second = judged(text, booked, new=[2])
    assert (first.what, first.appointment_id, second.what) == ("new", "", "new"), "what was looked at is what happens"
    assert "09:30 stays booked as well" in first.why
    assert judged(text, booked, new=[3, 99]) == judged(text, booked), "only a guess can be said to be new"
    done = [booked, *(meeting(f"n{hour}", datetime(2026, 11, 25, hour, tzinfo=UTC)) for hour in (14, 16))]
    for new in ([], [2]):
        assert {one.what for one in judged(text, *done, new=new)} == {"same"}


def test_a_list_that_holds_the_old_day_too_moves_nothing():
    """Two appointments, both in the list: the second is a new one."""
    first, second = judged(
        f"{HEADS}A1\t25/11/2026\t9:30\t\nA1\t27/11/2026\t9:30\t\n",
        meeting("m", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)),
    )
    assert (first.what, second.what) == ("same", "new")
    assert "stays booked as well" in second.why


def test_one_that_lies_outside_the_days_of_the_list_is_left_where_it_is():
    one = only(f"{HEADS}A1\t25/11/2026\t9:30\t\n", meeting("m", datetime(2026, 12, 2, 9, 30, tzinfo=UTC)))
    assert one.what == "new"


def test_a_row_about_the_past_moves_nothing_that_lies_ahead():
    rows = judged(
        "Patient ID,Date,Time,Status\nA1,16/11/2026,9:30,DNA\nB2,20/11/2026,9:30,\n",
        meeting("m", datetime(2026, 11, 19, 9, 30, tzinfo=UTC)),
    )
    assert [one.what for one in rows] == ["new", "left_out"]


def test_one_that_was_met_never_moves():
    one = only(f"{HEADS}A1\t18/11/2026\t14:00\t\n", meeting("m", datetime(2026, 11, 18, 9, 0, tzinfo=UTC), "attended"))
    assert one.what == "new"


@pytest.mark.parametrize(
    ("heads", "cell", "state"),
    [
        ("DNA", "Y", "missed"), ("DNA", "N", "attended"), ("Attended", "No", "missed"), ("Attended", "Yes", "attended"),
        ("Status", "DNA", "missed"), ("Status", "Cancelled by patient", "cancelled_by_client"), ("Status", "4",
        "cancelled_by_service"), ("AttendOrDNACode", "5", "attended"), ("Status", "Booked", None),
    ],
)  # fmt: skip
def test_what_became_of_it_is_read_under_whichever_head(heads, cell, state):
    text = f"Patient ID,Date,Time,{heads}\nA1,11/11/2026,9:30,{cell}\n"
    assert only(text).state == state


def test_no_under_dna_says_nothing_of_what_lies_ahead():
    assert only(f"{HEADS}A1\t25/11/2026\t9:30\tN\n").state is None


def test_a_row_twice_counts_once_and_a_contradiction_is_said():
    text = f"{HEADS}A1\t11/11/2026\t9:30\tY\nA1\t11/11/2026\t9:30\tY\nA1\t11/11/2026\t9:30\tN\n"
    assert [one.what for one in judged(text)] == ["new", "same", "refused"]


def test_whoever_is_not_on_the_caseload_is_left_out_whatever_else_the_row_says():
    rows = judged(f"{HEADS}B2\tnonsense\t99\tperhaps\nA1\t25/11/2026\t9:30\t\n")
    assert [(one.what, one.why) for one in rows] == [("left_out", ""), ("new", "")]


def test_a_row_for_two_clients_is_refused_and_two_at_one_time_are_said():
    text = f"{HEADS}A1 & B2\t25/11/2026\t9:30\t\nB2; C3\t25/11/2026\t9:30\t\n"
    assert [(one.what, one.why.partition(".")[0]) for one in judged(text)] == [
        ("refused", "This row names more than one client"), ("left_out", "")
    ]  # fmt: skip
    _, rows = read_list(f"{HEADS}A1\t25/11/2026\t9:30\t\nB2\t25/11/2026\t9:30\t\n", NOW, LONDON)
    both = {"A1": Known("anna", False, ()), "B2": Known("bea", False, ())}
    first, second = outcomes(rows, both, NOW, LONDON)
    assert (first.why, second.why) == ("", "Line 2 has another client at the same time.")
    assert second.writes


def test_two_spellings_of_one_number_are_one_client():
    text = f"{HEADS}A1\t25/11/2026\t14:00\t\na1\t25/11/2026\t16:00\t\n"
    _, rows = read_list(text, NOW, LONDON)
    booked = meeting("m", datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
    spelled = dict.fromkeys(("A1", "a1"), Known("anna", False, (booked,)))
    assert [one.what for one in outcomes(rows, spelled, NOW, LONDON)] == ["moved", "new"]
    after = (meeting("m", datetime(2026, 11, 25, 14, tzinfo=UTC)), meeting("n", datetime(2026, 11, 25, 16, tzinfo=UTC)))
    spelled = dict.fromkeys(("A1", "a1"), Known("anna", False, after))
    assert [one.what for one in outcomes(rows, spelled, NOW, LONDON)] == ["same", "same"]


@pytest.mark.parametrize("said", ["DNA", "Cancelled by patient", "Cancelled by provider"])
def test_a_list_never_un_attends(said):
    met = meeting("m", datetime(2026, 11, 11, 9, 30, tzinfo=UTC), "attended")
    one = only(f"Patient ID,Date,Time,Status\nA1,11/11/2026,9:30,{said}\n", met)
    assert (one.what, one.state, one.writes) == ("refused", None, False)
    assert "Change it on the appointment" in one.why


def test_a_list_may_say_that_somebody_came_after_all():
    missed = meeting("m", datetime(2026, 11, 11, 9, 30, tzinfo=UTC), "missed")
    one = only("Patient ID,Date,Time,Status\nA1,11/11/2026,9:30,Attended\n", missed)
    assert (one.what, one.state) == ("attendance", "attended")


def test_the_hour_that_autumn_has_twice_is_booked_once():
    booked = meeting("m", datetime(2027, 10, 31, 0, 30, tzinfo=UTC))  # the first half past one of that night
    one = only(f"{HEADS}A1\t31/10/2027\t1:30 am\t\n", booked)
    assert (one.what, one.appointment_id) == ("same", "m")


def test_a_mark_that_never_closes_swallows_no_rows():
    table, rows = read_list(f'{HEADS}A1\t25/11/2026\t9:30\t"oh\nA1\t26/11/2026\t9:30\t\n', NOW, LONDON)
    assert rows == []
    assert "Line 2 has quotation marks" in table.trouble


def test_heads_may_begin_with_an_empty_one():
    table = read_table("\tPatient ID\tDate\n1\tA1\t25/11/2026\n", KNOWN, ("known", "day"))
    assert table.lines[0].cells == {"known": "A1", "day": "25/11/2026"}


def test_five_hundred_rows_are_read_and_one_more_is_refused_whole():
    row = "A1,25/11/2026\n"
    assert len(read_table("Patient ID,Date\n" + row * 500, KNOWN, ("known",)).lines) == 500
    assert "Send at most 500" in read_table("Patient ID,Date\n" + row * 501, KNOWN, ("known",)).trouble


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_nothing_that_is_pasted_breaks_the_reading(text):
    table, rows = read_list(f"Patient ID,Date,Time,Status\nA1,{text}", NOW, LONDON)
    assert table.trouble or len(rows) == len(table.lines)
    outcomes(rows, {"A1": Known("anna", False, ())}, NOW, LONDON)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([9, 11, 14])), min_size=1, max_size=8, unique=True))
def test_doing_what_a_list_says_leaves_nothing_to_do(slots):
    """However a list moves and books, afterwards each of its rows is there already."""
    base = datetime(2026, 11, 20, tzinfo=UTC)
    starts = [base + timedelta(days=days, hours=hour) for days, hour in slots]
    text = HEADS + "".join(f"A1\t{one:%d/%m/%Y}\t{one:%H:%M}\t\n" for one in starts)
    held = {"x": meeting("x", base + timedelta(hours=10)), "y": meeting("y", base + timedelta(days=3, hours=9))}
    for number, one in enumerate(judged(text, *held.values())):
        if one.what in ("new", "moved"):
            name = one.appointment_id or f"n{number}"
            held[name] = meeting(name, one.row.starts_local.replace(tzinfo=UTC))
    assert {one.what for one in judged(text, *held.values())} == {"same"}
