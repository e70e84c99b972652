"""Something of ours breaks: a plain page, or the one body, with the reference under which the log has it."""

import logging
import re
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from server.api import looks as phone_pages
from server.audit.models import AuditEvent
from server.dashboard import safe_contact
from server.dashboard import today as today_page
from server.extensions import db
from server.people.models import Client


@pytest.fixture
def breaking(app, monkeypatch):
    """As it is served: what breaks is answered, not raised. Breaks a function of a module with words in the error."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def broken(*_, **__):
        raise LookupError("Anna wrote: my secret")

    return lambda module, name: monkeypatch.setattr(module, name, broken)


def reference_in(caplog) -> str:
    [line] = [record.getMessage() for record in caplog.records if record.name == "server.errors"]
    assert "secret" not in line
    return re.search(r"Reference ([0-9a-f]{8}):", line)[1]


def test_a_page_that_breaks_is_a_plain_page_of_ours_with_a_reference(breaking, ben, caplog):
    breaking(today_page, "_visits")
    with caplog.at_level(logging.ERROR):
        answer = ben.fetch("/staff/today")
    page = ben.read(answer, 500)
    assert page.find("code").text == reference_in(caplog)
    for tell in ("Traceback", "LookupError", "secret", "_visits"):
        assert tell not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_needs_no_database(breaking, ben, monkeypatch):
    def gone(*_, **__):
        raise OperationalError("SELECT", {}, Exception("gone"))

    def breaks_as_the_database_goes(*_, **__):
        monkeypatch.setattr(today_page.people, "service_of", gone)
        raise LookupError

    breaking(today_page, "_visits")
    monkeypatch.setattr(today_page, "_visits", breaks_as_the_database_goes)
    assert "went wrong on our side" in ben.read(ben.fetch("/staff/today"), 500).text
    assert "The database is busy" in ben.read(ben.fetch("/staff/today"), 503).text


def test_after_a_form_it_says_that_it_may_not_have_been_saved(breaking, ben, cast):
    page = ben.page(f"/staff/clients/{cast.anna.id}/safe-contact")
    breaking(safe_contact.people, "change_safe_contact")
    said = ben.read(ben.send(page, "/safe-contact", 500, channels=["call"]), 500).text
    assert "may not have been saved" in said
    assert db.session.get(Client, cast.anna.id).safe_contact == {}


def test_the_phone_gets_the_one_error_body(breaking, app, cast, caplog):
    cast.pair()
    phone = app.test_client()
    phone.set_cookie("phone", cast.token)
    assert phone.get("/api/v1/looks").status_code == 200
    breaking(phone_pages.audit, "looks_at")
    with caplog.at_level(logging.ERROR):
        answer = phone.get("/api/v1/looks")
    assert answer.status_code == 500 and set(answer.json) == {"code", "message", "fields", "reference"}
    assert answer.json["code"] == "broken" and answer.json["reference"] == reference_in(caplog)
    assert answer.headers["X-Sync-Protocol"] == "1"


def test_an_error_of_the_database_does_not_say_what_was_written(app, cast):
    db.session.add(AuditEvent(id=1, verb="x", actor_kind="my secret", at=None))
    with pytest.raises(IntegrityError) as wrong:
        db.session.flush()
    db.session.rollback()
    assert "secret" not in str(wrong.value)


def test_a_look_that_cannot_be_written_down_is_a_page_that_asks_to_try_again(
    app, ben, cast, sqlite_config, monkeypatch
):
    home = f"/staff/clients/{cast.anna.id}"
    assert ben.fetch(home).status_code == 200
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    db.session.rollback()
    with db.engine.connect() as mine:
        mine.exec_driver_sql("PRAGMA busy_timeout=0")  # on the connection the page will use: it does not wait
    with closing(sqlite3.connect(sqlite_config.data / "meantime.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = ben.fetch(home)
        other.execute("ROLLBACK")
    page = ben.read(answer, 503)
    assert "Each look at a client is written down first" in page.text and "Anna" not in page.text
    assert answer.headers["Retry-After"] == "60" and answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert ben.fetch(home).status_code == 200
