"""Feedback on staff pages: typed in for a client, and read by the service lead without a name."""

import pytest
from sqlalchemy import select

from server.endings.models import Feedback
from server.endings.queries import settings_of
from server.extensions import db
from tests.dashboard.browser import words
from tests.dashboard.conftest import HOSTILE
from tests.endings.test_feedback import many


@pytest.fixture
def lead(open_as, cast):
    """The browser of Ben's service lead."""
    return open_as(cast.add("Lee Marsh", "service_lead"))


def test_what_a_client_says_on_paper_is_kept_and_not_shown_again(ben, anna):
    page = ben.page(f"{anna.home}/feedback")
    answer = ben.send(page, "/feedback", **{"a.helped": "Small steps", "a.again": "likely", "a.quote": "yes"})
    said = words(ben.follow(answer))
    assert "Kept. The service lead reads it without a name." in said and "Given on paper" in said
    assert "Small steps" not in said
    [row] = db.session.scalars(select(Feedback)).all()
    assert row.answers == {"helped": "Small steps", "again": "likely", "quote": True} and row.quote
    assert (row.medium, row.entered_by) == ("paper", "practitioner")


def test_an_empty_form_keeps_nothing_and_says_so(ben, anna):
    page = ben.read(ben.send(ben.page(f"{anna.home}/feedback"), "/feedback", 422), 422)
    assert "Enter at least one answer." in words(page.find(class_="nhsuk-error-summary"))
    assert db.session.scalars(select(Feedback)).all() == []


def test_the_lead_reads_whole_fives_without_names_and_copies_only_what_may_be_quoted(lead, cast):
    many(cast, 4, helped="Words {n}", again="likely")
    assert "Nothing is listed under 5 people" in words(lead.page("/staff/service/feedback"))
    many(cast, 1, helped=HOSTILE.replace("{", "").replace("}", ""))
    page = lead.page("/staff/service/feedback")
    said = words(page)
    assert "Something was said of 5 courses." in said and "Words 8" in said
    assert '<script>alert("x")</script>' in said and page.find("script", string=lambda t: t and "alert(" in t) is None
    assert "P0" not in said and str(cast.service.id) not in said
    copied = page.find(id="quotes").text
    assert "Words 9" in copied and "Words 8" not in copied


@pytest.mark.parametrize("who", ["ben", "cara", "ada", "dev"])
def test_the_page_is_for_the_service_lead_only(open_as, cast, who):
    open_as(getattr(cast, who)).page("/staff/service/feedback", 404)


def test_an_administrator_sets_how_long_clients_can_read(open_as, cast):
    ada = open_as(cast.ada)
    page = ada.page("/staff/administration/endings")
    answer = ada.send(page, "/administration/endings", reading_days="30", signposting="Refer yourself again.")
    assert "Saved." in words(ada.follow(answer))
    held = settings_of(cast.service.id)
    assert (held.reading_days, held.signposting) == (30, "Refer yourself again.")
    assert settings_of(cast.other_service.id).reading_days == 90


@pytest.mark.parametrize("days", ["-1", "731", "many", ""])
def test_a_number_of_days_that_cannot_be_is_refused(open_as, cast, days):
    ada = open_as(cast.ada)
    page = ada.page("/staff/administration/endings")
    ada.read(ada.send(page, "/administration/endings", 422, reading_days=days), 422)
    assert settings_of(cast.service.id).reading_days == 90
