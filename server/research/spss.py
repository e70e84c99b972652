"""Writes one SPSS file (.sav), row by row: labels, value labels, and the codes of what is missing as user-missing.

The format is that of the PSPP developers' guide, "System File Format". Written here because what writes it for Python
wants the whole table in memory and puts the time of day into the file. Coded columns are numbers with value labels.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from server.research.bundle import Written, hash_of, read_on
from server.research.columns import MISSING, Column, File

MISSING_NUMBER = {word: -99901.0 - place for place, word in enumerate(MISSING)}  # no day, hour or score is so low
_RANGE = (min(MISSING_NUMBER.values()), max(MISSING_NUMBER.values()))
WIDTH = 16  # of a pseudonym, and room for each missing word
_LONGEST_LABEL, _LONGEST_VALUE_LABEL = 255, 120
_NUMERIC, _TEXT = 5, 1
_LARGEST = struct.unpack("<d", bytes.fromhex("ffffffffffffef7f"))[0]
_SECOND = struct.unpack("<d", bytes.fromhex("feffffffffffefff"))[0]
_CASES_AT = 80  # where in the file the number of rows stands


def is_text(column: Column) -> bool:
    """Whether a column stays text: a pseudonym, or another pattern that has no list of codes."""
    return column.type == "string" and not column.codes


def number_of(column: Column) -> dict[str, float]:
    """The number that stands for each code of a column, and for each way it can be missing."""
    codes = {code: float(place) for place, code in enumerate(column.codes, start=1)}
    return codes | {word: MISSING_NUMBER[word] for word in column.missing}


class SavFile:
    """One .sav file beside its CSV."""

    def __init__(self, folder: Path, file: File) -> None:
        self.path, self._file, self._rows = f"spss/{file.name}.sav", file, 0
        target = folder / self.path
        target.parent.mkdir(exist_ok=True)
        self._row = struct.Struct("<" + "".join(f"{WIDTH}s" if is_text(one) else "d" for one in file.columns))
        self._numbers = [None if is_text(column) else number_of(column) for column in file.columns]
        self._out: BinaryIO = target.open("w+b")
        self._begins = self._out.write(_dictionary(file))

    def write(self, cells: Sequence[Any]) -> None:
        """One row, checked already, in the order of the columns."""
        packed = [
            str(cell).encode().ljust(WIDTH) if numbers is None else numbers[cell] if isinstance(cell, str) else cell
            for numbers, cell in zip(self._numbers, cells, strict=True)
        ]
        self._out.write(self._row.pack(*packed))
        self._rows += 1

    def take(self, folder: Path, rows: int) -> None:
        """The rows of the same table as another process wrote it, after those that are here."""
        for raw in read_on(folder / self.path, self._begins):
            self._out.write(raw)
        self._rows += rows

    def end_part(self) -> None:
        """Nothing is held back here."""

    def flush(self) -> None:
        """Let others read what was written so far."""
        self._out.flush()

    def finish(self) -> Written:
        """Put the number of rows where it belongs. Returns the hash of the file."""
        self._out.seek(_CASES_AT)
        self._out.write(struct.pack("<i", self._rows))
        self._out.flush()
        return Written(self.path, hash_of(self._out), self._rows)

    def close(self) -> None:
        """Let go of the file."""
        self._out.close()


def _dictionary(file: File) -> bytes:
    names = [f"V{place:05}" for place in range(1, len(file.columns) + 1)]
    parts = [_header(file), *(_variable(*pair) for pair in zip(names, file.columns, strict=True))]
    place = 1
    for column in file.columns:
        parts.append(_value_labels(column, place))
        place += WIDTH // 8 if is_text(column) else 1
    machine = (26, 0, 0, -1, 1, 1, 2, 65001)  # any version, IEEE, little end first, UTF-8
    long_names = "\t".join(f"{name}={column.name}" for name, column in zip(names, file.columns, strict=True))
    parts += [
        _more(3, 4, struct.pack("<8i", *machine)),
        _more(4, 8, struct.pack("<3d", -_LARGEST, _LARGEST, _SECOND)),
        _more(11, 4, b"".join(_display(column) for column in file.columns)),
        _more(13, 1, long_names.encode()),
        _more(20, 1, b"UTF-8"),
        _more(22, 1, b"".join(_missing_texts(column) for column in file.columns)),
    ]
    return b"".join(parts) + struct.pack("<ii", 999, 0)


def _header(file: File) -> bytes:
    elements = sum(WIDTH // 8 if is_text(column) else 1 for column in file.columns)
    product = b"@(#) SPSS DATA FILE Meantime".ljust(60)
    counted = struct.pack("<iiiiid", 2, elements, 0, 0, 0, 100.0)  # neither packed nor weighted; rows come at the end
    label = _cut(file.label, 64).ljust(64)
    return b"$FL2" + product + counted + b"01 Jan 80" + b"00:00:00" + label + b"\0\0\0"


def _variable(name: str, column: Column) -> bytes:
    label = _cut(column.label, _LONGEST_LABEL)
    padded = struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
    if is_text(column):
        shape = _TEXT << 16 | WIDTH << 8
        first = struct.pack("<6i8s", 2, WIDTH, 1, 0, shape, shape, name.encode()) + padded
        more = struct.pack("<6i8s", 2, -1, 0, 0, shape, shape, b" " * 8)
        return first + more * (WIDTH // 8 - 1)
    shape = _NUMERIC << 16 | 12 << 8 | (4 if column.type == "number" else 0)
    missing = struct.pack("<2d", *_RANGE) if column.missing else b""
    kind = -2 if column.missing else 0  # a range
    return struct.pack("<6i8s", 2, 0, 1, kind, shape, shape, name.encode()) + padded + missing


def _value_labels(column: Column, place: int) -> bytes:
    numbers = {} if is_text(column) else number_of(column)
    if not numbers:
        return b""
    words = {**column.codes, **{word: MISSING[word] for word in column.missing}}
    parts = [struct.pack("<ii", 3, len(numbers))]
    for code, number in numbers.items():
        label = _cut(f"{code}: {words[code]}", _LONGEST_VALUE_LABEL)
        parts.append(struct.pack("<dB", number, len(label)) + label.ljust(-(-(len(label) + 1) // 8) * 8 - 1))
    return b"".join(parts) + struct.pack("<iii", 4, 1, place)


def _display(column: Column) -> bytes:
    if is_text(column):
        return struct.pack("<3i", 1, WIDTH, 0)
    return struct.pack("<3i", 1 if column.codes else 3, 12, 1)


def _missing_texts(column: Column) -> bytes:
    """User-missing of a text goes by its first eight letters, and there are three at most."""
    if not is_text(column) or not column.missing:
        return b""
    words = [word.encode()[:8].ljust(8) for word in column.missing[:3]]
    name = column.name.encode()
    return struct.pack("<i", len(name)) + name + struct.pack("<Bi", len(words), 8) + b"".join(words)


def _more(subtype: int, size: int, data: bytes) -> bytes:
    return struct.pack("<4i", 7, subtype, size, len(data) // size) + data if data else b""


def _cut(text: str, most: int) -> bytes:
    return text.encode()[:most].decode(errors="ignore").encode()
