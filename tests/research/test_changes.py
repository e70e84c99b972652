"""CHANGES.md says what is other than in the bundle before: nothing for what came later, all of whom withdrew."""

import json
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.errors import Refused
from server.extensions import atomic, db
from server.people.actions import choose_research
from server.people.models import Client
from server.research.changes import compared, previous_of
from server.research.columns import Column, File
from tests.conftest import Demonstration
from tests.research.conftest import build, named
from tests.research.test_export import live_on

NOW = Demonstration.now
FILE = File(
    "things",
    "Things",
    tuple(Column(name, ("client.language",), "as_is", name, pattern=".*") for name in ("pid", "thing", "what")),
    ("pid", "thing"),
)


def test_a_later_entry_changes_nothing_and_somebody_who_withdraws_does(demo_app, bundle, tmp_path):
    client, leaver = db.session.scalars(select(Client).where(Client.research == "yes").limit(2)).all()
    live_on(client, NOW + timedelta(days=2))
    later = NOW + timedelta(days=3)
    again = build(tmp_path / "2", now=later, as_of=NOW, previous=bundle.folder)
    assert "**Nothing has changed.**" in again.files()["CHANGES.md"].decode()
    told = {"CHANGES.md", "SHA256SUMS", "SHA256SUMS.sig", "manifest.json"}
    before = bundle.files()
    assert [name for name, content in again.files().items() if before[name] != content and name not in told] == []
    with atomic():
        choose_research(client=leaver, choice="no", revision_id=None, by=leaver, now=later)
    third = build(tmp_path / "3", now=later, as_of=NOW, previous=bundle.folder)
    page = third.files()["CHANGES.md"].decode()
    pid = named("client", leaver.id)
    assert "Gone: 1." in page and f"- `{pid}`" in page and "Nothing has changed" not in page
    mine = sum(row["pid"] == pid for row in bundle.rows("occurrences"))
    kept = len(bundle.rows("occurrences")) - mine
    assert f"| occurrences | {kept + mine} | {kept} | 0 | 0 | 0 | {mine} |" in page
    assert third.json("manifest.json")["previous"]["as_of"] == NOW.isoformat()


def test_the_same_twice_with_the_same_previous_is_the_same_zip(demo_app, bundle, tmp_path):
    build(tmp_path / "old" / "b", zip=True)
    previous = tmp_path / "old" / "b.zip"
    one = build(tmp_path / "1" / "b", now=NOW, zip=True, previous=previous)
    two = build(tmp_path / "2" / "b", now=NOW + timedelta(days=1), as_of=NOW, zip=True, previous=previous)
    assert (tmp_path / "1" / "b.zip").read_bytes() == (tmp_path / "2" / "b.zip").read_bytes()
    assert one.manifest.previous == two.manifest.previous


def lay(folder, *rows, header="pid,thing,what"):
    (folder / "data").mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"project": "local", "as_of": "then"}))
    (folder / "data" / "things_data.csv").write_text("\n".join([header, *rows, ""]))
    people = dict.fromkeys(row.split(",")[0] for row in rows)
    (folder / "data" / "participants_data.csv").write_text("\n".join(["pid", *people, ""]))


def test_rows_are_told_apart_by_their_keys(tmp_path):
    lay(tmp_path / "old", "a,1,x", "a,2,x", "b,1,x", "d,1,x", "d,3,x")
    lay(tmp_path / "new", "a,1,y", "c,1,x", "d,1,x", "d,2,x", "d,3,x")
    tables, gone, came = compared(tmp_path / "new", [FILE], previous_of(tmp_path / "old", "local"))
    one = tables["things"]
    assert (one.before, one.now, one.added, one.corrected, one.gone, one.gone_people) == (5, 5, 2, 1, 1, 1)
    assert (gone, came) == (["b"], 1)


def test_another_column_is_named_and_another_key_is_not_compared(tmp_path):
    lay(tmp_path / "old", "a,1,x,z", header="pid,thing,what,more")
    lay(tmp_path / "new", "a,1,x")
    tables, _, _ = compared(tmp_path / "new", [FILE], previous_of(tmp_path / "old", "local"))
    assert (tables["things"].columns, tables["things"].corrected) == (["more"], 0)
    lay(tmp_path / "older", "a,1,x", header="pid,other,what")
    tables, _, _ = compared(tmp_path / "new", [FILE], previous_of(tmp_path / "older", "local"))
    assert tables["things"].note


def test_what_is_no_bundle_or_of_another_project_is_refused_with_a_sentence(tmp_path):
    lay(tmp_path / "old", "a,1,x")
    with pytest.raises(Refused, match="another project"):
        previous_of(tmp_path / "old", "sleep study")
    shutil.rmtree(tmp_path / "old" / "data")
    (tmp_path / "no.zip").write_text("no")
    for path in (tmp_path / "nowhere", tmp_path / "no.zip", tmp_path / "old" / "data"):
        with pytest.raises(Refused, match="There is no bundle"):
            previous_of(path, "local")
