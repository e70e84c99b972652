"""Unread past the promise: working days are counted by the service's wall, and a look ends the waiting."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from server.entries.actions import receive
from server.entries.models import EntryShown
from server.entries.promise import mark_shown, past_promise, promise_told, read_by, unread_past
from server.extensions import atomic, db
from tests.cast import NOW, new_uuid

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
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


def look(cast, revisions, at) -> None:
    """The words of these entries stood on a page of staff."""
    with atomic():
        mark_shown(cast.anna.id, [UUID(one["entry_id"]) for one in revisions], at)


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


def test_each_entry_waits_from_the_day_after_the_promise_until_its_own_words_were_shown(cast, agreed):
    entry, other, question = (
        cast.entry(agreed.id), cast.entry(agreed.id), cast.revision({"kind": "agenda"}, {"text": "Sleep?"})
    )  # fmt: skip
    arrive(cast, [entry, question])
    arrive(cast, [other], NOW + HOUR)
    friday, saturday = NOW + 2 * DAY, NOW + 3 * DAY
    assert waiting(cast, friday.replace(hour=23)) is None
    assert waiting(cast, saturday.replace(hour=0)) == (3, NOW)
    look(cast, [question], saturday)
    assert waiting(cast, saturday) == (2, NOW)
    look(cast, [entry, question], saturday)
    assert waiting(cast, saturday + 9 * DAY) == (1, NOW + HOUR)
    look(cast, [other], saturday)
    assert waiting(cast, saturday + 9 * DAY) is None
    arrive(cast, [cast.entry(agreed.id)], saturday + DAY)
    assert waiting(cast, saturday + 9 * DAY) == (1, saturday + DAY)


def test_the_first_look_is_kept_and_what_is_not_there_or_has_no_words_is_not_written(cast, agreed):
    entry, tap = cast.entry(agreed.id), cast.answer(agreed.id, "w1#1", "done")
    arrive(cast, [entry, tap])
    for at in (NOW + DAY, NOW + 2 * DAY):
        look(cast, [entry, entry, tap, {"entry_id": new_uuid()}], at)
    rows = db.session.scalars(select(EntryShown)).all()
    assert [(str(row.entry_id), row.shown_at) for row in rows] == [(entry["entry_id"], NOW + DAY)]


def test_what_is_changed_after_it_was_shown_waits_for_nobody_again(cast, agreed):
    entry = cast.entry(agreed.id)
    arrive(cast, [entry])
    look(cast, [entry], NOW + DAY)
    later = {**cast.entry(agreed.id), "entry_id": entry["entry_id"], "parents": [entry["revision_id"]]}
    arrive(cast, [later], NOW + 2 * DAY)
    assert waiting(cast, NOW + 9 * DAY) is None


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
