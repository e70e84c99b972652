"""Administration of languages: who checked the words is written down, and nothing is offered without it."""

import pytest

from server.audit.models import AuditEvent, content_of
from server.extensions import db
from server.languages import queries
from server.languages.models import LanguageCheck
from tests.api.test_words import words  # noqa: F401
from tests.cast import NOW

PLACE = "/staff/administration/languages"


@pytest.fixture
def ada(open_as, cast, words):  # noqa: F811
    """The administrator's browser, where the app has Welsh words."""
    return open_as(cast.ada)


def post(ada, **fields):
    return ada.fetch(PLACE, "POST", data={**ada.tokens(), "language": "cy", **fields})


def test_a_check_has_somebody_and_a_day(ada, cast):
    for fields in (
        {},
        {"checked_by": "Elin"},
        {"checked_on": "2026-03-01"},
        {"checked_by": "E", "checked_on": "2100-01-01"},
    ):
        assert post(ada, state="checked", **fields).status_code == 422
    assert queries.checks_of(cast.service.id, "cy") == []
    assert post(ada, state="checked", checked_by="Elin Jones", checked_on=NOW.date().isoformat()).status_code == 303
    shown = ada.fetch(PLACE).text
    assert "Elin Jones" in shown
    assert "without Help now and Who sees this" in shown
    assert "of 4 texts" in shown


def test_what_was_decided_stays_and_is_in_the_audit_without_the_name(ada, cast):
    post(ada, state="checked", checked_by="Elin Jones", checked_on=NOW.date().isoformat(), help_too="yes")
    post(ada, state="off")
    assert [one.state for one in queries.checks_of(cast.service.id, "cy")] == ["off", "checked"]
    events = db.session.query(AuditEvent).filter_by(verb="language.changed").order_by(AuditEvent.id).all()
    assert [one.detail["state"] for one in events] == ["checked", "off"]
    assert "Elin" not in str([content_of(one) for one in events])
    kept = db.session.query(LanguageCheck).filter_by(state="checked").one()
    assert (kept.checked_by, b"Elin" in kept.checked_by_sealed) == ("Elin Jones", False)


def test_a_language_the_app_has_no_words_in_cannot_be_switched_on(ada, cast):
    assert post(ada, language="xx", state="draft").status_code == 422
    assert [one.state for one in queries.languages_of(cast.service.id)] == ["off"]


def test_what_somebody_typed_as_a_name_is_shown_as_text(ada):
    post(ada, state="checked", checked_by="<b>Elin</b>", checked_on=NOW.date().isoformat())
    shown = ada.fetch(PLACE).text
    assert "&lt;b&gt;Elin" in shown
    assert "<b>Elin" not in shown
