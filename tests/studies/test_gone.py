"""Whoever withdrew, said no to research or was erased since a bundle's moment leaves with no bundle unseen."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from server import jobs
from server.audit.models import AuditEvent
from server.errors import Refused
from server.extensions import atomic, db
from server.people import erasing
from server.people.actions import choose_research
from server.research import building
from server.research import export as exporting
from server.research.arms import read_arms
from server.studies import actions, bundles, leaving, queries
from server.studies.models import StudyBuild
from tests.cast import NOW
from tests.studies.conftest import GROUNDS, another_client, asked
from tests.studies.test_bundles import consent

LATER = NOW + timedelta(minutes=1)
HOURS = NOW + timedelta(hours=2)


def built(made) -> StudyBuild:
    """A bundle that lies ready; what is in it is no matter here."""
    with atomic():
        build = bundles.ask(study=made.study, content="rows", by=made.rita, now=NOW)
        build_id, token = bundles.claim(NOW)
        assert bundles.built(build_id=build_id, token=token, sha256="0" * 64, size=1, clients=1, now=LATER)
    return build


def decide(build, by, release=True) -> None:
    with atomic():
        if release:
            bundles.release(build=build, grounds=GROUNDS, by=by, now=HOURS)
        else:
            bundles.refuse(build=build, by=by, now=HOURS)


def fetch(build, by, now=HOURS) -> None:
    with atomic():
        bundles.fetched(build=build, sha256=build.sha256, by=by, now=now)


def withdraws(made, cast) -> None:
    consent(made, cast.anna, "withdrawn", NOW + timedelta(seconds=30))


def says_no(made, cast) -> None:
    with atomic():
        choose_research(client=cast.anna, choice="no", revision_id=None, by=cast.ben, now=LATER)


def is_erased(made, cast) -> None:
    with atomic():
        erasing.destroy_key(client_id=cast.anna.id, by=cast.ada, now=LATER)


@pytest.mark.parametrize("goes", [withdraws, says_no, is_erased])
def test_a_bundle_with_somebody_who_has_gone_since_it_was_asked_for_is_not_released(cast, made, goes):
    consent(made, cast.anna)
    build = built(made)
    goes(made, cast)
    with pytest.raises(Refused, match="ask for a new one"):
        decide(build, cast.ada)
    decide(build, cast.ada, release=False)


@pytest.mark.parametrize("goes", [withdraws, says_no, is_erased])
def test_nor_fetched_for_the_first_time_once_released(cast, made, goes):
    consent(made, cast.anna)
    build = built(made)
    decide(build, cast.ada)
    goes(made, cast)
    with pytest.raises(Refused, match="Ask for a new one"):
        fetch(build, made.rita)


@pytest.mark.parametrize("goes", [withdraws, says_no, is_erased])
def test_who_fetched_it_before_is_told(cast, made, goes):
    with atomic():
        made.study.basis = "approval"
    build = built(made)
    decide(build, cast.ada)
    fetch(build, made.rita, LATER)
    assert leaving.to_tell(made.study) == []
    goes(made, cast)
    assert [(one.build_id, one.withdrawn) for one in leaving.to_tell(made.study)] == [(build.id, 1)]


def test_who_fetched_it_before_fetches_it_again_but_not_with_somebody_erased_and_that_file_is_deleted(cast, made):
    consent(made, cast.anna)
    build = built(made)
    decide(build, cast.ada)
    fetch(build, made.rita, LATER)
    withdraws(made, cast)
    fetch(build, made.rita)
    assert bundles.to_remove(HOURS) == []
    is_erased(made, cast)
    with pytest.raises(Refused, match="Ask for a new one"):
        fetch(build, made.rita)
    assert bundles.to_remove(HOURS) == [build.id]


def test_a_researcher_who_never_had_it_gets_none_with_somebody_who_withdrew_though_another_has_it(cast, made):
    consent(made, cast.anna)
    build = built(made)
    decide(build, cast.ada)
    fetch(build, made.rita, LATER)
    withdraws(made, cast)
    with pytest.raises(Refused, match="Ask for a new one"):
        fetch(build, made.sid)
    fetch(build, made.rita)


def test_after_the_day_of_retention_nothing_is_released_or_fetched_though_no_night_was_since(cast, made):
    build = built(made)
    decide(build, cast.ada)
    waits = built(made)
    over = datetime.combine(made.study.retain_until, time(), UTC) + timedelta(days=1)
    with pytest.raises(Refused, match="kept has passed"):
        fetch(build, made.rita, over)
    with pytest.raises(Refused, match="kept has passed"), atomic():
        bundles.release(build=waits, grounds=GROUNDS, by=cast.ada, now=over)
    fetch(build, made.rita, over - timedelta(seconds=1))


def test_somebody_who_was_never_in_it_holds_nothing_up(cast, made):
    consent(made, cast.anna)
    bea = another_client(cast, "Bea")
    build = built(made)
    with atomic():
        choose_research(client=bea, choice="no", revision_id=None, by=cast.ben, now=LATER)
    decide(build, cast.ada)
    fetch(build, made.rita)


def test_once_the_key_is_destroyed_nothing_is_released_or_fetched_and_the_files_go(cast, made):
    build, key_gone = built(made), "key of this study is destroyed"
    decide(build, cast.ada)
    waits = built(made)
    with atomic():
        actions.destroy_key(study=made.study, by=cast.ada, now=LATER)
    with pytest.raises(Refused, match=key_gone):
        decide(waits, cast.ada)
    with pytest.raises(Refused, match=key_gone):
        fetch(build, made.rita)
    assert set(bundles.to_remove(HOURS)) == {build.id, waits.id}


def test_a_build_under_way_when_the_key_is_destroyed_leaves_nothing(cast, made, monkeypatch):
    build, study_id, real = asked(made).id, made.study.id, exporting.write_report

    def meanwhile(*args, **wishes):
        with atomic():
            actions.destroy_key(study=queries.study(study_id), by=cast.ada, now=LATER)
        return real(*args, **wishes)

    monkeypatch.setattr(exporting, "write_report", meanwhile)
    assert jobs.build_bundles(LATER) == "stopped"
    row = db.session.get(StudyBuild, build, populate_existing=True)
    assert (row.state, "key of this study" in row.trouble) == ("failed", True)
    assert not building.path_of(build).exists()


def test_a_file_that_cannot_be_deleted_is_not_called_deleted(cast, made, monkeypatch):
    build = built(made)
    decide(build, cast.ada, release=False)
    folder = building.path_of(build.id).parent
    folder.mkdir(parents=True)
    real = building.shutil.rmtree

    def not_mine(*args, **wishes):
        if not wishes.get("ignore_errors"):
            raise PermissionError(13, "not yours")

    monkeypatch.setattr(building.shutil, "rmtree", not_mine)
    assert building.remove_over(HOURS) == 0
    removed = select(AuditEvent.id).where(AuditEvent.verb == "bundle.removed")
    assert db.session.scalar(removed) is None
    monkeypatch.setattr(building.shutil, "rmtree", real)
    assert building.remove_over(HOURS) == 1
    assert db.session.scalar(removed) is not None
    assert not folder.exists()


def test_the_lease_is_renewed_while_a_bundle_is_finished(cast, made, monkeypatch):
    consent(made, cast.anna)
    asked(made)
    said, real = [], bundles.progress
    steps = []

    def told(*args):
        said.append(len(steps))
        return real(*args)

    monkeypatch.setattr(bundles, "progress", told)
    monkeypatch.setattr(exporting, "AGAIN_AFTER", 0.0)  # else once a second
    for name in ("write_quality", "write_report", "write_sums"):
        step = getattr(exporting, name)
        monkeypatch.setattr(
            exporting, name, lambda *args, step=step, name=name, **more: steps.append(name) or step(*args, **more)
        )
    assert jobs.build_bundles(LATER) == "built"
    assert set(said) >= {0, 1, 2, 3}  # before and between them, and after the last: while it is packed


def test_a_list_of_arms_that_is_no_csv_is_refused(cast, made):
    # The limit of a field is one for the whole process, and a library may have raised it: then the name is refused.
    with pytest.raises(Refused, match="is not a"):
        read_arms(made.study, "x" * 200_000 + ",a")
