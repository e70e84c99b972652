"""Reads a table that somebody pasted or saved from another system, its heads in any order. Pure.

Cells are apart by tabs, semicolons or commas. Nothing here knows what a column means. A cell is text and stays text,
also one that begins like a formula.
"""

import csv
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

MOST_ROWS = 500
MOST_LINES = 10  # of one row, whose cells may have line ends
MARKS = ("\t", ";", ",")
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True)
class Line:
    """One row: the number of its line as an editor counts (the heads are line 1), and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def of(self, column: str) -> str:
        """A cell, "" where there is none."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """What was read. `trouble` says in a sentence why nothing could be; `unused` are heads that nobody asked for."""

    lines: tuple[Line, ...] = ()
    columns: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    trouble: str = ""


def read_table(text: str, known: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Table:
    """Read a list. `known`: column → the heads it goes by; `needed`: columns without which it is none.

    A head is compared without case, blanks, dots and dashes. An empty line is passed over, and a cell too many is not
    looked at. At most 500 rows: a longer list is not cut off but refused.
    """
    try:
        rows = [(number, cells) for number, cells in _rows(text) if any(cells)]
    except csv.Error as unclosed:
        return Table(trouble=f"Line {unclosed} has quotation marks that do not close. Leave that cell out.")
    if not rows:
        return Table(trouble="There is nothing in this list yet.")
    heads = [named(head, known) for head in rows[0][1]]
    columns = tuple(name for name in heads if name)
    twice = next((name for name in columns if columns.count(name) > 1), None)
    missing = [name for name in needed if name not in columns]
    if missing:
        wanted = ", ".join(known[name][0] for name in missing)
        return Table(trouble=f"The first line names the columns. We did not find: {wanted}.")
    if twice:
        return Table(trouble=f"Two columns are called “{known[twice][0]}”. Keep the one that counts.")
    if len(rows) == 1:
        return Table(trouble="There are column headings, but no rows under them.")
    if len(rows) - 1 > MOST_ROWS:
        return Table(trouble=f"These are {len(rows) - 1:,} rows. Send at most {MOST_ROWS} at a time.")
    unused = tuple(cell for cell, name in zip(rows[0][1], heads, strict=True) if cell and not name)
    return Table(tuple(_line(number, heads, cells) for number, cells in rows[1:]), columns, unused)


def only_lines(text: str, wanted: Collection[int]) -> str:
    """A list that `read_table` reads, cut down to its heads and the rows that begin on these lines (`Line.number`)."""
    lines, found = _plain(text).split("\n"), [(number, any(cells)) for number, cells in _rows(text)]
    heads = next(number for number, said in found if said)
    ends = [number for number, _ in found[1:]] + [len(lines) + 1]
    rows = zip([number for number, _ in found], ends, strict=True)
    kept = [lines[begins - 1 : ends - 1] for begins, ends in rows if begins == heads or begins in wanted]
    return "\n".join(line for row in kept for line in row) + "\n"


def bare(words: str) -> str:
    """Words as they are compared: lower case, letters and figures with one blank between them."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", words).casefold()))


def named(text: str, known: Mapping[str, Sequence[str]]) -> str:
    """The name under which words are known, "" where they are not or nothing is said."""
    said = bare(text)
    return next((name for name, words in known.items() if said and said in map(bare, words)), "")


def _plain(text: str) -> str:
    text = text.translate(INVISIBLE).replace("\u00a0", " ").replace("\r\n", "\n").replace("\r", "\n")
    if re.match(r"\s*sep=.\n", text):  # Excel's own first line
        text = "\n" + text.lstrip().partition("\n")[2]
    return text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    text = _plain(text)
    first = next((line for line in text.split("\n") if line.strip()), "")
    mark = max(MARKS, key=lambda one: (first.count(one), -MARKS.index(one)))
    reader = csv.reader(text.split("\n"), delimiter=mark, strict=True)
    rows, last = [], 0
    try:
        for row in reader:
            rows.append((last + 1, [_cell(cell) for cell in row]))
            if reader.line_num - last > MOST_LINES:  # a mark that closes only by chance would swallow rows
                raise csv.Error
            last = reader.line_num
    except csv.Error:
        raise csv.Error(last + 1) from None
    return rows


def _cell(text: str) -> str:
    """Excel writes ="0012" to keep noughts, and an apostrophe before what is text."""
    text = " ".join(text.split())
    kept = re.fullmatch(r'="(.*)"', text)
    return kept[1].strip() if kept else text.removeprefix("'")


def _line(number: int, heads: Sequence[str], cells: Sequence[str]) -> Line:
    return Line(number, {name: cell for name, cell in zip(heads, cells, strict=False) if name and cell})
