"""A bundle of a study: built in the background, released by a second person, fetched whole or not at all."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from server import jobs, scheduler
from server.audit.models import AuditEvent
from server.errors import Missing, Refused
from server.extensions import atomic, db
from server.people.actions import choose_research
from server.research import building
from server.research.bundle import hash_of
from server.research.export import export
from server.research.trouble import ProcessEnded
from server.studies import actions, bundles, leaving
from server.studies.models import StudyBuild, StudyConsent
from tests.cast import NOW
from tests.studies.conftest import GROUNDS, another_client, asked

LATER = NOW + timedelta(minutes=1)


def consent(made, client, choice: str = "given", at=NOW) -> None:
    with atomic():
        row = StudyConsent(
            service_id=client.service_id, client_id=client.id, study_id=made.study.id, number=1, choice=choice,
            entered_by="practitioner", effective_at=at, recorded_at=at,
        )  # fmt: skip
        db.session.add(row)


def state(build) -> str:
    return db.session.scalar(select(StudyBuild.state).where(StudyBuild.id == build))


def inside(build, name: str) -> str:
    with zipfile.ZipFile(building.path_of(build)) as packed:
        return packed.read(f"bundle/{name}").decode()


def pids(build) -> list[str]:
    return [row["pid"] for row in csv.DictReader(io.StringIO(inside(build, "data/participants_data.csv")))]


def released(cast, made, minutes: int = 0):
    """A bundle that Rita asked for and Ada released."""
    build = asked(made, minutes).id
    assert jobs.build_bundles(LATER) == "built"
    with atomic():
        bundles.release(build=db.session.get(StudyBuild, build), grounds=GROUNDS, by=cast.ada, now=LATER)
    return build


def test_only_who_consented_and_did_not_say_no_is_in_it(cast, made):
    bea, carl, ed = (another_client(cast, name) for name in ("Bea", "Carl", "Ed"))
    for client in (cast.anna, bea, carl):
        consent(made, client)
    consent(made, bea, "withdrawn", LATER)
    with atomic():
        choose_research(client=carl, choice="no", revision_id=None, by=cast.ben, now=NOW)
    build = asked(made).id
    assert jobs.build_bundles(LATER) == "built"
    manifest = json.loads(inside(build, "manifest.json"))
    assert len(pids(build)) == manifest["clients"] == 1
    assert set(manifest["excluded"]) == {"research_no", "other_site", "study_not_asked", "study_withdrawn"}
    assert manifest["study"]["protocol"] == "1.0 of 3 May 2026"
    [row] = csv.DictReader(io.StringIO(inside(build, "data/consents_data.csv")))
    assert (row["text"], row["choice"], row["entered_by"]) == ("1", "given", "practitioner")
    assert ed.id is not None


def test_without_consent_as_basis_all_of_its_sites_are_in_it_but_who_said_no(cast, made):
    bea = another_client(cast, "Bea")
    with atomic():
        made.study.basis = "approval"
        choose_research(client=bea, choice="no", revision_id=None, by=cast.ben, now=NOW)
    build = asked(made).id
    jobs.build_bundles(LATER)
    assert len(pids(build)) == 1
    with atomic():
        actions.leave(study=made.study, service=cast.service, by=cast.ada, now=LATER)
        bundles.refuse(build=db.session.get(StudyBuild, build), by=cast.ada, now=LATER)
    build = asked(made, 1).id
    jobs.build_bundles(LATER)
    assert pids(build) == []


def test_nobody_releases_what_they_asked_for_and_nothing_twice(cast, made):
    build = asked(made)
    with pytest.raises(Refused, match="does not wait"), atomic():
        bundles.release(build=build, grounds=GROUNDS, by=cast.ada, now=NOW)
    jobs.build_bundles(LATER)
    with pytest.raises(Refused, match="another person"), atomic():
        bundles.release(build=build, grounds=GROUNDS, by=made.rita, now=NOW)
    with atomic():
        bundles.refuse(build=build, by=cast.ada, now=NOW)
    with pytest.raises(Refused, match="does not wait"), atomic():
        bundles.release(build=build, grounds=GROUNDS, by=cast.ada, now=NOW)


def test_only_a_released_bundle_is_fetched_and_only_as_it_was_built(cast, made):
    build = asked(made).id
    jobs.build_bundles(LATER)
    row = db.session.get(StudyBuild, build)
    sha256 = row.sha256
    with building.path_of(build).open("rb") as file:
        assert hash_of(file) == sha256
    with pytest.raises(Missing), atomic():
        bundles.fetched(build=row, sha256=sha256, by=made.rita, now=LATER)
    with atomic():
        bundles.release(build=row, grounds=GROUNDS, by=cast.ada, now=LATER)
    with pytest.raises(Missing), atomic():
        bundles.fetched(build=row, sha256="0" * 64, by=made.rita, now=LATER)
    with atomic():
        bundles.fetched(build=row, sha256=sha256, by=made.rita, now=LATER)
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.about_id == str(build)).order_by(AuditEvent.id))
    told = [(event.verb, event.detail.get("sha256")) for event in events]
    assert told == [
        ("bundle.asked", None), ("bundle.built", sha256), ("bundle.released", sha256), ("bundle.downloaded", sha256),
    ]  # fmt: skip


def test_the_file_is_for_this_account_alone(cast, made):
    build = asked(made).id
    jobs.build_bundles(LATER)
    file = building.path_of(build)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in file.parent.iterdir()] == ["bundle.zip"]


def test_the_one_before_is_the_one_released_last_and_names_who_has_gone(cast, made):
    bea = another_client(cast, "Bea")
    for client in (cast.anna, bea):
        consent(made, client)
    first = released(cast, made)
    gone = set(pids(first))
    consent(made, bea, "withdrawn", LATER)
    refused = asked(made, 1).id
    jobs.build_bundles(LATER)
    with atomic():
        bundles.refuse(build=db.session.get(StudyBuild, refused), by=cast.ada, now=LATER)
    third = asked(made, 2).id
    jobs.build_bundles(LATER)
    assert db.session.get(StudyBuild, third).previous_id == first
    [left] = gone - set(pids(third))
    assert f"- `{left}`" in inside(third, "CHANGES.md")


def test_who_holds_somebody_who_withdrew_since_is_listed_to_be_told(cast, made):
    consent(made, cast.anna)
    build = released(cast, made)
    assert leaving.to_tell(made.study) == []
    row = db.session.get(StudyBuild, build)
    with atomic():
        bundles.fetched(build=row, sha256=row.sha256, by=made.rita, now=LATER)
    assert leaving.to_tell(made.study) == []
    consent(made, cast.anna, "withdrawn", row.built_at + timedelta(hours=1))
    [told] = leaving.to_tell(made.study)
    assert (told.practitioner_id, told.build_id, told.withdrawn) == (made.rita.id, build, 1)


def test_a_build_that_was_killed_is_begun_again_and_leaves_nothing_half(cast, made, monkeypatch):
    build = asked(made).id
    real = building.export

    class Killed(BaseException):
        """As a power cut: nothing after it runs."""

    def dies(out, **wishes):
        out.parent.joinpath(".bundle.zip.half.part").mkdir()
        raise Killed

    monkeypatch.setattr(building, "export", dies)
    with pytest.raises(Killed):
        jobs.build_bundles(NOW)
    assert state(build) == "building"
    monkeypatch.setattr(building, "export", real)
    assert jobs.build_bundles(NOW + timedelta(minutes=9)) is None  # its lease holds: somebody may still build it
    assert jobs.build_bundles(NOW + timedelta(minutes=11)) == "built"
    assert [one.name for one in building.path_of(build).parent.iterdir()] == ["bundle.zip"]


def test_a_builder_that_lost_its_lease_stops_and_says_nothing(cast, made, monkeypatch):
    build = asked(made).id
    real = building.export

    def slow(out, **wishes):
        with atomic():
            bundles.claim(NOW + timedelta(minutes=11))  # somebody else took it over meanwhile
        return real(out, **wishes)

    monkeypatch.setattr(building, "export", slow)
    assert jobs.build_bundles(NOW) == "stopped"
    assert state(build) == "building"


def test_told_to_stop_it_waits_again_and_that_was_no_try(cast, made):
    consent(made, cast.anna)
    build = asked(made).id
    assert building.build_next(NOW, lambda: True) == "stopped"
    row = db.session.get(StudyBuild, build)
    assert (row.state, row.tries) == ("waiting", 0)
    assert jobs.build_bundles(LATER) == "built"


def test_what_cannot_be_built_says_why_and_nothing_of_a_row(cast, made, monkeypatch):
    def broken(out, **wishes):
        raise ValueError("Anna's secret")

    monkeypatch.setattr(building, "export", broken)
    build = asked(made).id
    assert jobs.build_bundles(LATER) == "failed"
    row = db.session.get(StudyBuild, build)
    assert (row.state, row.trouble) == ("failed", "ValueError")


def test_after_three_tries_nobody_tries_again(cast, made):
    build = asked(made).id
    for n in range(3):
        with atomic():
            assert bundles.claim(NOW + n * timedelta(minutes=11)) is not None
    assert jobs.build_bundles(NOW + timedelta(hours=1)) is None
    assert state(build) == "failed"


def test_one_at_a_time_of_a_study(cast, made):
    asked(made)
    with pytest.raises(Refused, match="on its way"):
        asked(made, 1)


def test_after_the_day_of_retention_the_file_is_deleted_and_nobody_fetches_it(cast, made):
    build = released(cast, made)
    assert building.remove_over(LATER) == 0
    over = NOW + timedelta(days=365 * 11)
    assert building.remove_over(over) == 1
    assert not building.path_of(build).exists()
    row = db.session.get(StudyBuild, build)
    with pytest.raises(Missing), atomic():
        bundles.fetched(build=row, sha256=row.sha256, by=made.rita, now=over)


def test_by_the_command_line_the_study_has_the_same_names(cast, made, tmp_path):
    consent(made, cast.anna)
    build = asked(made).id
    jobs.build_bundles(LATER)
    export(tmp_path / "out", now=LATER, as_of=NOW, project=made.study.name)
    with (tmp_path / "out/data/participants_data.csv").open() as file:
        assert [row["pid"] for row in csv.DictReader(file)] == pids(build)
    with pytest.raises(Refused, match="its own basis"):
        export(tmp_path / "other", now=LATER, project=made.study.name, basis="because")
    with atomic():
        actions.destroy_key(study=made.study, by=cast.ada, now=NOW)
    with pytest.raises(Refused, match="destroyed"):
        export(tmp_path / "other", now=LATER, project=made.study.name)


def test_the_same_moment_makes_the_same_bytes(cast, made):
    consent(made, cast.anna)
    first = asked(made).id
    jobs.build_bundles(LATER)
    with atomic():
        bundles.refuse(build=db.session.get(StudyBuild, first), by=cast.ada, now=LATER)
    second = asked(made).id
    jobs.build_bundles(LATER)
    one, other = (db.session.get(StudyBuild, build).sha256 for build in (first, second))
    assert one == other


def test_where_several_processes_do_not_finish_one_builds_it(cast, made, monkeypatch):
    consent(made, cast.anna)
    build, asked_for = asked(made).id, []

    def short_of_memory(out, *, processes=0, **wishes):
        asked_for.append(processes)
        if processes:
            raise ProcessEnded("ended by itself")
        return export(out, **wishes)

    monkeypatch.setattr(building, "usual_processes", lambda: 4)
    monkeypatch.setattr(building, "export", short_of_memory)
    assert jobs.build_bundles(LATER) == "built"
    assert asked_for == [4, 0]
    assert len(pids(build)) == 1


def test_on_either_database_a_bundle_is_taken_by_one_builder_alone(both, cast, made):
    consent(made, cast.anna)
    build = asked(made).id
    with atomic():
        assert bundles.claim(NOW)[0] == build
        assert bundles.claim(NOW) is None
    with atomic():
        assert bundles.claim(NOW + timedelta(minutes=11))[0] == build
    assert jobs.build_bundles(NOW + timedelta(minutes=22)) == "built"
    assert len(pids(build)) == 1
    assert {"build_bundles"} <= {step.__name__ for step in scheduler.BUNDLES}
