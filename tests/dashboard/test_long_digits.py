"""Numbers longer than Python reads, in the boxes of forms: a sentence beside the box, and never a page that breaks."""

from datetime import timedelta

import pytest
from marshmallow import ValidationError

from server.dashboard.forms import Whole, whole
from tests.cast import NOW, new_uuid

LONG = "9" * 5000
WEEK = "low-intensity-cbt/weekly-activity-plan"
BEFORE = NOW - timedelta(days=5)


@pytest.mark.parametrize("typed", [LONG, "0" * 5000, "٣" * 5000, "²", "-1", "", "21", "1e1"])
def test_what_is_no_number_within_the_bounds_is_said_beside_the_box(typed):
    with pytest.raises(ValidationError, match=r"^Enter a whole number from 0 to 20\.$"):
        Whole(0, 20).deserialize(typed)


def test_what_is_within_the_bounds_is_read():
    assert [Whole(0, 20).deserialize(typed) for typed in ("0", "20", "007", "٣")] == [0, 20, 7, 3]
    assert (whole("123456789"), whole("1234567890")) == (123456789, None)


@pytest.mark.parametrize("rows", [LONG, "²", "-1"])
def test_a_paper_form_with_any_number_of_rows_is_shown_again(ben, cast, time, rows):
    agreed = cast.agree(WEEK, now=BEFORE, rhythm={"kind": "daily", "times": 1})
    place = f"/staff/clients/{cast.anna.id}/assignments/{agreed.id}/paper"
    typed = {"rows.activities": rows, "more": "activities", "a.activities.0.what": "Ring my cousin"}
    page = ben.read(ben.fetch(place, "POST", data={**ben.tokens(), "key": new_uuid(), **typed}))
    assert page.find(id="paper-a.activities.0.what").text.strip() == "Ring my cousin"


def test_a_line_for_an_interval_of_5000_digits_says_what_to_do(ben, cast, time):
    cast.meet(BEFORE, "attended", BEFORE)
    cast.meet(NOW, None, BEFORE)
    agreed = cast.agree(now=BEFORE, rhythm={"kind": "daily", "times": 1}, from_date=(BEFORE + timedelta(days=1)).date())
    place = f"/staff/clients/{cast.anna.id}/assignments/{agreed.id}/line"
    typed = {"key": new_uuid(), "interval": LONG, "done": LONG, "tried": LONG, "medium": "paper"}
    answer = ben.fetch(place, "POST", data={**ben.tokens(), **typed})
    assert answer.status_code == 422
    assert "Enter a whole number from 0 to 99." in ben.read(answer, 422).get_text(" ", strip=True)
