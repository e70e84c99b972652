"""Leaving the app is told apart from leaving treatment (clinical.md F3.16)."""

from datetime import timedelta

from server.caseload import actions as caseload
from server.demo.pairing import paired_at
from server.entries.actions import contact
from server.extensions import atomic
from server.people import actions as people
from server.totals.app_use import app_use_of
from server.totals.window import window
from tests.cast import NOW

OPENED = NOW - timedelta(days=80)


def course(cast, paired_after: int | None = None, in_contact_after: int | None = None, ended_after: int | None = None):
    """A course that opened 80 days ago; the rest in days after the phone was paired."""
    client = people.add_client(
        service=cast.service,
        preferred_name="Bea",
        date_of_birth=NOW.date() - timedelta(days=9000),
        by=cast.ben,
        now=OPENED,
    )
    episode = caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=OPENED)
    if paired_after is None:
        return
    at = OPENED + timedelta(days=paired_after)
    device = paired_at(at, client=client, by=cast.ben, platform="android")
    if in_contact_after is not None:
        contact(client=client, device=device, outbox=0, device_seq=0, now=at + timedelta(days=in_contact_after))
    if ended_after is not None:
        caseload.discharge(episode=episode, reason="completed", by=cast.ben, now=at + timedelta(days=ended_after))


def test_each_paired_phone_is_in_use_or_its_course_is_over_or_the_app_was_left(both, cast):
    with atomic():
        course(cast)
        course(cast, paired_after=1, in_contact_after=24)
        course(cast, paired_after=28, in_contact_after=21)
        course(cast, paired_after=1, in_contact_after=20)
        course(cast, paired_after=1, in_contact_after=29)
        course(cast, paired_after=1, ended_after=10)
        course(cast, paired_after=1, in_contact_after=25, ended_after=27)
        course(cast, paired_after=29, in_contact_after=24)
    found = app_use_of(cast.service.id, window("Europe/London", NOW))
    counts = {name: found[name] for name in ("opened", "paired", "used", "ended", "left")}
    assert counts == {"opened": 8, "paired": 6, "used": 3, "ended": 1, "left": 2}


def test_somebody_who_comes_back_with_their_phone_has_it_from_the_first_day(both, cast):
    with atomic():
        for gone_before, contact_after in ((False, 24), (False, None), (True, None)):
            client, device = who_was_here_before(cast)
            if gone_before:
                device.revoked_at = OPENED - timedelta(days=30)
            caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=OPENED)
            if contact_after is not None:
                at = OPENED + timedelta(days=contact_after)
                contact(client=client, device=device, outbox=0, device_seq=0, now=at)
    found = app_use_of(cast.service.id, window("Europe/London", NOW))
    assert {name: found[name] for name in ("opened", "paired", "used", "left")} == {
        "opened": 3, "paired": 2, "used": 1, "left": 1,
    }  # fmt: skip


def who_was_here_before(cast):
    """Somebody with a phone whose earlier course is over."""
    began = OPENED - timedelta(days=90)
    client = people.add_client(
        service=cast.service, preferred_name="Bea", date_of_birth=began.date(), by=cast.ben, now=began
    )
    episode = caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=began)
    device = paired_at(began, client=client, by=cast.ben, platform="android")
    caseload.discharge(episode=episode, reason="completed", by=cast.ben, now=OPENED - timedelta(days=40))
    return client, device


def test_a_course_counts_once_its_first_eight_weeks_are_over(both, cast):
    """Anna's opened yesterday: her phone cannot have been in use for four weeks."""
    assert app_use_of(cast.service.id, window("Europe/London", NOW))["opened"] == 0
