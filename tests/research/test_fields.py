"""The allow-list is whole, and lets nothing out as it is that names, tells or identifies."""

from importlib import import_module
from pathlib import Path

import pytest

from server import classes
from server.assignments.rules import BARRIERS
from server.extensions import Row
from server.research import codes
from server.research.columns import MAY_LEAVE, MISSING, Column
from server.research.denied import DENIED, REASONS
from server.research.fields import FILES

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = [(file, column) for file in FILES for column in file.columns]


@pytest.fixture(scope="module")
def database():
    for models in sorted((ROOT / "server").glob("*/models.py")):
        import_module(f"server.{models.parent.name}.models")
    return {f"{table.name}.{column.name}" for table in Row.metadata.tables.values() for column in table.c}


def exported():
    return {source for _, column in COLUMNS for source in column.sources}


def denied():
    return [f"{table}.{name}" for table, by in DENIED.items() for names in by.values() for name in names.split()]


@pytest.mark.parametrize(("file", "column"), COLUMNS, ids=lambda one: one.name)
def test_a_column_leaves_only_in_a_way_its_class_allows(file, column):
    assert column.sources
    for source in column.sources:
        assert column.how in MAY_LEAVE[classes.class_of(*source.split("."))], source


def test_nothing_secret_named_written_or_operational_leaves_as_it_is():
    for shut in ("secret", "identity", "free_text", "operational"):
        assert "as_is" not in MAY_LEAVE[shut]
    assert MAY_LEAVE["secret"] == frozenset()


def test_every_class_has_its_ways_out():
    assert set(MAY_LEAVE) == {name for by in classes.CLASSES.values() for name in by}


def test_every_database_column_is_exported_or_denied_by_name(database):
    assert exported() | set(denied()) == database


def test_no_column_is_both_exported_and_denied():
    assert sorted(exported() & set(denied())) == []
    assert len(denied()) == len(set(denied()))


def test_every_denial_has_a_reason():
    assert {reason for by in DENIED.values() for reason in by} == set(REASONS)


@pytest.mark.parametrize(("file", "column"), COLUMNS, ids=lambda one: one.name)
def test_every_text_column_is_closed(file, column):
    """A column of words has its codes, or a pattern that no sentence fits."""
    assert column.label
    assert set(column.missing) <= set(MISSING)
    if column.type == "string":
        assert column.codes or column.pattern
        assert not column.allows("Anna Kowalska said she is low")
        assert not column.allows("943 476 5919")
    else:
        assert not column.allows("943 476 5919")


def test_every_barrier_of_the_house_has_its_label():
    assert set(codes.BARRIERS) == set(BARRIERS)


def test_no_file_has_a_column_twice():
    for file in FILES:
        assert len(set(file.names)) == len(file.names)
        assert set(file.key) <= set(file.names)


def test_every_key_to_another_file_names_a_key_there():
    keys = {f"{file.name}.{name}" for file in FILES for name in file.key}
    for file in FILES:
        assert set(file.belongs_to) <= set(file.names)
        assert set(file.belongs_to.values()) <= keys


def test_a_column_that_declares_nothing_lets_nothing_pass():
    assert not Column("x", ("client.id",), "as_is", "X").allows("anything")


# Hours between two moments. With the day or part of the day of both, a handful of them tell the hour of each.
HOURS_WITH_ONE_END_UNTOLD = {
    "entries.hours_to_entry": "when it was saved is told by no other column",
    "entries.hours_to_server": "neither when it was saved nor when it arrived",
    "deliveries.hours_late": "not when it was accepted",
    "deliveries.hours_to_open": "not when it was opened",
    "intervals.m10_median_hours": "not when it was saved",
}


def test_hours_lie_only_between_moments_of_which_one_is_told_by_nothing_else():
    """docs/reidentification.md: from agreeing to doing, the hour of the appointment came out."""
    told = {f"{file.name}.{column.name}" for file, column in COLUMNS if column.unit == "hours" or column.how == "hours"}
    assert told == set(HOURS_WITH_ONE_END_UNTOLD)
