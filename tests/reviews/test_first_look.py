"""What to look at first: an order of plain kinds, never a score."""

from server.reviews.first_look import ORDER, Look, looks

NOTHING: dict = {"risks": 0, "unreadable": 0, "came": {}, "not_done": (), "questions": 0}


def test_nothing_waits_where_nothing_came():
    assert looks(**NOTHING) == []


def test_the_kinds_come_in_their_printed_order():
    found = looks(risks=1, unreadable=2, came={"a": 9, "b": 1}, not_done={"b"}, questions=3)
    assert [one.kind for one in found] == list(ORDER)


def test_what_got_in_the_way_comes_before_more_that_was_done():
    found = looks(**{**NOTHING, "came": {"a": 9, "b": 1}, "not_done": {"b"}})
    assert found == [Look("not_done", "b", 1), Look("came", "a", 9)]


def test_within_a_kind_the_task_of_which_more_came_is_first():
    assert [one.assignment_id for one in looks(**{**NOTHING, "came": {"a": 1, "b": 4, "c": 2}})] == ["b", "c", "a"]
