"""Every appointment stands on somebody's Today: whoever booked, covered, moved or handed over before."""

from datetime import date, datetime, timedelta

import pytest

from server.caseload import actions as caseload
from server.caseload import cover, handing_over, list_actions
from server.caseload.models import Appointment, Cover
from server.caseload.queries import day_of
from server.extensions import atomic, db
from tests.cast import LONDON, NOW

DAY = timedelta(days=1)
BACK = datetime(2026, 11, 30, 10, 0, tzinfo=LONDON)  # a Monday, after the cover


@pytest.fixture
def covered(both, cast):
    """Cara stands in for Ben for three days."""
    return cast.stand_in(cast.cara, NOW + 3 * DAY)


@pytest.fixture
def eva(both, cast):
    return cast.add("Eva", "practitioner")


def book(cast, by, starts: datetime) -> Appointment:
    with atomic():
        return caseload.book(
            episode=cast.episode, practitioner=by, starts_local=starts.replace(tzinfo=None), zone="Europe/London",
            by=by, now=NOW,
        )  # fmt: skip


def hand_over(cast, to, appointments: str) -> None:
    with atomic():
        handing_over.hand_over(
            episode=cast.episode, to=to, from_day=(NOW + DAY).date(), appointments=appointments, summary="",
            by=cast.ben, now=NOW,
        )  # fmt: skip


def who_has(day: date, now: datetime, *who) -> list[str]:
    return [one.name.split()[0] for one in who if day_of(one, day, now)]


def test_what_a_cover_books_for_a_day_after_it_is_the_owners(cast, covered):
    made = book(cast, cast.cara, BACK)
    assert made.practitioner_id == cast.ben.id
    assert who_has(BACK.date(), BACK, cast.ben, cast.cara) == ["Ben"]
    assert who_has(BACK.date(), NOW, cast.ben) == ["Ben"], "also when he looks ahead"


def test_what_a_cover_books_within_it_is_the_covers(cast, covered):
    tomorrow = NOW + DAY
    assert book(cast, cast.cara, tomorrow).practitioner_id == cast.cara.id
    assert who_has(tomorrow.date(), tomorrow, cast.ben, cast.cara) == ["Cara"]


def test_what_a_cover_met_is_on_the_owners_past_day_once_the_cover_is_over(cast, covered):
    book(cast, cast.cara, NOW + DAY)
    assert who_has((NOW + DAY).date(), BACK, cast.ben, cast.cara) == ["Ben"]


def test_a_cover_that_ends_early_leaves_no_appointment_to_nobody(cast, covered):
    tomorrow = NOW + DAY
    book(cast, cast.cara, tomorrow)
    with atomic():
        cover.end(cover=db.session.get(Cover, covered.id), by=cast.ben, now=NOW + timedelta(hours=1))
    assert who_has(tomorrow.date(), tomorrow, cast.ben, cast.cara) == ["Ben"]


def test_a_list_of_a_cover_books_for_the_owner_of_the_day(cast, covered):
    with atomic():
        list_actions.take_in(text="Patient ID,Date,Time\nTT-1001,30/11/2026,10:00\n", by=cast.cara, now=NOW)
    assert who_has(BACK.date(), BACK, cast.ben, cast.cara) == ["Ben"]


def test_one_that_stayed_and_moves_past_the_old_ones_last_day_is_the_new_ones(cast, eva):
    kept = book(cast, cast.ben, NOW + 7 * DAY)
    hand_over(cast, eva, "stay")
    later = NOW + 9 * DAY
    with atomic():
        appointment = db.session.get(Appointment, kept.id)
        caseload.move(appointment=appointment, starts_local=later.replace(tzinfo=None), by=eva, now=NOW + 2 * DAY)
    assert who_has(later.date(), later, cast.ben, eva) == ["Eva"]
    assert who_has(later.date(), NOW + 2 * DAY, eva) == ["Eva"]


def test_what_a_cover_booked_goes_with_the_hand_over(cast, covered, eva):
    made = book(cast, cast.cara, NOW + 2 * DAY)
    assert made.practitioner_id == cast.cara.id
    hand_over(cast, eva, "go")
    assert db.session.get(Appointment, made.id).practitioner_id == eva.id
    assert who_has((NOW + 2 * DAY).date(), NOW + 2 * DAY, cast.ben, cast.cara, eva) == ["Eva"]


def test_an_appointment_of_a_colleague_who_left_is_the_owners(cast, covered):
    book(cast, cast.cara, NOW + DAY)
    with atomic():
        cast.cara.disabled_at = NOW
        db.session.merge(cast.cara)
    assert who_has((NOW + DAY).date(), NOW + DAY, cast.ben) == ["Ben"]
