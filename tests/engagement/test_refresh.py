"""Occurrences follow the facts, in the sync's own transaction, and afresh at any time, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from server.api.sync import take_in
from server.assignments.actions import change, withdraw
from server.assignments.models import ClientWeek, Occurrence
from server.assignments.queries import intervals_of, occurrences_of
from server.caseload.actions import record_attendance
from server.engagement.actions import refresh, refresh_all, roll_forward, running_short
from server.entries.actions import contact
from server.extensions import atomic, db
from tests.cast import NOW
from tests.engagement.occurrences import of_interval

pytestmark = pytest.mark.usefixtures("both")
DAY = timedelta(days=1)


def states(cast):
    return {o.slot: o.state for o in occurrences_of(cast.anna.id)}


def test_a_withdrawn_assignment_keeps_what_was_due(cast):
    agreed = cast.agree(rhythm={"kind": "daily", "times": 1})
    later = NOW + 3 * DAY
    with atomic():
        withdraw(assignment=agreed, by=cast.ben, now=later)
        refresh(client=cast.anna, assignment_ids=[agreed.id], now=later)
    found = states(cast)
    assert found["2026-11-18#1"] == "open"
    assert found["2026-11-20#1"] == "open"
    assert {state for slot, state in found.items() if slot > "2026-11-20#1"} == {"withdrawn"}


def test_a_changed_rhythm_leaves_what_is_past_and_withdraws_what_is_no_longer_asked(cast):
    agreed = cast.agree(rhythm={"kind": "daily", "times": 1})
    later = NOW + 2 * DAY
    with atomic():
        change(assignment=agreed, rhythm={"kind": "weekly"}, by=cast.ben, now=later)
        refresh(client=cast.anna, assignment_ids=[agreed.id], now=later)
    found = states(cast)
    assert (found["2026-11-18#1"], found["2026-11-19#1"]) == ("open", "open")
    assert found["2026-11-21#1"] == "withdrawn"
    assert found["w1#1"] == "open"


def test_per_appointment_falls_due_at_the_appointment_and_counts_in_its_interval(cast):
    first = cast.meet(NOW - timedelta(hours=1), "attended")
    agreed = cast.agree(rhythm={"kind": "per_appointment"}, agreed_in=first.id)
    second = cast.meet(NOW + 7 * DAY)
    with atomic():
        refresh_all(client=cast.anna, now=NOW)
    assert states(cast) == {f"i:{first.id}": "open"}
    after = NOW + 7 * DAY + timedelta(minutes=40)
    with atomic():
        record_attendance(appointment=second, episode=cast.episode, state="attended", by=cast.ben, now=after)
        refresh_all(client=cast.anna, now=after)
    assert set(states(cast)) == {f"i:{first.id}", f"i:{second.id}"}
    closed, still_open = intervals_of([cast.episode], after)[cast.episode.id]
    assert [told.slot for told in of_interval(cast.anna, closed, after).told] == [f"i:{first.id}"]
    assert [told.slot for told in of_interval(cast.anna, still_open, after).told] == [f"i:{second.id}"]
    assert agreed.agreed_in == first.id


def test_refreshing_twice_changes_nothing(cast):
    cast.pair()
    agreed = cast.agree()
    with atomic():
        take_in(cast.anna, cast.phone, [cast.entry(agreed.id), cast.answer(agreed.id, "w1#2", "tried")], NOW)
    before = list(db.session.execute(select(Occurrence.__table__).order_by(Occurrence.slot)))
    with atomic():
        refresh_all(client=cast.anna, now=NOW)
    assert list(db.session.execute(select(Occurrence.__table__).order_by(Occurrence.slot))) == before


def test_settling_afresh_from_the_facts_gives_the_same_rows(cast):
    cast.pair()
    agreed = cast.agree(rhythm={"kind": "daily", "times": 2})
    for n in range(5):
        with atomic():
            happened = NOW + n * DAY
            batch = [
                cast.entry(agreed.id, happened_at=_at(happened)),
                cast.answer(agreed.id, f"{happened.date()}#2", "done", happened=happened),
            ]
            take_in(cast.anna, cast.phone, batch, happened)
    table, weeks = Occurrence.__table__, ClientWeek.__table__
    plain = [c for c in table.c if c.name not in ("feed_seq", "recorded_at")]
    counts = [c for c in weeks.c if c.name != "computed_at"]
    end = NOW + 4 * DAY
    with atomic():
        refresh_all(client=cast.anna, now=end)
    rows = sorted(map(str, db.session.execute(select(*plain))))
    cached = sorted(map(str, db.session.execute(select(*counts))))
    with atomic():
        db.session.execute(text("DELETE FROM occurrence"))
        db.session.execute(text("DELETE FROM client_week"))
    db.session.expire_all()
    with atomic():
        refresh_all(client=cast.anna, now=end)
    assert sorted(map(str, db.session.execute(select(*plain)))) == rows
    assert sorted(map(str, db.session.execute(select(*counts)))) == cached
    assert sum("done" in row for row in rows) >= 10


def _at(moment):
    return {"local": moment.strftime("%Y-%m-%dT%H:%M"), "zone": "Europe/London", "utc_offset": 0}


def test_no_contact_is_not_known_and_a_contact_that_left_nothing_is_no_answer(cast):
    device = cast.pair()
    cast.agree(rhythm={"kind": "daily", "times": 1})
    later = NOW + 2 * DAY
    interval = intervals_of([cast.episode], later)[cast.episode.id][-1]
    assert of_interval(cast.anna, interval, later).not_known == 2
    with atomic():
        contact(client=cast.anna, device=device, outbox=3, device_seq=0, now=later)
    assert of_interval(cast.anna, interval, later).not_known == 2  # it came by, but still held something
    with atomic():
        contact(client=cast.anna, device=device, outbox=0, device_seq=0, now=later + timedelta(minutes=1))
    figures = of_interval(cast.anna, interval, later + timedelta(minutes=2))
    assert (figures.not_known, figures.no_answer) == (0, 2)


def test_the_coming_weeks_are_laid_out_before_they_are_needed(cast):
    daily = cast.agree(rhythm={"kind": "daily", "times": 1})
    cast.agree(rhythm={"kind": "once"})
    cast.agree(rhythm={"kind": "daily", "times": 1}, until_date=(NOW + 5 * DAY).date())
    before, later = max(states(cast)), NOW + 10 * DAY
    assert running_short(later) == [(daily.id, cast.anna.id)]
    with atomic():
        roll_forward(running_short(later), later)
    assert max(states(cast)) > before
    assert running_short(later) == []


def test_the_weekly_cache_counts_what_the_rows_say(cast):
    cast.agree(rhythm={"kind": "daily", "times": 1})
    cached = db.session.scalars(select(ClientWeek).order_by(ClientWeek.week)).all()
    assert sum(week.open for week in cached) == len(occurrences_of(cast.anna.id))
    assert cached[0].open == 5  # Wednesday to Sunday


@pytest.mark.parametrize("rhythm", [{"kind": "daily", "times": 1}, {"kind": "per_week", "times": 1}])
@pytest.mark.parametrize("how", ["ticks", "entries"])
def test_a_changed_rhythm_keeps_what_was_done_before_it(cast, rhythm, how):
    cast.pair()
    agreed = cast.agree()
    done = [cast.entry(agreed.id, happened_at=_at(NOW + n * DAY)) for n in range(2)]
    if how == "ticks":
        done = [cast.answer(agreed.id, f"w1#{n + 2}", "done", happened=NOW + n * DAY) for n in range(2)]
    later = NOW + 2 * DAY
    with atomic():
        take_in(cast.anna, cast.phone, done, later)
    with atomic():
        change(assignment=agreed, rhythm=rhythm, by=cast.ben, now=later)
        refresh(client=cast.anna, assignment_ids=[agreed.id], now=later)
    first_week = [o for o in occurrences_of(cast.anna.id) if o.opens_on < later.date()]
    assert sorted(o.state for o in first_week) == ["done", "done", "withdrawn"]
    assert [o.state for o in occurrences_of(cast.anna.id)].count("done") == 2


def test_a_tick_is_kept_when_attendance_is_marked_after_the_task_was_agreed(cast):
    cast.pair()
    met = cast.meet(NOW - timedelta(minutes=20), now=NOW - DAY)
    agreed = cast.agree(rhythm={"kind": "per_appointment"})
    cast.meet(NOW + 7 * DAY)
    hour = timedelta(hours=1)
    with atomic():
        take_in(cast.anna, cast.phone, [cast.answer(agreed.id, "i:start", "done", happened=NOW + hour)], NOW + hour)
    assert states(cast) == {"i:start": "done"}
    with atomic():
        record_attendance(appointment=met, episode=cast.episode, state="attended", by=cast.ben, now=NOW + 6 * hour)
        refresh_all(client=cast.anna, now=NOW + 6 * hour)
    assert states(cast) == {"i:start": "withdrawn", f"i:{met.id}": "done"}


def test_what_fell_due_before_the_task_was_stopped_that_day_stays(cast):
    cast.meet(NOW - timedelta(hours=1), "attended")
    agreed = cast.agree(rhythm={"kind": "per_appointment"})
    second = cast.meet(NOW + 7 * DAY)
    with atomic():
        refresh_all(client=cast.anna, now=NOW)
    (slot,) = states(cast)
    later = NOW + 7 * DAY + timedelta(minutes=20)
    with atomic():
        withdraw(assignment=agreed, by=cast.ben, now=later)
        refresh(client=cast.anna, assignment_ids=[agreed.id], now=later)
    assert second.starts_at < later
    assert (agreed.ended_at, states(cast)) == (later, {slot: "open"})


def test_what_was_put_off_until_after_the_task_was_stopped_is_withdrawn(cast):
    cast.pair()
    agreed = cast.agree(rhythm={"kind": "daily", "times": 1})
    moved_to = str((NOW + 5 * DAY).date())
    put_off = cast.answer(agreed.id, "2026-11-18#1", "not_today", outcome="another_day", moved_to=moved_to)
    with atomic():
        take_in(cast.anna, cast.phone, [put_off], NOW)
    assert states(cast)["2026-11-18#1"] == "moved"
    with atomic():
        withdraw(assignment=agreed, by=cast.ben, now=NOW + 2 * DAY)
        refresh(client=cast.anna, assignment_ids=[agreed.id], now=NOW + 2 * DAY)
    found = states(cast)
    assert (found["2026-11-18#1"], found["2026-11-19#1"], found["2026-11-20#1"]) == ("withdrawn", "open", "withdrawn")


def test_a_task_whose_end_kept_only_its_day_ended_with_that_day(cast):
    agreed = cast.agree(rhythm={"kind": "per_appointment"})
    cast.meet(NOW + 7 * DAY)
    later = NOW + 7 * DAY + timedelta(minutes=20)
    with atomic():
        withdraw(assignment=agreed, by=cast.ben, now=later)
        agreed.ended_at = None
        db.session.flush()
        refresh_all(client=cast.anna, now=later)
    assert states(cast) == {"i:start": "open"}


def test_an_appointment_not_marked_yet_still_ends_what_was_due_at_it(cast):
    cast.meet(NOW - timedelta(hours=1), "attended")
    cast.agree(rhythm={"kind": "per_appointment"})
    second = cast.meet(NOW + 7 * DAY)
    third = cast.meet(NOW + 14 * DAY)
    for now in (NOW, NOW + 8 * DAY):
        with atomic():
            refresh_all(client=cast.anna, now=now)
        (held,) = occurrences_of(cast.anna.id)
        assert held.due_at == second.starts_at - timedelta(microseconds=1)
    with atomic():
        record_attendance(appointment=second, episode=cast.episode, state="missed", by=cast.ben, now=now)
        refresh_all(client=cast.anna, now=now)
    assert occurrences_of(cast.anna.id)[0].due_at == third.starts_at - timedelta(microseconds=1)


def test_work_agreed_during_an_unmarked_appointment_is_due_at_the_next_one(cast):
    cast.meet(NOW - 7 * DAY, "attended")
    cast.meet(NOW - timedelta(minutes=20))
    cast.agree(rhythm={"kind": "per_appointment"})
    following = cast.meet(NOW + 7 * DAY)
    with atomic():
        refresh_all(client=cast.anna, now=NOW)
    assert occurrences_of(cast.anna.id)[0].due_at == following.starts_at - timedelta(microseconds=1)
