"""What a builder that was killed or stopped leaves of a bundle: the next one goes on from it, or it is deleted."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from server import jobs
from server.extensions import atomic, db
from server.people import actions as people
from server.people import erasing
from server.research import building, part, parts
from server.studies import bundles
from server.studies.models import StudyBuild
from tests.cast import NOW
from tests.studies.conftest import another_client, asked
from tests.studies.test_bundles import consent, pids, state

LATER = NOW + timedelta(minutes=1)
NEXT = NOW + timedelta(minutes=12)  # the lease of whoever was killed is over


class Killed(BaseException):
    """As a power cut: nothing after it runs."""


@pytest.fixture
def eight(cast, made, monkeypatch):
    """Eight more people who said yes; two make a part."""
    monkeypatch.setattr(parts, "PEOPLE", 2)
    for number in range(8):
        consent(made, another_client(cast, f"Client {number}"))
    consent(made, cast.anna)


@pytest.fixture
def begun(made, eight, monkeypatch):
    """A bundle whose builder was killed after its second part."""
    finish, done = part.Kept.finish, []

    def dies(self, *wishes):
        done.append(finish(self, *wishes))
        if len(done) == 2:
            raise Killed
        return done[-1]

    build = asked(made).id
    with monkeypatch.context() as cut:
        cut.setattr(part.Kept, "finish", dies)
        with pytest.raises(Killed):
            jobs.build_bundles(LATER)
    assert len(lying(build)) == 2
    with atomic():  # how far it was, it said by the clock on the wall
        db.session.execute(update(StudyBuild).values(lease_until=LATER + bundles.LEASE))
    return build


def lying(build) -> set[str]:
    """The parts of a bundle that lie finished."""
    folder = building.path_of(build).parent / building.PARTS
    return {one.name for one in folder.glob("part-*")} if folder.is_dir() else set()


def test_after_a_kill_the_next_builder_writes_what_is_missing_and_clears_up(cast, made, begun, monkeypatch):
    before, written, finish = lying(begun), [], part.Kept.finish

    def tells(self, done, source, asked, name, listed):
        written.append(name)
        return finish(self, done, source, asked, name, listed)

    monkeypatch.setattr(part.Kept, "finish", tells)
    assert jobs.build_bundles(NEXT) == "built"
    assert written and not set(written) & before
    assert len(pids(begun)) == 9
    assert [one.name for one in building.path_of(begun).parent.iterdir()] == ["bundle.zip"]


def test_the_hash_is_that_of_a_bundle_that_nobody_cut_short(cast, made, begun):
    assert jobs.build_bundles(NEXT) == "built"
    cut = db.session.get(StudyBuild, begun).sha256
    with atomic():
        bundles.refuse(build=db.session.get(StudyBuild, begun), by=cast.ada, now=NEXT)
    whole = asked(made).id  # as of the same moment
    assert jobs.build_bundles(NEXT) == "built"
    assert db.session.get(StudyBuild, whole).sha256 == cut


def test_a_builder_told_to_stop_leaves_its_parts_for_the_next(cast, made, eight):
    build = asked(made).id
    assert building.build_next(LATER, lambda: bool(lying(build))) == "stopped"
    assert state(build) == "waiting" and lying(build)
    assert building.remove_over(LATER) == 0 and lying(build)
    assert jobs.build_bundles(LATER) == "built"


def test_of_a_bundle_that_cannot_be_built_nothing_is_left(cast, made, begun, monkeypatch):
    monkeypatch.setattr(building, "export", lambda *_, **__: 1 / 0)
    assert jobs.build_bundles(NEXT) == "failed"
    assert not building.path_of(begun).parent.exists()


def test_of_one_that_was_killed_too_often_nothing_is_left_by_the_morning(cast, made, begun):
    for n in range(1, 4):
        with atomic():
            bundles.claim(NEXT + n * timedelta(minutes=11))
    assert state(begun) == "failed" and lying(begun)
    building.remove_over(NEXT + timedelta(hours=1))
    assert not building.path_of(begun).parent.exists()


def test_who_is_erased_while_it_waits_is_gone_by_the_morning(cast, made, begun):
    building.remove_over(NEXT)
    assert lying(begun)
    with atomic():
        erasing.destroy_key(client_id=cast.anna.id, by=cast.ada, now=NEXT)
    building.remove_over(NEXT)
    assert not lying(begun)
    assert jobs.build_bundles(NEXT) == "built" and len(pids(begun)) == 8


def test_who_withdraws_while_it_waits_is_gone_by_the_morning_too(cast, made, begun):
    consent(made, cast.anna, "withdrawn", LATER)
    building.remove_over(NEXT)
    assert not lying(begun)


def test_one_that_is_being_built_is_left_alone(cast, made, begun):
    with atomic():
        bundles.claim(NEXT)
        erasing.destroy_key(client_id=cast.anna.id, by=cast.ada, now=NEXT)
    building.remove_over(NEXT)
    assert lying(begun)


def test_a_folder_of_no_bundle_goes_and_any_other_stays(cast, made, eight):
    build = asked(made).id
    assert jobs.build_bundles(LATER) == "built"
    folder = building.path_of(build).parents[1]
    (folder / str(uuid4())).mkdir()
    (folder / "lost+found").mkdir()
    building.remove_over(LATER)
    assert {one.name for one in folder.iterdir()} == {str(build), "lost+found"}


def test_a_whole_bundle_that_the_database_does_not_know_stays_a_month_in_case_a_newer_copy_is_restored(cast, made):
    build = asked(made).id
    assert jobs.build_bundles(LATER) == "built"
    file = building.path_of(build)
    with atomic():
        db.session.delete(db.session.get(StudyBuild, build))
    for day, there in ((29, True), (31, False)):
        building.remove_over(datetime.fromtimestamp(file.stat().st_mtime, UTC) + timedelta(days=day))
        assert file.is_file() is there


def test_who_says_no_while_it_waits_is_in_no_row_of_it(cast, made, begun):
    with atomic():
        people.choose_research(client=cast.anna, choice="no", revision_id=None, by=cast.ben, now=LATER)
    assert jobs.build_bundles(NEXT) == "built"
    assert len(pids(begun)) == 8
