"""Measures that clients fill in where something is odd: on paper, of a day that cannot be, twice on one day."""

from datetime import timedelta

from server.entries.models import Revision
from server.extensions import atomic, db
from server.measures import actions
from server.measures.library import measures
from server.measures.models import MeasureScore
from tests.cast import NOW, new_uuid
from tests.dashboard.browser import words
from tests.dashboard.conftest import scores
from tests.dashboard.test_client_measures import agreed, home
from tests.dashboard.test_measures import enter_items, section
from tests.measures.test_from_clients import filled, rows, sync

__all__ = ["agreed", "home"]
LONG_AGO = NOW - timedelta(days=365 * 60)


def test_a_measure_on_paper_is_typed_in_as_scores(ben, cast, home, agreed):
    place = f"{home}/assignments/{agreed.id}/paper"
    page = ben.page(place)
    assert not page.find(attrs={"name": "a.q1"})
    assert page.find("a", href=f"{home}/measures/items?measure=phq-9")
    data = {**ben.tokens(), "key": new_uuid(), "day": NOW.date().isoformat(), "medium": "paper", "a.q1": "a1"}
    answer = ben.fetch(place, "POST", data=data)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/measures/items?measure=phq-9")
    assert (db.session.query(Revision).count(), db.session.query(MeasureScore).count()) == (0, 0)


def test_a_day_before_it_was_agreed_is_the_day_it_was_agreed_and_says_so(ben, cast, home, agreed):
    sync(cast, filled(cast, agreed, happened=LONG_AGO))
    assert [row.taken_on for row in rows()] == [NOW.date()]
    assert "The phone gave another day," in words(ben.page(f"{home}/measures/{rows()[0].id}"))


def test_a_day_that_can_be_says_nothing(ben, cast, home, agreed):
    sync(cast, filled(cast, agreed))
    assert "another day" not in words(ben.page(f"{home}/measures/{rows()[0].id}"))


def test_two_of_one_day_are_shown_as_such_and_staffs_own_is_the_latest(ben, cast, home, agreed):
    scores(cast, NOW.date() - timedelta(days=7), **{"phq-9": 20})
    [mine] = scores(cast, NOW.date(), **{"phq-9": 14})
    sync(cast, filled(cast, agreed, "111111112"))
    said = section(ben.page(home))
    assert "14 of 27" in said and "it fell by 6" in said and "Two of one day: withdraw one." in said
    assert "Item 9 was scored 2." in said, "what the client said about risk is not hidden by the other"
    listed = words(ben.page(f"{home}/measures"))
    assert listed.count("Two of one day: withdraw one.") == 2 and "10 of 27" in listed
    ben.send(ben.page(f"{home}/measures/{mine}"), "/withdraw", reason="other")
    said = section(ben.page(home))
    assert "10 of 27" in said and "Two of one day" not in said


def test_two_of_one_day_are_no_first_and_later_score(ben, cast, home, agreed):
    scores(cast, NOW.date(), **{"phq-9": 14})
    sync(cast, filled(cast, agreed))
    assert "no change can be shown" in section(ben.page(home))


def test_a_measure_of_several_scales_counts_by_those_that_were_entered(ben, cast, home):
    for days, value in ((7, 6), (0, 2)):
        with atomic():
            actions.enter(
                client=cast.anna, episode=cast.episode, taken_on=NOW.date() - timedelta(days=days), by=cast.ben,
                now=NOW, entered=[actions.Entered(measures().newest("iapt-phobia"), totals={"specific": value})],
            )  # fmt: skip
    said = section(ben.page(home))
    assert "it fell by 4" in said
    assert "1 of 1 measure that started has a first and a later score." in said


def test_an_entry_without_a_score_is_not_one_score(ben, home):
    enter_items(ben, home, "phq-9", ["1"] * 8 + [""])
    said = section(ben.page(home))
    assert "No score so far: no change can be shown." in said and "One score so far" not in said


def test_a_change_does_not_seem_to_reach_a_later_entry_without_a_score(ben, cast, home):
    scores(cast, NOW.date() - timedelta(days=14), **{"phq-9": 20})
    scores(cast, NOW.date() - timedelta(days=7), **{"phq-9": 14})
    enter_items(ben, home, "phq-9", ["1"] * 8 + [""])
    said = section(ben.page(home))
    assert "Since 20 on Wed 4 Nov, up to 14 on Wed 11 Nov, it fell by 6: reliable improvement" in said
