"""About me: first on the pages of a client, from their phone or written down by staff, and told apart."""

from datetime import timedelta

import pytest

from server.api.sync import take_in
from server.entries.models import Revision
from server.entries.personal import about_me_of
from server.extensions import atomic, db
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import HOSTILE


def say(cast, value: dict, now=NOW) -> None:
    """As Anna's phone sends it."""
    raw = cast.revision({"kind": "setting"}, {"name": "about_me", "value": value}, happened=now)
    with atomic():
        take_in(cast.anna, cast.phone, [raw], now, now)


def panel(page) -> str:
    return words(page.find("section", {"aria-labelledby": "about-me"}))


def test_what_she_writes_is_the_first_thing_on_her_pages(ben, cast, anna):
    say(cast, {"name": "Annie", "pronouns": "she/her", "helps": HOSTILE})
    for path in (anna.home, f"{anna.home}/appointments/{anna.today}"):
        page = ben.page(path)
        assert panel(page).startswith("About me Call me Annie Pronouns she/her What helps <script>")
        assert page.find_all("h2")[0]["id"] == "about-me" and "\u202e" not in page.text


def test_what_she_wants_to_be_called_stands_where_the_first_word_of_a_call_is_said(ben, cast, anna):
    places = ("/staff/today", anna.home, f"{anna.home}/appointments/{anna.today}")
    say(cast, {"name": "anna "})
    for path in places:
        assert first_words(ben.page(path)).partition(",")[0].strip() == "Anna", "the name on record already"
    say(cast, {"name": f"Jo {HOSTILE}"})
    for path in places:
        page = ben.page(path)
        called = "Anna “Jo <script>" if path == "/staff/today" else "Anna (call me Jo <script>"
        assert first_words(page).startswith(called) and "\u202e" not in page.text
    say(cast, {"name": ""})
    assert first_words(ben.page(anna.home)) == "Anna"


def first_words(page) -> str:
    """The heading that names a client: of her visit on Today, or of the page."""
    return words(page.select_one(".staff-visit h2 a") or page.h1)


def test_it_is_sealed_and_only_the_interpreter_stands_in_the_open(cast, anna):
    say(cast, {"helps": "plain words", "interpreter": "yes"})
    row = db.session.execute(db.text("SELECT words_sealed, interpreter FROM about_me")).one()
    assert b"plain" not in bytes(row.words_sealed) and row.interpreter == "yes"


def test_a_long_one_is_folded_to_one_line(ben, cast, anna):
    say(cast, {"helps": "slow " * 60})
    section = ben.page(anna.home).find("section", {"aria-labelledby": "about-me"})
    assert section.details and len(words(section.summary)) < 80


def test_staff_write_down_only_what_changed_and_it_says_so(ben, cast, anna, time):
    say(cast, {"name": "Annie", "helps": "Time"}, NOW - timedelta(hours=1))
    page = ben.page(f"{anna.home}/about-me")
    assert page.find(id="name")["value"] == "Annie"
    ben.send(page, "/about-me", access="Steps are hard", interpreter="yes")
    said = panel(ben.page(anna.home))
    assert "Steps are hard (written down by staff)" in said and "Interpreter Yes (written down by staff)" in said
    assert "Annie (written" not in said and "Written by the client, parts of it by staff" in said
    newest = db.session.scalars(db.select(Revision).order_by(Revision.feed_seq.desc())).first()
    assert (newest.subject_kind, newest.entered_by) == ("setting", "practitioner"), "her phone gets it by the pull"
    assert newest.body["payload"]["value"] == {"access": "Steps are hard", "interpreter": "yes"}


def test_what_she_says_later_holds_over_what_staff_wrote(ben, cast, anna, time):
    ben.send(ben.page(f"{anna.home}/about-me"), "/about-me", name="Ann")
    say(cast, {"name": "Annie"}, NOW + timedelta(minutes=5))
    held = about_me_of(cast.anna)
    assert held.words == {"name": "Annie"} and not held.by_staff


def test_too_long_a_text_is_refused_beside_its_field_and_kept(ben, anna):
    page = ben.read(ben.send(ben.page(f"{anna.home}/about-me"), "/about-me", 422, helps="a" * 601), 422)
    assert "Use 600 characters or fewer" in words(page) and len(page.find(id="helps").text) == 601


@pytest.mark.parametrize("value", ["text", None, {"helps": 7}, {"interpreter": "maybe"}])
def test_what_makes_no_sense_is_stored_and_changes_nothing(ben, cast, anna, value):
    say(cast, value)
    assert not about_me_of(cast.anna) and "Nothing is written yet" in panel(ben.page(anna.home))
