"""The same tables in every format, read by programs that know nothing of ours."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy
import pandas
import pyarrow.parquet
import pyreadstat
import pytest
from click.testing import CliRunner
from frictionless import Package

from server.commands import main
from server.research import parquet, stata, tables
from server.research.columns import MISSING, Column, File
from server.research.installed import files_of_installation
from server.research.spss import MISSING_NUMBER, SavFile
from tests.research.conftest import build


def resources(bundle):
    return bundle.json("datapackage.json")["resources"]


def test_spss_reads_what_the_csv_says(bundle):
    for resource in resources(bundle):
        name, fields = resource["name"], resource["schema"]["fields"]
        frame, told = pyreadstat.read_sav(bundle.folder / f"spss/{name}.sav", user_missing=True)
        assert told.column_names_to_labels == {field["name"]: field["description"] for field in fields}
        words = {
            column: {number: label.partition(": ")[0] for number, label in labels.items()}
            for column, labels in told.variable_value_labels.items()
        }
        rows = bundle.rows(name)
        assert len(frame) == len(rows) and (rows or name == "consents")  # of a study: tests/studies
        for field in fields:
            said = [row[field["name"]] for row in rows]
            meant = words.get(field["name"], {})
            for cell, value in zip(said, frame[field["name"]].tolist(), strict=True):
                read = meant.get(value, value)
                assert read == cell or float(read) == pytest.approx(float(cell), abs=1e-4), (name, field)


def test_spss_takes_every_missing_code_as_missing(bundle):
    for resource in resources(bundle):
        frame, told = pyreadstat.read_sav(bundle.folder / f"spss/{resource['name']}.sav")
        for field in resource["schema"]["fields"]:
            if field["name"] in told.missing_ranges and frame[field["name"]].dtype.kind == "f":
                gone = sum(row[field["name"]] in MISSING for row in bundle.rows(resource["name"]))
                assert frame[field["name"]].isna().sum() == gone, field
    frame, told = pyreadstat.read_sav(bundle.folder / "spss/occurrences.sav", user_missing=True)
    assert told.missing_ranges["done_day"] == [{"lo": -99907.0, "hi": -99901.0}]
    assert told.missing_ranges["interval_id"][0]["lo"].startswith("not-appl")


def test_no_day_or_score_is_as_low_as_a_missing_code(bundle):
    lowest = max(MISSING_NUMBER.values())
    for resource in resources(bundle):
        for field in resource["schema"]["fields"]:
            if field["type"] != "string":
                cells = [row[field["name"]] for row in bundle.rows(resource["name"])]
                assert all(float(cell) > lowest for cell in cells if cell not in MISSING)


def test_a_label_that_is_too_long_is_cut_between_letters(tmp_path):
    column = Column("c", ("episode.problem",), "as_is", "é" * 200, codes={"a": "ü" * 100, "b": "B"})
    sav = SavFile(tmp_path, File("t", "ô" * 60, (column,), ("c",)))
    sav.write(["a"])
    sav.finish()
    sav.close()
    _, told = pyreadstat.read_sav(tmp_path / "spss" / "t.sav")
    assert told.column_labels == ["é" * 127]
    assert told.variable_value_labels["c"] == {1.0: "a: " + "ü" * 58, 2.0: "b: B"}
    assert told.file_label == "ô" * 32


def test_parquet_reads_what_the_csv_says(bundle):
    for resource in resources(bundle):
        table = pyarrow.parquet.read_table(bundle.folder / f"parquet/{resource['name']}.parquet")
        found, rows = table.to_pylist(), bundle.rows(resource["name"])
        assert len(found) == len(rows)
        for cells, row in zip(found, rows, strict=True):
            for field in resource["schema"]["fields"]:
                value, said = cells[field["name"]], row[field["name"]]
                if value is None:
                    assert cells[f"{field['name']}__missing"] == said
                else:
                    assert value == said or float(value) == float(said), "the same in each format, to the last digit"
    state = table.schema.field(0).metadata
    assert state[b"label"] == b"The client"


def test_parquet_is_written_a_few_rows_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "CELLS_AT_ONCE", 2)
    monkeypatch.setattr(parquet, "CELLS_IN_GROUP", 4)
    column = Column("n", ("occurrence.extra",), "as_is", "N", "integer", missing=("not-known",))
    file = parquet.ParquetFile(tmp_path, File("t", "T", (column,), ("n",)))
    for n in range(10):
        file.write([n if n % 3 else "not-known"])
        assert len(file._waiting) < 2 and sum(one.num_rows for one in file._packed) < 4
    assert file.finish().rows == 10
    read = pyarrow.parquet.ParquetFile(tmp_path / "parquet" / "t.parquet")
    assert read.metadata.num_row_groups == 3
    assert read.read()["n"].to_pylist() == [None, 1, 2, None, 4, 5, None, 7, 8, None]


def test_without_pyarrow_there_is_no_parquet_and_the_command_says_so(demo_app, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "util", SimpleNamespace(find_spec=lambda name: None))
    bundle = build(tmp_path / "b")
    assert not [path for path in bundle.files() if path.startswith("parquet/")]
    assert "spss/occurrences.sav" in bundle.files()
    assert parquet.MISSING_HERE in tables.left_out()
    monkeypatch.setenv("MEANTIME_DATA", str(demo_app.config["MEANTIME"].data))
    monkeypatch.setenv("MEANTIME_KEY_FILE", str(demo_app.config["MEANTIME"].key_file))
    said = CliRunner().invoke(main, ["export", "--out", str(tmp_path / "again")], catch_exceptions=False)
    assert parquet.MISSING_HERE in said.output


@pytest.fixture(scope="session")
def only_pandas(tmp_path_factory) -> dict[str, str]:
    """Surroundings in which Python finds pandas, what pandas itself needs, and nothing else of ours."""
    site = tmp_path_factory.mktemp("only pandas")
    packages = Path(pandas.__file__).parents[1]
    for path in packages.iterdir():
        if path.name.partition(".")[0] in ("pandas", "numpy", "dateutil", "six", "pytz", "tzdata"):
            (site / path.name).symlink_to(path)
    assert numpy.__file__.startswith(str(packages))
    return {"PYTHONPATH": str(site), "PATH": os.environ["PATH"]}


def run(folder, only_pandas, *script):
    asked = [sys.executable, "-S", *script]
    return subprocess.run(asked, cwd=folder, env=only_pandas, capture_output=True, text=True, check=False)


LOOK = """
import json, sys
sys.dont_write_bytecode = True  # the bundle is looked at by others, and nothing is added to it
sys.path.insert(0, "scripts")
from load import load
data = load(".", reasons=True)
try:
    import flask
except ImportError:
    flask = None
times = data["occurrences"]
print(json.dumps({
    "alone": flask is None,
    "rows": {name: len(table) for name, table in data.items()},
    "interval": str(times["interval"].dtype),
    "states": list(times["state"].cat.categories),
    "done": int((times["state"] == "done").sum()),
    "why": times["done_day__missing"].dropna().unique().tolist(),
    "mean": float(times["done_day"].mean()),
    "label": times.attrs["labels"]["state"],
    "code": times.attrs["codes"]["state"]["unknown"],
}))
"""


def test_the_python_loader_types_and_labels_with_nothing_but_pandas(bundle, only_pandas):
    done = run(bundle.folder, only_pandas, "-c", LOOK)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    rows = bundle.rows("occurrences")
    assert told["alone"]
    assert told["rows"] == {one["name"]: len(bundle.rows(one["name"])) for one in resources(bundle)}
    assert told["interval"] == "Int64"
    assert told["done"] == sum(row["state"] == "done" for row in rows)
    assert told["why"] == ["not-applicable"]
    days = [int(row["done_day"]) for row in rows if row["done_day"] not in MISSING]
    assert told["mean"] == pytest.approx(sum(days) / len(days))
    assert (told["label"], told["code"]) == ("What became of it", "Due; no such contact since, so nobody knows")
    assert told["states"][0] == "planned"


def test_the_python_loader_names_a_file_that_was_changed(bundle, only_pandas, tmp_path):
    shutil.copytree(bundle.folder, tmp_path / "b")
    with (tmp_path / "b" / "data" / "entries_data.csv").open("a") as changed:
        changed.write("x\n")
    done = run(tmp_path / "b", only_pandas, "scripts/load.py")
    assert done.returncode == 1
    assert done.stderr == "data/entries_data.csv is not as it was written.\n"


R = shutil.which("Rscript")
R_LOOK = """
source("scripts/load.R")
data <- load_bundle(".")
times <- data$occurrences
cat(length(data), nrow(times), sum(times$state == "done"), "")
cat(sum(is.na(times$done_day)), sum(times$done_day, na.rm = TRUE), "\\n")
cat(attr(times$state, "label"), attr(times$state, "codes")[["unknown"]], "\\n")
cat(as.character(unique(stats::na.omit(missing_why("occurrences", "done_day")))), "\\n")
"""


@pytest.mark.skipif(R is None, reason="R is not on this machine: scripts/load.R was not run")
def test_the_r_loader_types_and_labels_with_nothing_but_r(bundle, tmp_path):
    (tmp_path / "look.R").write_text(R_LOOK)
    done = subprocess.run([R, tmp_path / "look.R"], cwd=bundle.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = bundle.rows("occurrences")
    days = [row["done_day"] for row in rows]
    known = [int(day) for day in days if day not in MISSING]
    finished = sum(row["state"] == "done" for row in rows)
    first, second, third = done.stdout.splitlines()
    counts = [len(resources(bundle)), len(rows), finished, len(days) - len(known), sum(known)]
    assert [int(n) for n in first.split()] == counts
    assert second.strip() == "What became of it Due; no such contact since, so nobody knows"
    assert third.strip() == "not-applicable"
    shutil.copytree(bundle.folder, tmp_path / "b")
    (tmp_path / "b" / "README.md").write_text("mine")
    changed = subprocess.run([R, "scripts/load.R"], cwd=tmp_path / "b", capture_output=True, text=True, check=False)
    assert changed.returncode != 0 and "Not as written: README.md" in changed.stderr


def test_the_do_file_names_every_column_once_and_closes_every_quote(demo_app):
    files = files_of_installation()
    text = stata.do_file(files)
    for file in files:
        names = stata.names(file)
        assert len(set(names)) == len(names) and max(map(len, names)) <= 32
        assert all(f"label variable {name} " in text for name in names)
    for line in text.splitlines():
        assert line.startswith("*") or line.count('"') % 2 == 0
        assert line.startswith("*") or line.count("`") == line.count('`"') == line.count("\"'")


def test_frictionless_finds_the_bundle_valid_and_a_wrong_cell_in_it(bundle, tmp_path):
    report = Package(str(bundle.folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:3]
    assert len(report.tasks) == len(resources(bundle))
    shutil.copytree(bundle.folder, tmp_path / "b")
    wrong = tmp_path / "b" / "data" / "episodes_data.csv"
    wrong.write_text(wrong.read_text("utf-8").replace(",completed,", ",finished,", 1), "utf-8")
    report = Package(str(tmp_path / "b" / "datapackage.json")).validate()
    assert {error[0] for error in report.flatten(["type"])} == {"constraint-error"}


def test_the_codebook_as_a_page_has_every_column_and_every_question_and_needs_nothing_else(bundle):
    page = bundle.files()["codebook/codebook.html"].decode()
    assert "src=" not in page and "http" not in page and "<script" not in page
    for resource in resources(bundle):
        assert f'<h2 id="{resource["name"]}">' in page
        for field in resource["schema"]["fields"]:
            assert f'<th scope="row"><code>{field["name"]}</code></th>' in page
    assert "How long did it take to fall asleep?" in page
    assert "Text stays here" in page
