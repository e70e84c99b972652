"""Identifiers planted in every text of every table come out nowhere: not in the bundle, nor in logs or errors."""

import csv
import io
import json
import logging
import re
import zipfile
from contextlib import contextmanager
from itertools import islice

import pyarrow.parquet
import pytest
from sqlalchemy import JSON, String, Uuid, select, update

from server.entries.models import Revision
from server.extensions import Row, atomic, db
from server.people.models import Client
from server.research import export as building
from server.research import facts, tables
from server.research.actions import built
from server.research.bundle import pack
from server.research.columns import Column, File
from server.research.export import export
from server.research.parquet import ParquetFile
from server.research.tables import Tables
from server.research.trouble import CannotBuild
from server.sealing import Sealed
from tests.conftest import Demonstration

NOW = Demonstration.now
# A name, an NHS number, a postcode, a telephone number, an e-mail address, a sentence, a formula.
CANARY = (
    "=HYPERLINK Zebediah Quillfeather 943 476 5919 M13 9PL 07700 900123 zeb@quill.example I cannot bear the attic +cmd|"
)
TOKENS = (
    "hyperlink", "zebediah", "quillfeather", "943 476", "9434765919", "m13 9pl", "07700", "900123", "quill.example",
    "bear the attic", "cmd|",
)  # fmt: skip
SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
PLANTED = {"kind": CANARY, "times": CANARY, "weekdays": [CANARY], CANARY: CANARY}


NEEDED = {"client.zone", "appointment_change.zone", "attendance.state", "assignment_version.rhythm", "revision.outcome"}


def text_columns():
    """Every plain column that can hold words, ids left out."""
    for table in Row.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | JSON) and not isinstance(column.type, Uuid):
                yield table, column


def sealed_attributes():
    """Every sealed text, with its model."""
    for mapper in Row.registry.mappers:
        for name, attribute in vars(mapper.class_).items():
            if isinstance(attribute, Sealed):
                yield mapper.class_, name, attribute


def words_in(name, content):
    """What a file says: its bytes as they lie (a .sav is not packed), and, where these are packed, what is in them."""
    yield content.decode("latin-1")
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for inner in packed.namelist():
                yield from (inner, *words_in(inner, packed.read(inner)))
    if name.endswith(".parquet"):
        table = pyarrow.parquet.read_table(io.BytesIO(content))
        yield str({field.name: field.metadata for field in table.schema})
        yield from (str(table[column].unique().to_pylist()) for column in table.column_names)


def assert_clean(tmp_path, caplog, error=None):
    """No token of the canary anywhere a researcher or an operator can look."""
    said = [(record.name, record.getMessage() + str(record.exc_info)) for record in caplog.records]
    said += [("the error", f"{error} {error!r}")] if error else []
    for path in tmp_path.rglob("*"):
        if path.is_file() and "meantime" not in path.name:
            said += [(path.name, words) for words in (path.name, *words_in(path.name, path.read_bytes()))]
    for where, words in said:
        lowered = SHA256.sub("", words.lower())  # of its digits some look like a telephone number by chance
        assert [token for token in TOKENS if token in lowered] == [], where


def plant_what_is_sealed(but=()):
    """The canary in every row of every sealed text, less those of some tables."""
    with atomic():
        for model, name, attribute in sealed_attributes():
            for row in db.session.scalars(select(model)) if model.__tablename__ not in but else ():
                if model is Revision:
                    body = row.body
                    body["payload"] = {"answers": {"thought": CANARY, CANARY: CANARY}, "words": CANARY, "text": CANARY}
                    row.body = body
                else:
                    setattr(row, name, PLANTED if attribute.as_json else CANARY)


@pytest.fixture
def few(demo_app, monkeypatch):
    """The demonstration, of which three clients are exported, in a database that takes anything anywhere."""
    monkeypatch.setattr(building, "clients", lambda *asked: islice(facts.clients(*asked), 3))
    with db.engine.connect() as connection, connection.begin():
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return demo_app


@contextmanager
def planted(table, column):
    """The canary in every row of one column, and afterwards what was there before. Gives how many rows there are."""
    name, what = f'"{table.name}"', f'"{column.name}"'
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.commit()
        with connection.begin():
            connection.exec_driver_sql(f"CREATE TABLE kept AS SELECT rowid AS r, {what} AS v FROM {name}")
            value = json.dumps(PLANTED) if isinstance(column.type, JSON) else CANARY
            more = "" if isinstance(column.type, JSON) else " || rowid"
            rows = connection.exec_driver_sql(f"UPDATE {name} SET {what} = ?{more}", (value,)).rowcount
        yield rows
        with connection.begin():
            connection.exec_driver_sql(f"UPDATE {name} SET {what} = (SELECT v FROM kept WHERE r = {name}.rowid)")
            connection.exec_driver_sql("DROP TABLE kept")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")


def test_the_list_of_what_is_planted_is_long():
    planted = {f"{table.name}.{column.name}" for table, column in text_columns()}
    assert {"episode.problem", "revision.barrier", "assignment_version.rhythm", "client.language"} <= planted
    assert len(planted) > 70
    assert len(list(sealed_attributes())) == sum(
        column.name.endswith("_sealed") for table in Row.metadata.sorted_tables for column in table.columns
    )


def everybody_may_be_in_it() -> None:
    """Nobody said no: then every row is looked at."""
    with atomic():
        db.session.execute(update(Client).where(Client.research == "no").values(research="not_asked"))


def test_names_and_writing_of_every_kind_stay_here(demo_app, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    plant_what_is_sealed()
    opened = db.session.scalars(select(Client)).first()
    assert opened.preferred_name == CANARY  # it is really there
    everybody_may_be_in_it()
    manifest = export(tmp_path / "bundle", now=NOW, basis="approved")
    with atomic():
        built(manifest=manifest, by="operator", now=NOW)
    assert manifest.clients == 40
    export(tmp_path / "packed", now=NOW, basis="approved", zip=True)
    formats = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}
    assert {".csv", ".json", ".html", ".sav", ".parquet", ".zip", ".do", ".R", ".py", ".md"} <= formats
    assert_clean(tmp_path, caplog)


@pytest.mark.parametrize("kind", ["csv", "parquet", "sav", "zip"])
def test_the_look_finds_a_word_in_every_format(tmp_path, caplog, kind):
    column = Column("c", ("client.language",), "as_is", "C", pattern=".*")
    file = File("t", "T", (column,), ("c",))
    with Tables(tmp_path / "b", [file]) as tables:
        tables.write_cells("t", ["zebediah"])
        tables.finish()
    pack(tmp_path / "b", tmp_path / "b.zip", "b")
    for path in [one for one in tmp_path.rglob("*") if one.is_file() and one.suffix != f".{kind}"]:
        path.unlink()
    with pytest.raises(AssertionError, match="zebediah"):
        assert_clean(tmp_path, caplog)


def test_a_canary_in_any_plain_column_stays_here(few, tmp_path, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(building, "explain", lambda *told: [])  # made of the definitions, the same a hundred times
    monkeypatch.setattr(building, "_report", lambda *told: [])  # reads what explains it
    broke, tried = set(), 0
    for table, column in text_columns():
        with planted(table, column) as rows:
            error, kept = None, tmp_path / f"{table.name}-{column.name}"
            try:
                export(kept, now=NOW, basis="approved")
            except CannotBuild as wrong:
                error = wrong
                broke.add(f"{table.name}.{column.name}")
            assert_clean(kept, caplog, error)
            tried += bool(rows)
    assert tried > 60
    # Without these nothing can be worked out; any other gives a bundle, with a code for what nobody declared.
    assert broke <= NEEDED


def test_a_code_nobody_declared_becomes_unlisted(few, tmp_path):
    problem = Row.metadata.tables["episode"].c.problem
    with planted(problem.table, problem):
        export(tmp_path / "b", now=NOW, basis="approved")
    with (tmp_path / "b" / "data" / "episodes_data.csv").open(encoding="utf-8", newline="") as file:
        assert {row["problem"] for row in csv.DictReader(file)} == {"unlisted"}


def test_a_leak_would_be_found(few, tmp_path, caplog, monkeypatch):
    """The same look, with the border guard asleep. SPSS has a guard of its own: it knows no number for such a code."""
    monkeypatch.setattr(Column, "allows", lambda column, value: True)
    monkeypatch.setattr(tables, "is_there", lambda: False)
    monkeypatch.setattr(tables, "SavFile", ParquetFile)
    problem = Row.metadata.tables["episode"].c.problem
    with planted(problem.table, problem):
        export(tmp_path / "b", now=NOW, basis="approved")
    with pytest.raises(AssertionError):
        assert_clean(tmp_path / "b", caplog)
