"""The laws of settling (design.md 5), as properties over arbitrary slots, entries and answers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from server.assignments.rules import Answer, Head, Rhythm, Span, settle, slots

LONDON = ZoneInfo("Europe/London")
START = date(2026, 10, 19)  # the clocks go back on the 25th
OUTCOMES = ("done", "partial", "tried", "nothing_happened")
ATTEMPTED = ("done", "partial", "tried")


@st.composite
def layouts(draw):
    kind = draw(st.sampled_from(["daily", "per_week", "weekdays", "weekly", "once", "event"]))
    rhythm = Rhythm(kind, draw(st.integers(1, 3)), tuple(draw(st.sets(st.integers(0, 6), min_size=1))))
    spans = [Span(1, rhythm, START, None)]
    if draw(st.booleans()):
        later = START + timedelta(days=draw(st.integers(1, 12)))
        spans.append(Span(2, Rhythm("per_week", draw(st.integers(1, 4))), later, None))
    return slots(spans, START, START + timedelta(days=14), spares=draw(st.booleans()))


def heads(keys):
    moments = st.integers(-24, 24 * 17).map(lambda hours: datetime(2026, 10, 19, tzinfo=UTC) + timedelta(hours=hours))
    return st.builds(
        lambda n, slot, at, outcome: Head(f"e{n}", f"r{n}", slot, at, outcome),
        st.integers(0, 10_000),
        st.none() | st.sampled_from([*keys, "2020-01-01#1"]) if keys else st.none(),
        moments,
        st.sampled_from(OUTCOMES),
    )


def answers(keys):
    return st.builds(
        lambda n, slot, what, outcome, day, hours: Answer(
            f"a{n}",
            slot,
            what,
            outcome if what == "not_today" else None,
            "no_time",
            START + timedelta(days=day),
            datetime(2026, 10, 19, tzinfo=UTC) + timedelta(hours=hours),
            (datetime(2026, 10, 19, tzinfo=UTC) + timedelta(hours=hours), n),
        ),
        st.integers(0, 10_000),
        st.sampled_from([*keys, "gone#1"]),
        st.sampled_from(["done", "tried", "nothing_happened", "not_today", "exempt"]),
        st.sampled_from([None, "smaller", "another_day", "swap", "keep"]),
        st.integers(0, 14),
        st.integers(0, 24 * 15),
    )


@st.composite
def worlds(draw):
    laid = draw(layouts())
    keys = [slot.key for slot in laid]
    some = draw(st.lists(heads(keys), max_size=9, unique_by=lambda h: h.entry_id))
    said = draw(st.lists(answers(keys), max_size=5, unique_by=lambda a: a.revision_id)) if keys else []
    return laid, some, said


def count(filled, states):
    return sum(one.state in states for one in filled.values())


@settings(max_examples=300, deadline=None)
@given(worlds(), st.randoms())
def test_order_of_arrival_does_not_matter(world, random):
    laid, some, said = world
    shuffled, shuffled_said = list(some), list(said)
    random.shuffle(shuffled)
    random.shuffle(shuffled_said)
    assert settle(laid, some, said, LONDON) == settle(laid, shuffled, shuffled_said, LONDON)


@settings(max_examples=500, deadline=None)
@given(worlds(), st.data())
def test_an_added_entry_never_lowers_the_count_of_done_or_of_tried(world, data):
    laid, some, said = world
    keys = [slot.key for slot in laid]
    added = data.draw(heads(keys).filter(lambda h: h.entry_id not in {one.entry_id for one in some}))
    before, after = settle(laid, some, said, LONDON), settle(laid, [*some, added], said, LONDON)
    assert count(after, ("done",)) >= count(before, ("done",))
    assert count(after, ATTEMPTED) >= count(before, ATTEMPTED)


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_every_slot_has_one_state_and_every_entry_fills_one_slot_at_most(world):
    laid, some, said = world
    filled = settle(laid, some, said, LONDON)
    assert set(filled) == {slot.key for slot in laid}
    by = [one.filled_by for one in filled.values() if one.filled_by and one.filled_by.startswith("r")]
    assert len(by) == len(set(by))


def day(n, hour=12):
    return datetime(2026, 10, 19, hour, tzinfo=UTC) + timedelta(days=n)


DAILY = slots([Span(1, Rhythm("daily"), START, None)], START, START + timedelta(days=3))


def test_an_entry_without_a_slot_takes_the_earliest_open_one_that_holds_it():
    filled = settle(DAILY, [Head("e", "r", None, day(1), "done")], [], LONDON)
    assert filled["2026-10-19#1"].state == "done"  # its window and 24 hours
    assert filled["2026-10-20#1"].state == "open"


def test_a_named_slot_wins_and_a_second_entry_is_extra():
    two = [Head("e", "r", "2026-10-20#1", day(1), "done"), Head("f", "s", "2026-10-20#1", day(1, 15), "done")]
    filled = settle(DAILY, two, [], LONDON)["2026-10-20#1"]
    assert (filled.state, filled.filled_by, filled.extra) == ("done", "r", 1)


def said(what, outcome=None, slot="2026-10-20#1", hour=9, **more):
    return Answer("a", slot, what, outcome, more.get("barrier"), more.get("moved_to"), day(1, hour), (day(1, hour), 1))


def test_an_entry_beats_an_answer():
    late = [Head("e", "r", "2026-10-20#1", day(1, 20), "tried")]
    filled = settle(DAILY, late, [said("not_today", "keep", barrier="no_time")], LONDON)["2026-10-20#1"]
    assert (filled.state, filled.barrier) == ("tried", "no_time")


def test_a_tick_and_then_a_worksheet_are_one_doing():
    filled = settle(DAILY, [Head("e", "r", "2026-10-20#1", day(1, 20), "done")], [said("done")], LONDON)
    one = filled["2026-10-20#1"]
    assert (one.state, one.medium, one.filled_by, one.extra) == ("done", "worksheet", "r", 0)


def test_a_tick_that_says_more_than_the_worksheet_was_said():
    filled = settle(DAILY, [Head("e", "r", "2026-10-20#1", day(1, 20), "partial")], [said("done")], LONDON)
    one = filled["2026-10-20#1"]
    assert (one.state, one.medium, one.filled_by, one.extra) == ("done", "said", "r", 0)


def test_a_tick_whose_slot_is_gone_goes_by_when_it_happened():
    ticks = [said("done", slot="gone#1"), replace(said("tried", hour=10), revision_id="b")]
    filled = settle(DAILY, [], ticks, LONDON)
    assert (filled["2026-10-19#1"].state, filled["2026-10-20#1"].state) == ("done", "tried")  # its own answer stays


def test_the_four_outcomes_of_not_today():
    moved = said("not_today", "another_day", moved_to=date(2026, 10, 22))
    assert settle(DAILY, [], [moved], LONDON)["2026-10-20#1"].state == "moved"
    assert settle(DAILY, [], [said("not_today", "swap")], LONDON)["2026-10-20#1"].state == "tried"
    assert settle(DAILY, [], [said("not_today", "keep")], LONDON)["2026-10-20#1"].state == "not_done"
    smaller = settle(DAILY, [], [said("not_today", "smaller")], LONDON)["2026-10-20#1"]
    assert (smaller.state, smaller.size) == ("open", "small")


def test_what_was_moved_can_be_done_on_its_new_day():
    moved = said("not_today", "another_day", moved_to=date(2026, 10, 26))
    entry = Head("e", "r", None, datetime(2026, 10, 26, 23, 30, tzinfo=UTC), "done")
    assert settle(DAILY, [entry], [moved], LONDON)["2026-10-20#1"].state == "done"


WEEKLY = slots([Span(1, Rhythm("weekly"), START, None)], START, START + timedelta(days=27))


def test_what_was_done_before_a_slot_opened_is_not_for_it_whatever_it_names():
    first, second = WEEKLY[0].key, WEEKLY[1].key
    early = Head("e", "r", second, day(3), "done")
    after = Head("f", "s", None, day(7), "done")  # within 24 hours of the first, and within the second
    filled = settle(WEEKLY, [early, after], [], LONDON)
    assert (filled[first].filled_by, filled[second].filled_by) == ("r", "s")
    tick = Answer("t", second, "done", None, None, None, day(3), (day(3), 1))
    filled = settle(WEEKLY, [after], [tick], LONDON)
    assert (filled[first].filled_by, filled[second].filled_by) == ("t", "s")


def test_that_they_cannot_can_be_said_before_a_slot_opens():
    second = WEEKLY[1].key
    away = Answer("t", second, "exempt", None, "unwell_physical", None, day(3), (day(3), 1))
    assert settle(WEEKLY, [], [away], LONDON)[second].state == "exempt"


def test_what_no_other_slot_can_take_keeps_the_one_it_names():
    later = WEEKLY[1:]
    tick = Answer("t", later[0].key, "done", None, None, None, day(3), (day(3), 1))
    assert settle(later, [Head("e", "r", later[1].key, day(3), "done")], [], LONDON)[later[1].key].state == "done"
    assert settle(later, [], [tick], LONDON)[later[0].key].state == "done"


def test_nothing_that_was_done_early_is_lost_while_a_slot_is_free():
    first, second = WEEKLY[0].key, WEEKLY[1].key
    early = Answer("t", second, "done", None, None, None, day(3), (day(3), 1))
    filled = settle(WEEKLY, [Head("e", "r", first, day(2), "done")], [early], LONDON)
    assert (filled[first].filled_by, filled[second].filled_by) == ("r", "t")
    filled = settle(WEEKLY, [Head("e", "r", first, day(2), "partial")], [early], LONDON)
    assert (filled[first].state, filled[second].state) == ("partial", "done")  # it makes no other work more than it was
    both = [Head("e", "r", first, day(2), "done"), Head("f", "s", second, day(3), "done")]
    filled = settle(WEEKLY, both, [], LONDON)
    assert (filled[first].filled_by, filled[second].filled_by) == ("r", "s")


def test_a_worksheet_takes_nothing_from_what_was_said_to_be_done_elsewhere():
    gone = Answer("t", "gone", "done", None, None, None, day(3), (day(3), 1))
    filled = settle(WEEKLY[:1], [Head("e", "r", WEEKLY[0].key, day(3), "partial")], [gone], LONDON)
    assert filled[WEEKLY[0].key].state == "done"


def test_why_something_was_swapped_goes_with_it_to_the_slot_it_keeps():
    first, second = WEEKLY[0].key, WEEKLY[1].key
    swap = Answer("t", second, "not_today", "swap", "no_time", None, day(3), (day(3), 1))
    filled = settle(WEEKLY, [Head("e", "r", first, day(2), "partial")], [swap], LONDON)
    assert [(filled[key].state, filled[key].barrier) for key in (first, second)] == [
        ("partial", None),
        ("tried", "no_time"),
    ]
