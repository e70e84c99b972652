"""Reads a research bundle into pandas: checks every file against the manifest, then types and labels every column.

In the folder of the bundle, `python scripts/load.py` prints what is there. In a script or notebook beside it:

    import sys; sys.path.insert(0, "scripts")
    from load import load
    data = load(".")                      # {"occurrences": DataFrame, ...}
    data["occurrences"].attrs["labels"]   # what each column says; attrs["codes"]: what each code says

A missing value is NaN. `load(".", reasons=True)` adds `<column>__missing`, which says why it is missing. Needs pandas.
"""

import hashlib
import json
import sys
from pathlib import Path

import pandas as pd

WHY = "__missing"


class NotAsWritten(Exception):
    """A file is not the one that the manifest names."""


def check(folder):
    """Compare every file with the manifest. Returns how many there are; NotAsWritten names the first that differs."""
    folder = Path(folder)
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    for file in files:
        path = folder / file["path"]
        if not path.is_file():
            raise NotAsWritten(f"{file['path']} is not there.")
        with path.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != file["sha256"]:
                raise NotAsWritten(f"{file['path']} is not as it was written.")
    return len(files)


def load(folder=".", reasons=False, checked=True):
    """Every table of the bundle by its name, typed and labelled."""
    folder = Path(folder)
    if checked:
        check(folder)
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    said = pd.read_csv(folder / "codebook" / "codes.csv", dtype=str, keep_default_na=False)
    each = said.groupby(["file", "column"], sort=False)
    codes = {key: dict(zip(rows["code"], rows["label"], strict=True)) for key, rows in each}
    return {one["name"]: _table(folder, one, codes, reasons) for one in package["resources"]}


def _table(folder, resource, codes, reasons):
    name, schema = resource["name"], resource["schema"]
    raw = pd.read_csv(folder / resource["path"], dtype=str, keep_default_na=False, encoding="utf-8")
    missing = set(schema["missingValues"])
    columns = {}
    for field in schema["fields"]:
        cells = raw[field["name"]]
        gone = cells.isin(missing)
        columns[field["name"]] = _typed(field, cells.mask(gone))
        if reasons and gone.any():
            columns[field["name"] + WHY] = cells.where(gone).astype("category")
    table = pd.DataFrame(columns)
    fields = schema["fields"]
    table.attrs["label"] = resource["title"]
    table.attrs["labels"] = {field["name"]: field["description"] for field in fields}
    table.attrs["codes"] = {field["name"]: codes.get((name, field["name"]), {}) for field in fields}
    return table


def _typed(field, cells):
    if field["type"] == "integer":
        return pd.to_numeric(cells).astype("Int64")
    if field["type"] == "number":
        return pd.to_numeric(cells).astype("float64")
    among = field["constraints"].get("enum")
    return cells.astype(pd.CategoricalDtype(among)) if among else cells


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1])
    try:
        print(f"{check(where)} files are as the manifest says.")
    except NotAsWritten as wrong:
        sys.exit(str(wrong))
    for table_name, rows in load(where, checked=False).items():
        print(f"{table_name}: {len(rows)} rows, {len(rows.columns)} columns. {rows.attrs['label']}")
