"""A table takes nothing its columns do not declare, and never repeats what it refused."""

import pytest

from server.research.bundle import TableFile, csv_text, staged
from server.research.columns import Column, File

FILE = File(
    "things",
    "Things",
    (
        Column("code", ("episode.problem",), "as_is", "A code", codes={"a": "A"}, missing=("not-known", "unlisted")),
        Column("way", ("attendance.state",), "as_is", "A closed code", codes={"b": "B"}),
        Column("number", ("occurrence.extra",), "as_is", "A number", "number", missing=("not-known",)),
    ),
    ("code",),
)


def written(folder, *rows):
    with TableFile(folder, FILE) as table:
        for row in rows:
            table.write_cells(table.in_order(row))
        done = table.finish()
    return (folder / FILE.path).read_text("utf-8"), done


def test_a_row_is_written_as_it_was_declared(tmp_path):
    text, done = written(tmp_path, {"code": "a", "way": "b", "number": -2.50})
    assert text == "code,way,number\na,b,-2.5\n"
    assert done.rows == 1


def test_an_open_code_nobody_declared_becomes_unlisted(tmp_path):
    assert written(tmp_path, {"code": "Anna", "way": "b", "number": "not-known"})[0].endswith("unlisted,b,not-known\n")


@pytest.mark.parametrize("row", [{"way": "Anna"}, {"number": "Anna"}, {"number": True}, {"number": None}])
def test_what_no_column_declares_is_refused_without_repeating_it(tmp_path, row):
    with pytest.raises(ValueError, match="does not declare") as wrong:
        written(tmp_path, {"code": "a", "way": "b", "number": 1, **row})
    assert "Anna" not in str(wrong.value)


@pytest.mark.parametrize("row", [{"code": "a", "way": "b"}, {"code": "a", "way": "b", "number": 1, "name": "Anna"}])
def test_a_row_with_other_columns_is_refused(tmp_path, row):
    with pytest.raises(ValueError, match="not its columns"):
        written(tmp_path, row)


def test_a_small_table_runs_no_formula():
    assert csv_text(["x"], [["=1+1"]]) == "x\n'=1+1\n"


def test_a_folder_that_is_being_written_is_not_there_yet(tmp_path):
    out = tmp_path / "deep" / "out"
    with staged(out) as folder:
        (folder / "a").write_text("a")
        assert not out.exists()
    assert (out / "a").read_text() == "a"
    assert [path.name for path in out.parent.iterdir()] == ["out"]
