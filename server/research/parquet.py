"""Writes one Parquet file, a few thousand rows at a time, where pyarrow is installed (the extra `research`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module, util
from pathlib import Path
from typing import Any

from server.research.bundle import Written, hash_of
from server.research.columns import MISSING, Column, File

CELLS_AT_ONCE = 8_000  # waiting as they came; then they are packed, a tenth of the size
CELLS_IN_GROUP = 150_000  # packed ones that are written together: larger groups are quicker to read
WHY = "__missing"  # ending of the column that says why a number is not there

MISSING_HERE = "No Parquet files: pyarrow is not installed here (pip install 'meantime[research]')."


def is_there() -> bool:
    """Whether Parquet can be written here."""
    return util.find_spec("pyarrow") is not None


class ParquetFile:
    """One .parquet file beside its CSV. A number that is missing is null, and its `<name>__missing` says why."""

    def __init__(self, folder: Path, file: File) -> None:
        self.path, self._file, self._rows = f"parquet/{file.name}.parquet", file, 0
        self._arrow = import_module("pyarrow")
        self._target = folder / self.path
        self._target.parent.mkdir(exist_ok=True)
        self._schema = self._arrow.schema(_fields(self._arrow, file), metadata={"label": file.label})
        self._writer = self._opened()
        self._waiting: list[Sequence[Any]] = []
        self._packed: list[Any] = []
        self._most = max(1, CELLS_AT_ONCE // len(file.columns))
        self._group = max(1, CELLS_IN_GROUP // len(file.columns))

    def write(self, cells: Sequence[Any]) -> None:
        """One row, checked already, in the order of the columns."""
        self._waiting.append(cells)
        self._rows += 1
        if len(self._waiting) >= self._most:
            self._pack()

    def take(self, folder: Path, rows: int) -> None:
        """The rows of the same table as another process packed them (`PackedFile`), after those that are here."""
        with self._arrow.ipc.open_stream(folder / self.path) as packed:
            for one in packed:
                self._add(one)
        self._rows += rows

    def flush(self) -> None:
        """Let others read what was written so far: here that is what is in whole groups."""
        self._pack()

    def end_part(self) -> None:
        """Pack what waits, so that what is written together is the same whoever wrote which part."""
        self._pack()

    def finish(self) -> Written:
        """Write what is left. Returns the hash of the file."""
        self._pack()
        self._put()
        self._writer.close()
        with self._target.open("rb") as written:
            return Written(self.path, hash_of(written), self._rows)

    def close(self) -> None:
        """Let go of the file."""
        self._writer.close()

    def _opened(self) -> Any:
        writer = import_module("pyarrow.parquet").ParquetWriter
        return writer(self._target, self._schema, compression="zstd", version="2.6")

    def _add(self, batch: Any) -> None:
        self._packed.append(batch)
        if sum(one.num_rows for one in self._packed) >= self._group:
            self._put()

    def _put(self) -> None:
        if self._packed:
            whole = self._arrow.Table.from_batches(self._packed, schema=self._schema).unify_dictionaries()
            self._writer.write_table(whole, row_group_size=whole.num_rows)
            self._packed.clear()

    def _pack(self) -> None:
        if not self._waiting:
            return
        arrays = []
        for column, cells in zip(self._file.columns, zip(*self._waiting, strict=True), strict=True):
            arrays += self._arrays(column, cells)
        self._waiting.clear()
        self._add(self._arrow.record_batch(arrays, schema=self._schema))

    def _arrays(self, column: Column, cells: Sequence[Any]) -> list[Any]:
        pa, kinds = self._arrow, _kinds(self._arrow)
        if column.type == "string":
            return [pa.array(cells, kinds["string"])]
        values = pa.array([None if isinstance(one, str) else one for one in cells], kinds[column.type])
        if not column.missing:
            return [values]
        return [values, pa.array([one if isinstance(one, str) else None for one in cells], kinds["string"])]


class PackedFile(ParquetFile):
    """The rows of a part, packed and not yet in groups: `ParquetFile.take` reads them."""

    def flush(self) -> None:
        """Pack what waits, and let others read it."""
        self._pack()
        self._writer.close()

    def _opened(self) -> Any:
        return self._arrow.ipc.new_stream(self._target, self._schema)

    def _add(self, batch: Any) -> None:
        self._writer.write_batch(batch)


def _fields(pa: Any, file: File) -> list[Any]:
    found = []
    for column in file.columns:
        told = {"label": column.label, "unit": column.unit, "codes": json.dumps(dict(column.codes), sort_keys=True)}
        found.append(pa.field(column.name, _kinds(pa)[column.type], metadata={k: v for k, v in told.items() if v}))
        if column.type != "string" and column.missing:
            why = {word: MISSING[word] for word in column.missing}
            said = {"label": f"Why {column.name} is not there", "codes": json.dumps(why, sort_keys=True)}
            found.append(pa.field(f"{column.name}{WHY}", _kinds(pa)["string"], metadata=said))
    return found


def _kinds(pa: Any) -> dict[str, Any]:
    return {"string": pa.dictionary(pa.int32(), pa.string()), "integer": pa.int64(), "number": pa.float64()}
