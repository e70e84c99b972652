"""Work done after the last day of a course: in the service's totals, which say so, and in no interval."""

from datetime import timedelta

from server.api.sync import take_in
from server.assignments.queries import intervals_of, occurrences_of
from server.engagement.queries import told_of
from server.engagement.rules import within
from server.extensions import atomic
from server.totals import queries
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.totals.test_service_page import lead

DAY = timedelta(days=1)


def test_what_was_done_after_the_last_day_is_told_apart_in_the_totals(both, cast, time):
    cast.pair()
    task = cast.agree(rhythm={"kind": "daily", "times": 1})
    slots = [one.slot for one in occurrences_of(cast.anna.id, task.id)]
    late = [cast.answer(task.id, slots[day], "done", happened=NOW + day * DAY) for day in (0, 1, 2)]
    with atomic():
        take_in(cast.anna, cast.phone, late, NOW + 2 * DAY, NOW + 2 * DAY)
    cast.end(NOW + 2 * DAY, last_day=NOW.date())
    time.now = NOW + 9 * DAY
    body = queries.count(cast.service, time.now)
    [interval] = intervals_of([cast.episode], time.now)[cast.episode.id]
    told = told_of([cast.anna.id], time.now)[cast.anna.id]
    held = [one for one in within(told, interval.opens_at, interval.closes_at) if one.state == "done"]
    assert sum(week["done"] for week in body["weeks"]) == 3
    assert (len(held), body["after_end"]) == (1, 2)


def test_the_page_says_it_in_a_line_and_only_where_there_is_some(app, cast, time, monkeypatch):
    assert "after the last day" not in words(lead(app, cast.service).page("/staff/service"))
    monkeypatch.setattr("server.totals.queries._after_end", lambda *_: 2)
    web = lead(app, cast.other_service)
    assert "Answered after the last day of a course: 2 times." in words(web.page("/staff/service"))
