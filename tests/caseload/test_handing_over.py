"""Handing over: from a day on Anna is Cara's, and what was agreed with Ben goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from server.caseload import actions as caseload
from server.caseload import handing_over as handing
from server.caseload.models import Episode
from server.caseload.queries import client_of, day_of, owners_of
from server.errors import Missing, Refused
from server.extensions import atomic, db
from tests.cast import LONDON, NOW

MONDAY = datetime(2026, 11, 23, tzinfo=LONDON)
MOMENT = timedelta(microseconds=1)


def give(cast, **changes):
    values = {
        "episode": cast.episode, "to": cast.cara, "from_day": MONDAY.date(), "appointments": "go",
        "summary": "Sleep diary every day.", "by": cast.ben, "now": NOW,
    }  # fmt: skip
    with atomic():
        return handing.hand_over(**{**values, **changes})


def sees(practitioner, client, at) -> bool:
    try:
        client_of(practitioner, client.id, at)
    except Missing:
        return False
    return True


def test_the_old_access_ends_as_the_new_one_begins(both, cast):
    row = give(cast)
    assert row.from_at == MONDAY.astimezone(UTC)
    assert [sees(cast.ben, cast.anna, at) for at in (MONDAY - MOMENT, MONDAY)] == [True, False]
    assert [sees(cast.cara, cast.anna, at) for at in (MONDAY - MOMENT, MONDAY)] == [False, True]
    assert not sees(cast.dev, cast.anna, MONDAY)
    assert owners_of([cast.episode.id], MONDAY)[cast.episode.id].name == "Cara Lindqvist"


def test_from_today_means_from_now(app, cast):
    give(cast, from_day=NOW.date())
    assert sees(cast.cara, cast.anna, NOW) and not sees(cast.ben, cast.anna, NOW)


def test_appointments_from_then_on_go_to_the_new_one_and_earlier_ones_do_not(app, cast):
    cast.meet(MONDAY - timedelta(days=3, hours=-10))
    cast.meet(MONDAY + timedelta(hours=10))
    give(cast)
    friday, monday = (MONDAY - timedelta(days=3)).date(), MONDAY.date()
    assert len(day_of(cast.ben, friday, MONDAY - timedelta(days=3))) == 1
    assert len(day_of(cast.cara, monday, MONDAY)) == 1
    assert day_of(cast.ben, monday, MONDAY) == []


def test_appointments_that_stay_keep_the_old_one_in_until_the_last_is_over(app, cast):
    cast.meet(MONDAY + timedelta(days=2, hours=10))
    give(cast, appointments="stay")
    wednesday = MONDAY + timedelta(days=2)
    [visit] = day_of(cast.ben, wednesday.date(), wednesday)
    assert visit.role == "cover"
    assert sees(cast.ben, cast.anna, wednesday + timedelta(days=1) - MOMENT)
    assert not sees(cast.ben, cast.anna, wednesday + timedelta(days=1))
    assert day_of(cast.cara, wednesday.date(), wednesday) == []


def test_who_stood_in_for_the_old_one_is_out_and_who_stands_in_for_the_new_one_is_in(app, cast):
    cast.stand_in(cast.cara, NOW + timedelta(days=30))
    eva, fay = cast.add("Eva", "trainee"), cast.add("Fay", "practitioner")
    cast.stand_in(fay, NOW + timedelta(days=30), practitioner=eva, by=eva)
    give(cast, to=eva)
    assert [sees(one, cast.anna, MONDAY) for one in (cast.ben, cast.cara, eva, fay)] == [False, False, True, True]


def test_a_second_hand_over_before_the_first_has_begun_replaces_it(app, cast):
    give(cast)
    later = MONDAY + timedelta(days=7)
    eva = cast.add("Eva", "trainee")
    cast.meet(later + timedelta(hours=9))
    give(cast, to=eva, from_day=later.date())
    assert sees(cast.ben, cast.anna, later - MOMENT) and not sees(cast.ben, cast.anna, later)
    assert not sees(cast.cara, cast.anna, MONDAY) and not sees(cast.cara, cast.anna, later)
    assert sees(eva, cast.anna, later)
    assert len(day_of(eva, later.date(), later)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from_day": NOW.date() - timedelta(days=1)}, "from"),
        ({"from_day": NOW.date() + timedelta(days=200)}, "from"),
    ],
)
def test_a_day_that_does_not_fit_is_refused(app, cast, changes, field):
    with pytest.raises(Refused) as no:
        give(cast, **changes)
    assert list(no.value.fields) == [field]


def test_nobody_takes_over_who_works_with_no_clients_or_elsewhere(app, cast):
    for who in (cast.ben, cast.ada):
        with pytest.raises(Refused, match="bad-input"):
            give(cast, to=who)
    with pytest.raises(Refused, match="not-found"):
        give(cast, to=cast.dev)


def test_who_covers_does_not_make_the_client_their_own(app, cast):
    cast.stand_in(cast.cara, NOW + timedelta(days=2))
    with pytest.raises(Refused) as no:
        give(cast, to=cast.cara, by=cast.cara)
    assert list(no.value.fields) == ["to"]
    assert owners_of([cast.episode.id], MONDAY)[cast.episode.id].id == cast.ben.id


def test_who_covers_gives_nobody_to_an_account_that_is_not_known_yet(app, cast):
    now = NOW + timedelta(days=30)
    cast.stand_in(cast.cara, now + timedelta(days=2), now)
    una = cast.add("Una", "practitioner", by=cast.ada, now=now)
    day = now.astimezone(LONDON).date()
    with pytest.raises(Refused) as no:
        give(cast, to=una, by=cast.cara, from_day=day, now=now)
    assert list(no.value.fields) == ["to"]
    give(cast, to=una, by=cast.ben, from_day=day, now=now)  # one's own clients: as decision 019 says
    assert owners_of([cast.episode.id], now)[cast.episode.id].id == una.id


def test_a_treatment_that_has_ended_is_not_handed_over(app, cast):
    with atomic():
        caseload.discharge(episode=cast.episode, reason="completed", by=cast.ben, now=NOW)
    with pytest.raises(Refused, match="client-closed"):
        give(cast)


def test_nor_one_that_somebody_else_ended_since_it_was_read(both, cast):
    assert cast.episode.closed_on is None
    with atomic():
        closing = update(Episode).where(Episode.id == cast.episode.id).values(closed_on=NOW.date())
        db.session.execute(closing.execution_options(synchronize_session=False))
        assert cast.episode.closed_on is None, "what was read before does not know it"
        with pytest.raises(Refused, match="client-closed"):
            handing.hand_over(
                episode=cast.episode, to=cast.cara, from_day=MONDAY.date(), appointments="go", summary="", by=cast.ben,
                now=NOW,
            )  # fmt: skip
