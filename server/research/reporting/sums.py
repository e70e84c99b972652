"""Means and changes kept as running sums, so that a country's people take no more room than one service's. Pure."""

from __future__ import annotations

from math import sqrt

from .change import Change, of_figures


class Mean:
    """How many numbers there were, and their mean."""

    def __init__(self) -> None:
        self.n, self._total = 0, 0.0

    def add(self, value: float) -> None:
        """One number more."""
        self.n += 1
        self._total += value

    @property
    def mean(self) -> float:
        """Their mean; of none 0."""
        return self._total / self.n if self.n else 0.0


class Pairs:
    """First and last scores: means, squares about them and cross products, updated one by one (Welford 1962)."""

    def __init__(self) -> None:
        self.n = 0
        self._first = self._last = 0.0
        self._squares_first = self._squares_last = self._cross = 0.0

    def add(self, first: float, last: float) -> None:
        """One person more."""
        self.n += 1
        from_first, from_last = first - self._first, last - self._last
        self._first += from_first / self.n
        self._last += from_last / self.n
        self._squares_first += from_first * (first - self._first)
        self._squares_last += from_last * (last - self._last)
        self._cross += from_first * (last - self._last)

    def change(self) -> Change | None:
        """The same as `change.of_pairs` of all of them; None of fewer than two."""
        if self.n < 2:
            return None
        sd_change, sd_first, sd_last = (
            sqrt(squares / (self.n - 1)) if squares > 1e-9 else 0.0
            for squares in (
                self._squares_first + self._squares_last - 2 * self._cross, self._squares_first, self._squares_last,
            )
        )  # fmt: skip
        return of_figures(self.n, self._first, self._last, sd_change=sd_change, sd_first=sd_first, sd_last=sd_last)
