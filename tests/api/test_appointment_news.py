"""The phone is told what became of an appointment, and that what was agreed stays."""

from datetime import timedelta

import pytest

from server import clock
from server.caseload import actions as caseload
from server.extensions import atomic
from tests.cast import NOW


@pytest.fixture(autouse=True)
def still(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def news(phone) -> dict | None:
    return phone.get("/api/v1/sync/pull").json["appointment_news"]


def test_a_moved_appointment_is_told_with_both_times(phone, cast):
    booked = cast.meet(NOW + timedelta(days=2))
    assert news(phone) is None
    with atomic():
        caseload.move(
            appointment=booked, starts_local=(NOW + timedelta(days=3)).replace(tzinfo=None), by=cast.ben, now=NOW
        )
    assert news(phone) == {"what": "moved_later", "was": "2026-11-20T09:30", "now": "2026-11-21T09:30"}


def test_no_course_has_no_news(phone, cast):
    cast.meet(NOW - timedelta(days=3), "missed")
    assert news(phone) == {"what": "missed", "was": "2026-11-15T09:30", "now": None}
    with atomic():
        caseload.discharge(episode=cast.episode, reason="finished", by=cast.ben, now=NOW)
    assert news(phone) is None
