"""Writes tests/vectors/worksheet-definitions.json, which node reads: python -m tests.worksheets.write_vectors"""

import json
from functools import cache
from pathlib import Path

from server.worksheets.definition import Worksheet, to_wire, worksheet_from
from server.worksheets.folders import published_in
from server.worksheets.library import Library

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors"


def definitions() -> dict[str, dict]:
    """Every worksheet the vectors name, in the form the phone gets it."""
    made = json.loads((VECTORS / "worksheet-synthetic.json").read_text(encoding="utf-8"))
    synthetic = [worksheet_from(data, "0" * 64) for data in made]
    return {one.key: to_wire(one) for one in [*shipped(), *synthetic]}


def shipped() -> list[Worksheet]:
    """Every published worksheet, by its key; one that is still being written is none."""
    published = published_in(ROOT / "worksheets")
    return sorted((one for one in the_library().every() if one.key in published), key=lambda one: one.key)


@cache
def the_library() -> Library:
    """All that is in the folder, read once for a whole run: dozens of modules ask for it before any test begins."""
    return Library.load(ROOT / "worksheets", allow_broken=True)


if __name__ == "__main__":
    text = json.dumps(definitions(), ensure_ascii=False, separators=(",", ":")).replace('},"', '},\n"')
    (VECTORS / "worksheet-definitions.json").write_text(text + "\n", encoding="utf-8")
