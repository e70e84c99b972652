"""Change of scores: by hand, by scipy and statsmodels, and from the figures that a report gives."""

import random
from math import sqrt

import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from server.engagement.rules import Share
from server.research.reporting import change
from server.research.reporting.change import of_figures, of_pairs, wilson
from server.research.reporting.sums import Mean, Pairs

# Tavistock Relationships: n started and paired, mean first and last of the paired, t, and p as it can be told.
TAVISTOCK = [
    ("CORE", 192, 46, 12.60, 8.57, 4.54, 0.0000417, 24),
    ("CCQ conflict", 175, 37, 31.03, 26.05, 2.17, 0.0367, 21),
    ("CCQ violent problem solving", 172, 35, 2.57, 1.91, 2.67, 0.0116, 20),
]


def some(seed: int) -> tuple[list[float], list[float]]:
    chance = random.Random(seed)
    first = [chance.randint(5, 27) for _ in range(chance.randint(8, 60))]
    return first, [max(0, one - chance.randint(-4, 12)) for one in first]


def test_four_people_by_hand():
    """Changes 2, 1, 4, 5: mean 3, squares about it 10, so SD √(10/3); first scores about 13: 20, so SD √(20/3)."""
    found = of_pairs([10, 12, 14, 16], [8, 11, 10, 11])
    assert (found.n, found.df, found.fall) == (4, 3, 3)
    assert found.sd_change == pytest.approx(1.825742)
    assert found.t == pytest.approx(3 / (1.825742 / 2), rel=1e-6)
    assert found.d_z == pytest.approx(1.643168, rel=1e-6)
    assert found.d_first == pytest.approx(3 / 2.581989, rel=1e-6)
    assert found.r == pytest.approx(8 / sqrt(20 * 6), rel=1e-6), "cross products 8, squares 20 and 6"


@pytest.mark.parametrize("seed", range(5))
def test_scipy_and_statsmodels_say_the_same(seed):
    first, last = some(seed)
    found, other = of_pairs(first, last), stats.ttest_rel(first, last)
    changes = DescrStatsW([a - b for a, b in zip(first, last, strict=True)])
    t, p, df = changes.ttest_mean()
    assert (found.t, found.p, found.df) == (pytest.approx(t), pytest.approx(p), df)
    assert (found.t, found.p, found.df) == (pytest.approx(other.statistic), pytest.approx(other.pvalue), other.df)
    assert found.likely_fall == pytest.approx(changes.tconfint_mean())
    assert found.r == pytest.approx(stats.pearsonr(first, last).statistic)


@pytest.mark.parametrize("seed", range(5))
def test_the_interval_of_d_z_is_where_the_noncentral_t_leaves_a_fortieth_on_each_side(seed):
    found = of_pairs(*some(seed))
    low, high = (one * sqrt(found.n) for one in found.likely_d_z)
    assert stats.nct.cdf(found.t, found.df, low) == pytest.approx(0.975, abs=1e-6)
    assert stats.nct.cdf(found.t, found.df, high) == pytest.approx(0.025, abs=1e-6)


def test_the_large_form_of_the_interval_takes_over_without_a_step():
    small, large = (of_figures(n, 15, 13, sd_change=6).likely_d_z for n in (999, 1002))
    assert small == pytest.approx(large, abs=2e-3)
    low, high = of_figures(200_000, 15, 9, sd_change=6).likely_d_z
    assert low < 1 < high


def test_the_interval_of_d_first_is_beckers():
    found = of_figures(50, 15, 10, sd_first=5, sd_last=6, sd_change=6)
    assert found.r == pytest.approx((25 + 36 - 36) / 60)
    reach = 1.96 * sqrt(2 * (1 - found.r) / 50 + 1 / 100)
    assert found.likely_d_first == pytest.approx((1 - reach, 1 + reach), abs=1e-4)


@pytest.mark.parametrize(("name", "started", "n", "first", "last", "t", "p", "percent"), TAVISTOCK)
def test_the_tavistock_table(name, started, n, first, last, t, p, percent):
    """Its SDs are not published: the SD of the changes is what its t leaves, and gives its t back."""
    derived = of_figures(n, first, last, t=t)
    again = of_figures(n, first, last, sd_change=round(derived.sd_change, 2))
    assert (again.df, round(again.t, 2)) == (n - 1, t)
    assert again.p == pytest.approx(p, rel=0.02)
    assert round(100 * n / started) == percent
    assert derived.d_first is None, "nobody can tell without the SD of the first scores"


def test_the_same_set_by_three_roads():
    pairs = of_pairs(*some(3))
    by_sds = of_figures(
        pairs.n, pairs.mean_first, pairs.mean_last, sd_first=pairs.sd_first, sd_last=pairs.sd_last, r=pairs.r
    )
    by_t = of_figures(pairs.n, pairs.mean_first, pairs.mean_last, t=pairs.t)
    assert by_sds.t == pytest.approx(pairs.t)
    assert by_t.sd_change == pytest.approx(pairs.sd_change)
    assert by_sds.likely_d_first == pytest.approx(pairs.likely_d_first)


@pytest.mark.parametrize("seed", range(5))
def test_one_person_after_the_other_comes_to_the_same(seed):
    first, last = some(seed)
    pairs, mean = Pairs(), Mean()
    for one, other in zip(first, last, strict=True):
        pairs.add(one, other)
        mean.add(one)
    assert vars(pairs.change()) == pytest.approx(vars(of_pairs(first, last)))
    assert (mean.n, mean.mean) == (len(first), pytest.approx(pairs.change().mean_first))


def test_one_by_one_nobody_who_changed_more_than_anybody_has_no_t_either():
    pairs = Pairs()
    assert (pairs.change(), Mean().mean) == (None, 0)
    for one in (10.1, 11.2, 12.3):
        pairs.add(one, one - 0.7)
    assert pairs.change().t is None


def test_deviations_that_cannot_be_of_the_same_people_are_refused():
    with pytest.raises(ValueError, match="check each of them"):
        of_figures(20, 10, 8, sd_first=2, sd_last=2, sd_change=9)


def test_nobody_who_changed_more_than_anybody_has_no_t():
    found = of_pairs([10, 11, 12], [8, 9, 10])
    assert (found.t, found.p, found.d_z, found.likely_d_z) == (None, None, None, None)
    assert of_pairs([10], [8]) is None


@pytest.mark.parametrize(("count", "of"), [(0, 8), (3, 5), (6, 10), (60, 100), (100, 100)])
def test_wilson_as_statsmodels_and_the_staff_pages_have_it(count, of):
    assert wilson(count, of) == pytest.approx(proportion_confint(count, of, method="wilson"))
    assert wilson(count, of) == pytest.approx(Share(count, of).likely, abs=1e-4)
    assert wilson(0, 0) is None


def test_without_scipy_what_needs_it_is_not_there_and_the_rest_is(monkeypatch):
    monkeypatch.setattr(change, "is_there", lambda: False)
    found = of_pairs(*some(1))
    assert (found.p, found.likely_fall, found.likely_d_z) == (None, None, None)
    assert found.t is not None
    assert found.likely_d_first is not None
