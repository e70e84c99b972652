"""A change of scores from the figures of a report: what follows, what is missing, and never without n paired."""

import pytest

from server.dashboard import score_change
from server.research.reporting import change
from tests.dashboard.browser import words


def work_out(ben, example="", status=200, **typed):
    page = ben.page(f"/staff/figures/change{'?example=' if example else ''}{example}")
    return ben.read(ben.send(page, "/figures/change", status=status, **typed), status)


def rows(page) -> dict[str, list[str]]:
    return {words(row.th): [words(cell) for cell in row.find_all("td")] for row in page.tbody.find_all("tr")}


@pytest.mark.parametrize(
    ("example", "paired", "t", "p", "sd"),
    [
        ("core", "46 of the 192 who started are paired: 24 %", ("45", "4.54"), "less than .0001", "6.02"),
        ("conflict", "37 of the 175 who started are paired: 21 %", ("36", "2.17"), ".0367", "13.96"),
        ("violent", "35 of the 172 who started are paired: 20 %", ("34", "2.67"), ".0115", "1.46"),
    ],
)
def test_the_tavistock_table_gives_its_t_and_the_warning_comes_first(ben, example, paired, t, p, sd):
    page = work_out(ben, example)
    found, text = rows(page), words(page.find("main"))
    assert found[f"Paired t, {t[0]} degrees of freedom"][0] == t[1]
    assert found["p, two-sided"][0] == p
    assert found["SD of the changes"][0] == sd
    assert found["Effect size by the SD of the first scores"] == ["Not known", ""]
    assert paired in text
    assert text.index(paired) < text.index("Mean fall")
    assert "so they did not begin like the rest" in text
    assert "no t is worked out from it" in text
    assert "It checks nothing by itself" in text
    # The same SD, typed in, gives the published t back.
    again = work_out(ben, example, sd_change=sd)
    assert rows(again)[f"Paired t, {t[0]} degrees of freedom"][0] == pytest.approx(t[1])
    assert f"The published t of {t[1]} agrees with these figures" in words(again.find("main"))


def test_a_published_t_that_does_not_follow_is_told(ben):
    page = work_out(ben, "core", sd_change="9")
    assert "The published t of 4.54 does not agree with these figures, which give 3.04." in words(page.find("main"))


def test_with_both_deviations_and_their_correlation_nothing_is_missing(ben):
    page = work_out(ben, started="60", paired="50", first="15", last="10", sd_first="5", sd_last="6", r="0.416667")
    found = rows(page)
    assert found["Paired t, 49 degrees of freedom"][0] == "5.89"
    assert found["Effect size d_z: fall ÷ SD of the changes"] == ["0.83", "0.51 to 1.15"]
    assert found["Effect size by the SD of the first scores"] == ["1.00", "0.64 to 1.36"]
    assert "missing" not in words(page.find("main"))


def test_of_seven_people_nothing_is_worked_out(ben):
    page = work_out(ben, started="9", paired="7", first="15", last="10", t="3")
    assert page.tbody is None
    assert "Of 7 people or fewer nothing is worked out." in words(page.find("main"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"paired": "61"}, "No more than the 60 who started can be paired."),
        ({"ended": "40"}, "Enter a number from those paired to those who started."),
        ({"first": "fifteen"}, "Enter a number from -10,000 to 10,000, like 12.60."),
        ({"first": "nan"}, "Enter a number from -10,000"),
        ({"sd_change": "0"}, "Enter a number from 0.001"),
        ({"sd_first": "2", "sd_last": "2", "sd_change": "9"}, "check each of them"),
        ({"drop": ["started"]}, "Enter how many people had a first score."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(ben, typed, said):
    typed = {"started": "60", "paired": "50", "first": "15", "last": "10", **typed}
    page = work_out(ben, status=422, **typed)
    assert said in words(page.find(class_="nhsuk-error-summary"))
    assert page.find("input", {"name": "last"})["value"] == "10"


def test_the_smallest_and_largest_figures_break_nothing(ben):
    for typed in ({"sd_change": "0.001"}, {"t": "0.000001"}, {"t": "-10000"}, {"first": "-10000", "last": "10000"}):
        work_out(ben, **{"started": "1000000", "paired": "1000000", "first": "15", "last": "10", **typed})


def test_without_scipy_the_page_says_what_it_cannot(ben, monkeypatch):
    monkeypatch.setattr(change, "is_there", lambda: False)
    monkeypatch.setattr(score_change, "is_there", lambda: False)
    page = work_out(ben, "core")
    assert rows(page)["p, two-sided"][0] == "Not known"
    assert "need scipy" in words(page.find("main"))
