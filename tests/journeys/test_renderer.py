"""Every kind of question on the phone, in every state: what a screen reader hears, what is kept, and how it looks."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server import clock
from tests.journeys.browsers import connected
from tests.journeys.keyboard import Keys
from tests.journeys.page_checks import CUT, check, narrow, violations
from tests.journeys.phone import SAVED_HERE, Phone

pytestmark = pytest.mark.journey

KEPT_WITHIN = 500  # milliseconds: what the app promises of whatever is typed or ticked

SHEETS = Path(__file__).parent / "sheets"
EVERY, PARTS = "gallery/every-field", "gallery/two-parts"
TITLE, PARTS_TITLE = "Every kind of question", "Plan and look back"

# Role and name of each control, as the browser tells them to a screen reader.
TREE = [
    'textbox "Which day is it about?"',
    'heading "The first part" [level=2]',
    'textbox "What did you do?"',
    'textbox "How many cups of tea?"',
    'textbox "How many miles?"',
    'group "How was it?"',
    'radio "0, Bad"',
    'radio "5"',
    'radio "10, Good"',
    'group "How strong was it?"',
    'slider "How strong was it?"',
    'group "Where were you?"',
    'radio "At home"',
    'radio "In my own words"',
    'group "Who was there?"',
    'checkbox "Family"',
    'checkbox "In my own words"',
    'group "Did it rain?"',
    'radio "Yes"',
    'textbox "What time was it?"',
    'group "When did it end?"',
    'textbox "Day"',
    'textbox "Time"',
    'group "How long did it take?"',
    'textbox "Hours"',
    'textbox "Minutes"',
    'heading "The second part" [level=2]',
    'group "What did you notice?"',
    'group "Thing 1"',
    'textbox "Thing 1"',
    'button "Add another: thing"',
]
READ = {
    "What did you do?": "Sat by the canal",
    "How many cups of tea?": "3 cups",
    "How many miles?": "2.5",
    "How many people?": "2",
    "How was it?": "0 out of 10",
    "How strong was it?": "55 out of 100",
    "Where were you?": "Other: On a boat",
    "Who was there?": "Family, Other: My dog",
    "Did it rain?": "Yes",
    "What did you do about the rain?": "Stood under a bridge",
    "What time was it?": "14:05",
    "When did it end?": "Wednesday 4 March 2026 at 23:15",
    "How long did it take?": "1 hour 15 minutes",
    "Thing 1": "A heron",
    "Thing 1: What sort of thing?": "A sight",
    "Thing 1: How clear was it?": "5 out of 5",
    "Thing 2": "Bells",
    "What is your goal?": "Out twice a week",
}


@pytest.fixture(autouse=True)
def sheets(sqlite_config):
    """The service has two worksheets of its own: one with every kind of question, one in two parts."""
    folder = sqlite_config.data / "worksheets" / "gallery"
    folder.mkdir(parents=True)
    for file in SHEETS.glob("*.yaml"):
        shutil.copy(file, folder)


@pytest.fixture
def phone(site, site_cast, phone_context) -> Phone:
    """Anna's phone, with both."""
    site_cast.agree(worksheet=EVERY, now=clock.now())
    site_cast.agree(worksheet=PARTS, rhythm={"kind": "once"}, now=clock.now())
    return connected(Phone.of(phone_context, site.base), site_cast)


def question(page: Page, label: str):
    """The question with this label."""
    return page.locator(".question").filter(has=page.locator(":scope > label, :scope > legend", has_text=label))


def fill(phone: Phone) -> None:
    """Answer every question, in the order they stand."""
    page = phone.page
    page.get_by_label("What did you do?").fill("Sat by the canal")
    page.get_by_label("How many cups of tea?").fill("3")
    page.get_by_label("How many miles?").fill("2,5")
    page.get_by_role("radio", name="0, Bad").check()
    page.get_by_role("slider", name="How strong was it?").fill("55")
    own_words(page, "Where were you?", "radio", "On a boat")
    page.get_by_role("checkbox", name="Family").check()
    own_words(page, "Who was there?", "checkbox", "My dog")
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("What did you do about the rain?").fill("Stood under a bridge")
    page.get_by_label("What time was it?").fill("14:05")
    page.get_by_label("Day", exact=True).fill("2026-03-04")
    page.get_by_label("Time", exact=True).fill("23:15")
    page.get_by_label("Hours").fill("1")
    page.get_by_label("Minutes").fill("15")
    page.get_by_role("textbox", name="Thing 1").fill("A heron")
    page.get_by_role("radio", name="A sight").check()
    page.get_by_role("radio", name="5, Clear").check()
    page.get_by_role("button", name="Add another: thing").click()
    expect(page.get_by_role("textbox", name="Thing 2")).to_be_focused()
    page.get_by_role("textbox", name="Thing 2").fill("Bells")
    page.get_by_label("What is your goal?").fill("Out twice a week")


def own_words(page: Page, label: str, role: str, words: str) -> None:
    asked = question(page, label)
    asked.get_by_role(role, name="In my own words").check()
    asked.get_by_role("textbox", name="Your own words").fill(words)


def reading(page: Page) -> dict[str, str]:
    """What the saved entry says, without the day it is about."""
    rows = page.eval_on_selector_all(".reading > div", "all => all.map(one => [...one.children].map(c => c.innerText))")
    return {label: text for label, text in rows if label != "Which day is it about?"}


def test_a_screen_reader_hears_every_question_by_its_name(phone):
    phone.begin(TITLE)
    page = phone.page
    tree = page.get_by_role("main").aria_snapshot()
    missing = [line for line in TREE if f"- {line}" not in tree and f"- '{line}'" not in tree]
    assert not missing, f"{missing}\n{tree}"
    # What is not there, and not heard, is not answered: a question shown when, and a rating that nobody touched.
    assert "rain?" not in tree.replace("Did it rain?", "")
    slider = page.get_by_role("slider", name="How strong was it?")
    expect(slider).to_have_attribute("aria-valuetext", "Not answered yet")
    slider.fill("55")
    expect(slider).to_have_attribute("aria-valuetext", "55 out of 100")
    described = page.get_by_label("What did you do?").get_attribute("aria-describedby")
    assert page.locator(f"#{described.split()[0]}").inner_text() == "A few words are enough."
    page.get_by_role("radio", name="Yes").check()
    expect(page.get_by_role("textbox", name="What did you do about the rain?")).to_be_visible()


def test_every_kind_of_answer_is_kept_offline_and_reads_back(phone, phone_context):
    phone_context.set_offline(True)
    phone.begin(TITLE)
    fill(phone)
    page = phone.page
    expect(question(page, "How strong was it?").locator(".earlier")).to_contain_text("Sat by the canal")
    phone.until_draft_is_kept()
    page.reload()
    expect(page.get_by_role("textbox", name="Thing 2")).to_have_value("Bells")
    expect(question(page, "Where were you?").get_by_label("Your own words")).to_have_value("On a boat")
    phone.save()
    phone.standing(SAVED_HERE)
    assert reading(page) == READ


def test_every_key_stroke_is_on_the_phone_within_half_a_second(phone):
    phone.begin(TITLE)
    phone.page.get_by_label("What did you do?").press_sequentially("Sat by", delay=20)
    phone.page.wait_for_timeout(500)
    phone.page.reload()
    expect(phone.page.get_by_label("What did you do?")).to_have_value("Sat by")


def test_a_question_left_alone_is_no_answer_and_an_odd_one_is_kept_and_said(phone):
    phone.begin(TITLE)
    page = phone.page
    tea, words = page.get_by_label("How many cups of tea?"), page.get_by_label("What did you do?")
    tea.fill("about 5")
    tea.blur()
    expect(question(page, "How many cups of tea?").get_by_role("status")).to_contain_text("works best as a number")
    tea.fill("30")
    expect(question(page, "How many cups of tea?").get_by_role("status")).to_have_text(
        "We expected a number from 0 to 24."
    )
    tea.fill("about 5")
    words.fill("x" * 35)
    expect(question(page, "What did you do?").get_by_role("status")).to_have_text("5 more characters fit")
    words.fill("x" * 41)
    expect(question(page, "What did you do?").get_by_role("status")).to_contain_text("1 character too long")
    page.get_by_label("Day", exact=True).fill("2026-03-04")
    page.get_by_label("Day", exact=True).blur()
    expect(question(page, "When did it end?").get_by_role("status")).to_have_text("The time is missing.")
    phone.save()
    kept = reading(page)
    assert kept["How many cups of tea?"] == "about 5"
    assert kept["What did you do?"] == "x" * 41
    assert "How strong was it?" not in kept and "How was it?" not in kept
    phone.follow("Change this")
    expect(page.get_by_label("How many cups of tea?")).to_have_value("about 5")


def test_answers_from_last_time_are_filled_in_and_one_tap_clears_them(phone):
    phone.begin(TITLE)
    page = phone.page
    fill(phone)
    phone.save()
    phone.follow("Back to Today")
    phone.begin(TITLE)
    expect(page.locator("[data-carried]")).to_contain_text("Some answers here are from last time.")
    expect(page.get_by_role("textbox", name="Thing 2")).to_have_value("Bells")
    expect(page.get_by_role("radio", name="A sight").first).not_to_be_checked()
    expect(page.get_by_label("What did you do?")).to_have_value("")
    expect(page.get_by_text("There is nothing to save yet")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("There is nothing to save yet")).to_be_visible()
    question(page, "What is your goal?").get_by_role("button", name="Clear this answer").click()
    expect(page.get_by_label("What is your goal?")).to_have_value("")
    phone.press("Start with an empty sheet")
    expect(page.locator("[data-carried]")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Thing 1")).to_have_value("")


def test_a_plan_is_opened_again_at_how_it_went(phone):
    phone.begin(PARTS_TITLE)
    page = phone.page
    page.get_by_label("What will you do?").fill("Swim on Friday")
    page.get_by_role("radio", name="70").check()
    expect(page.get_by_role("main").get_by_text("come back later for “How it went”")).to_be_visible()
    phone.save()
    phone.says("When you have done it, come back for “How it went”.")
    phone.follow("Back to Today")
    page.get_by_role("link", name=re.compile(f"Carry on.*{PARTS_TITLE}")).click()
    expect(page.get_by_role("button", name="Part 2: How it went")).to_have_attribute("aria-pressed", "true")
    expect(question(page, "What happened?").locator(".earlier")).to_contain_text("Swim on Friday")
    page.get_by_label("What happened?").fill("It was cold, and I went in.")
    phone.save()
    assert reading(page) == {
        "What will you do?": "Swim on Friday",
        "How sure are you?": "70 out of 100",
        "What happened?": "It was cold, and I went in.",
    }
    phone.follow("Back to Today")
    expect(page.locator("article", has_text=PARTS_TITLE).locator(".answered__state")).to_contain_text("Done")


def test_one_question_at_a_time_by_keyboard_alone(phone):
    one_by_one(phone)
    keys = Keys(phone.page)
    begin_one_by_one(phone)
    phone.says("Question 1 of 15")
    for n, (label, typed) in enumerate(
        [("Which day", ""), ("What did you do?", "Sat"), ("How many cups", "3")], start=1
    ):
        keys.tab_to(label)
        phone.page.keyboard.type(typed)
        keys.go("Next", "button")
        expect(phone.page.get_by_text(f"Question {n + 1} of 15")).to_be_focused()
    expect(phone.page.get_by_role("heading", name="The first part")).to_be_visible()
    keys.go("Back one", "button")
    expect(phone.page.get_by_text("Question 3 of 15")).to_be_focused()  # it moves a moment after the question shows
    expect(phone.page.get_by_label("How many cups of tea?")).to_have_value("3")
    keys.go("Save and stop here", "button")
    keys.new_screen("Saved")
    assert reading(phone.page) == {
        "What did you do?": "Sat",
        "How many cups of tea?": "3 cups",
        "How many people?": "2",
    }


def one_by_one(phone: Phone) -> None:
    phone.open("/#/settings")
    phone.page.get_by_label("Show one question at a time").check()
    phone.page.wait_for_timeout(KEPT_WITHIN)  # the page is loaded anew at once, as no hand could
    phone.open("/#/")


def begin_one_by_one(phone: Phone) -> None:
    phone.page.get_by_role("link", name=re.compile(f"(Do it now|Do it again).*{TITLE}")).first.click()
    expect(phone.page.get_by_role("button", name="Save and stop here")).to_be_visible()


def states(phone: Phone) -> Iterator[str]:
    """The worksheet in each of its states."""
    page = phone.page
    phone.begin(TITLE)
    yield "empty"
    phone.press("Do it the short way")
    yield "short way"
    phone.press("Show all the questions")
    fill(phone)
    yield "filled"
    page.get_by_label("How many cups of tea?").fill("about 5")
    page.get_by_label("What did you do?").fill("long words " * 9)
    page.get_by_label("Time", exact=True).fill("")
    page.get_by_label("Time", exact=True).blur()
    expect(page.locator("[data-odd]")).to_have_count(3)
    yield "odd answers"
    phone.save()
    yield "read back"
    phone.open("/#/")
    phone.begin(TITLE)
    yield "from last time"
    phone.open("/#/")
    phone.begin(PARTS_TITLE)
    yield "in parts"
    one_by_one(phone)
    begin_one_by_one(phone)
    for n in range(1, 16):
        expect(page.get_by_text(f"Question {n} of")).to_be_visible()
        yield f"question {n}"
        if n < 15:
            phone.press("Next")


def test_no_state_has_a_violation_or_is_cut_off_in_either_direction(phone, phone_context):
    narrow(phone_context, phone.page, True)
    phone.page.reload()
    found = {}
    for state in states(phone):
        for direction in ("ltr", "rtl"):
            phone.page.evaluate("(way) => { document.documentElement.dir = way }", direction)
            found[f"{state}, {direction}"] = violations(phone.page) + phone.page.evaluate(CUT)
        phone.page.evaluate("() => { document.documentElement.dir = 'ltr' }")
    assert len(found) >= 40
    check(found)


def test_right_to_left_turns_every_field_round(phone):
    phone.begin(TITLE)
    page = phone.page
    fill(phone)
    assert order(page) == [True] * 5
    page.evaluate("() => { document.documentElement.dir = 'rtl' }")
    assert order(page) == [False] * 5
    words = page.get_by_label("What did you do?")
    assert words.evaluate("(one) => getComputedStyle(one).direction") == "ltr"  # its own letters decide


def order(page: Page) -> list[bool]:
    """Whether the first of each pair stands left of the second."""
    pairs = [
        (page.get_by_role("radio", name="At home"), page.get_by_text("At home", exact=True)),
        (page.get_by_role("checkbox", name="Family"), page.get_by_text("Family", exact=True)),
        (
            page.get_by_role("radio", name="0, Bad").locator(".."),
            page.get_by_role("radio", name="10, Good").locator(".."),
        ),
        (page.get_by_role("button", name="Less"), page.get_by_role("button", name="More", exact=True)),
        (page.get_by_label("How many cups of tea?"), page.get_by_text("cups", exact=True)),
    ]
    return [first.bounding_box()["x"] < second.bounding_box()["x"] for first, second in pairs]


def test_nothing_happened_is_a_small_way_out_where_it_is_not_the_likeliest(phone, site_cast):
    site_cast.agree(worksheet=EVERY, title="When it happens", rhythm={"kind": "event"}, now=clock.now())
    phone.begin(TITLE)
    ways = phone.page.locator("[data-way=short], [data-way=nothing]")
    assert [way.get_attribute("data-way") for way in ways.all()] == ["short", "nothing"]
    assert "link" in ways.last.get_attribute("class").split()
    phone.open("/#/")
    phone.page.get_by_role("link", name=re.compile("(Do it now).*When it happens")).click(timeout=30_000)
    expect(ways).to_have_count(2)
    assert [way.get_attribute("data-way") for way in ways.all()] == ["nothing", "short"]


def settled(page: Page) -> None:
    """What was drawn last takes taps again."""
    expect(page.locator("html[data-settling]")).to_have_count(0)


def test_a_second_tap_lands_on_nothing(phone):
    page = phone.page
    page.get_by_role("button", name=re.compile("Not today.*Every kind")).click()
    expect(page.get_by_role("heading", name="What got in the way?")).to_be_visible()
    settled(page)
    barrier = page.get_by_role("button", name="I forgot").bounding_box()
    x, y = barrier["x"] + 40, barrier["y"] + 20
    for _ in range(3):
        page.touchscreen.tap(x, y)
    expect(page.get_by_role("heading", name="What would help now?")).to_be_visible()
    assert page.evaluate("() => location.hash").startswith("#/not-today/")
    page.get_by_role("button", name=re.compile("Make it smaller")).click()
    phone.says("Answer one question.")
    phone.follow("Do the small version now")
    phone.says("The small version: Answer one question.")
