"""A score is of a day of the course, or of the month before it: whoever mistypes the year is told."""

from datetime import timedelta

import pytest

from server.errors import Refused
from server.extensions import atomic
from server.measures import list_actions
from server.measures.actions import Entered, correct, earliest_day, enter
from server.measures.library import measures
from server.measures.queries import of_client
from tests.cast import NOW

DAY = timedelta(days=1)


def phq() -> Entered:
    measure = measures().newest("phq-9")
    return Entered(measure, totals={measure.main.id: 12})


def put(cast, day):
    with atomic():
        [row] = enter(client=cast.anna, episode=cast.episode, taken_on=day, entered=[phq()], by=cast.ben, now=NOW)
    return row


def listed(cast, day):
    with atomic():
        [one] = list_actions.take_in(text=f"ID,Date,PHQ-9\nTT-1001,{day:%d/%m/%Y},12\n", by=cast.ben, now=NOW).outcomes
    return one


def test_a_score_of_long_before_the_course_is_refused_by_page_and_list_alike(app, cast):
    opened = cast.episode.opened_on
    for day in (opened - 31 * DAY, opened.replace(year=1990)):
        with pytest.raises(Refused) as no:
            put(cast, day)
        assert "Check the year" in no.value.fields["taken_on"]
        one = listed(cast, day)
        assert one.what == "refused" and "Check the year" in one.why
    assert of_client(cast.anna, cast.episode) == []


def test_one_of_the_referral_is_taken_and_not_put_to_another_century(app, cast):
    row = put(cast, cast.episode.opened_on - 30 * DAY)
    with pytest.raises(Refused), atomic():
        correct(
            earlier=row, client=cast.anna, entered=phq(), taken_on=row.taken_on.replace(year=1926), reason="wrong_day",
            note="", by=cast.ben, now=NOW,
        )  # fmt: skip


def test_a_first_appointment_before_the_course_was_opened_here_counts(app, cast):
    cast.meet(NOW - 90 * DAY, "attended")
    assert earliest_day(cast.episode.id) == (NOW - 120 * DAY).date()
    assert listed(cast, (NOW - 90 * DAY).date()).what == "new"
