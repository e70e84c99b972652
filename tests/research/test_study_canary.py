"""Of a study's bundle, asked for, built, released and fetched on the pages: nothing planted is in it, nor beside it."""

import csv
import io
import json
import logging
import zipfile
from collections import Counter
from contextlib import contextmanager

from sqlalchemy import JSON, select

from server import clock, jobs
from server.extensions import db
from server.research.building import path_of
from server.research.rules import SMALLEST_GROUP
from server.studies.models import Study, StudyBuild
from tests.conftest import Demonstration
from tests.dashboard.browser import Browser
from tests.research.test_canary import CANARY, NEEDED, PLANTED, assert_clean, plant_what_is_sealed, text_columns

# Without these nobody is in the bundle, or there is none.
STAY = NEEDED | {"study.name", "study.basis", "study.arms", "study_consent.choice", "client.research"}
MEANT = {"study.reference", "study_protocol.label"}  # plain words of the study itself, which its manifest repeats
KINDS = {".csv", ".sav", ".parquet", ".html", ".json", ".ndjson", ".ipynb", ".md", ".xml", ".py", ".R", ".do"}


def signed_in(app, demonstration, role: str) -> Browser:
    """A browser of whoever has this role in the demonstration."""
    one = next(each for each in demonstration.access.sign_ins if role in each.roles.lower())
    browser = Browser(app)
    sent = {"sign_in_name": one.sign_in_name, "password": one.password}
    assert browser.http.post("/staff/sign-in", data=sent).status_code == 303
    return browser


def to_plant():
    """Every plain text column of every table, as it is in the metadata now, but for what builds the bundle itself."""
    for table, column in text_columns():
        name = f"{table.name}.{column.name}"
        stays = name in STAY | MEANT or table.name == "study_build" or column.name.endswith(("_sealed", "data_key"))
        if not stays:
            yield table, column


@contextmanager
def all_planted():
    """The canary in every row of all of these at once, and afterwards what was there before. Gives how many cells."""
    kept = []
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table, column in to_plant():
            cell, place = f'"{column.name}"', f'"{table.name}"'
            found = connection.exec_driver_sql(f"SELECT {cell}, rowid FROM {place}").all()
            kept.append((f"UPDATE {place} SET {cell} = ? WHERE rowid = ?", [tuple(row) for row in found]))
            more = "" if isinstance(column.type, JSON) else " || rowid"
            value = json.dumps(PLANTED) if isinstance(column.type, JSON) else CANARY
            connection.exec_driver_sql(f"UPDATE {place} SET {cell} = ?{more}", (value,))
        connection.commit()
        yield sum(len(rows) for _, rows in kept)
        for put_back, rows in kept:
            if rows:
                connection.exec_driver_sql(put_back, rows)
        connection.commit()


def test_of_a_study_nothing_planted_is_in_what_a_researcher_fetches(
    demo_app, demonstration, monkeypatch, tmp_path, caplog
):
    monkeypatch.setattr(clock, "now", lambda: Demonstration.now)
    rita, ada = (signed_in(demo_app, demonstration, role) for role in ("researcher", "administrator"))
    study = str(db.session.scalar(select(Study.id)))
    plant_what_is_sealed(but=("practitioner", "study", "study_build"))  # who signs in, and the keys of the bundle
    rita.send(rita.page(f"/staff/research/{study}"), "/bundles")
    caplog.set_level(logging.DEBUG)
    with all_planted() as cells:
        assert jobs.build_bundles(Demonstration.now) == "built"
    caplog.set_level(logging.WARNING)
    build = db.session.scalar(select(StudyBuild).execution_options(populate_existing=True))
    told = [
        f"{build.trouble} {build.done} {build.of} {build.state}",
        *(path.name for path in path_of(build.id).parent.iterdir()),
    ]
    way = f"/staff/administration/studies/{study}/bundles/{build.id}"
    waiting = ada.page(way)  # what was worked out of it, shown to who decides
    ada.send(waiting, way, decision="release", agreement="A", considered="B", has_read="yes")
    answer = rita.send(rita.page(f"/staff/research/{study}"), "/fetch", 200)
    (tmp_path / "fetched.zip").write_bytes(answer.data)
    (tmp_path / "said.txt").write_text("\n".join([*told, waiting.get_text(), str(answer.headers)]))
    assert cells > 10_000
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        kinds = {f".{name.rpartition('.')[2]}" for name in packed.namelist()}
        rows = list(csv.DictReader(io.StringIO(packed.read("bundle/data/participants_data.csv").decode())))
        problems = csv.DictReader(io.StringIO(packed.read("bundle/data/episodes_data.csv").decode()))
        assert {row["problem"] for row in problems} == {"unlisted"}, "it was really there"
    assert kinds >= KINDS
    assert_clean(tmp_path, caplog)
    sizes = Counter((row["arm"], row["service"], row["age_band"], row["language"]) for row in rows)
    assert len(rows) >= 10 and min(sizes.values()) >= SMALLEST_GROUP
