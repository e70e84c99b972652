"""The tables of a bundle while they are written, each as CSV, SPSS and, where pyarrow is, Parquet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.research.bundle import TableFile, Written
from server.research.columns import File
from server.research.fhir_files import FhirFiles
from server.research.parquet import MISSING_HERE, PackedFile, ParquetFile, is_there
from server.research.quality import Quality
from server.research.spss import SavFile


def left_out() -> list[str]:
    """What a bundle built here cannot hold, in a sentence each."""
    return [] if is_there() else [MISSING_HERE]


@dataclass(frozen=True)
class Part:
    """What is in the folder of a part: rows of each table, FHIR resources of each kind, and what was counted."""

    rows: dict[str, int]
    resources: dict[str, int]
    quality: Quality


class Tables:
    """Open tables by name. A file with a folder of its own (a worksheet's) begins with its first row."""

    def __init__(
        self, folder: Path, files: Sequence[File], fhir: FhirFiles | None = None, *, part: bool = False
    ) -> None:
        """`part`: of what another process will take together."""
        self.quality, self._fhir = Quality(), fhir
        self._folder, self._files = folder, {file.name: file for file in files}
        packed = (PackedFile if part else ParquetFile,) if is_there() else ()
        self._labelled = (SavFile, *packed)
        self._opened = ExitStack()
        if fhir:
            self._opened.enter_context(closing(fhir))
        self._tables: dict[str, tuple[TableFile, list[SavFile | ParquetFile]]] = {}
        for file in files:
            if not file.folder:
                self._open(file)

    def write(self, name: str, row: Mapping[str, Any]) -> None:
        """One row by the names of its columns."""
        self.write_cells(name, self._of(name)[0].in_order(row))

    def write_cells(self, name: str, cells: Sequence[Any]) -> None:
        """One row in the order of its columns."""
        table, labelled = self._of(name)
        left = table.write_cells(cells)
        self.quality.see(table.file, left)
        if self._fhir:
            self._fhir.see(table.file, left)
        for one in labelled:
            one.write(left)

    def take(self, folder: Path, part: Part) -> None:
        """What another process wrote, after what is here."""
        for name, rows in part.rows.items():
            table, labelled = self._of(name)
            for one in (table, *labelled):
                one.take(folder, rows)
        if self._fhir:
            self._fhir.take(folder, part.resources)
        self.quality.take(part.quality)

    def end_part(self) -> None:
        """So many people belong together, whichever process wrote them."""
        for _, labelled in self._tables.values():
            for one in labelled:
                one.end_part()

    def flush(self) -> Part:
        """Let others read what was written. Returns what they have to know of it."""
        for table, labelled in self._tables.values():
            for one in (table, *labelled):
                one.flush()
        rows = {name: table.rows for name, (table, _) in self._tables.items()}
        return Part(rows, self._fhir.flush() if self._fhir else {}, self.quality.end())

    @property
    def files(self) -> tuple[File, ...]:
        """The files that are in the bundle, in their order."""
        return tuple(file for name, file in self._files.items() if name in self._tables)

    def finish(self, alive: Callable[[], object] = int) -> list[Written]:
        """What was written: the CSV files in the order of the files, then with labels. `alive`: said between."""
        tables = [self._tables[file.name] for file in self.files]
        plain = [table.finish() for table, _ in tables]
        labelled = []
        for one in (one for _, several in tables for one in several):
            alive()
            labelled.append(one.finish())
        alive()
        return [*plain, *labelled, *(self._fhir.finish() if self._fhir else ())]

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _of(self, name: str) -> tuple[TableFile, list[SavFile | ParquetFile]]:
        return self._tables.get(name) or self._open(self._files[name])

    def _open(self, file: File) -> tuple[TableFile, list[SavFile | ParquetFile]]:
        table = self._opened.enter_context(TableFile(self._folder, file))
        labelled = [self._opened.enter_context(closing(kind(self._folder, file))) for kind in self._labelled]
        self._tables[file.name] = table, labelled
        return table, labelled
