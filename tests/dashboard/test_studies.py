"""Studies on staff pages: an administrator sets one up, a researcher asks, another person releases, only theirs."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from server import jobs
from server.audit.models import AuditEvent
from server.dashboard.kinds import ANYBODY, kind_of
from server.extensions import atomic, db
from server.research.building import path_of, remove_over
from server.studies import actions, queries
from server.studies.models import Study, StudyBuild
from tests.cast import NOW
from tests.dashboard.browser import stable, words
from tests.dashboard.conftest import HOSTILE
from tests.dashboard.test_scoping import OF_A_STUDY, address, rules
from tests.studies.conftest import AS_AGREED, asked, made

__all__ = ["made"]  # a fixture
SET_UP = {
    "name": "Sleep study",
    "basis": "consent",
    "reference": "REC 26/NW/0002",
    "protocol": "1.0",
    "retain_until": "01/01/2036",
    "arms": "app-first, as-usual",
    "blocks": "2, 3",
}
GROUNDS = {"agreement": "Agreement 2026-14", "considered": "Invented people only", "has_read": "yes"}
LIST, RESEARCH = "/staff/administration/studies", "/staff/research"


@pytest.fixture
def ada(open_as, cast):
    return open_as(cast.ada)


def place(study, where: str = LIST) -> str:
    return f"{where}/{study.id}"


def test_an_administrator_sets_a_study_up_and_adds_a_researcher(ada, cast):
    rita = cast.add("Rita Osei", "researcher", by=cast.ada)
    shown = ada.follow(ada.send(ada.page(LIST), "studies", **SET_UP))
    assert "app-first, as-usual, drawn in blocks" in words(shown)
    study = db.session.scalar(select(Study))
    assert (study.arms, study.blocks) == (["app-first", "as-usual"], [2, 3])
    shown = ada.follow(ada.send(shown, "researchers", researcher=str(rita.id)))
    assert "Rita Osei" in words(shown)
    assert [one.id for one in queries.of_researcher(rita)] == [study.id]
    ada.send(shown, f"/researchers/{rita.id}/end")
    assert queries.of_researcher(rita) == []
    ada.send(shown, f"{study.id}/end")
    assert "Ended" in words(ada.page(LIST))


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(ada):
    answer = ada.send(ada.page(LIST), "studies", 422, **{**SET_UP, "name": "<b>", "blocks": "many"})
    shown = ada.read(answer, 422)
    assert shown.find(id="name")["value"] == "<b>" and shown.find(id="blocks")["value"] == "many"
    assert "letters, digits, blanks" in words(shown) and "Repeats are different numbers" in words(shown)


def test_asked_built_released_and_fetched_by_two_people(open_as, cast, made, ada):
    rita = open_as(made.rita)
    shown = rita.follow(rita.send(rita.page(place(made.study, RESEARCH)), "/bundles"))
    assert "Waits to be built" in words(shown) and "/fetch" not in str(shown)
    assert jobs.build_bundles(NOW) == "built"
    shown = rita.page(place(made.study, RESEARCH))
    assert "Waits for release" in words(shown) and "/fetch" not in str(shown)
    build = db.session.scalar(select(StudyBuild))
    way = f"{place(made.study, RESEARCH)}/bundles/{build.id}/fetch"
    assert rita.fetch(way, "POST", data=rita.tokens()).status_code == 404
    assert "/bundles" not in [form["action"][-8:] for form in shown.find_all("form")]  # one at a time
    assert "Read and decide" in words(ada.page(place(made.study)))
    asked_about = ada.page(f"{place(made.study)}/bundles/{build.id}")
    assert "Fewest people who share one (k)" in words(asked_about) and "Rita Osei" in words(asked_about)
    ada.send(asked_about, f"/bundles/{build.id}", decision="release", **GROUNDS)
    answer = rita.send(rita.page(place(made.study, RESEARCH)), "/fetch", 200)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert json.loads(packed.read("bundle/manifest.json"))["project"] == AS_AGREED["name"]
    assert "Fetched by Rita Osei" in words(ada.page(place(made.study)))
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    db.session.refresh(build)
    assert (event.verb, event.detail, event.actor_id) == (
        "bundle.downloaded", {"sha256": build.sha256}, str(made.rita.id),
    )  # fmt: skip


def test_who_asked_releases_nothing_whatever_their_other_roles(open_as, cast, made):
    both = cast.add("Uma Best", "researcher", "administrator", by=cast.ada)
    with atomic():
        actions.add_researcher(study=made.study, researcher=both, by=cast.ada, now=NOW)
    uma = open_as(both)
    uma.send(uma.page(place(made.study, RESEARCH)), "/bundles")
    jobs.build_bundles(NOW)
    build = db.session.scalar(select(StudyBuild.id))
    shown = uma.page(place(made.study))
    assert "another administrator has to release it" in words(shown)
    way = f"{place(made.study)}/bundles/{build}"
    assert "another administrator has to release it" in words(uma.page(way))
    answer = uma.fetch(way, "POST", data={**uma.tokens(), "decision": "release", **GROUNDS})
    assert answer.status_code == 422 and "another person has to release it" in answer.text
    assert db.session.scalar(select(StudyBuild.state)) == "built"


def test_a_changed_file_is_not_given_out(open_as, cast, made, ada):
    build = asked(made).id
    jobs.build_bundles(NOW)
    ada.send(ada.page(f"{place(made.study)}/bundles/{build}"), f"/bundles/{build}", decision="release", **GROUNDS)
    with path_of(build).open("ab") as file:
        file.write(b"more")
    rita = open_as(made.rita)
    rita.send(rita.page(place(made.study, RESEARCH)), "/fetch", 404)
    path_of(build).unlink()
    answer = rita.send(rita.page(place(made.study, RESEARCH)), "/fetch", 404)
    assert "not-found" not in answer.text


def test_a_bundle_whose_file_is_deleted_can_only_be_refused(cast, made, ada):
    build = asked(made).id
    with atomic():
        row = db.session.get(StudyBuild, build)
        row.state, row.built_at, row.sha256, row.removed_at = "built", NOW, "5ha", NOW
    shown = ada.page(f"{place(made.study)}/bundles/{build}")
    assert [button["value"] for button in shown.find_all("button", {"name": "decision"})] == ["refuse"]
    answer = ada.send(shown, f"/bundles/{build}", 422, decision="release", **GROUNDS)
    assert "Its file is deleted" in answer.text
    ada.send(shown, f"/bundles/{build}", decision="refuse")


@pytest.mark.parametrize("who", ["sid", "ben", "head"])
def test_a_study_of_others_answers_like_one_that_does_not_exist(app, open_as, cast, made, who):
    """Sid is a researcher, of another study; Head administers another service."""
    build = asked(made).id
    head = cast.add("Head South", "administrator", by="test", service=cast.other_service)
    web = open_as({"sid": made.sid, "head": head}.get(who) or getattr(cast, who))
    there = {"study_id": made.study.id, "build_id": build, "practitioner_id": made.rita.id}
    tokens = web.tokens()
    for endpoint, method, rule in rules(app):
        if endpoint not in OF_A_STUDY or not rule.arguments or (who == "head" and endpoint == "change_study_site"):
            continue
        data = tokens if method == "POST" else None
        theirs = web.fetch(address(app, rule, there), method, data=data)
        nothing = web.fetch(address(app, rule, dict.fromkeys(there, uuid4())), method, data=data)
        assert theirs.status_code == nothing.status_code == 404, (endpoint, theirs.status)
        assert stable(theirs) == stable(nothing), endpoint
        assert AS_AGREED["name"] not in theirs.text


def test_another_services_administrator_joins_and_leaves_for_that_service_alone(open_as, cast, made):
    head = open_as(cast.add("Head South", "administrator", by="test", service=cast.other_service))
    head.send(head.page(LIST), "/site")
    assert len(queries.sites(made.study)) == 2
    head.send(head.page(LIST), "/site")
    assert [one.id for one in queries.sites(made.study)] == [cast.service.id]


def test_a_button_for_a_site_does_what_it_says_however_often_and_however_old_its_page(open_as, cast, made):
    head = open_as(cast.add("Head South", "administrator", by="test", service=cast.other_service))
    before = head.page(LIST)
    for _ in range(2):
        head.send(before, "/site")
        assert len(queries.sites(made.study)) == 2
    after = head.page(LIST)
    for _ in range(2):
        head.send(after, "/site")
        assert len(queries.sites(made.study)) == 1
    head.send(before, "/site", 422, part="maybe")
    assert len(queries.sites(made.study)) == 1


def test_a_researcher_reaches_nothing_but_research_and_what_is_about_nobody(app, open_as, cast, made):
    web, met = open_as(made.rita), set()
    for endpoint, method, rule in rules(app):
        if method == "GET" and not rule.arguments and web.fetch(rule.rule).status_code == 200:
            met.add(endpoint)
    assert {kind_of(rule.rule) for endpoint, _, rule in rules(app) if endpoint in met} == {ANYBODY, "research"}
    assert "show_research" in met


def test_words_of_a_text_are_shown_and_never_run(open_as, cast, made):
    rita = open_as(made.rita)
    way = place(made.study, RESEARCH)
    rita.send(rita.page(way), "/text", words=HOSTILE)
    rita.send(rita.page(way), "/text", words="Plain.")
    shown = rita.page(way)
    assert shown.find("script", string=lambda text: text and "alert" in text) is None
    assert "Version 3" in words(shown)
    assert "Enter" not in words(shown)
    shown = rita.read(rita.send(shown, "/text", 422, words=""), 422)
    assert "Write what clients are told." in words(shown)


def test_a_key_is_destroyed_only_with_the_name_typed(ada, made):
    shown = ada.read(ada.send(ada.page(place(made.study)), "/key", 422, again="Homework"), 422)
    assert "not the name of the study" in words(shown)
    ada.send(shown, "/key", again=AS_AGREED["name"])
    db.session.expire_all()
    assert made.study.key is None
    assert "Key destroyed" in words(ada.page(place(made.study)))


def test_progress_is_shown_while_it_is_built(open_as, made):
    build = asked(made).id
    with atomic():
        row = db.session.get(StudyBuild, build)
        row.state, row.done, row.of, row.lease_until = "building", 400, 1200, NOW + timedelta(minutes=5)
    shown = open_as(made.rita).page(place(made.study, RESEARCH))
    bar = shown.find("progress")
    assert (bar["value"], bar["max"]) == ("1", "4")
    assert "1 of 4 parts of its clients" in words(shown)
    assert "1200" not in str(shown)


def test_how_many_are_in_a_bundle_is_for_who_decides_until_it_is_released(open_as, cast, made, ada):
    build = asked(made).id
    with atomic():
        row = db.session.get(StudyBuild, build)
        row.state, row.clients, row.size, row.sha256 = "built", 3, 300_000, "5ha"
    rita = open_as(made.rita)
    assert "3 clients, 0.3 MB" in words(ada.page(place(made.study)))
    shown = words(rita.page(place(made.study, RESEARCH)))
    assert "Waits for release" in shown and "3 client" not in shown and "0.3 MB" not in shown
    with atomic():
        db.session.get(StudyBuild, build).state = "released"
    assert "3 clients, 0.3 MB" in words(rita.page(place(made.study, RESEARCH)))


def waiting(made) -> str:
    """The page of a bundle that lies ready."""
    build = asked(made).id
    assert jobs.build_bundles(NOW) == "built"
    return f"{place(made.study)}/bundles/{build}"


def test_without_an_agreement_and_without_reading_nothing_is_released_and_nothing_typed_is_lost(cast, made, ada):
    way = waiting(made)
    answer = ada.send(ada.page(way), way, 422, decision="release", considered="A colleague could know them.")
    shown = ada.read(answer, 422)
    said = words(shown)
    assert "Name the agreement under which it is shared." in said and "tick that you did" in said
    assert shown.find(id="considered").text.strip() == "A colleague could know them."
    assert db.session.scalar(select(StudyBuild.state)) == "built"


def test_where_few_share_a_description_it_has_to_be_said_why_it_may_leave(cast, made, ada):
    way = waiting(made)
    shown = ada.page(way)
    assert "Do not release this bundle outside the service." in words(shown)
    answer = ada.send(shown, way, 422, decision="release", **{**GROUNDS, "considered": ""})
    assert "why it may leave all the same" in answer.text
    ada.send(ada.page(way), way, decision="release", **GROUNDS)
    assert db.session.scalar(select(StudyBuild.state)) == "released"


def test_grounds_are_kept_sealed_shown_and_in_no_audit_event(open_as, cast, made, ada):
    way = waiting(made)
    ada.send(ada.page(way), way, decision="release", **{**GROUNDS, "considered": HOSTILE})
    shown = ada.page(way)
    assert "Agreement 2026-14" in words(shown)
    assert shown.find("script", string=lambda text: text and "alert" in text) is None
    rita = open_as(made.rita).page(place(made.study, RESEARCH))
    assert "Shared under: Agreement 2026-14" in words(rita)
    build = db.session.scalar(select(StudyBuild))
    assert b"2026-14" not in build.agreement_sealed and HOSTILE.encode()[:9] not in build.considered_sealed
    told = [json.dumps(one) for one in db.session.scalars(select(AuditEvent.detail))]
    assert not any("2026-14" in one for one in told)


def test_a_refusal_says_why_to_whoever_asked(open_as, cast, made, ada):
    way = waiting(made)
    ada.send(ada.page(way), way, decision="refuse", considered="Too few people")
    assert "Why it was refused: Too few people" in words(open_as(made.rita).page(place(made.study, RESEARCH)))


def test_a_stopped_bundle_is_fetched_by_nobody_and_deleted_in_the_night(open_as, cast, made, ada):
    way = waiting(made)
    ada.send(ada.page(way), way, decision="release", **GROUNDS)
    rita = open_as(made.rita)
    there = rita.page(place(made.study, RESEARCH))
    rita.send(there, "/fetch", 200)
    ada.send(ada.page(way), "/stop")
    answer = rita.send(there, "/fetch", 422)
    assert "was stopped" in answer.text
    shown = words(rita.page(place(made.study, RESEARCH)))
    assert "Stopped by Ada" in shown and "Fetch:" not in shown
    assert "Fetched by Rita Osei" in words(ada.page(way))
    build = db.session.scalar(select(StudyBuild))
    assert remove_over(NOW) == 1 and not path_of(build.id).exists()
    assert ada.fetch(f"{way}/stop", "POST", data=ada.tokens()).status_code == 422  # it is gone already
    assert "Deleted" in words(ada.page(way))


def test_the_next_bundle_is_compared_with_the_last_that_was_not_stopped(cast, made, ada):
    way = waiting(made)
    ada.send(ada.page(way), way, decision="release", **GROUNDS)
    ada.send(ada.page(way), "/stop")
    after = asked(made).id
    assert jobs.build_bundles(NOW) == "built"
    assert db.session.get(StudyBuild, after).previous_id is None
