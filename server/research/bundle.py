"""Writes a bundle: a new folder of plain files that appears whole or not at all, each file with its hash."""

import csv
import hashlib
import io
import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from server.errors import Refused
from server.research.columns import UNLISTED, Column, File
from server.research.rules import safe_cell
from server.sealing import KeyRing
from server.signing import BUNDLE, sign

SUMS = "SHA256SUMS"
AT_ONCE = 64_000  # characters of a table that wait to be written
PACKED_AT_ONCE = 1 << 20  # bytes
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # one fixed time, so that the same content makes the same bytes


@dataclass(frozen=True)
class Written:
    """One file of the bundle as it was written."""

    path: str
    sha256: str
    rows: int | None = None


def target_of(out: Path, zipped: bool) -> Path:
    """Where the bundle will lie: the folder named, or the zip file of that name."""
    return out.with_name(f"{out.name.removesuffix('.zip')}.zip") if zipped else out


@contextmanager
def staged(out: Path, zipped: bool = False, alive: Callable[[], object] = int) -> Iterator[Path]:
    """A folder beside `out` to write into; at the end it becomes `out`. On any trouble it is gone again.

    Refused when `out` is there already and is not an empty folder, or cannot be made. `alive`: said while it is packed.
    """
    _refuse_what_is_there(out)
    beside = out.parent / f".{out.name}.{secrets.token_hex(4)}.part"
    packed = beside.with_suffix(".zip")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir(mode=0o700)
    except OSError as wrong:
        raise Refused("bad-input", f"The folder {out} cannot be made: {wrong.strerror}.") from wrong
    try:
        yield beside
        if zipped:
            packed.touch(0o600, exist_ok=False)  # a folder is shut to others, and so is this
            pack(beside, packed, out.stem, alive)
        (packed if zipped else beside).rename(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        packed.unlink(missing_ok=True)


class TableFile:
    """One CSV file: UTF-8, LF, a header, and no cell that its column does not declare."""

    def __init__(self, folder: Path, file: File) -> None:
        self.file, self.rows, self._hash = file, 0, hashlib.sha256()
        self._names = frozenset(file.names)
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._out = path.open("wb")
        self._lines = io.StringIO(newline="")
        self._csv = csv.writer(self._lines, lineterminator="\n")
        self._csv.writerow(file.names)
        self._begins = len(self._lines.getvalue().encode())

    def in_order(self, row: Mapping[str, Any]) -> list[Any]:
        """The values of a row in the order of the columns: every column of the file and no other."""
        if row.keys() != self._names:
            raise ValueError(f"{self.file.name}: not its columns: {sorted(row.keys() ^ self._names)}")
        return [row[name] for name in self.file.names]

    def write_cells(self, values: Sequence[Any]) -> list[Any]:
        """Write one row that is in the order of the columns. Returns the values as they left."""
        pairs = zip(self.file.columns, values, strict=True)
        # Rounded once, for every format that is written of it.
        leaving = [_told(value) if column.allows(value) else _refused(self.file, column) for column, value in pairs]
        self._csv.writerow([safe_cell(one) if isinstance(one, str) else _number(one) for one in leaving])
        if self._lines.tell() > AT_ONCE:
            self._put()
        self.rows += 1
        return leaving

    def take(self, folder: Path, rows: int) -> None:
        """The rows of the same table as another process wrote it, after those that are here."""
        self._put()
        for raw in read_on(folder / self.file.path, self._begins):
            self._hash.update(raw)
            self._out.write(raw)
        self.rows += rows

    def __enter__(self) -> "TableFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()

    def flush(self) -> None:
        """Let others read what was written so far."""
        self._put()
        self._out.flush()

    def finish(self) -> Written:
        """Flush to the disk. Returns the file's hash and number of rows."""
        self._put()
        self._out.flush()
        os.fsync(self._out.fileno())
        return Written(self.file.path, self._hash.hexdigest(), self.rows)

    def _put(self) -> None:
        raw = self._lines.getvalue().encode()
        self._hash.update(raw)
        self._out.write(raw)
        self._lines.seek(0)
        self._lines.truncate()


def read_on(path: Path, begins: int = 0) -> Iterator[bytes]:
    """What is in a file from a place on, a megabyte at a time."""
    with path.open("rb") as file:
        file.seek(begins)
        while raw := file.read(PACKED_AT_ONCE):
            yield raw


def hash_of(file: BinaryIO) -> str:
    """SHA-256 of a whole open file, from its beginning."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(folder: Path, path: str, text: str) -> Written:
    """Write one text file of the bundle, LF."""
    target = folder / path
    target.parent.mkdir(exist_ok=True)
    raw = text.encode()
    target.write_bytes(raw)
    return Written(path, hashlib.sha256(raw).hexdigest())


def write_json(folder: Path, path: str, value: Any) -> Written:
    """Write one JSON file of the bundle, readable and in a fixed order."""
    return write_text(folder, path, json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n")


def write_sums(folder: Path, files: Sequence[Written], keys: KeyRing) -> None:
    """Write SHA256SUMS, as `sha256sum -c` reads it, and the installation's signature of it (Ed25519)."""
    lines = [f"{one.sha256}  {one.path}\n" for one in sorted(files, key=lambda one: one.path)]
    write_text(folder, SUMS, "".join(lines))
    (folder / f"{SUMS}.sig").write_bytes(sign(keys, "".join(lines).encode(), BUNDLE))


def csv_text(header: list[str], rows: list[list[str]]) -> str:
    """A small table as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header, *([safe_cell(cell) for cell in row] for row in rows)])
    return text.getvalue()


def pack(folder: Path, out: Path, root: str, alive: Callable[[], object] = int) -> None:
    """Put a folder into a zip file, under the name `root`, in a fixed order and time: same content, same bytes."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{root}/{path.relative_to(folder).as_posix()}"
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with path.open("rb") as source, packed.open(info, "w") as target:
                while part := source.read(PACKED_AT_ONCE):
                    alive()
                    target.write(part)


def _refuse_what_is_there(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise Refused("bad-input", f"{out} is there already. Name a folder that does not exist yet.")
    if out.is_dir() and any(out.iterdir()):
        raise Refused("bad-input", f"The folder {out} is not empty. Name a folder that does not exist yet.")


def _refused(file: File, column: Column) -> str:
    # The value itself is not repeated: it may be anything.
    if UNLISTED not in column.missing:
        raise ValueError(f"{file.name}.{column.name} got a value that it does not declare")
    return UNLISTED


def _told(value: Any) -> Any:
    return round(value, 4) + 0.0 if isinstance(value, float) else value  # and no minus before nought


def _number(value: object) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
