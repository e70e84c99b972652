"""The attempt to single people out (docs/reidentification.md) finds what there is to find, by the files alone."""

import ast
from datetime import date
from pathlib import Path

import pandas

from tests.research import reidentify
from tests.research.conftest import build


def test_the_attempt_knows_nothing_of_the_program():
    tree = ast.parse(Path(reidentify.__file__).read_text("utf-8"))
    names = {one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    names |= {alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names}
    assert not [name for name in names if name.partition(".")[0] in ("server", "tests")]


def test_whom_fewest_facts_single_out_is_counted():
    told = pandas.DataFrame({"a": [1, 1, 2, 2], "b": [1, 2, 1, 1], "c": [7, 7, 7, 7]}, index=list("wxyz"))
    assert reidentify.alone(told, ("a", "b")).tolist() == [1, 1, 2, 2]
    assert reidentify.fewest(told, ("a", "b", "c")) == {1: 1, 2: 1, 0: 2}  # x by b, w by a and b
    assert reidentify.by_days({"w": frozenset((1, 8, 30)), "x": frozenset((3, 10))}, 3) == 1
    assert reidentify.by_days({"w": frozenset((1, 8)), "x": frozenset((3, 10))}, 2) == 0


def test_what_k_covers_singles_out_nobody_and_another_key_hides_nobody(demo_app, tmp_path, bundle):
    data = reidentify.tables(bundle.folder)
    told = reidentify.people(data, date.fromisoformat(bundle.manifest.as_of[:10]))
    assert reidentify.alone(told, ("age_band", "language")).min() >= 5
    other = build(tmp_path / "other", project="another")
    found = reidentify.joined(reidentify.shapes(data), reidentify.shapes(reidentify.tables(other.folder)))
    assert not found.keys() & set(found.values())
    assert len(found) > len(told) / 2, "it says less than before who is who: set docs/reidentification.md right"
