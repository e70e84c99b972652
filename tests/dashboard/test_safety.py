"""Flags on staff pages: first on Today and on the client's page, and gone once somebody says what they did."""

from datetime import timedelta
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import update

from server.api.sync import take_in
from server.audit import queries as audit
from server.caseload import roads
from server.caseload.models import Access
from server.dashboard import dates
from server.extensions import atomic, db
from server.safety import queries
from server.worksheets import own_actions as own_tasks
from server.worksheets.own_building import Question, Typed
from tests.cast import NOW
from tests.dashboard.conftest import HOSTILE
from tests.localhost import free_port
from tests.safety import sheets

PROCEDURE = "/staff/administration/risk"
FILLED = {
    "person": "Dr Mira Hale", "role": "Clinical lead", "procedure": "The duty clinician rings the same day.",
    "inbox": "duty@example.org", "days": ["0", "1", "2", "3", "4"], "works_from": "09:00", "works_until": "17:00",
    "reviewed_on": "2026-11-02", "confirmed_by": "Dr Mira Hale", "agreed": "yes",
}  # fmt: skip


@pytest.fixture(autouse=True)
def questionnaire(tmp_path):
    """Our questionnaire is among the service's own worksheets before the application starts."""
    sheets.add_to(tmp_path)


@pytest.fixture
def agreed(app, cast, time):
    """Anna's service answers for risk, and she has the questionnaire."""
    sheets.switched_on(app, cast)
    cast.pair()
    return cast.agree(sheets.CHECK["id"])


@pytest.fixture
def ada(open_as, cast):
    """The administrator's browser."""
    return open_as(cast.ada)


def send(cast, *revisions, now=NOW):
    with atomic():
        take_in(cast.anna, cast.phone, list(revisions), now, now)


def raised(cast, agreed, answers=None, safe_now=None, now=NOW) -> str:
    """Anna sends an answer about risk. Where its flag is."""
    raw = sheets.filled_in(cast, agreed.id, answers or {"mood": 3, "thoughts": 2}, safe_now)
    send(cast, raw, now=now)
    return f"/staff/clients/{cast.anna.id}/entries/{raw['entry_id']}/flag"


def panel(page):
    return page.find("section", class_="staff-risk")


def test_a_red_flag_is_the_first_thing_on_today_and_on_the_clients_page(cast, ben, agreed):
    raised(cast, agreed, safe_now="no")
    for path in ("/staff/today", "/staff/today?day=2001-01-01", f"/staff/clients/{cast.anna.id}"):
        page = ben.page(path)
        assert page.find("main").find("h2").text == "Waiting for you: answers about risk", path
        words = panel(page).get_text(" ", strip=True)
        assert "Risk: red" in words and "They do not feel able to keep safe right now." in words
        assert "How often did dark thoughts come?" in words


def test_without_a_flag_nothing_of_it_shows(cast, ben, agreed):
    assert panel(ben.page("/staff/today")) is None
    assert panel(ben.page(f"/staff/clients/{cast.anna.id}")) is None


def test_level_one_with_a_yes_is_not_red_and_comes_after_what_is(cast, ben, agreed):
    raised(cast, agreed, {"thoughts": 1}, "yes")
    raised(cast, agreed, {"thoughts": 2})
    tags = [tag.text for tag in panel(ben.page("/staff/today")).find_all(class_="nhsuk-tag")]
    assert tags == ["Risk: red", "Risk"]


def test_it_says_how_late_it_arrived(cast, ben, agreed):
    raw = sheets.filled_in(cast, agreed.id, {"thoughts": 1})
    with atomic():
        take_in(cast.anna, cast.phone, [raw], NOW + timedelta(hours=5), NOW + timedelta(hours=5))
    words = panel(ben.page("/staff/today")).get_text(" ", strip=True)
    assert "Saved on the phone Wed 18 Nov, 09:30. It arrived 5 hours later, Wed 18 Nov, 14:30." in words


def test_once_somebody_says_what_they_did_it_is_gone_and_stays_with_its_entry(cast, ben, agreed):
    place = raised(cast, agreed)
    page = ben.page(place)
    refused = ben.read(ben.send(page, "/flag", 422, outcome=" "), 422)
    assert "Say in a line what you did." in refused.get_text()
    ben.send(page, "/flag", 303, outcome="Rang her at 09:40, safety plan.")
    assert panel(ben.page("/staff/today")) is None
    after = ben.page(place).get_text(" ", strip=True)
    assert "Nothing of this entry waits" in after and "Ben Okafor" in after and "Rang her at 09:40" in after


def test_the_second_of_two_is_told_that_it_was_done(cast, ben, agreed):
    place = raised(cast, agreed)
    page = ben.page(place)
    ben.send(page, "/flag", 303, outcome="Rang.")
    assert "acknowledged this already" in ben.send(page, "/flag", 409, outcome="Rang too.").text
    [flag] = queries.of_entry(cast.anna, UUID(place.split("/")[-2]))
    assert flag.outcome == "Rang."


def test_what_became_worse_since_the_page_was_opened_has_to_be_read_again(cast, ben, agreed):
    raw = sheets.filled_in(cast, agreed.id, {"thoughts": 1}, "yes")
    send(cast, raw)
    page = ben.page(f"/staff/clients/{cast.anna.id}/entries/{raw['entry_id']}/flag")
    send(cast, sheets.after(cast, raw, "no", {"thoughts": 3}))
    again = ben.read(ben.send(page, "/flag", 409, outcome="Nothing needed."), 409)
    words = again.get_text(" ", strip=True)
    assert "This has changed since you opened it. Read it again." in words and "Nothing needed." in words
    assert "They do not feel able to keep safe right now." in words and "More was added Wed 18 Nov, 09:30." in words
    assert len(queries.waiting_of(cast.anna)) == 1
    ben.send(again, "/flag", 303, outcome="Rang her.")
    assert queries.waiting_of(cast.anna) == []


def test_a_flag_from_paper_says_so_and_claims_no_phone(cast, ben, agreed):
    written = ben.fetch(f"/staff/clients/{cast.anna.id}/assignments/{agreed.id}/paper")
    page = BeautifulSoup(written.text, "html.parser")  # unread: the scale's own word for 0 is None
    ben.send(page, "/paper", 303, day=NOW.strftime("%d/%m/%Y"), medium="paper", **{"a.thoughts": "3"})
    words = panel(ben.page("/staff/today")).get_text(" ", strip=True)
    assert "Risk: red" in words and "It is not known if they feel able to keep safe right now." in words
    assert f"On paper, {dates.day(NOW.date())}. Typed in by Ben Okafor Wed 18 Nov, 09:30." in words
    assert "were asked" not in words and "Saved on the phone" not in words and "arrived" not in words


def test_what_is_typed_is_hostile_when_shown(cast, ben, agreed):
    place = raised(cast, agreed)
    ben.send(ben.page(place), "/flag", 303, outcome=HOSTILE)
    shown = ben.fetch(place).text
    assert "<script>alert" not in shown and "&lt;script&gt;" in shown


@pytest.mark.parametrize("who", ["cara", "dev"])
def test_cara_gets_404_and_sees_nothing(cast, open_as, agreed, who):
    place, web = raised(cast, agreed), open_as(getattr(cast, who))
    assert web.fetch(place).status_code == 404
    assert web.fetch(place, "POST", data={**web.tokens(), "outcome": "x"}).status_code == 404
    assert panel(web.page("/staff/today")) is None
    assert queries.waiting_of(cast.anna)


def test_cover_sees_it_and_can_acknowledge_it(cast, open_as, agreed):
    place = raised(cast, agreed)
    with atomic():
        roads.give(
            episode=cast.episode, practitioner=cast.cara, role="cover", reason="Ben is away", by=cast.ben, now=NOW,
            until_at=NOW + timedelta(days=7),
        )  # fmt: skip
    web = open_as(cast.cara)
    assert panel(web.page("/staff/today")) is not None
    web.send(web.page(place), "/flag", 303, outcome="Rang for Ben.")
    assert queries.waiting_of(cast.anna) == []


def test_an_entry_without_a_flag_has_a_page_that_says_so(cast, ben, agreed):
    place = raised(cast, agreed, {"mood": 9})
    assert "Nothing of this entry waits" in ben.page(place).get_text()


def test_a_flag_outlives_the_entry_that_its_author_removed(cast, ben, agreed):
    raw = sheets.filled_in(cast, agreed.id, {"thoughts": 2})
    send(cast, raw, {**sheets.after(cast, raw), "kind": "delete", "payload": {}})
    words = panel(ben.page("/staff/today")).get_text(" ", strip=True)
    assert "The client has removed this entry since." in words and "Read the entry" not in words
    place = f"/staff/clients/{cast.anna.id}/entries/{raw['entry_id']}/flag"
    ben.send(ben.page(place), "/flag", 303, outcome="Rang.")


def test_words_that_were_kept_are_not_on_the_page_of_their_flag(cast, ben, agreed):
    raw = sheets.filled_in(cast, agreed.id, {"thoughts": 2, "diary": "between me and the wall"})
    raw["payload"]["kept"] = True
    send(cast, raw)
    place = f"/staff/clients/{cast.anna.id}/entries/{raw['entry_id']}/flag"
    for path in (place, "/staff/today", f"/staff/clients/{cast.anna.id}"):
        assert "between me and the wall" not in ben.fetch(path).text


def test_a_look_at_a_flag_is_written_down(cast, ben, agreed):
    ben.page(raised(cast, agreed))
    assert any(event.detail.get("page") == "show_flag" for event in audit.looks_at(cast.anna.id, ("client.seen",), 10))


# Administration


def test_it_is_switched_on_with_all_of_it_and_an_inbox_that_took_a_message(app, cast, ada, post):
    sheets.with_mail(app, post.url)
    assert "Clients are not asked about risk" in ada.page(PROCEDURE).get_text()
    ada.send(ada.page(PROCEDURE), PROCEDURE, 303, **FILLED)
    assert queries.has_response_procedure(cast.service.id)
    assert [message["To"] for message in post.inbox.taken] == ["duty@example.org"]
    page = ada.page(PROCEDURE).get_text(" ", strip=True)
    assert "Clients are asked about risk." in page and "Dr Mira Hale, Clinical lead" in page


@pytest.mark.parametrize("missing", sorted(set(FILLED) - {"days"}))
def test_nothing_of_it_may_be_missing(app, cast, ada, post, missing):
    sheets.with_mail(app, post.url)
    ada.send(ada.page(PROCEDURE), PROCEDURE, 422, **{**FILLED, missing: ""})
    assert not queries.has_response_procedure(cast.service.id) and post.inbox.taken == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("inbox", "duty"), ("inbox", "a@example.org, b@example.org"), ("inbox", "A <a@example.org>"),
        ("works_until", "08:00"), ("works_until", "25:00"), ("reviewed_on", "2026-11-19"),
        ("reviewed_on", "2025-01-01"), ("days", ["7"]),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(app, cast, ada, post, name, wrong):
    sheets.with_mail(app, post.url)
    page = ada.read(ada.send(ada.page(PROCEDURE), PROCEDURE, 422, **{**FILLED, name: wrong}), 422)
    assert "There is a problem" in page.get_text() and not queries.has_response_procedure(cast.service.id)


def test_without_a_mail_server_it_stays_off(cast, ada):
    page = ada.read(ada.send(ada.page(PROCEDURE), PROCEDURE, 422, **FILLED), 422)
    assert "There is no mail server yet" in page.get_text() and queries.versions_of(cast.service) == []


def test_a_mail_server_that_refuses_leaves_it_off(app, cast, ada, post):
    for url, inbox in ((f"smtp://127.0.0.1:{free_port()}", "duty@example.org"), (post.url, "nobody@example.org")):
        sheets.with_mail(app, url)
        page = ada.read(ada.send(ada.page(PROCEDURE), PROCEDURE, 422, **{**FILLED, "inbox": inbox}), 422)
        assert "Nothing was switched on." in page.get_text()
    assert queries.versions_of(cast.service) == []


def test_off_again_at_any_time(cast, ada, agreed):
    ada.send(ada.page(PROCEDURE), "/risk/off", 303)
    assert not queries.has_response_procedure(cast.service.id)
    assert "Clients are not asked about risk" in ada.page("/staff/administration").get_text()


def test_every_level_is_shown_in_words(app, cast, ada):
    rows = [row.get_text(" ", strip=True) for row in ada.page(PROCEDURE).find("table").find("tbody").find_all("tr")]
    assert len(rows) == len(queries.thresholds(cast.service)) > 15
    assert not [row for row in rows if "If it fits" in row]
    assert [row for row in rows if row.startswith("How it was") and "is more than 1 2" in row]


def test_levels_that_changed_since_are_said(cast, ada, agreed, monkeypatch):
    assert "levels have changed" not in ada.page(PROCEDURE).get_text()
    fewer = queries.thresholds(cast.service)[1:]
    monkeypatch.setattr(queries, "thresholds", lambda _: fewer)
    assert "levels have changed" in ada.page(PROCEDURE).get_text()


def test_an_administrator_sees_counts_and_no_client(cast, ada, agreed):
    raised(cast, agreed)
    page = ada.page(PROCEDURE).get_text(" ", strip=True)
    assert "1 waiting to be acknowledged" in page and "Anna" not in page


def test_a_flag_that_no_practitioner_sees_is_counted(cast, ada, agreed):
    raised(cast, agreed)
    assert "on nobody’s page" not in ada.page(PROCEDURE).get_text()
    with atomic():
        db.session.execute(update(Access).values(until_at=NOW))
    page = ada.page(PROCEDURE).get_text(" ", strip=True)
    assert "1 of them is on nobody’s page" in page and "Anna" not in page


def test_the_levels_of_own_tasks_are_shown_and_confirmed_too(cast, ada, agreed):
    asked = Question(type="scale", label="How safe do you feel?", low="Not", high="Very", required=True, risk=True)
    typed = Typed(
        title="Evening check", summary="A short look at the evening.", why="It can help.", how=("Think of it.",),
        minutes=2, rhythm="daily", times=1, questions=(asked,), done="all",
    )  # fmt: skip
    with atomic():
        own_tasks.make(typed=typed, by=cast.ben, now=NOW)
    page = ada.page(PROCEDURE).get_text(" ", strip=True)
    assert "Evening check" in page and "How safe do you feel?" in page and "levels have changed" in page
