"""Nothing of a study leaves by one person's hand: not by a second account that they made, nor by one nobody knows."""

from datetime import timedelta

import pytest

from server.errors import Refused
from server.extensions import atomic
from server.people import settling
from server.studies import actions, bundles
from server.studies.models import StudyBuild
from tests.cast import NOW
from tests.studies.conftest import AS_AGREED, GROUNDS

MUCH = NOW + timedelta(days=60)  # when the service is no new one any more
SETTLED = MUCH + settling.WAITS + timedelta(minutes=1)


def approved(cast, by, now, **wishes):
    with atomic():
        return actions.make(
            service=cast.service, by=by, now=now, **{**AS_AGREED, "name": "Other", "basis": "approval", **wishes}
        )


def working(study, researcher, by, now) -> None:
    with atomic():
        actions.add_researcher(study=study, researcher=researcher, by=by, now=now)


def built(study, by, now) -> StudyBuild:
    with atomic():
        build = bundles.ask(study=study, content="rows", by=by, now=now)
        build_id, token = bundles.claim(now)
        assert bundles.built(build_id=build_id, token=token, sha256="0" * 64, size=1, clients=1, now=now)
    return build


def release(build, by, now) -> None:
    with atomic():
        bundles.release(build=build, grounds=GROUNDS, by=by, now=now)


def test_an_account_nobody_knows_makes_no_study_and_works_on_none(cast):
    new, zed = (cast.add(name, role, by=cast.ada, now=MUCH) for name, role in
                (("Una Second", "administrator"), ("Zed Third", "researcher")))  # fmt: skip
    with pytest.raises(Refused, match="Your account is new"):
        approved(cast, new, MUCH)
    study = approved(cast, cast.ada, MUCH)
    with pytest.raises(Refused) as no:
        working(study, zed, cast.ada, MUCH)
    assert no.value.fields == {"researcher": settling.NOT_KNOWN}


def test_who_made_an_account_neither_puts_it_on_a_study_nor_releases_what_it_asked_for(cast):
    zed = cast.add("Zed Third", "researcher", by=cast.ada, now=MUCH)
    eve = cast.add("Eve Other", "administrator")
    study = approved(cast, cast.ada, MUCH)
    with pytest.raises(Refused, match="made or changed"):
        working(study, zed, cast.ada, SETTLED)
    working(study, zed, eve, SETTLED)
    build = built(study, zed, SETTLED)
    with pytest.raises(Refused, match="made or changed"):
        release(build, cast.ada, SETTLED)
    release(build, eve, SETTLED)


def test_two_accounts_of_one_person_are_no_two_people_however_far_apart(cast):
    two = cast.add("Una Second", "administrator", by=cast.ada, now=MUCH)
    three = cast.add("Tess Third", "administrator", by=two, now=SETTLED)
    later = SETTLED + settling.WAITS
    zed = cast.add("Zed Fourth", "researcher", by=cast.ada, now=MUCH)
    eve = cast.add("Eve Other", "administrator")
    study = approved(cast, cast.ada, MUCH, free_text=True, basis="consent")
    working(study, zed, eve, later)
    build = built(study, zed, later)
    for one in (two, three):
        with pytest.raises(Refused, match="made or changed"):
            release(build, one, later)
        with pytest.raises(Refused, match="made or changed"), atomic():
            actions.approve_free_text(study=study, by=one, now=later)


def test_once_somebody_else_knows_whose_it_is_who_made_it_counts_as_another(cast):
    zed = cast.add("Zed Third", "researcher", by=cast.ada, now=MUCH)
    eve = cast.add("Eve Other", "administrator")
    with atomic():
        settling.confirm(practitioner=zed, by=eve, now=MUCH)
    study = approved(cast, cast.ada, MUCH)
    working(study, zed, cast.ada, MUCH)
    release(built(study, zed, MUCH), cast.ada, MUCH)


def test_confirmed_by_an_account_of_the_same_hand_it_is_still_that_hand(cast):
    two = cast.add("Una Second", "administrator", by=cast.ada, now=MUCH)
    zed = cast.add("Zed Third", "researcher", by=cast.ada, now=SETTLED)
    with atomic():
        settling.confirm(practitioner=zed, by=two, now=SETTLED)
    with pytest.raises(Refused, match="made or changed"):
        working(approved(cast, cast.ada, SETTLED), zed, cast.ada, SETTLED)


def test_an_account_renewed_meanwhile_asks_for_nothing_and_fetches_nothing(cast, made):
    build = built(made.study, made.rita, NOW)
    release(build, cast.ada, NOW)
    with atomic():
        settling.unsettle(made.rita, by=cast.ada, now=MUCH)
    with pytest.raises(Refused, match="Your account is new"), atomic():
        bundles.fetched(build=build, sha256=build.sha256, by=made.rita, now=MUCH)
    with pytest.raises(Refused, match="Your account is new"), atomic():
        bundles.ask(study=made.study, content="rows", by=made.rita, now=MUCH)
    with pytest.raises(Refused, match="made or changed"), atomic():
        bundles.fetched(build=build, sha256=build.sha256, by=made.rita, now=SETTLED)
