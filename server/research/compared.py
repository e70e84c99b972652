"""Holds the rows of intervals until everybody's own mean is known, so that M12 can set persons against each other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from server.research.bundle import read_on
from server.research.names import NOT_APPLICABLE

Row = dict[str, Any]
_FILE = "waiting.ndjson"


@dataclass(frozen=True)
class Means:
    """The courses' own means added up. Exact: a sum of floats is another one when others add up its parts."""

    total: Fraction = Fraction()
    courses: int = 0

    def and_also(self, other: "Means") -> "Means":
        """Those of both."""
        return Means(self.total + other.total, self.courses + other.courses)


class Waiting:
    """Rows on disk, in the order they came: a bundle may hold millions."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._file = self._path.open("w+b")
        self._last, self.means = "", Means()

    def keep(self, row: Row) -> None:
        """One row; the rows of a course come one after the other, and its mean counts once."""
        if row["episode"] != self._last and row["m12_own_mean"] != NOT_APPLICABLE:
            self._last, self.means = row["episode"], self.means.and_also(Means(Fraction(row["m12_own_mean"]), 1))
        self._file.write(json.dumps(row).encode() + b"\n")

    def take(self, folder: Path, means: Means) -> None:
        """What another process holds in its folder, after what is held here."""
        for raw in read_on(folder / _FILE):
            self._file.write(raw)
        self.means = self.means.and_also(means)

    def flush(self) -> Means:
        """Let others read what is held. Returns what they have to know of it."""
        self._file.flush()
        return self.means

    def rows(self) -> Iterator[Row]:
        """All of them again, once, each course's own mean less the mean of all own means in `m12_between`."""
        grand = float(self.means.total / self.means.courses) if self.means.courses else 0.0
        self._file.seek(0)
        for line in self._file:
            row = json.loads(line)
            if row["m12_own_mean"] != NOT_APPLICABLE:
                row["m12_between"] = row["m12_own_mean"] - grand
            yield row
        self._path.unlink()

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
