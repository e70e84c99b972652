"""A reminder time agreed with a practitioner moves the time and nothing else, in whatever order the words arrive."""

from datetime import time, timedelta
from itertools import permutations

import pytest

from server.entries.queries import feed_of
from server.extensions import atomic
from server.reminders import actions as reminders
from server.reminders import moving
from server.reminders.queries import rules_of
from tests.reminders.conftest import EVERY_DAY, MONDAY, WISH
from tests.reminders.ticking import said

FIRST = {**WISH, "at": "09:00"}
MINUTE = timedelta(minutes=1)


def agree_half_past_one(story, now=MONDAY + 90 * MINUTE):
    with atomic():
        return moving.move(client=story.client, at=time(13, 30), by=story.practitioner, now=now)


def says(story, minutes=-30, **parts):
    """Anna's own word about her hours, said so many minutes after eight; not here yet."""
    payload = {**FIRST, **parts}
    return said(story, MONDAY + minutes * MINUTE, payload), payload


def arrives(story, word):
    """It comes in at 10:30, after all that was agreed."""
    revision_id, payload = word
    with atomic():
        now = MONDAY + 150 * MINUTE
        reminders.set_rule(client=story.client, payload=payload, revision_id=revision_id, by=story.client, now=now)


def standing(story):
    return [(rule.at, rule.weekdays, rule.level, rule.quiet) for rule in rules_of(story.client)]


@pytest.fixture
def reminded(story):
    arrives(story, says(story, -600))
    return story


def test_what_a_move_says_is_the_time_alone(reminded):
    assert agree_half_past_one(reminded)
    payload = feed_of(reminded.client.id, 0, 10)[-1].body["payload"]
    assert payload == {"name": "reminder", "at": "13:30", "parts": ["at"]}
    assert standing(reminded) == [("13:30", EVERY_DAY, 1, None)]


NIGHT = {"from": "22:00", "until": "07:00"}
NOON = {"from": "13:00", "until": "14:00"}


@pytest.mark.parametrize(
    ("parts", "holds"),
    [
        ({"on": False}, []),
        ({"level": 0}, [("13:30", EVERY_DAY, 0, None)]),
        ({"weekdays": [5]}, [("13:30", [5], 1, None)]),
        ({"quiet": NIGHT}, [("13:30", EVERY_DAY, 1, NIGHT)]),
        ({"quiet": NOON}, [("09:00", EVERY_DAY, 1, NOON)]),
        ({"at": "08:00"}, [("13:30", EVERY_DAY, 1, None)]),
    ],
)
def test_what_a_client_said_before_a_move_holds_though_it_arrives_after_it(reminded, parts, holds):
    word = says(reminded, **parts)
    agree_half_past_one(reminded)
    for _ in range(2):
        arrives(reminded, word)
        assert standing(reminded) == holds


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_several_words_that_arrive_after_a_move_the_last_one_said_holds(reminded, order):
    words = [{"weekdays": [5]}, {"on": False}, {"level": 0}]
    agree_half_past_one(reminded)
    late = [says(reminded, -30 + number, **parts) for number, parts in enumerate(words)]
    for number in order:
        arrives(reminded, late[number])
    assert standing(reminded) == [("13:30", EVERY_DAY, 0, None)]


def test_turned_off_and_on_again_before_a_move_is_on_though_each_comes_by_itself(reminded):
    agree_half_past_one(reminded)
    arrives(reminded, says(reminded, -30, on=False))
    assert standing(reminded) == []
    arrives(reminded, says(reminded, -20))
    assert standing(reminded) == [("13:30", EVERY_DAY, 1, None)]


def test_an_older_word_begins_nothing_again_that_ended_with_the_course(reminded):
    agree_half_past_one(reminded)
    with atomic():
        reminders.cancel_for(why="care-ended", client_id=reminded.client.id, now=MONDAY + 100 * MINUTE)
        reminded.episode.closed_on = MONDAY.date()
    arrives(reminded, says(reminded, level=0))
    assert standing(reminded) == []


def test_what_a_client_says_after_a_move_holds_whole(reminded):
    agree_half_past_one(reminded)
    arrives(reminded, says(reminded, 120, at="08:00"))
    assert standing(reminded) == [("08:00", EVERY_DAY, 1, None)]


def test_a_move_that_comes_to_somebody_without_reminders_begins_none(story):
    arrives(story, says(story, on=False))
    move = {"name": "reminder", "at": "13:30", "parts": ["at"]}
    arrives(story, (said(story, MONDAY, move), move))
    assert standing(story) == [] and not agree_half_past_one(story)


def test_a_move_to_no_time_of_day_changes_nothing(reminded):
    move = {"name": "reminder", "at": "26:00", "parts": ["at"]}
    arrives(reminded, (said(reminded, MONDAY, move), move))
    assert standing(reminded) == [("09:00", EVERY_DAY, 1, None)]
