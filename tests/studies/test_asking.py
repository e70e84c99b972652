"""Who could be asked: numbers for researchers, names for their own practitioner alone, and arms in a fixed order."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.errors import Refused
from server.extensions import atomic, db
from server.research.arms import read_arms
from server.research.rules import pseudonym
from server.studies import actions, allocating, consents, counting
from server.studies.models import StudyAllocation
from server.studies.rules import arm_at
from tests.cast import NOW
from tests.dashboard.browser import Browser, words
from tests.studies.conftest import AS_AGREED, another_client

TWO = ["app-first", "as-usual"]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW)


def ready(cast) -> None:
    """Anna came once and may be asked."""
    cast.meet(NOW - timedelta(hours=2), "attended")
    with atomic():
        consents.choose_contact(client=cast.anna, choice="yes", by=cast.ben, now=NOW)


def trial(cast, made, **wishes):
    """A study with arms that Rita works on."""
    with atomic():
        study = actions.make(
            service=cast.service, by=cast.ada, now=NOW, **{**AS_AGREED, "name": "Trial", "arms": TWO, **wishes}
        )
        actions.add_researcher(study=study, researcher=made.rita, by=cast.ada, now=NOW)
        actions.set_text(study=study, words="A trial.", by=made.rita, now=NOW)
    return study


def yes(cast, study, *clients) -> None:
    for minute, client in enumerate(clients):
        with atomic():
            consents.say(
                client=client, study=study, number=1, choice="given", by=cast.ben, now=NOW + timedelta(minutes=minute)
            )


def test_each_criterion_leaves_out_who_does_not_meet_it(cast, made):
    assert counting.counted(made.study, None, NOW) == {
        "open": 1, "old_enough": 1, "came": 0, "alone": 0, "language": 0, "may_be_asked": 0, "not_answered": 0,
    }  # fmt: skip
    ready(cast)
    assert set(counting.counted(made.study, "en", NOW).values()) == {1}
    assert counting.counted(made.study, "pl", NOW)["language"] == 0
    yes(cast, made.study, cast.anna)
    assert counting.counted(made.study, None, NOW)["not_answered"] == 0
    assert counting.counted(made.study, None, NOW - timedelta(days=365 * 20))["old_enough"] == 0


def test_a_researcher_sees_no_small_number_and_no_name(app, cast, made):
    ready(cast)
    page = Browser(app).sign_in(made.rita).page(f"/staff/research/{made.study.id}/people")
    cells = {row.th.text: row.td.text for row in page.find("table").tbody.find_all("tr")}
    assert set(cells.values()) == {"1 to 7"}
    assert "Anna" not in words(page)


def test_her_own_practitioner_sees_whom_to_ask_and_cara_and_dev_nobody(app, cast, made):
    way = "/staff/caseload/research"
    assert "Anna" not in words(Browser(app).sign_in(cast.ben).page(way))
    ready(cast)
    shown = words(Browser(app).sign_in(cast.ben).page(way))
    assert "Anna" in shown and "Homework trial" in shown
    for who in (cast.cara, cast.dev):
        shown = words(Browser(app).sign_in(who).page(way))
        assert "Anna" not in shown and "Nobody now" in shown
    yes(cast, made.study, cast.anna)
    assert "Anna" not in words(Browser(app).sign_in(cast.ben).page(way))


def test_arms_are_drawn_in_the_order_of_consent_and_never_change(app, cast, made):
    study = trial(cast, made, blocks=[2, 3])
    bea, carl = another_client(cast, "Bea"), another_client(cast, "Carl")
    yes(cast, study, carl, cast.anna)
    rita, way = Browser(app).sign_in(made.rita), f"/staff/research/{study.id}/people"
    shown = rita.follow(rita.send(rita.page(way), "/arms"))
    assert "Arms given." in words(shown)
    yes(cast, study, bea)
    rita.send(rita.page(way), "/arms")
    rows = db.session.scalars(select(StudyAllocation).order_by(StudyAllocation.number)).all()
    assert [(row.client_id, row.number) for row in rows] == [(carl.id, 1), (cast.anna.id, 2), (bea.id, 3)]
    site = str(cast.service.id)
    assert [row.arm for row in rows] == [arm_at(study.seed, site, TWO, [2, 3], n) for n in (1, 2, 3)]
    assert sum(allocating.counts(study).values()) == 3 and allocating.waiting(study) == 0
    shown = Browser(app).sign_in(cast.ben).page(f"/staff/clients/{cast.anna.id}/research")
    assert f"Arm: {rows[1].arm}" in words(shown)


def test_whoever_draws_one_at_a_time_sees_no_arm_and_no_number(app, cast, made):
    study = trial(cast, made, blocks=[2, 3])
    rita, way = Browser(app).sign_in(made.rita), f"/staff/research/{study.id}/people"
    assert "Nobody said yes who has no arm yet." in words(rita.page(way))
    yes(cast, study, cast.anna)
    assert "1 to 7 said yes and have no arm yet." in words(rita.page(way))
    seen = set()
    for name in ("Bea", "Carl", "Dora"):
        shown = rita.follow(rita.send(rita.page(way), "/arms"))
        table = shown.find(attrs={"aria-label": "Arms"})
        seen.add(tuple(cell.text for cell in table.find_all("td")))
        assert not re.search(r"Arms given: \d", words(shown))
        yes(cast, study, another_client(cast, name))
    assert seen == {("0 to 7", "0 to 7")}


def test_who_withdrew_or_whose_service_left_gets_no_arm(cast, made):
    study = trial(cast, made, blocks=[2, 3])
    bea = another_client(cast, "Bea")
    yes(cast, study, cast.anna, bea)
    with atomic():
        consents.say(client=bea, study=study, number=1, choice="withdrawn", by=cast.ben, now=NOW + timedelta(hours=1))
        assert allocating.draw(study=study, by=made.rita, now=NOW) == 1
    yes(cast, study, bea)
    with atomic():
        actions.leave(study=study, service=cast.service, by=cast.ada, now=NOW)
        assert allocating.draw(study=study, by=made.rita, now=NOW) == 0


def test_arms_from_the_studys_own_list_go_by_the_names_of_its_bundles(app, cast, made):
    study = trial(cast, made)
    bea = another_client(cast, "Bea")
    yes(cast, study, cast.anna, bea)
    key = bytes.fromhex(study.key)
    anna, other = (pseudonym(key, "client", one.id) for one in (cast.anna, bea))
    rita, way = Browser(app).sign_in(made.rita), f"/staff/research/{study.id}/people"
    for wrong in (f"{anna},placebo", "aaaaaaaaaaaaaaaa,app-first", f"{anna}", f"{anna},app-first\n{anna},as-usual"):
        rita.send(rita.page(way), "/arms", 422, arms=wrong)
    assert allocating.waiting(study) == 2
    rita.send(rita.page(way), "/arms", arms=f"pid,arm\n{anna},app-first\n{other},as-usual")
    assert allocating.counts(study) == {"app-first": 1, "as-usual": 1}
    rita.send(rita.page(way), "/arms", 422, arms=f"{anna},as-usual")
    assert allocating.counts(study) == {"app-first": 1, "as-usual": 1}
    with pytest.raises(Refused), atomic():
        allocating.draw(study=study, by=made.rita, now=NOW)
    assert read_arms(study, f"{anna},app-first") == {cast.anna.id: "app-first"}


def test_a_couple_is_not_asked(cast, made):
    ready(cast)
    with atomic():
        cast.episode.link_id = cast.anna.id
    assert counting.counted(made.study, None, NOW)["alone"] == 0
