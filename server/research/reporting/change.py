"""Change from a first to a last score: paired t, effect sizes and intervals, from pairs or from published figures.

Pure. p and the intervals need scipy (the extra `research`); without it they are None and everything else is there.
Each formula stands beside its function with its source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module, util
from math import isfinite, sqrt
from statistics import fmean, stdev

MISSING_HERE = "p values and intervals need scipy, which is not installed here (pip install 'meantime[research]')."
LARGE = 1000  # degrees of freedom from which the noncentral t is no better than its large-sample form
Interval = tuple[float, float]


@dataclass(frozen=True)
class Change:
    """What became of n people with both scores. A fall is positive: lower is better on every scale here.

    Means, SDs and `fall` are in points of the scale; `d_z` and `d_first` in standard deviations. What cannot be worked
    out from what was given is None.
    """

    n: int
    mean_first: float
    mean_last: float
    sd_change: float | None = None
    sd_first: float | None = None
    sd_last: float | None = None
    r: float | None = None

    @property
    def fall(self) -> float:
        """Mean of first less last."""
        return self.mean_first - self.mean_last

    @property
    def df(self) -> int:
        """Degrees of freedom of the paired t."""
        return self.n - 1

    @property
    def t(self) -> float | None:
        """Paired t = fall ÷ (SD of the changes ÷ √n). None where nobody differs from anybody (Student 1908)."""
        return self.fall * sqrt(self.n) / self.sd_change if self.sd_change else None

    @property
    def p(self) -> float | None:
        """Two-sided p of the paired t."""
        return None if self.t is None or not is_there() else float(2 * _special().stdtr(self.df, -abs(self.t)))

    @property
    def likely_fall(self) -> Interval | None:
        """95 % interval of the mean fall: fall ± t(0.975, n - 1) × SD of the changes ÷ √n."""
        if self.sd_change is None or not is_there():
            return None
        reach = float(_special().stdtrit(self.df, 0.975)) * self.sd_change / sqrt(self.n)
        return self.fall - reach, self.fall + reach

    @property
    def d_z(self) -> float | None:
        """Cohen's d_z = fall ÷ SD of the changes = t ÷ √n (Cohen 1988; Lakens 2013)."""
        return None if self.t is None else self.t / sqrt(self.n)

    @property
    def likely_d_z(self) -> Interval | None:
        """95 % interval of d_z by the noncentral t (Steiger and Fouladi 1997; Cumming and Finch 2001).

        From 1,000 people on by its large-sample variance 1/n + d²/2n (Hedges and Olkin 1985).
        """
        if self.d_z is None or not is_there():
            return None
        if self.df >= LARGE or abs(self.t or 0) > 30:
            return _around(self.d_z, 1 / self.n + self.d_z**2 / (2 * self.n))
        low, high = (_noncentrality(self.t or 0, self.df, at) / sqrt(self.n) for at in (0.975, 0.025))
        return low, high

    @property
    def d_first(self) -> float | None:
        """Fall ÷ SD of the first scores of those paired: comparable between services (Becker 1988)."""
        return self.fall / self.sd_first if self.sd_first else None

    @property
    def likely_d_first(self) -> Interval | None:
        """95 % interval of `d_first` by its variance 2(1 - r)/n + d²/2n (Becker 1988); r between first and last."""
        if self.d_first is None or self.r is None:
            return None
        return _around(self.d_first, 2 * (1 - self.r) / self.n + self.d_first**2 / (2 * self.n))


def of_pairs(first: Sequence[float], last: Sequence[float]) -> Change | None:
    """The change of people whose first and last scores are given in the same order; None of fewer than two people."""
    if len(first) != len(last):
        raise ValueError("a first score without a last one, or the other way round")
    if len(first) < 2:
        return None
    changes = [a - b for a, b in zip(first, last, strict=True)]
    sd_first, sd_last, sd_change = stdev(first), stdev(last), stdev(changes)
    r = correlation(sd_first, sd_last, sd_change)
    return Change(len(first), fmean(first), fmean(last), sd_change, sd_first, sd_last, r)


def of_figures(
    n: int,
    mean_first: float,
    mean_last: float,
    *,
    sd_change: float | None = None,
    sd_first: float | None = None,
    sd_last: float | None = None,
    r: float | None = None,
    t: float | None = None,
) -> Change:
    """The change that published figures of the paired speak of. Whatever is missing is derived where it can be.

    The SD of the changes: as given; else from both SDs and r; else from a published t, as |fall| × √n ÷ |t|.
    r: as given, else from all three SDs. ValueError with a sentence where they cannot be of one set of people.
    """
    if n < 2:
        raise ValueError("A change needs two people with both scores, or more.")
    known = sd_change
    if known is None and sd_first is not None and sd_last is not None and r is not None:
        known = sqrt(max(0.0, sd_first**2 + sd_last**2 - 2 * r * sd_first * sd_last))
    if known is None and t:
        known = abs(mean_first - mean_last) * sqrt(n) / abs(t)
    if r is None:
        r = correlation(sd_first, sd_last, known)
    if r is not None and abs(r) > 1 + 1e-9:
        raise ValueError("These three standard deviations cannot be of the same people: check each of them.")
    return Change(n, mean_first, mean_last, known, sd_first, sd_last, r)


def correlation(sd_first: float | None, sd_last: float | None, sd_change: float | None) -> float | None:
    """r of first and last scores, from the three SDs: (s1² + s2² - sd²) ÷ 2 s1 s2; None where one is missing or 0."""
    if not sd_first or not sd_last or sd_change is None:
        return None
    return (sd_first**2 + sd_last**2 - sd_change**2) / (2 * sd_first * sd_last)


def wilson(count: int, of: int) -> Interval | None:
    """95 % interval of a share (Wilson 1927), as shares of 1; None of nobody."""
    if not of:
        return None
    z, share = 1.959963984540054, count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def is_there() -> bool:
    """Whether p values and intervals can be worked out here."""
    return util.find_spec("scipy") is not None


def _special():  # type: ignore[no-untyped-def]  # scipy has no types, and may not be there
    # What scipy.stats gives for t and its noncentral form comes from here, without 50 MB of other distributions.
    return import_module("scipy.special")


def _noncentrality(t: float, df: int, at: float) -> float:
    """The noncentrality under which a share `at` of all t lies below this one."""
    below = _special().nctdtr
    reach = 10 + 3 * abs(t) / sqrt(df)

    def gap(ncp: float) -> float:
        found = float(below(df, ncp, t))
        return (found if isfinite(found) else float(ncp < t)) - at

    return _root(gap, t - reach, t + reach)


def _root(falls: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is nought, by halving: both ends need not be of known sign."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if falls(middle) > 0 else (low, middle)
    return (low + high) / 2


def _around(value: float, variance: float) -> Interval:
    reach = 1.959963984540054 * sqrt(max(0.0, variance))
    return value - reach, value + reach
