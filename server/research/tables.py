"""The tables of a bundle while they are written: those of every bundle, and one for each worksheet that has entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from server.research.bundle import TableFile, Written
from server.research.columns import File


class Tables:
    """Open tables by name. A file with a folder of its own (a worksheet's) begins with its first row."""

    def __init__(self, folder: Path, files: Sequence[File]) -> None:
        self._folder, self._files = folder, {file.name: file for file in files}
        self._opened = ExitStack()
        self._tables: dict[str, TableFile] = {}
        for file in files:
            if not file.folder:
                self._open(file)

    def write(self, name: str, row: Mapping[str, Any]) -> None:
        """One row by the names of its columns."""
        self._of(name).write(row)

    def write_cells(self, name: str, cells: Sequence[Any]) -> None:
        """One row in the order of its columns."""
        self._of(name).write_cells(cells)

    @property
    def files(self) -> tuple[File, ...]:
        """The files that are in the bundle, in their order."""
        return tuple(file for name, file in self._files.items() if name in self._tables)

    def finish(self) -> list[Written]:
        """What was written, in the order of the files."""
        return [self._tables[file.name].finish() for file in self.files]

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _of(self, name: str) -> TableFile:
        return self._tables.get(name) or self._open(self._files[name])

    def _open(self, file: File) -> TableFile:
        table = self._tables[file.name] = self._opened.enter_context(TableFile(self._folder, file))
        return table
