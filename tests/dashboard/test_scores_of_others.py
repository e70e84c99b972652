"""Scores typed in on the wrong client's page: once that is said, none of them can be read there any more."""

from tests.dashboard.browser import words
from tests.dashboard.conftest import scores
from tests.dashboard.test_measures import TODAY, home, rows

__all__ = ["home"]


def test_somebody_elses_scores_stay_hidden_in_all_that_stood_before_a_correction(ben, cast, home):
    [first] = scores(cast, TODAY, **{"phq-9": [3] * 9})
    page = ben.page(f"{home}/measures/{first}/correct")
    corrected = ben.send(page, "/correct", **{"item-9": "2", "reason": "mistyped"}).headers["Location"]
    second = corrected.rpartition("/")[2].partition("?")[0]
    ben.page(f"{home}/measures/{first}/correct", 404)
    ben.send(ben.page(f"{home}/measures/{second}"), "/withdraw", reason="wrong_client", note="Belongs to C. Doe")
    for one in (first, second, *(row.id for row in rows())):
        for part in ("", "/correct"):
            ben.page(f"{home}/measures/{one}{part}", 404)
        assert ben.fetch(f"{home}/measures/{one}/correct", "POST", data=ben.tokens()).status_code == 404
    listed = words(ben.page(f"{home}/measures"))
    assert "27 of 27" not in listed and "26 of 27" not in listed
    assert listed.count("not shown. Withdrawn: it was another client’s.") == 2


def test_a_correction_of_somebody_elses_scores_can_be_read_and_what_it_replaced_cannot(ben, cast, home):
    [first] = scores(cast, TODAY, **{"gad-7": 15})
    page = ben.page(f"{home}/measures/{first}/correct")
    saved = ben.follow(ben.send(page, "/correct", **{"gad-7-total": "5", "reason": "wrong_client"}))
    assert "5 of 21" in words(saved)
    ben.page(f"{home}/measures/{first}", 404)
    listed = words(ben.page(f"{home}/measures"))
    assert "15 of 21" not in listed and "5 of 21, mild" in listed
