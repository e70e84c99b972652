"""Unread past the promise: working days are counted by the service's wall, and a look ends the waiting."""

from datetime import date, timedelta

import pytest

from server.audit import actions as audit
from server.entries.actions import receive
from server.entries.promise import past_promise, promise_told, read_by, unread_past
from server.extensions import atomic
from tests.cast import NOW

DAY = timedelta(days=1)
WEDNESDAY, FRIDAY, SATURDAY, MONDAY = date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("arrived", "days", "by"),
    [
        (WEDNESDAY, 1, date(2026, 11, 19)),
        (WEDNESDAY, 3, MONDAY),
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (SATURDAY + DAY, 2, date(2026, 11, 24)),
        (FRIDAY, 5, date(2026, 11, 27)),
    ],
)
def test_a_promise_ends_with_a_working_day(arrived, days, by):
    assert read_by(arrived, days) == by


@pytest.mark.parametrize(
    ("arrived", "days", "by"),
    [
        (WEDNESDAY, 1, FRIDAY),
        (WEDNESDAY, 2, date(2026, 11, 24)),
        (FRIDAY, 1, date(2026, 11, 24)),
        (SATURDAY, 5, date(2026, 11, 30)),
    ],
)
def test_a_closed_day_is_no_working_day(arrived, days, by):
    closed = {date(2026, 11, 19), MONDAY, SATURDAY}
    assert read_by(arrived, days, closed) == by
    assert past_promise(by + DAY, days, closed) >= arrived > past_promise(by, days, closed)


def test_clients_are_told_of_closed_days_that_come_soon(app, cast):
    service = cast.service
    service.reading_promise, service.reading_days = "Ben reads it.", 2
    service.closed_days = ["2026-11-17", "2026-11-18", "2026-11-21", "2026-12-16", "2026-12-17"]
    said = "Ben reads it. We read on working days, Monday to Friday."
    closed = " We are closed on Wednesday 18 November and Wednesday 16 December."
    assert promise_told(service, WEDNESDAY) == said + closed
    service.closed_days = []
    assert promise_told(service, WEDNESDAY) == said
    service.reading_days = None
    assert promise_told(service, WEDNESDAY) == "Ben reads it."


@pytest.mark.parametrize("days", [1, 2, 5, 10])
@pytest.mark.parametrize("ahead", range(14))
def test_what_is_past_is_what_was_to_be_read_by_yesterday(days, ahead):
    today = WEDNESDAY + ahead * DAY
    newest = past_promise(today, days)
    assert read_by(newest, days) < today <= read_by(newest + DAY, days)


def arrive(cast, revisions, at=NOW) -> None:
    with atomic():
        receive(client=cast.anna, device=cast.phone, revisions=revisions, now=at)


def look(cast, page, at) -> None:
    with atomic():
        audit.record("client.seen", by=cast.ben, about=cast.anna, client_id=cast.anna.id, detail={"page": page}, now=at)


def waiting(cast, at):
    found = unread_past(cast.service, [cast.anna.id], at).get(cast.anna.id)
    return (found.count, found.since) if found else None


@pytest.fixture
def agreed(both, cast):
    """Two working days are promised, and a task is agreed."""
    with atomic():
        cast.service.reading_days = 2
    cast.pair()
    return cast.agree()


def test_it_waits_from_the_day_after_the_promise_until_somebody_looks(cast, agreed):
    arrive(cast, [cast.entry(agreed.id), cast.revision({"kind": "agenda"}, {"text": "Sleep?"})])
    friday, saturday = NOW + 2 * DAY, NOW + 3 * DAY
    assert waiting(cast, friday.replace(hour=23)) is None
    assert waiting(cast, saturday.replace(hour=0)) == (2, NOW)
    look(cast, "show_client", saturday)  # questions stand there, the words of entries do not
    assert waiting(cast, saturday) == (1, NOW)
    look(cast, "show_appointment", saturday)
    assert waiting(cast, saturday + 9 * DAY) is None
    arrive(cast, [cast.entry(agreed.id)], saturday + DAY)
    assert waiting(cast, saturday + 9 * DAY) == (1, saturday + DAY)


def test_a_look_before_it_arrived_reads_nothing(cast, agreed):
    look(cast, "show_appointment", NOW - DAY)
    arrive(cast, [cast.entry(agreed.id)])
    assert waiting(cast, NOW + 9 * DAY) == (1, NOW)


def test_what_is_kept_removed_or_typed_by_staff_waits_for_nobody(cast, agreed):
    kept, removed = cast.entry(agreed.id), cast.entry(agreed.id)
    kept["payload"]["kept"] = True
    taken = {**cast.entry(agreed.id), "entry_id": removed["entry_id"], "parents": [removed["revision_id"]]}
    arrive(cast, [kept, removed, {**taken, "kind": "delete", "payload": {}}])
    assert waiting(cast, NOW + 9 * DAY) is None


def test_where_the_promise_names_no_days_nothing_is_late(cast, agreed):
    arrive(cast, [cast.entry(agreed.id)])
    with atomic():
        cast.service.reading_days = None
    assert waiting(cast, NOW + 90 * DAY) is None
