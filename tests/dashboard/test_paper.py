"""Work on paper or by phone, written down by a practitioner: a whole interval in one line, one worksheet in full."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from server.assignments.queries import intervals_of, occurrences_of
from server.entries import queries as entries
from server.entries.models import Revision
from server.extensions import db
from server.worksheets.definition import to_wire
from server.worksheets.library import library
from tests.cast import NOW, new_uuid
from tests.dashboard.browser import find_form, typed_in, words
from tests.dashboard.conftest import HOSTILE, send
from tests.engagement.occurrences import of_interval

SLEEP = "low-intensity-cbt/sleep-diary"
WEEK = "low-intensity-cbt/weekly-activity-plan"
BEFORE = NOW - timedelta(days=5)


@pytest.fixture
def week(cast, time) -> SimpleNamespace:
    """Five days of a thought record, one a day, since the last appointment; nobody has said anything. No phone."""
    cast.meet(BEFORE, "attended", BEFORE)
    today = cast.meet(NOW, None, BEFORE)
    agreed = cast.agree(now=BEFORE, rhythm={"kind": "daily", "times": 1}, from_date=(BEFORE + timedelta(days=1)).date())
    home = f"/staff/clients/{cast.anna.id}"
    return SimpleNamespace(
        agreed=agreed.id, today=today.id, home=home, task=f"{home}/assignments/{agreed.id}",
        appointment=f"{home}/appointments/{today.id}",
    )  # fmt: skip


def states(cast, week) -> list[str]:
    """What became of each time so far, the earliest first."""
    db.session.expire_all()
    rows = [one for one in occurrences_of(cast.anna.id, week.agreed) if one.opens_on <= NOW.date()]
    return [one.state for one in rows]


def revisions(cast) -> list[Revision]:
    return sorted(db.session.query(Revision).filter_by(client_id=cast.anna.id), key=lambda one: one.feed_seq)


def test_three_of_five_on_paper_is_one_form_on_the_appointment_page(ben, cast, week):
    page = ben.page(week.appointment)
    answer = ben.send(page, f"{week.agreed}/line", done="3", helped_by="interpreter")
    assert states(cast, week) == ["done", "done", "done", "open", "open"]
    assert answer.headers["Location"].startswith(week.appointment)
    said = words(ben.follow(answer))
    assert "Saved." in said and "3 of 4 done" in said and "All 3 on paper." in said
    assert "Written down last: 3 done, on paper, with an interpreter" in said


def test_the_figures_count_it_in_this_interval_and_tell_it_apart(ben, cast, week):
    ben.send(ben.page(week.appointment), f"{week.agreed}/line", done="2", tried="1", medium="phone_call")
    interval = intervals_of([cast.episode], NOW)[cast.episode.id][-1]
    figures = of_interval(cast.anna, interval, NOW)
    assert (figures.done.count, figures.tried.count) == (2, 3)
    assert {one.medium for one in figures.told if one.state in ("done", "tried")} == {"phone_call"}
    assert {one.entered_by for one in figures.told if one.state in ("done", "tried")} == {"practitioner"}
    for path in (week.home, week.appointment):
        assert "All 3 told by phone." in words(ben.page(path)), path
    assert "3 told" in words(ben.page("/staff/today"))
    each = words(ben.page(f"{week.home}/occurrences"))
    assert each.count("Told by phone or face to face, written down by staff") == 3


def test_all_three_kinds_go_on_the_earliest_open_times(ben, cast, week):
    ben.send(ben.page(week.home), f"{week.agreed}/line", done="1", tried="1", not_done="2")
    assert states(cast, week) == ["done", "tried", "not_done", "not_done", "open"]


def test_sent_twice_it_counts_once(ben, cast, week):
    page = ben.page(week.appointment)
    first = ben.send(page, f"{week.agreed}/line", done="2")
    before = len(revisions(cast))
    assert ben.send(page, f"{week.agreed}/line", done="2").headers["Location"] == first.headers["Location"]
    assert len(revisions(cast)) == before == 2
    again = ben.read(ben.send(page, f"{week.agreed}/line", 422, done="3"), 422)
    assert "This form was saved or undone already" in words(again)
    assert states(cast, week).count("done") == 2
    ben.send(again, f"{week.agreed}/line", done="1")
    assert states(cast, week).count("done") == 3, "the page that says so can be used"


def test_undo_takes_back_the_last_count_and_no_other(ben, cast, week, time):
    ben.send(ben.page(week.appointment), f"{week.agreed}/line", done="1")
    time.now = NOW + timedelta(minutes=1)
    page = ben.follow(ben.send(ben.page(week.appointment), f"{week.agreed}/line", tried="2"))
    undone = ben.send(page, f"{week.agreed}/undo")
    assert undone.headers["Location"].startswith(week.appointment)
    assert states(cast, week) == ["done", "open", "open", "open", "open"]
    ben.send(page, f"{week.agreed}/undo")
    assert states(cast, week) == ["done", "open", "open", "open", "open"], "a second time it does nothing"
    page = ben.follow(undone)
    assert "Written down last: 1 done" in words(page)
    ben.send(page, f"{week.agreed}/undo")
    assert set(states(cast, week)) == {"open"}
    assert "Written down last" not in words(ben.page(week.appointment))


def test_the_same_form_after_an_undo_says_so(ben, cast, week):
    page = ben.page(week.appointment)
    ben.send(page, f"{week.agreed}/line", done="2")
    ben.send(ben.page(week.appointment), f"{week.agreed}/undo")
    assert "saved or undone already" in ben.send(page, f"{week.agreed}/line", 422, done="2").text
    assert set(states(cast, week)) == {"open"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"done": "9"}, "5 times are still open. Enter no more than that."),
        ({}, "Enter how many they did, tried or did not do."),
        ({"done": "two"}, "Enter a whole number from 0 to 99."),
        ({"done": "1", "medium": "smoke"}, "Choose one from the list."),
        ({"done": "1", "key": "mine"}, "Open this page again, then enter it once more."),
    ],
)
def test_a_line_that_does_not_fit_says_why_and_keeps_what_was_typed(ben, cast, week, typed, said):
    page = ben.read(ben.send(ben.page(week.appointment), f"{week.agreed}/line", 422, **typed), 422)
    assert said in words(page)
    if "done" in typed:
        assert page.find(id="line-done")["value"] == typed["done"]
    assert revisions(cast) == []


def test_what_the_client_put_off_comes_last_and_what_they_said_no_to_stays(ben, cast, week):
    cast.pair(BEFORE)
    slots = [one.slot for one in occurrences_of(cast.anna.id, week.agreed)]
    moved = cast.answer(week.agreed, slots[0], "not_today", outcome="another_day", moved_to="2026-11-17")
    refused = cast.answer(week.agreed, slots[1], "not_today", outcome="keep", barrier="no_time")
    send(cast, [moved, refused], NOW - timedelta(hours=1))
    ben.send(ben.page(week.appointment), f"{week.agreed}/line", done="4")
    assert states(cast, week) == ["done", "not_done", "done", "done", "done"]


def test_a_staff_session_that_ended_gives_the_line_back_as_it_was(ben, cast, week):
    page = ben.page(week.appointment)
    form, address = find_form(page, f"{week.agreed}/line")
    typed = {**typed_in(form), "done": "3", "csrf": "of an earlier session"}
    back = ben.read(ben.fetch(address, "POST", data=typed), 422)
    assert back.find(id="line-done")["value"] == "3" and "You were signed out for a while" in words(back)
    assert revisions(cast) == []
    ben.send(back, f"{week.agreed}/line")
    assert states(cast, week).count("done") == 3


# ---- one worksheet in full


def fill_in(key: str) -> dict:
    """The worked example as somebody would type it into the form."""
    sheet = library().newest(key)
    return dict(_typed(to_wire(sheet)["fields"], to_wire(sheet)["example"]["answers"], "a"))


def _typed(fields, answers, before):
    for one in fields:
        value, name = answers.get(one["id"]), f"{before}.{one['id']}"
        if one["type"] == "list" and value:
            yield f"rows.{one['id']}", str(len(value))
            for n, item in enumerate(value):
                yield from _typed(one["fields"], item, f"{name}.{n}")
        elif isinstance(value, bool):
            yield name, "yes" if value else "no"
        elif isinstance(value, dict):
            yield f"{name}:other", value["other"]
        elif isinstance(value, list):
            yield name, [code for code in value if isinstance(code, str)]
            yield f"{name}:other", next((code["other"] for code in value if isinstance(code, dict)), "")
        elif value is not None:
            yield name, str(value)


def paper(ben, cast, key: str, when: date = date(2026, 11, 16), agreed_at=BEFORE, **typed):
    """(assignment id, address, fields) to type in the worked example of a worksheet, agreed for this."""
    agreed = cast.agree(key, now=agreed_at, rhythm={"kind": "daily", "times": 1})
    place = f"/staff/clients/{cast.anna.id}/assignments/{agreed.id}/paper"
    data = {"day": when.isoformat(), "at": "18:30", "medium": "paper", **fill_in(key), **typed}
    tokens = {**ben.tokens(), "key": new_uuid()}
    return agreed.id, place, {**tokens, **data}


FAMILIES = ("check-ins", "emotional-skills", "low-intensity-cbt", "relationships", "staying-well")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_worked_example_of_every_worksheet_can_be_typed_in_and_comes_out_the_same(ben, cast, time, family):
    sheets = [one for one in library().all() if one.family == family and not one.needs_procedure]
    assert sheets
    for sheet in sheets:
        agreed, place, data = paper(ben, cast, sheet.id)
        answer = ben.fetch(place, "POST", data=data)
        assert answer.status_code == 303, (sheet.id, answer.text[-3000:])
        view = entries.entries_of(cast.anna, agreed)[0]
        assert view.answers == dict(to_wire(sheet)["example"]["answers"]), sheet.id
        assert view.revision.outcome == "done", sheet.id
        assert view.revision.body["wording"] == {"language": "en", "sha256": sheet.sha256}


def test_one_worksheet_keeps_its_true_date_and_counts_for_that_day(ben, cast, time):
    agreed, place, data = paper(ben, cast, SLEEP)
    page = ben.follow(ben.fetch(place, "POST", data={**data, "helped_by": "supporter"}))
    said = words(page)
    assert "Saved. It counts for Mon 16 Nov." in said, said
    assert "Mon 16 Nov, 18:30" in said
    assert "On paper, written down by staff, typed in 2 days later, with a supporter" in said
    assert "Share of time in bed spent asleep" in said
    done = [one for one in occurrences_of(cast.anna.id, agreed) if one.state == "done"]
    assert [one.due_on for one in done] == [date(2026, 11, 16)]
    assert (done[0].medium, done[0].entered_by, done[0].helped_by) == ("paper", "practitioner", "supporter")


def test_the_page_of_the_sleep_diary_says_what_becomes_of_an_older_night(ben, cast, time):
    _, place, _ = paper(ben, cast, SLEEP)
    assert "it is marked as written down later" in words(ben.page(place))
    _, place, _ = paper(ben, cast, WEEK)
    assert "marked as written down later" not in words(ben.page(place))


def test_what_was_written_the_same_day_is_not_said_to_be_late(ben, cast, time):
    _, place, data = paper(ben, cast, SLEEP, when=NOW.date(), at="")
    page = ben.follow(ben.fetch(place, "POST", data=data))
    assert "days later" not in words(page) and "Wed 18 Nov" in words(page)


def test_sent_twice_is_one_entry_and_corrected_is_a_second_state_of_it(ben, cast, time):
    agreed, place, data = paper(ben, cast, SLEEP)
    first = ben.fetch(place, "POST", data=data)
    assert ben.fetch(place, "POST", data=data).headers["Location"] == first.headers["Location"]
    assert [one.entry.revisions for one in entries.entries_of(cast.anna, agreed)] == [1]
    ben.fetch(place, "POST", data={**data, "a.quality": "4"})
    found = entries.entries_of(cast.anna, agreed)
    assert [(one.entry.revisions, one.answers["quality"], one.in_two) for one in found] == [(2, 4, False)]
    done = [one.slot for one in occurrences_of(cast.anna.id, agreed) if one.state == "done"]
    assert done == ["2026-11-16#1"], "corrected, it is still for the same time"


@pytest.mark.parametrize(
    ("typed", "box", "said"),
    [
        ({"a.quality": "7"}, "a.quality", "Enter a number from 0 (Very poor) to 4 (Very restful)."),
        ({"a.quality": "good"}, "a.quality", "Enter a number from 0"),
        ({"a.into_bed": "half ten"}, "a.into_bed", "Enter a real time, like 13:30."),
        ({"a.date": "31/02/2026"}, "a.date", "Enter a real date, like 22/11/2026."),
        ({"a.sol_min": "long"}, "a.sol_min", "Enter minutes, like 90, or 1:30"),
        ({"a.woke": "no"}, "a.awakenings", "This is only asked if “Did you wake in the night?” is “Yes”."),
        ({"day": "2026-11-30"}, "day", "This has not come yet."),
        ({"day": "2026-10-01"}, "day", "This was agreed on Friday 13 November 2026."),
        ({"day": ""}, "day", "Enter the day it was done"),
        ({"slot": "2030-01-01#1"}, "slot", "Choose one from the list."),
        ({"a.note": "x" * 10_001}, "a.note", "Use 10,000 characters or fewer."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_box_and_nothing_typed_is_lost(ben, cast, time, typed, box, said):
    agreed, place, data = paper(ben, cast, SLEEP, **typed)
    page = ben.read(ben.fetch(place, "POST", data=data), 422)
    problem = page.find("a", href=f"#paper-{box}")
    assert problem and problem.text.strip().startswith(said), words(page)
    assert page.find(id=f"paper-{box}")
    kept = typed_in(find_form(page, f"{agreed}/paper")[0])
    lost = {name: value for name, value in {**data, **typed}.items() if kept.get(name) != [value]}
    assert {name for name, value in lost.items() if value and name not in ("csrf", "author")} <= {"slot"}
    assert entries.entries_of(cast.anna, agreed) == []


def test_a_day_too_long_ago_is_not_said_to_be_before_it_was_agreed(ben, cast, time):
    _, place, data = paper(ben, cast, SLEEP, date(2025, 8, 1), NOW - timedelta(days=500))
    said = words(ben.read(ben.fetch(place, "POST", data=data), 422).find(class_="nhsuk-error-summary"))
    assert "This is more than 400 days ago. Check the day." in said and "agreed on" not in said


def test_nothing_at_all_is_no_entry(ben, cast, time):
    agreed, place, data = paper(ben, cast, SLEEP)
    bare = {name: text for name, text in data.items() if not name.startswith("a.")}
    assert "Enter at least one answer." in words(ben.read(ben.fetch(place, "POST", data=bare), 422))
    assert entries.entries_of(cast.anna, agreed) == []


def test_nothing_happened_can_be_said_for_an_event_worksheet(ben, cast, time):
    agreed, place, data = paper(ben, cast, "low-intensity-cbt/worry-diary")
    both = ben.read(ben.fetch(place, "POST", data={**data, "nothing": "1"}), 422)
    assert "Untick this, or clear the answers below." in words(both)
    bare = {name: text for name, text in data.items() if not name.startswith("a.")}
    assert ben.fetch(place, "POST", data={**bare, "nothing": "1"}).status_code == 303
    assert entries.entries_of(cast.anna, agreed)[0].revision.outcome == "nothing_happened"


def test_a_list_grows_by_a_row_and_keeps_what_is_there(ben, cast, time):
    agreed, place, data = paper(ben, cast, WEEK)
    page = ben.read(ben.fetch(place, "POST", data={**data, "more": "activities", "a.learned": "Early is better"}))
    assert page.find(attrs={"name": "rows.activities"})["value"] == "4"
    assert page.find(id="paper-a.activities.3.what") is not None
    assert page.find(id="paper-a.activities.1.what").text.strip() == "Ring my cousin"
    assert page.find(id="paper-a.learned").text.strip() == "Early is better"
    assert entries.entries_of(cast.anna, agreed) == [], "nothing is saved by it"


def test_a_session_that_ended_gives_a_typed_worksheet_back(ben, cast, time):
    agreed, place, data = paper(ben, cast, SLEEP)
    page = ben.read(ben.fetch(place, "POST", data={**data, "csrf": "of an earlier session"}), 422)
    assert "You were signed out for a while" in words(page)
    assert page.find(id="paper-a.note").text.strip() == data["a.note"]
    assert ben.send(page, f"{agreed}/paper").status_code == 303


def test_hostile_words_from_paper_stay_words(ben, cast, time):
    _, place, data = paper(ben, cast, SLEEP, **{"a.note": HOSTILE})
    answer = ben.fetch(ben.fetch(place, "POST", data=data).headers["Location"])
    assert "<script>alert" not in answer.text and "&lt;script&gt;alert" in answer.text


def test_the_phone_gets_it_as_written_down_by_staff(ben, cast, week, app):
    cast.pair(BEFORE)
    ben.send(ben.page(week.appointment), f"{week.agreed}/line", done="2")
    pulled = app.test_client()
    pulled.set_cookie("phone", cast.token)
    answer = pulled.get("/api/v1/sync/pull", headers={"X-Sync-Protocol": "1"})
    assert answer.status_code == 200, answer.text
    found = [one for one in answer.json["changes"] if one["kind"] == "revision"]
    assert [(one["body"]["staff"], one["body"]["revision"]["medium"]) for one in found] == [(True, "paper")] * 2
    rows = [one for one in answer.json["changes"] if one["kind"] == "occurrence"]
    assert [one["body"]["state"] for one in rows].count("done") == 2


def test_a_day_is_shown_for_what_staff_wrote_down_and_no_made_up_time(ben, cast, week):
    ben.send(ben.page(week.appointment), f"{week.agreed}/line", done="1")
    assert "On paper, written down by staff, Sat 14 Nov " in words(ben.page(f"{week.home}/occurrences")) + " "
    assert datetime.fromisoformat(revisions(cast)[0].happened_local).date() == date(2026, 11, 14)
