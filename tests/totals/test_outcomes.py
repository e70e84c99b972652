"""Outcomes of courses that ended, each with what it is of, and none under eight pairs (clinical.md C2, M18)."""

from datetime import datetime, timedelta

import pytest

from server.caseload import actions as caseload
from server.extensions import atomic
from server.measures.actions import Entered, enter
from server.measures.library import measures
from server.people import actions as people
from server.totals.measuring import measures_of
from server.totals.window import window
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.totals.test_service_page import lead, read_tables

BEGAN = NOW - timedelta(days=60)
# PHQ-9 and GAD-7, first and last: what becomes of each by hand. Caseness is 10 and 8, reliable change 6 and 4.
RECOVERED = (18, 15), (6, 5)
BETTER_BUT_A_CASE = (20, 16), (12, 9)
WORSE = (10, 9), (17, 14)
THE_SAME = (12, 10), (11, 9)
NEVER_A_CASE = (6, 5), (5, 4)


def ended(cast, first: tuple | None, last: tuple | None, meetings: int = 2, kind: str = "treatment") -> None:
    """A course that ended in the window, with these scores in its first and last appointment."""
    client = people.add_client(
        service=cast.service,
        preferred_name="Bea",
        date_of_birth=NOW.date() - timedelta(days=9000),
        by=cast.ben,
        now=BEGAN,
    )
    episode = caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=BEGAN)
    for number in range(meetings):
        at = BEGAN + timedelta(days=7 * number, hours=1)
        met = caseload.book(
            episode=episode, practitioner=cast.ben, starts_local=at.replace(tzinfo=None), zone="Europe/London",
            kind="treatment" if number else kind, by=cast.ben, now=BEGAN,
        )  # fmt: skip
        caseload.record_attendance(appointment=met, episode=episode, state="attended", by=cast.ben, now=at)
    for day, scores in ((BEGAN, first), (BEGAN + timedelta(days=7), last)):
        if scores:
            _enter(cast, client, episode, day, scores)
    caseload.discharge(episode=episode, reason="completed", by=cast.ben, now=BEGAN + timedelta(days=20))


def _enter(cast, client, episode, day: datetime, scores: tuple) -> None:
    known = [measures().newest(name) for name in ("phq-9", "gad-7")]
    entered = [Entered(one, totals={one.main.id: n}) for one, n in zip(known, scores, strict=True)]
    enter(client=client, episode=episode, taken_on=day.date(), entered=entered, by=cast.ben, now=NOW)


@pytest.fixture
def eight(cast):
    """Nine finished courses, eight of them paired, and two that are not finished."""
    with atomic():
        for pair in (RECOVERED, RECOVERED, RECOVERED, BETTER_BUT_A_CASE, WORSE, THE_SAME, NEVER_A_CASE, NEVER_A_CASE):
            ended(cast, *pair)
        ended(cast, (15, 12), None)
        ended(cast, *RECOVERED, meetings=1)
        ended(cast, None, None, kind="assessment")


def test_outcomes_are_of_finished_courses_with_both_scores(both, cast, eight):
    found = measures_of(cast.service.id, window("Europe/London", NOW))
    assert found["outcomes"] == {
        "ended": 11, "finished": 9, "paired": 8, "caseness": 6, "recovery": 3, "improvement": 4, "deterioration": 1,
        "reliable_recovery": 3,
    }  # fmt: skip
    phq = next(one for one in found["measures"] if one["measure"] == "phq-9")
    assert phq == {
        "measure": "phq-9", "started": 10, "paired": 9, "improved": 5, "deteriorated": 1, "same": 3, "other": 0
    }  # fmt: skip


def test_each_outcome_says_of_how_many(app, cast, eight, monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW)
    shown = read_tables(lead(app, cast.service).page("/staff/service"))
    assert shown["outcomes"]["Recovery"] == ["3", "6 paired and at caseness at the start"]
    assert shown["outcomes"]["Reliable deterioration"] == ["1", "8 paired"]
    assert shown["measures"]["PHQ-9"] == ["9 of 10", "5 of 9", "3 of 9", "1 of 9", "0 of 9"]


def test_under_eight_pairs_nothing_is_told_of_what_changed(app, cast, monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW)
    with atomic():
        for _ in range(7):
            ended(cast, *RECOVERED)
    page = lead(app, cast.service).page("/staff/service")
    assert read_tables(page)["measures"]["PHQ-9"] == ["7 of 7", "Too few pairs to tell"]
    assert "Too few pairs to tell of outcomes" in words(page)
