"""Downloads for another record system: valid, scoped to one's own clients, written down, and without what is kept."""

import json

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from server.audit.models import AuditEvent
from server.extensions import db
from tests.cast import NOW
from tests.dashboard.conftest import send
from tests.fhir.invariants import codes_outside


def _download(browser, path):
    answer = browser.fetch(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_data(as_text=True)


def test_an_entry_is_a_valid_response_with_what_was_written(ben, anna):
    text = _download(ben, f"{anna.home}/entries/{anna.entry}/fhir")
    read = QuestionnaireResponse.model_validate_json(text)
    assert codes_outside(read) == []
    assert (read.id, read.subject.reference) == (str(anna.entry), f"Patient/{anna.id}")
    assert read.basedOn[0].reference == f"Task/{anna.agreed}"
    page = ben.page(f"{anna.home}/entries/{anna.entry}")
    written = list(_written(json.loads(text)["item"]))
    assert written and all(words in page.get_text() for words in written)


def test_an_entry_saved_on_two_phones_is_downloaded_in_both_states(ben, cast, time):
    agreed = cast.agree()
    cast.pair()
    first = cast.entry(agreed.id, {"situation": "first words"})
    states = [
        cast.entry(agreed.id, {"situation": text}, entry_id=first["entry_id"], parents=[first["revision_id"]])
        for text in ("alpha words", "beta words")
    ]
    send(cast, [first, *states], NOW)
    text = _download(ben, f"/staff/clients/{cast.anna.id}/entries/{first['entry_id']}/fhir")
    read = Bundle.model_validate_json(text)
    assert read.type == "collection" and codes_outside(read) == []
    assert {one.resource.id for one in read.entry} == {one["revision_id"] for one in states}
    assert {one.resource.identifier.value for one in read.entry} == {first["entry_id"]}
    assert "alpha words" in text and "beta words" in text and "first words" not in text


def _written(items):
    for one in items:
        yield from (answer["valueString"] for answer in one.get("answer", []) if "valueString" in answer)
        yield from _written(one.get("item", []))


def test_what_was_agreed_is_a_valid_care_plan_without_what_was_written(ben, anna):
    text = _download(ben, f"{anna.home}/fhir")
    plan = CarePlan.model_validate_json(text)
    assert str(anna.agreed) in {one.id for one in plan.contained}
    assert codes_outside(plan) == []
    assert "secret thing" not in text and "Anna" not in text


def test_the_pages_lead_there(ben, anna):
    assert ben.page(anna.home).find("a", href=f"{anna.home}/fhir")
    assert ben.page(f"{anna.home}/entries/{anna.entry}").find("a", href=f"{anna.home}/entries/{anna.entry}/fhir")


def test_what_its_author_keeps_for_now_is_not_there(ben, anna):
    pages = ben.page(f"{anna.home}/entries")
    links = {link["href"] for link in pages.find_all("a", href=True) if "/entries/" in link["href"]}
    kept = [link for link in links if ben.fetch(f"{link.split('#')[0]}/fhir").status_code == 404]
    assert len(kept) == 1
    assert not ben.page(kept[0]).find("a", href=f"{kept[0]}/fhir")


@pytest.mark.parametrize("path", ["/fhir", "/entries/{entry}/fhir"])
def test_cara_and_dev_get_404(open_as, cast, anna, path):
    for who in (cast.cara, cast.dev):
        open_as(who).page(anna.home + path.format(entry=anna.entry), 404)


def test_each_download_is_written_down(ben, anna):
    _download(ben, f"{anna.home}/entries/{anna.entry}/fhir")
    _download(ben, f"{anna.home}/fhir")
    seen = db.session.query(AuditEvent).filter(AuditEvent.client_id == anna.id, AuditEvent.verb == "client.seen").all()
    assert {"download_entry", "download_care_plan"} <= {one.detail["page"] for one in seen}
