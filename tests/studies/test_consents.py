"""What clients say about research, on a phone or through staff: the last word holds, and only what they were asked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from server.api.settings import apply_settings
from server.audit.models import AuditEvent
from server.entries.actions import receive
from server.errors import Refused
from server.extensions import atomic, db
from server.studies import actions, consents, queries
from server.studies.models import StudyConsent
from tests.cast import NOW
from tests.dashboard.browser import Browser, words
from tests.dashboard.conftest import HOSTILE
from tests.studies.conftest import AS_AGREED

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def asked(cast, made):
    """Anna's phone, which shows the study."""
    with atomic():
        consents.invite(client=cast.anna, study=made.study, by=cast.ben, now=NOW)
    cast.pair()
    return made


def say(cast, name: str, value, at=NOW) -> None:
    """As the phone sends it."""
    said = value if isinstance(value, dict) else {"value": value}
    revision = cast.revision({"kind": "setting"}, {"name": name, **said}, at)
    with atomic():
        received = receive(client=cast.anna, device=cast.phone, revisions=[revision], now=LATER)
        apply_settings(cast.anna, received, cast.phone, LATER)


def study(made, choice: str, text: object = 1) -> dict:
    return {"study_id": str(made.study.id), "text": text, "choice": choice}


def choice(cast, made) -> str | None:
    [one] = consents.studies_for(cast.anna)
    return one.choice


def test_a_phone_shows_a_study_only_to_whom_their_practitioner_asked(app, cast, made):
    cast.pair()
    web = app.test_client()
    web.set_cookie("phone", cast.token)
    assert web.get("/api/v1/device").json["me"]["studies"] == []
    with atomic():
        consents.invite(client=cast.anna, study=made.study, by=cast.ben, now=NOW)
    [told] = web.get("/api/v1/device").json["me"]["studies"]
    assert told == {
        "study_id": str(made.study.id), "name": "Homework trial", "text": 1, "choice": None, "over": False,
        "words": "We look at what helps between appointments.",
    }  # fmt: skip


def test_yes_and_no_on_the_phone_hold_in_the_order_they_were_said(cast, asked):
    say(cast, "study_consent", study(asked, "given"), NOW + timedelta(minutes=1))
    assert choice(cast, asked) == "given"
    say(cast, "study_consent", study(asked, "withdrawn"), NOW + timedelta(minutes=20))
    say(cast, "study_consent", study(asked, "given"), NOW + timedelta(minutes=10))  # said before, arrived after
    assert choice(cast, asked) == "withdrawn"
    rows = db.session.scalars(select(StudyConsent)).all()
    assert {row.entered_by for row in rows} == {"client"} and len(rows) == 3
    verbs = db.session.scalars(select(AuditEvent.verb).where(AuditEvent.client_id == cast.anna.id)).all()
    assert "study.consent_withdrawn" in verbs


@pytest.mark.parametrize("value", [None, 1, {}, {"study_id": "x"}, {"study_id": str(uuid4()), "text": 1}])
def test_what_makes_no_sense_is_kept_and_changes_nothing(cast, asked, value):
    say(cast, "study_consent", value)
    say(cast, "research_contact", value)
    for wrong in (
        study(asked, "maybe"),
        study(asked, "given", 9),
        study(asked, "given", "1"),
        study(asked, "given", True),
    ):
        say(cast, "study_consent", wrong)
    assert choice(cast, asked) is None and queries.newest_contact(cast.anna.id) is None


def test_nobody_consents_to_a_study_they_were_not_asked_to(cast, made):
    cast.pair()
    say(cast, "study_consent", study(made, "given"))
    assert choice(cast, made) is None


def test_a_no_on_the_phone_holds_where_staff_wrote_down_the_yes_and_never_showed_the_study(cast, made):
    cast.pair()
    with atomic():
        consents.say(client=cast.anna, study=made.study, number=1, choice="given", by=cast.ben, now=NOW)
    say(cast, "study_consent", study(made, "withdrawn"), NOW + timedelta(minutes=1))
    assert choice(cast, made) == "withdrawn"


@pytest.mark.parametrize("text", [1, 9, "1", None, True])
def test_a_no_holds_whatever_text_it_names_and_whoever_asked(cast, made, text):
    cast.pair()
    say(cast, "study_consent", study(made, "withdrawn", text), NOW + timedelta(minutes=1))
    [one] = consents.studies_for(cast.anna)
    assert (one.choice, one.said_of) == ("withdrawn", 1)


def test_staff_write_down_a_no_to_a_study_without_a_text(app, cast, made, monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW)
    with atomic():
        bare = actions.make(
            service=cast.service, by=cast.ada, now=NOW, **{**AS_AGREED, "name": "Register", "basis": "approval"}
        )
        db.session.flush()
        bare_id = bare.id
    ben = Browser(app).sign_in(cast.ben)
    way = f"/staff/clients/{cast.anna.id}/research"
    shown = ben.page(way)
    card = next(one for one in shown.find_all("article") if "Register" in words(one))
    assert "They said no" in words(card) and "They said yes" not in words(card)
    data = {**ben.tokens(), "study": str(bare_id), "text": "0"}
    refused = ben.fetch(f"{way}/study", "POST", data={**data, "choice": "given"})
    assert refused.status_code == 422
    shown = ben.follow(ben.fetch(f"{way}/study", "POST", data={**data, "choice": "withdrawn"}))
    assert "They withdrew on 18 November 2026." in words(shown).replace("Wednesday ", "")
    row = db.session.scalar(select(StudyConsent))
    assert (row.study_id, row.number, row.choice) == (bare_id, 0, "withdrawn")


def test_an_ended_study_takes_a_no_and_no_yes(cast, asked):
    say(cast, "study_consent", study(asked, "given"), NOW + timedelta(minutes=1))
    with atomic():
        actions.end(study=asked.study, by=cast.ada, now=NOW)
    say(cast, "study_consent", study(asked, "withdrawn"), NOW + timedelta(minutes=2))
    say(cast, "study_consent", study(asked, "given"), NOW + timedelta(minutes=3))
    assert choice(cast, asked) == "withdrawn"


def test_whether_they_may_be_asked_is_a_choice_of_its_own(cast, made):
    cast.pair()
    say(cast, "research_contact", "no", NOW + timedelta(minutes=5))
    say(cast, "research_contact", "yes", NOW + timedelta(minutes=1))
    assert queries.newest_contact(cast.anna.id).choice == "no"
    assert cast.anna.research == "not_asked"
    with pytest.raises(Refused, match="do not want to be asked"), atomic():
        consents.invite(client=cast.anna, study=made.study, by=cast.ben, now=NOW)


def test_nobody_is_asked_where_their_service_takes_no_part_or_there_is_no_text(cast, made):
    with atomic():
        actions.leave(study=made.study, service=cast.service, by=cast.ada, now=NOW)
    with pytest.raises(Refused, match="cannot ask anybody"), atomic():
        consents.invite(client=cast.anna, study=made.study, by=cast.ben, now=NOW)


def test_staff_ask_and_write_down_what_was_said(app, cast, made, monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW)
    with atomic():
        actions.set_text(study=made.study, words=HOSTILE, by=made.rita, now=NOW)
    ben, way = Browser(app).sign_in(cast.ben), f"/staff/clients/{cast.anna.id}/research"
    shown = ben.page(way)
    assert "They were not asked." in words(shown) and "<script>alert" not in str(shown)
    shown = ben.follow(ben.send(shown, "/research/study", choice="ask"))
    assert "have not answered yet" in words(shown)
    answer = ben.fetch(f"{way}/study", "POST", data={
        **ben.tokens(), "study": str(made.study.id), "text": "2", "choice": "given",
    })  # fmt: skip
    assert "They said yes on 18 November 2026, to version 2." in words(ben.follow(answer)).replace("Wednesday ", "")
    row = db.session.scalar(select(StudyConsent))
    assert (row.entered_by, row.recorded_by, row.number) == ("practitioner", cast.ben.id, 2)
    shown = ben.follow(ben.send(ben.page(way), "/research/contact", contact="no"))
    assert shown.find("input", {"name": "contact", "value": "no"}).has_attr("checked")
