"""Holds the rows of intervals until everybody's own mean is known, so that M12 can set persons against each other."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from server.research.names import NOT_APPLICABLE

Row = dict[str, Any]


class Waiting:
    """Rows on disk, in the order they came: a bundle may hold millions."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile("w+", encoding="utf-8", dir=folder)  # noqa: SIM115  closed on the way out
        self._sum, self._courses, self._last = 0.0, 0, ""

    def keep(self, row: Row) -> None:
        """One row; the rows of a course come one after the other, and its mean counts once."""
        if row["episode"] != self._last and row["m12_own_mean"] != NOT_APPLICABLE:
            self._sum, self._courses, self._last = self._sum + row["m12_own_mean"], self._courses + 1, row["episode"]
        self._file.write(json.dumps(row) + "\n")

    def rows(self) -> Iterator[Row]:
        """All of them again, each course's own mean less the mean of all own means in `m12_between`."""
        grand = self._sum / self._courses if self._courses else 0.0
        self._file.seek(0)
        for line in self._file:
            row = json.loads(line)
            if row["m12_own_mean"] != NOT_APPLICABLE:
                row["m12_between"] = row["m12_own_mean"] - grand
            yield row

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
