"""The shipped phone app and the real server through every fault, seed by seed; and defects put in are found."""

import pytest

from tests.harness import soak
from tests.harness.planted import PLANTS

ALL, SEEDS, LONG = 500, 100, 2_000  # 500 are in the suite, in bunches that both cores share; ./run soak runs any number
ENOUGH = 200


@pytest.fixture(scope="module")
def world():
    with soak.world() as made:
        yield made


@pytest.mark.parametrize("first", [*range(1, ALL, SEEDS), pytest.param(10_001, marks=pytest.mark.long)])
def test_nothing_is_lost_doubled_or_stuck(world, first):
    count = LONG if first > ALL else SEEDS
    assert broken(soak.run(world, range(first, first + count))) == []


def test_nothing_is_lost_with_twenty_phones_at_once():
    with soak.world(20) as twenty:
        assert broken(soak.run(twenty, [1], phones=20, steps=30)) == []


def test_days_pass_and_phones_are_copied_and_run_flat(world):
    """Tokens change and come back, a backup is put onto another phone: nothing is lost, and all goes on."""
    told = list(soak.run(world, range(1, 4), more={"days": 6, "copied": 4, "power": 12, "ended": 0}))
    assert broken(told) == []
    for what in ("days", "copied", "power"):
        assert sum(one["counted"].get(what, 0) for one in told) > 0, what


@pytest.mark.parametrize(
    "plant",
    [pytest.param(one, id=one.name, marks=[pytest.mark.long] if one.takes > 10 else []) for one in PLANTS],
)
def test_a_defect_put_in_is_found(world, plant):
    told = soak.run(world, range(1, ENOUGH), plants=plant.told, more=plant.more, until_broken=True)
    found = broken(told)
    assert found, "not found"
    assert {one["kind"] for one in found[0][1]} & plant.caught_as


def broken(told):
    """The seeds that broke, and how; each replays by itself."""
    return [(one["seed"], one["broken"]) for one in told if one["broken"]]
