"""What invented people write fits the worksheets they write it into."""

from datetime import date
from random import Random

import pytest

from server.demo import agreements
from server.demo.writing import WRITERS, write
from server.worksheets.rules import outcome, problems
from tests.worksheets.write_vectors import the_library

LIBRARY = the_library()
DAY = date(2026, 11, 2)


@pytest.mark.parametrize("worksheet_id", WRITERS)
@pytest.mark.parametrize("how", ["whole", "short", "started"])
def test_what_is_written_has_no_trouble(worksheet_id, how):
    worksheet = LIBRARY.newest(worksheet_id)
    for seed in range(30):
        answers = write(worksheet_id, DAY, Random(seed), how)
        assert problems(worksheet, answers) == [], answers


@pytest.mark.parametrize("worksheet_id", WRITERS)
def test_a_whole_one_is_done(worksheet_id):
    worksheet = LIBRARY.newest(worksheet_id)
    for seed in range(30):
        assert outcome(worksheet, write(worksheet_id, DAY, Random(seed), "whole")) == "done"


@pytest.mark.parametrize("worksheet_id", WRITERS)
def test_one_that_was_started_is_not_done(worksheet_id):
    worksheet = LIBRARY.newest(worksheet_id)
    for seed in range(30):
        assert outcome(worksheet, write(worksheet_id, DAY, Random(seed), "started")) in ("partial", "tried")


def test_every_worksheet_the_demonstration_tells_of_is_written():
    assert set(WRITERS) == set(agreements.RHYTHMS) <= LIBRARY.ids()
