"""Agreeing, changing and withdrawing a task."""

import re

import pytest
from marshmallow import ValidationError

from server.api import wire
from server.assignments.queries import occurrences_of, of_client
from server.dashboard import presenters
from server.dashboard.agreeing import size_choices
from server.dashboard.forms import WallTime
from server.errors import Refused
from server.extensions import atomic
from server.worksheets.library import library
from tests.cast import THOUGHT_RECORD
from tests.dashboard.browser import words
from tests.dashboard.conftest import HOSTILE

WHEN = "after tea"
REASON = "You said that thoughts run away with you in the evening."


@pytest.fixture
def place(cast) -> str:
    return f"/staff/clients/{cast.anna.id}/assignments"


def test_worksheets_are_offered_by_family_with_what_they_are(ben, place):
    page = ben.page(f"{place}/new")
    said = words(page)
    assert "Low-intensity CBT" in said and "Looking at a thought" in said and "about 10 minutes" in said
    link = page.find("a", string="Looking at a thought")["href"]
    assert words(ben.page(link).h1) == "Agree “Looking at a thought” with Anna"


def test_the_form_starts_with_the_worksheets_own_rhythm(ben, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    assert page.find("input", {"name": "rhythm", "checked": True})["value"] == "per_week"
    assert page.find(id="times_per_week")["value"] == "3"
    assert page.find(id="times_daily")["value"] == "1", "three times a week is not three times a day"
    offered = {field["value"] for field in page.find_all("input", {"name": "rhythm"})}
    assert "monthly" not in offered, "only rhythms the worksheet allows"


def test_an_unknown_worksheet_is_not_here(ben, place):
    assert ben.fetch(f"{place}/new?worksheet=low-intensity-cbt/none").status_code == 404


def test_a_preview_shows_the_next_five_times_and_keeps_nothing(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    fields = {"rhythm": "weekly", "when": "after supper", "reason": REASON, "obstacle": "visitors", "confidence": "5"}
    answer = ben.send(page, "/preview", 200, **fields)
    said = words(ben.read(answer))
    assert "When it falls due next" in said and "Once from Wed 18 Nov to Tue 24 Nov" in said
    assert "What the client will see" in said and f"Why: {REASON}" in said
    assert "Would a smaller step do?" in said and "the plan says 3 of 8 things" in said
    assert of_client(cast.anna) == []


def test_a_task_is_agreed_from_the_preview(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    page = ben.read(ben.send(page, "/preview", 200, reason=REASON, when=WHEN, where="kitchen"))
    made = ben.follow(ben.send(page, "/assignments", 303))
    agreed = of_client(cast.anna)[0]
    assert (agreed.version.reason, agreed.version.plan["where"]) == (REASON, "kitchen")
    assert agreed.version.rhythm == {"kind": "per_week", "times": 3}
    assert len(occurrences_of(cast.anna.id)) > 3
    assert "For you: the plan says 3 of 8 things" in words(made)


def test_a_dated_task_at_a_time_is_previewed_with_it(ben, place):
    page = ben.page(f"{place}/new?worksheet=")
    fields = {
        "title": "Walk to the park",
        "reason": REASON,
        "when": WHEN,
        "rhythm": "weekdays",
        "weekdays": ["0", "3"],
        "at": "18.30",
    }
    said = words(ben.read(ben.send(page, "/preview", 200, **fields)))
    assert "Thursday 19 November 2026 at 18:30" in said and "Monday 23 November 2026 at 18:30" in said
    assert "On Monday and Thursday" in said


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        (
            {"rhythm": "daily", "times_daily": "3"},
            ["Wednesday 18 November 2026, 3 times", "Thursday 19 November 2026, 3 times"],
        ),
        (
            {"rhythm": "per_week", "times_per_week": "3"},
            ["3 times from Wed 18 Nov to Tue 24 Nov", "3 times from Wed 25 Nov to Tue 1 Dec"],
        ),
        ({"rhythm": "once", "until_date": "2026-11-20"}, ["Once from Wed 18 Nov to Fri 20 Nov"]),
    ],
)
def test_no_day_and_no_week_of_a_preview_is_cut_in_the_middle(ben, place, fields, lines):
    page = ben.page(f"{place}/new?worksheet=")
    typed = {"title": "Walk", "reason": REASON, "when": WHEN, "weekdays": ["1"], **fields}
    preview = ben.read(ben.send(page, "/preview", 200, **typed)).find(class_="staff-preview")
    assert [words(one) for one in preview.find("ul").find_all("li")] == lines
    assert "Tuesday" not in words(preview.find("dl") or preview), "days of another rhythm are no part of the plan"


def test_each_rhythm_has_its_own_number_and_days(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    assert not page.find("input", {"name": "weekdays"}), "no boxes for a rhythm that is not offered"
    under = {one["id"]: one.find_previous("input", {"name": "rhythm"})["value"] for one in page.select("[id^=times_]")}
    assert under == {"times_daily": "daily", "times_per_week": "per_week"}
    ben.send(page, "/assignments", 303, reason=REASON, when=WHEN, rhythm="daily", planned_per_week=["0", "2"])
    version = of_client(cast.anna)[0].version
    assert version.rhythm == {"kind": "daily", "times": 1} and version.plan["weekdays"] is None


def test_days_planned_for_a_number_of_times_a_week_are_kept_and_shown_again(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    ben.send(page, "/assignments", 303, reason=REASON, when=WHEN, times_per_week="2", planned_per_week=["3", "0"])
    agreed = of_client(cast.anna)[0]
    assert agreed.version.rhythm == {"kind": "per_week", "times": 2} and agreed.version.plan["weekdays"] == [0, 3]
    form = ben.page(f"{place}/{agreed.assignment.id}/change")
    ticked = form.find_all("input", {"name": "planned_per_week", "checked": True})
    assert [one["value"] for one in ticked] == ["0", "3"] and form.find(id="times_per_week")["value"] == "2"


def test_a_number_under_a_rhythm_that_was_not_chosen_is_not_looked_at(ben, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    ben.send(page, "/preview", 200, reason=REASON, when=WHEN, rhythm="weekly", times_daily="many", times_per_week="99")


def test_chosen_weekdays_need_at_least_one(ben, place):
    page = ben.page(f"{place}/new?worksheet=")
    typed = {"title": "Walk", "reason": REASON, "when": WHEN, "rhythm": "weekdays"}
    refused = ben.read(ben.send(page, "/preview", 422, **typed), 422)
    summary = refused.find(class_="nhsuk-error-summary")
    assert "at least one weekday" in words(summary) and summary.find("a")["href"] == "#weekdays"
    assert refused.find(id="weekdays")["type"] == "checkbox"


def test_no_size_says_how_often(app):
    for worksheet in [*library().all(), None]:
        for size in size_choices(worksheet):
            said = size["hint"]["text"]
            assert said and not re.search(r"times|(each|every) (day|morning)|once|this week|a day", said), said


def test_a_task_for_each_appointment_is_previewed_by_the_appointments_to_come(ben, cast, place):
    said = words(ben.read(_per_appointment(ben, place)))
    assert "Once from Wed 18 Nov to" in said


def _per_appointment(ben, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    return ben.send(page, "/preview", 200, reason=REASON, when=WHEN, rhythm="per_appointment")


@pytest.mark.parametrize(
    ("typed", "read"),
    [("6pm", "18:00"), ("6 pm", "18:00"), ("6.30 p.m.", "18:30"), ("12AM", "00:00"), ("18.00", "18:00")],
)
def test_a_time_is_read_as_people_write_it(typed, read):
    assert WallTime().deserialize(typed).strftime("%H:%M") == read


@pytest.mark.parametrize("typed", ["13pm", "0 am", "25:00", "pm"])
def test_what_is_no_time_of_day_is_refused(typed):
    with pytest.raises(ValidationError):
        WallTime().deserialize(typed)


@pytest.mark.parametrize(
    ("fields", "where", "sentence"),
    [
        ({"reason": ""}, "reason", "Say why this task may help"),
        ({"reason": "Helps"}, "reason", "in a few words"),
        ({"reason": "x " * 400}, "reason", "600 characters or fewer"),
        ({"from_date": "31/02/2026"}, "from_date", "real date"),
        ({"from_date": "2026-01-01"}, "from_date", "Choose today or a later day"),
        ({"until_date": "2026-01-01"}, "until_date", "before the first day"),
        ({"at": "quarter past"}, "at", "real time"),
        ({"times_per_week": "40"}, "times_per_week", "from 1 to 7"),
        ({"rhythm": "daily", "times_daily": "0"}, "times_daily", "from 1 to 7"),
        ({"rhythm": "sometimes"}, "rhythm", "Choose one from the list"),
        ({"confidence": "11"}, "confidence", "from 0 to 10"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(ben, cast, place, fields, where, sentence):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    typed = {"reason": REASON, "when": WHEN, "obstacle": HOSTILE, **fields}
    for action in ("/preview", "/assignments"):
        refused = ben.read(ben.send(page, action, 422, **typed), 422)
        summary = refused.find(class_="nhsuk-error-summary")
        assert sentence in words(summary) and summary.find("a")["href"] == f"#{where}"
        assert refused.find(id=where), "the summary leads to the field"
        assert refused.find(id="obstacle")["value"] == HOSTILE.replace("\x07", "")
    assert of_client(cast.anna) == []


def test_a_field_that_is_not_ours_is_refused(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet={THOUGHT_RECORD}")
    ben.send(page, "/assignments", 422, reason=REASON, when=WHEN, done_rule="all")
    assert of_client(cast.anna) == []


def test_a_free_task_needs_words_of_its_own(ben, cast, place):
    page = ben.page(f"{place}/new?worksheet=")
    refused = ben.read(ben.send(page, "/assignments", 422, reason=REASON, when=WHEN), 422)
    assert "Enter what the client is going to do" in words(refused)
    ben.send(refused, "/assignments", 303, title="Walk to the park and back")
    assert of_client(cast.anna)[0].version.title == "Walk to the park and back"


def test_what_is_agreed_in_an_appointment_says_so(ben, cast, anna):
    page = ben.page(f"{anna.home}/assignments/new?worksheet={THOUGHT_RECORD}&appointment={anna.today}")
    ben.send(page, "/assignments", 303, reason=REASON, when=WHEN)
    assert of_client(cast.anna)[0].assignment.agreed_in == anna.today or any(
        one.assignment.agreed_in == anna.today for one in of_client(cast.anna)
    )


def test_from_the_appointment_one_comes_back_to_it_with_what_was_agreed(ben, cast, anna):
    here = f"{anna.home}/appointments/{anna.today}"
    choosing = ben.page(ben.page(here).find("a", string="Agree the next task")["href"])
    assert choosing.find("a", string="Back to the appointment")["href"] == f"{here}#next"
    task = ben.page(f"{anna.home}/assignments/new?worksheet={THOUGHT_RECORD}&appointment={anna.today}")
    sent = ben.send(task, "/assignments", 303, reason=REASON, when=WHEN)
    there = sent.headers["Location"]
    assert there.startswith(f"{here}?") and there.endswith("#next")
    said = words(ben.follow(sent).find(class_="staff-saved"))
    assert said.startswith("Agreed: Looking at a thought . It shows on an open phone")
    assert not ben.page(here).find(class_="staff-saved"), "said once"


def test_a_change_holds_from_today_and_keeps_what_was(ben, cast, anna):
    place = f"{anna.home}/assignments/{anna.agreed}"
    page = ben.page(f"{place}/change")
    assert page.find(id="where")["value"] == "at my desk" and page.find(id="at")["value"] == "13:30"
    ben.send(page, "/change", 303, where="in the park", size="small")
    version = of_client(cast.anna)[0].version
    assert (version.number, version.plan["where"], version.size) == (2, "in the park", "small")
    assert "changed" in words(ben.page(place))


def test_a_change_with_a_mistake_keeps_what_was_typed(ben, anna):
    page = ben.page(f"{anna.home}/assignments/{anna.agreed}/change")
    refused = ben.read(ben.send(page, "/change", 422, reason="", where="in the park"), 422)
    assert refused.find(id="where")["value"] == "in the park"


def test_a_task_is_withdrawn(ben, cast, anna):
    place = f"{anna.home}/assignments/{anna.agreed}"
    ben.send(ben.page(place), "/withdraw", 303)
    assert of_client(cast.anna)[0].assignment.state == "withdrawn"
    said = words(ben.page(place))
    assert "Withdrawn on Wednesday 18 November 2026" in said and "Withdraw it" not in said
    page = ben.read(ben.send(ben.page(f"{place}/change"), "/change", 422), 422)
    assert "withdrawn or has ended" in words(page)


def test_a_plan_the_client_wrote_shows_as_text(ben, cast, anna):
    page = ben.page(f"{anna.home}/assignments/{anna.agreed}/change")
    ben.send(page, "/change", 303, then=HOSTILE, reason=f"Because {HOSTILE}")
    for path in (f"{anna.home}/assignments/{anna.agreed}", anna.home):
        page = ben.page(path)
        assert not page.main.find("script") and "<script>" in page.get_text()


def test_what_asks_about_risk_is_agreed_to_be_filled_in_together_and_no_phone_gets_it(ben, cast, place):
    """Riding the wave rates urges: with nobody who answers for that, only staff fill it in."""
    wave = "emotional-skills/riding-the-wave"
    assert library().newest(wave).for_staff_only(risk_allowed=False)
    offered = ben.page(f"{place}/new").find("a", href=re.compile("riding-the-wave")).parent
    assert "Only together, in the appointment" in words(offered)
    page = ben.page(f"{place}/new?worksheet={wave}")
    assert "You fill this in together" in words(page)
    made = ben.follow(ben.send(page, "/assignments", reason=REASON, when=WHEN))
    assert "Agree" not in words(made.h1)
    agreed = of_client(cast.anna)[0]
    assert agreed.assignment.worksheet_id == wave
    assert wire.assignment(agreed, "Ben")["worksheet"] == {"id": wave, "version": 1, "needs_procedure": True}
    cast.pair()
    web = ben.http.application.test_client()
    web.set_cookie("phone", cast.token)
    assert web.get(f"/api/v1/worksheets/{wave}/v1", headers={"X-Sync-Protocol": "1"}).status_code == 404


def test_a_trainee_cannot_agree_what_needs_a_qualified_practitioner(cast):
    with atomic():
        cast.ben.roles = ["trainee"]
    with pytest.raises(Refused) as no:
        cast.agree("emotional-skills/what-led-to-what")
    assert no.value.code == "therapist-only" and of_client(cast.anna) == []


def test_choosing_says_what_is_left_out_and_leads_to_building_ones_own(ben, place):
    page = ben.page(f"{place}/new")
    assert "Questions about risk are left out." in words(page)
    assert page.find("a", string="Build a task of your own")["href"] == "/staff/own-tasks"


def test_a_family_of_the_services_own_is_named_in_words():
    assert presenters.family("my-family") == "My family"
    assert presenters.family("check-ins") == "Check-ins"
