"""What an entry changed, and the person's own mean so far: by hand, at its edges, and never of fewer than three."""

import pytest

from server.worksheets.drawn import Ends, average_in_words, changes, in_words, own_average
from server.worksheets.library import library

THOUGHT_RECORD = "low-intensity-cbt/thought-record"


def told(before: float, after: float):
    answers = {**library().newest(THOUGHT_RECORD).example["answers"], "feeling_before": before, "feeling_after": after}
    return changes(library().newest(THOUGHT_RECORD), answers)


@pytest.fixture(autouse=True)
def _library(app):
    """The worksheets that ship."""


def test_a_change_has_its_two_ends_on_the_range_that_was_asked():
    one = next(one for one in told(80, 45) if one.id == "feeling_change")
    assert (one.value, one.ends) == (-35, Ends(80, 45, 0, 100))
    assert in_words(one) == "-35 points, 80 to 45"


def test_one_point_is_no_points():
    assert in_words(told(80, 79)[0]).startswith("-1 point,")


def test_the_own_mean_is_of_the_earlier_entries_alone_and_says_of_how_many():
    earlier = [told(80, 60), told(70, 40), told(60, 60)]  # -20, -30, 0
    mean = own_average("feeling_change", earlier)
    assert (mean.value, mean.count, mean.ends) == (-16.7, 3, Ends(70, 53.3, 0, 100))
    assert average_in_words(told(80, 45)[0], mean) == "-16.7 points, 70 to 53.3 (mean of 3 earlier entries)"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_of_fewer_than_three_there_is_no_mean(count):
    assert own_average("feeling_change", [told(80, 45)] * count) is None


def test_an_entry_without_the_figure_is_no_nought():
    empty = changes(library().newest(THOUGHT_RECORD), {})
    assert empty == [] and own_average("feeling_change", [told(80, 45), told(80, 45), empty]) is None


def test_a_list_has_the_mean_of_its_items_that_have_both():
    sheet = library().newest("low-intensity-cbt/weekly-activity-plan")
    went = ({"mood_before": 2, "mood_after": 6}, {"mood_before": 4, "mood_after": 4}, {"mood_before": 9})
    one = changes(sheet, {"activities": [{"what": "walk", "did_it": "yes", **each} for each in went]})[0]
    assert (one.value, one.ends.start, one.ends.end) == (2, 3, 5)
