"""docs/faults.md names a test for each of the forty-four faults, and each is there; and says what plants took."""

import re
from pathlib import Path

from tests.harness.planted import PLANTS

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| F(\d\d) \|.*\| `([^`]+)`: `([^`]+)` \|$", re.MULTILINE)
PLANTED = re.compile(r"^\| ([^|]+) \| [^|]+ \| (\d+) \|$", re.MULTILINE)


def test_every_fault_has_a_test_that_is_there():
    rows = ROW.findall((ROOT / "docs" / "faults.md").read_text())
    assert [number for number, _, _ in rows] == [f"{n:02}" for n in range(1, 45)]
    missing = [(file, name) for _, file, name in rows if not is_there(file, name)]
    assert missing == []


def test_the_table_of_planted_defects_says_how_many_seeds_each_took():
    _, _, section = (ROOT / "docs" / "faults.md").read_text().partition("## Planted defects")
    told = {name: int(seeds) for name, seeds in PLANTED.findall(section.partition("\n## ")[0])}
    assert told == {plant.name: plant.takes for plant in PLANTS}


def is_there(file: str, name: str) -> bool:
    """Whether a test of that beginning is in that file."""
    opening = f"def {name}" if file.endswith(".py") else f"test('{name}"
    return opening in (ROOT / file).read_text()
