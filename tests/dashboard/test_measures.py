"""Scores on staff pages: entered, read back, corrected, withdrawn, shown from first to last; and who checked what."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.audit.queries import about_client
from server.caseload.actions import discharge
from server.extensions import atomic, db
from server.measures.imported import take_text
from server.measures.library import measures
from server.measures.models import MeasureCheck, MeasureScore
from server.worksheets.library import bind
from server.worksheets.structure import schema_at
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import HOSTILE, scores
from tests.measures.test_text import questionnaire

TODAY = NOW.date()
WEEK = timedelta(days=7)


@pytest.fixture
def home(cast) -> str:
    return f"/staff/clients/{cast.anna.id}"


def rows() -> list[MeasureScore]:
    return list(db.session.scalars(select(MeasureScore).order_by(MeasureScore.recorded_at, MeasureScore.id)))


def section(page) -> str:
    """What the client page says between Measures and the next heading."""
    found = []
    for tag in page.find("h2", id="measures").find_next_siblings():
        if tag.get("class") == ["staff-two"]:
            break
        found.append(words(tag))
    return " ".join(found)


def enter_items(ben, home, measure, answers, status=303, **more):
    page = ben.page(f"{home}/measures/items?measure={measure}")
    given = {f"item-{n}": answer for n, answer in enumerate(answers, 1)}
    return ben.send(page, "/measures/items", status, **given, **more)


def test_totals_of_several_measures_are_entered_on_one_screen(ben, cast, home):
    page = ben.page(f"{home}/measures/new")
    ben.send(page, "/measures", **{"phq-9-total": "14", "gad-7-total": "9", "wsas-total": ""})
    assert sorted((one.measure_id, one.totals["total"], one.items) for one in rows()) == [
        ("gad-7", 9, None), ("phq-9", 14, None),
    ]  # fmt: skip
    said = section(ben.page(home))
    assert "14 of 27 , moderate" in said and "At caseness (10 or more)" in said
    assert "9 of 21 , mild" in said and "At caseness (8 or more)" in said
    assert "One score so far: no change can be shown." in said
    assert "item 9 is not known here" in said


def test_nothing_is_kept_when_one_total_is_wrong_and_what_was_typed_stays(ben, home):
    page = ben.page(f"{home}/measures/new")
    answer = ben.send(page, "/measures", 422, **{"phq-9-total": "28", "gad-7-total": "9"})
    again = ben.read(answer, 422)
    assert "Enter a number from 0 to 27." in words(again.find(class_="nhsuk-error-summary"))
    assert again.find(id="phq-9-total")["value"] == "28" and again.find(id="gad-7-total")["value"] == "9"
    assert rows() == []


@pytest.mark.parametrize("typed", ["nine", "9.5", "-1", "NaN", "Infinity", HOSTILE, "9" * 400])
def test_what_is_no_score_is_refused_with_a_sentence(ben, home, typed):
    answer = ben.send(ben.page(f"{home}/measures/new"), "/measures", 422, **{"phq-9-total": typed})
    assert ben.read(answer, 422).find(class_="nhsuk-error-summary")
    assert rows() == []


@pytest.mark.parametrize(("typed", "total"), [("1e1", 10), ("٣", 3)])
def test_a_score_may_be_written_as_any_number(ben, home, typed, total):
    ben.send(ben.page(f"{home}/measures/new"), "/measures", 303, **{"phq-9-total": typed})
    assert [row.totals for row in rows()] == [{"total": total}]


def test_an_empty_form_asks_for_a_total(ben, home):
    page = ben.page(f"{home}/measures/new")
    assert "Enter at least one total." in ben.read(ben.send(page, "/measures", 422), 422).text


def test_items_are_entered_by_number_and_read_back(ben, home):
    page = ben.follow(enter_items(ben, home, "phq-9", "111111110"))
    said = words(page)
    assert "Saved." in said and "PHQ-9: 8 of 27 , mild. Below caseness (10 or more)." in said
    assert [words(dd) for dd in page.find("dl", class_="staff-items").find_all("dd")] == list("111111110")
    assert "procedure" not in said
    assert "Public domain" in said
    assert rows()[0].items == [1, 1, 1, 1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("level", ["1", "2", "3"])
def test_an_endorsed_item_9_is_a_plain_reminder_and_nothing_else(ben, cast, home, level):
    page = ben.follow(enter_items(ben, home, "phq-9", "00000000" + level))
    assert f"Item 9 was scored {level}. Follow your service’s own procedure for it. Meantime tells nobody." in words(
        page
    )
    assert f"Item 9 was scored {level}." in section(ben.page(home))
    assert "Item 9" not in words(ben.page("/staff/today"))


def test_the_risk_item_of_the_core_10_is_its_item_6(ben, home):
    said = words(ben.follow(enter_items(ben, home, "core-10", "0440020000")))
    assert "Item 6 was scored 2." in said and "Clinical score" not in said and "CORE-10: 2 of 40" in said


def test_a_missing_item_leaves_the_phq_9_without_a_score(ben, home):
    said = words(ben.follow(enter_items(ben, home, "phq-9", ["3"] * 8 + [""])))
    assert "Not scored: too many items are missing . Caseness not known." in said
    assert "Item 9 was not answered. Ask about it." in said


def test_one_missing_item_of_the_core_10_is_filled_in_and_says_so(ben, home):
    said = words(ben.follow(enter_items(ben, home, "core-10", [*"144111111", ""])))
    assert "7.8 of 40, 1 missing filled in with the mean of the others" in said


def test_work_that_does_not_apply_leaves_the_wsas_out_of_32(ben, home):
    said = words(ben.follow(enter_items(ben, home, "wsas", ["n", "5", "5", "5", "5"])))
    assert "WSAS: 20 of 32 ." in said
    refused = ben.read(enter_items(ben, home, "wsas", ["5", "n", "5", "5", "5"], 422), 422)
    assert "cannot be marked as not applicable" in words(refused)


def test_a_wrong_item_is_named_and_marked(ben, home):
    page = ben.read(enter_items(ben, home, "gad-7", "0000004", 422), 422)
    assert "Item 7: enter a number from 0 to 3." in words(page.find(class_="nhsuk-error-summary"))
    assert page.find(id="item-7")["aria-invalid"] == "true"
    assert page.find("a", href="#item-7")


def test_items_and_total_have_to_agree(ben, home):
    page = ben.page(f"{home}/measures/items?measure=gad-7")
    given = {f"item-{n}": "1" for n in range(1, 8)}
    refused = ben.send(page, "/measures/items", 422, **given, **{"gad-7-total": "8"})
    assert "do not add up to this total" in ben.read(refused, 422).text
    ben.send(page, "/measures/items", 303, **given, **{"gad-7-total": "7"})


def test_a_day_ahead_is_refused_and_an_earlier_one_is_kept(ben, home):
    page = ben.page(f"{home}/measures/new")
    ahead = (TODAY + timedelta(days=1)).isoformat()
    assert (
        "This day lies ahead."
        in ben.read(ben.send(page, "/measures", 422, taken_on=ahead, **{"phq-9-total": "9"}), 422).text
    )
    ben.send(page, "/measures", taken_on="11/11/2026", **{"phq-9-total": "9"})
    assert rows()[0].taken_on == TODAY - WEEK


def test_the_same_measure_is_not_entered_twice_for_one_day(ben, cast, home):
    scores(cast, TODAY, **{"phq-9": 14})
    page = ben.page(f"{home}/measures/new")
    refused = ben.read(ben.send(page, "/measures", 422, **{"phq-9-total": "15", "gad-7-total": "3"}), 422)
    assert "There is a PHQ-9 of this day already. Correct that one instead." in words(refused)
    assert len(rows()) == 1
    assert "already" in ben.read(enter_items(ben, home, "phq-9", "000000000", 422), 422).text


def test_scores_of_an_appointments_day_belong_to_it(ben, cast, home):
    meeting = cast.meet(NOW)
    scores(cast, TODAY, **{"phq-9": 14})
    scores(cast, TODAY - WEEK, **{"phq-9": 14})
    assert [row.appointment_id for row in rows()] == [None, meeting.id]


def test_a_correction_takes_the_place_of_an_entry_which_stays_as_it_was(ben, cast, home):
    [old] = scores(cast, TODAY, **{"gad-7": 15})
    page = ben.page(f"{home}/measures/{old}/correct")
    assert page.find(id="gad-7-total")["value"] == "15"
    saved = ben.follow(ben.send(page, "/correct", **{"gad-7-total": "5", "reason": "mistyped", "note": HOSTILE}))
    assert "GAD-7: 5 of 21 , mild" in words(saved) and "Corrected by Ben Okafor" in words(saved)
    assert "<script>" not in str(saved) and "\u202e" not in str(saved)
    before, after = sorted(rows(), key=lambda row: row.what == "corrected")
    assert (before.totals, after.totals, after.supersedes) == ({"total": 15}, {"total": 5}, before.id)
    earlier = words(ben.page(f"{home}/measures/{old}"))
    assert "This entry was corrected: a slip of the keyboard." in earlier and "15 of 21" in earlier
    said = section(ben.page(home))
    assert "5 of 21" in said and "15 of 21" not in said


def test_scores_put_to_another_day_belong_to_that_days_appointment(ben, cast, home):
    last_week, today = cast.meet(NOW - WEEK), cast.meet(NOW)
    [old] = scores(cast, TODAY, **{"gad-7": 15})
    page = ben.page(f"{home}/measures/{old}/correct")
    day = (TODAY - WEEK).isoformat()
    ben.send(page, "/correct", **{"gad-7-total": "15", "reason": "wrong_day", "taken_on": day})
    found = {row.what: row.appointment_id for row in rows()}
    assert found == {"entered": today.id, "corrected": last_week.id}


def test_two_who_correct_one_entry_at_once_do_not_both_succeed(ben, cast, home):
    [old] = scores(cast, TODAY, **{"gad-7": 15})
    first, second = (ben.page(f"{home}/measures/{old}/correct") for _ in range(2))
    ben.send(first, "/correct", **{"gad-7-total": "5", "reason": "mistyped"})
    refused = ben.send(second, "/correct", 422, **{"gad-7-total": "6", "reason": "mistyped"})
    assert "was corrected or withdrawn already" in ben.read(refused, 422).text
    assert len(rows()) == 2


def test_a_correction_needs_a_reason(ben, cast, home):
    [old] = scores(cast, TODAY, **{"gad-7": 15})
    page = ben.page(f"{home}/measures/{old}/correct")
    assert "Choose why it is corrected." in ben.read(ben.send(page, "/correct", 422, **{"gad-7-total": "5"}), 422).text


def test_what_is_withdrawn_counts_nowhere_and_stays_on_record(ben, cast, home):
    [old] = scores(cast, TODAY, **{"gad-7": 15})
    page = ben.page(f"{home}/measures/{old}")
    assert "Choose why it is taken out." in ben.read(ben.send(page, "/withdraw", 422), 422).text
    listed = ben.follow(ben.send(page, "/withdraw", reason="wrong_measure"))
    assert "GAD-7 : 15 of 21, severe. This entry was withdrawn: the wrong measure." in words(listed)
    assert "No scores yet." in section(ben.page(home))
    assert [row.what for row in rows()] == ["entered", "withdrawn"]
    assert "Withdraw it" not in words(ben.page(f"{home}/measures/{old}"))
    again = ben.fetch(f"{home}/measures/{old}/withdraw", "POST", data={**ben.tokens(), "reason": "other"})
    assert again.status_code == 422


def test_scores_of_somebody_else_are_not_shown_again(ben, cast, home):
    [old] = scores(cast, TODAY, **{"phq-9": [3] * 9})
    ben.send(ben.page(f"{home}/measures/{old}"), "/withdraw", reason="wrong_client")
    ben.page(f"{home}/measures/{old}", 404)
    for place in (f"{home}/measures", home):
        said = words(ben.page(place))
        assert "27" not in re.sub(r"\d\d:\d\d|\d+ \w+ 20\d\d|\d+ Nov", "", said), place
        assert "Item 9" not in said


def test_first_to_last_says_whether_the_change_is_reliable(ben, cast, home):
    scores(cast, TODAY - 2 * WEEK, **{"phq-9": 20, "gad-7": 12})
    scores(cast, TODAY - WEEK, **{"phq-9": 15, "gad-7": 14})
    scores(cast, TODAY, **{"phq-9": 14, "gad-7": 15})
    said = section(ben.page(home))
    assert "Since 20 on Wed 4 Nov it fell by 6: reliable improvement (6 or more is reliable)" in said
    assert "Since 12 on Wed 4 Nov it rose by 3: no reliable change (4 or more is reliable)" in said
    assert "So far, by the PHQ-9 and the GAD-7: reliable improvement; no recovery" in said
    assert "2 of 2 measures that started have a first and a later score." in said


def test_a_measure_without_a_later_score_counts_as_started_only(ben, cast, home):
    scores(cast, TODAY - WEEK, **{"phq-9": 20, "gad-7": 12, "wsas": 20})
    scores(cast, TODAY, **{"phq-9": 14})
    said = section(ben.page(home))
    assert "1 of 3 measures that started has a first and a later score." in said
    assert "No outcome yet" in said


def test_the_outcome_at_the_end_of_treatment_says_so(ben, cast, home):
    for days, phq, gad in ((14, 15, 12), (0, 4, 3)):
        cast.meet(NOW - timedelta(days=days), "attended", NOW - timedelta(days=days))
        scores(cast, TODAY - timedelta(days=days), **{"phq-9": phq, "gad-7": gad})
    with atomic():
        discharge(episode=cast.episode, reason="completed", by=cast.ben, now=NOW)
    said = section(ben.page(home))
    assert "At the end of treatment, by the PHQ-9 and the GAD-7: reliable improvement; recovery" in said
    assert "together a reliable recovery" in said


def test_the_anxiety_measure_of_the_problem_stands_in_for_the_gad_7(ben, cast, home):
    with atomic():
        db.session.merge(cast.episode).problem = "social_anxiety"
    scores(cast, TODAY - WEEK, **{"phq-9": 8, "gad-7": 12, "spin": 30})
    scores(cast, TODAY, **{"phq-9": 8, "gad-7": 3, "spin": 25})
    assert "by the PHQ-9 and the SPIN: no reliable change; no recovery" in section(ben.page(home))
    assert ben.page(f"{home}/measures/new").find(id="spin-total").find_parent("details") is None


def test_an_appointment_without_a_score_is_a_gap_in_the_line(ben, cast, home):
    for days in (21, 14, 7, 0):
        cast.meet(NOW - timedelta(days=days), "attended", NOW - timedelta(days=days))
    for days, value in ((21, 20), (14, 18), (0, 10)):
        scores(cast, TODAY - timedelta(days=days), **{"phq-9": value})
    page = ben.page(home)
    chart = page.find("svg", class_="staff-chart")
    assert len(chart.find_all("circle")) == 3
    assert [len(line["points"].split()) for line in chart.find_all("polyline")] == [2]
    assert len(chart.find_all("text", class_="staff-chart__gap")) == 1
    assert "No score at the appointment of Wed 11 Nov." in section(page)
    table = chart.find_next("table")
    assert [words(row) for row in table.find("tbody").find_all("tr")] == [
        "Wed 18 Nov 10 of 27 at caseness (10 or more)",
        "Wed 11 Nov No score",
        "Wed 4 Nov 18 of 27 at caseness (10 or more)",
        "Wed 28 Oct 20 of 27 at caseness (10 or more)",
    ]


def test_a_chart_has_a_name_and_a_description(ben, cast, home):
    scores(cast, TODAY - WEEK, **{"phq-9": 20})
    scores(cast, TODAY, **{"phq-9": 14})
    chart = ben.page(home).find("svg", class_="staff-chart")
    named = chart["aria-labelledby"].split()
    assert chart.find(id=named[0]).text == "PHQ-9"
    assert "14 of 27 on Wed 18 Nov" in chart.find(id=named[1]).text
    assert chart["role"] == "img"


def test_what_is_not_read_in_its_source_is_said_on_the_client_page_until_it_is_checked(ben, open_as, cast, home):
    scores(cast, TODAY, **{"spin": 30, "phq-9": 9})
    assert section(ben.page(home)).count("To be checked by the service: cut-off, reliable change.") == 1
    ada = open_as(cast.ada)
    page = ada.page("/staff/administration/measures")
    assert "SPIN: Social anxiety" in words(page)
    form = {"against": "Manual 7, appendix", "checked_by": "Mo Lead", "found": "agrees", "checked_on": "2026-11-18"}
    data = {**ada.tokens(), "measure": "spin", "constants": ["total.caseness", "total.reliable_change"], **form}
    assert ada.fetch("/staff/administration/measures", "POST", data=data).status_code == 303
    said = words(ada.page("/staff/administration/measures"))
    assert "Mo Lead looked it up on Wed 18 Nov, and it agrees: Manual 7, appendix" in said
    assert "To be checked" not in section(ben.page(home))
    kept = db.session.scalars(select(MeasureCheck)).all()
    assert {(one.constant, one.found) for one in kept} == {
        ("total.caseness", "agrees"), ("total.reliable_change", "agrees"),
    }  # fmt: skip
    assert b"Mo Lead" not in kept[0].checked_by_sealed


def test_a_constant_that_differs_stays_to_be_checked(ben, open_as, cast, home):
    scores(cast, TODAY, **{"spin": 30})
    ada = open_as(cast.ada)
    form = {"against": "Manual 7", "checked_by": HOSTILE, "found": "differs", "checked_on": "2026-11-18"}
    data = {**ada.tokens(), "measure": "spin", "constants": ["total.caseness"], **form}
    assert ada.fetch("/staff/administration/measures", "POST", data=data).status_code == 303
    page = ada.page("/staff/administration/measures")
    assert "and it differs: Manual 7" in words(page) and "<script>alert" not in str(page)
    assert "To be checked by the service: cut-off" in section(ben.page(home))


@pytest.mark.parametrize(
    "given", [{}, {"measure": "spin"}, {"measure": "spin", "constants": ["total.colour"], "found": "agrees",
              "against": "x", "checked_by": "y", "checked_on": "2026-11-18"}],
)  # fmt: skip
def test_a_check_of_nothing_known_is_refused(open_as, cast, given):
    ada = open_as(cast.ada)
    answer = ada.fetch("/staff/administration/measures", "POST", data={**ada.tokens(), **given})
    assert ada.read(answer, 422)
    assert db.session.scalars(select(MeasureCheck)).all() == []


def test_nothing_was_looked_up_on_a_day_to_come(open_as, cast):
    ada = open_as(cast.ada)
    form = {"against": "Manual 7", "checked_by": "Mo Lead", "found": "agrees", "checked_on": "2026-11-19"}
    data = {**ada.tokens(), "measure": "spin", "constants": ["total.caseness"], **form}
    page = ada.read(ada.fetch("/staff/administration/measures", "POST", data=data), 422)
    assert "This day lies ahead. Enter the day it was looked up." in words(page)
    assert db.session.scalars(select(MeasureCheck)).all() == []


def test_the_record_says_who_entered_corrected_and_withdrew_without_a_score(ben, cast, home):
    ben.send(ben.page(f"{home}/measures/new"), "/measures", **{"gad-7-total": "21"})
    [old] = [row.id for row in rows()]
    ben.send(ben.page(f"{home}/measures/{old}/correct"), "/correct", **{"gad-7-total": "17", "reason": "mistyped"})
    newest = next(row.id for row in rows() if row.what == "corrected")
    ben.send(ben.page(f"{home}/measures/{newest}"), "/withdraw", reason="other")
    events = [one for one in about_client(cast.anna.id) if one.verb.startswith("measure")]
    assert [one.verb for one in reversed(events)] == ["measures.entered", "measure.corrected", "measure.withdrawn"]
    assert [one.detail for one in reversed(events)] == [
        {"measures": ["gad-7"]}, {"measure": "gad-7", "reason": "mistyped"}, {"measure": "gad-7", "reason": "other"},
    ]  # fmt: skip
    assert {one.actor_id for one in events} == {str(cast.ben.id)}
    looks = [one.detail["page"] for one in about_client(cast.anna.id) if one.verb == "client.seen"]
    assert {"show_scores", "show_correction", "show_score"} <= set(looks)


def test_a_row_of_a_measure_that_is_not_here_breaks_no_page(ben, cast, home):
    [old] = scores(cast, TODAY, **{"gad-7": 15})
    with atomic():
        db.session.get(MeasureScore, old).measure_version = 99
    assert "No scores yet." in section(ben.page(home))
    assert "gad-7" in words(ben.page(f"{home}/measures"))
    assert ben.fetch(f"{home}/measures/{old}").status_code == 404


def test_the_text_a_service_holds_stands_beside_the_boxes_with_its_copyright_line(app, ben, cast, home, tmp_path):
    data = app.config["MEANTIME"].data
    resource = questionnaire("gad-7", copyright="© Somebody 2001", labels=("Not at all", "<b>b</b>", "c", "d"))
    resource["item"][3]["text"] = HOSTILE
    measure = measures().newest("gad-7")
    assert take_text(measure, resource, data, schema_at(app.config["MEANTIME"].worksheets)).kept
    assert "Invented question" not in words(ben.page(f"{home}/measures/items?measure=gad-7")), (
        "until it is started again"
    )
    bind(app)
    page = ben.page(f"{home}/measures/items?measure=gad-7")
    said = words(page)
    assert "Over the last two weeks" in said and "1. Invented question 1" in said and "© Somebody 2001" in said
    assert "0 Not at all · 1 <b>b</b> · 2 c · 3 d" in said and "<script>alert" not in str(page)
    given = {f"item-{n}": "1" for n in range(1, 8)}
    ben.send(page, "/measures/items", 303, **given)
    assert rows()[0].items == [1] * 7
