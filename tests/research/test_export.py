"""The bundle says what the staff pages say, is the same twice, and holds nobody who did not agree."""

import hashlib
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import func, select

from server.assignments import actions as assignments
from server.assignments.queries import intervals_of
from server.audit.models import AuditEvent
from server.caseload import actions as caseload
from server.caseload.models import Appointment, Attendance, Episode
from server.engagement.actions import refresh_all
from server.engagement.queries import told_of
from server.entries.actions import contact
from server.errors import Refused
from server.extensions import atomic, db
from server.people.actions import choose_research, revoke_device
from server.people.models import Client, Device, Practitioner
from server.research import filling
from server.research.actions import built
from server.research.columns import MISSING
from server.research.facts import clients, facts_of, reading
from server.research.fields import FILES
from server.research.trouble import CannotBuild
from server.sealing import ring
from server.signing import BUNDLE, public_key
from tests.cast import NOW as CAST_NOW
from tests.conftest import Demonstration
from tests.engagement.occurrences import of_interval
from tests.research.conftest import build, named

NOW = Demonstration.now
SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "recompute.py"
SUMS = {"SHA256SUMS", "SHA256SUMS.sig"}


def agreeing():
    return db.session.scalars(select(Client).where(Client.research == "yes")).all()


def test_the_script_alone_gets_the_counts_of_the_staff_pages(demo_app, bundle):
    counts = runpy.run_path(str(SCRIPT))["counts"](bundle.folder)
    compared = 0
    for client in agreeing():
        episode = db.session.scalar(select(Episode).where(Episode.client_id == client.id))
        found = intervals_of([episode], NOW)[episode.id]
        for interval in found:
            figures = of_interval(client, interval, NOW)
            key = named("client", client.id), named("episode", episode.id), interval.number
            n = counts[key]
            assert (n["done"], n["eligible"]) == (figures.done.count, figures.done.of), key
            assert (n["tried"], n["unknown"]) == (figures.tried.count, figures.not_known), key
            compared += 1
    assert compared >= 150
    assert set(counts) <= {(row["pid"], row["episode"], int(row["interval"])) for row in bundle.rows("intervals")}


def test_the_script_prints_the_rates_the_program_worked_out(bundle):
    printed = subprocess.run([sys.executable, SCRIPT, bundle.folder], capture_output=True, text=True, check=True)
    header, *lines = [line.split(",") for line in printed.stdout.splitlines()]
    script = {tuple(line[:3]): dict(zip(header, line, strict=True)) for line in lines}
    names = {"m1": "m1_unknown_as_not_done", "m1_known": "m1_unknown_left_out"}
    names |= {"m2": "m2_unknown_as_not_done", "m2_known": "m2_unknown_left_out"}
    own = {(row["pid"], row["episode"], row["interval"]): row for row in bundle.rows("intervals")}
    assert {key for key, row in own.items() if row["eligible"] != "0"} == set(script)
    for key, line in script.items():
        for short, long in names.items():
            assert line[short] == own[key][long] or float(line[short]) == float(own[key][long])


def test_the_script_in_the_bundle_needs_nothing_but_the_bundle(bundle, tmp_path):
    folder = tmp_path / "given on"
    shutil.copytree(bundle.folder, folder)
    beside = subprocess.run([sys.executable, SCRIPT, bundle.folder], capture_output=True, text=True, check=True)
    bare = {"cwd": folder, "env": {}, "capture_output": True, "text": True, "check": True}
    inside = subprocess.run([sys.executable, "-I", "-S", "recompute.py"], **bare)
    assert inside.stdout == beside.stdout and len(inside.stdout.splitlines()) > 100
    assert "`python recompute.py > rates.csv`" in (folder / "README.md").read_text("utf-8")
    [listed] = [file for file in bundle.json("manifest.json")["files"] if file["path"] == "recompute.py"]
    assert listed["sha256"] == hashlib.sha256((folder / "recompute.py").read_bytes()).hexdigest()


def test_the_script_is_forty_lines_at_most():
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 40


def test_every_state_is_the_one_on_the_staff_page(demo_app, bundle):
    rows = {row["occurrence"]: row["state"] for row in bundle.rows("occurrences")}
    told = told_of([client.id for client in agreeing()], NOW)
    shown = {
        named("occurrence", f"{one.assignment_id}/{one.slot}"): one.state for each in told.values() for one in each
    }
    assert set(rows) <= set(shown)
    assert [name for name, state in rows.items() if shown[name] != state] == []
    left_out = {state for name, state in shown.items() if name not in rows}
    assert left_out <= {"planned", "withdrawn"}  # what opens later, and what is no longer asked for


def test_only_those_who_said_yes_are_in_it(demo_app, bundle):
    assert {row["pid"] for row in bundle.rows("participants")} == {named("client", one.id) for one in agreeing()}
    assert bundle.manifest.excluded == {"research_no": 4, "research_not_asked": 5}
    assert bundle.json("manifest.json")["excluded"] == {
        "research_no": "suppressed", "research_not_asked": "suppressed",
    }  # fmt: skip


def test_who_withdraws_is_absent_from_the_next_bundle(demo_app, tmp_path):
    one = agreeing()[0]
    with atomic():
        choose_research(client=one, choice="no", revision_id=None, by=one, now=NOW)
    pids = {row["pid"] for row in build(tmp_path / "b").rows("participants")}
    assert named("client", one.id) not in pids
    assert len(pids) == 30


def test_another_basis_takes_in_who_was_not_asked_and_nobody_who_said_no_and_is_written_down(demo_app, tmp_path):
    bundle = build(tmp_path / "b", basis="section 251, ref. 12/34")
    said_no = db.session.scalar(select(func.count()).select_from(Client).where(Client.research == "no"))
    assert 0 < said_no == 40 - len(bundle.rows("participants"))
    assert bundle.json("manifest.json")["basis"] == "section 251, ref. 12/34"
    assert {row["research"] for row in bundle.rows("participants")} == {"yes", "not_asked"}


def test_two_projects_share_no_name(demo_app, tmp_path):
    one, two = build(tmp_path / "1"), build(tmp_path / "2", project="sleep study")
    for file in (one for one in FILES if not one.place):  # counts of weeks name nobody
        for key in {*file.key, "pid"} - {"interval", "measure", "scale", "link_id", "place", "code"}:
            assert not {row[key] for row in one.rows(file.name)} & {row[key] for row in two.rows(file.name)}


def live_on(client, now):
    """Later things of every kind happen to a client."""
    episode = db.session.scalar(select(Episode).where(Episode.client_id == client.id))
    by = db.session.scalar(select(Practitioner).limit(1))
    planned = db.session.execute(
        select(Appointment).join(Attendance).where(Attendance.episode_id == episode.id).order_by(Appointment.starts_at)
    ).scalars().all()[-1]  # fmt: skip
    with atomic():
        later = planned.starts_at.replace(tzinfo=None) + timedelta(days=3)
        caseload.move(appointment=planned, starts_local=later, by=by, now=now)
        met = max(now, planned.starts_at)
        caseload.record_attendance(appointment=planned, episode=episode, state="attended", by=by, now=met)
        assignments.assign(
            client=client, episode=episode, worksheet=None, title="New", reason="It may help you.", plan={},
            rhythm={"kind": "daily"}, from_date=now.date(), by=by, now=now,
        )  # fmt: skip
        for one in db.session.scalars(
            select(assignments.Assignment).where(assignments.Assignment.client_id == client.id)
        ).all():
            if one.state == "open":
                assignments.change(assignment=one, by=by, now=now, rhythm={"kind": "once"})
                assignments.end(assignment=one, by=by, now=now)
        device = db.session.scalar(select(Device).where(Device.client_id == client.id))
        if device:
            contact(client=client, device=device, outbox=0, device_seq=999, now=now)
        caseload.discharge(episode=episode, reason="completed", by=by, now=now)
        refresh_all(client=client, now=now)


def test_what_happens_later_does_not_change_a_bundle_as_of_now(demo_app, tmp_path):
    before = build(tmp_path / "1").files()
    for client in agreeing()[:12]:
        live_on(client, NOW + timedelta(days=2))
    again = build(tmp_path / "2", now=NOW + timedelta(days=3), as_of=NOW).files()
    assert [name for name in before if before[name] != again[name]] == []
    assert build(tmp_path / "3", now=NOW + timedelta(days=3)).files() != before


def test_a_phone_that_was_removed_later_still_held_something_then(app, cast):
    first, second = cast.pair(), cast.pair()
    hour = timedelta(hours=1)
    with atomic():
        for device, outbox, at in ((first, 0, CAST_NOW), (first, 2, CAST_NOW + hour), (second, 0, CAST_NOW + 2 * hour)):
            contact(client=cast.anna, device=db.session.merge(device), outbox=outbox, device_seq=1, now=at)
        revoke_device(device=db.session.merge(first), by=cast.ben, now=CAST_NOW + 4 * hour)

    def empty_since(as_of, due_at):
        with reading() as session:
            return facts_of(session, list(clients(session, as_of)), as_of)[0].emptied_for(due_at)

    assert empty_since(CAST_NOW + 3 * hour, CAST_NOW + 3 * hour) == CAST_NOW
    assert empty_since(CAST_NOW + 5 * hour, CAST_NOW + 3 * hour) == CAST_NOW, "what it held then came never"
    assert empty_since(CAST_NOW + 5 * hour, CAST_NOW + 4 * hour) == CAST_NOW + 2 * hour


def test_how_many_are_read_at_a_time_does_not_show(demo_app, tmp_path, monkeypatch):
    whole = build(tmp_path / "1").files()
    monkeypatch.setattr(filling, "AT_ONCE", 3)
    told = []
    assert build(tmp_path / "2", progress=lambda done, of: told.append((done, of))).files() == whole
    assert next(one for one in told if one[1]) == (3, 31)
    assert told[-1] == (31, 31)


def test_the_manifest_knows_every_file_and_its_hash(bundle):
    manifest = bundle.json("manifest.json")
    listed = {file["path"]: file for file in manifest["files"]}
    found = bundle.files()
    assert set(listed) == set(found) - {"manifest.json", *SUMS}
    sums = dict(reversed(line.split("  ")) for line in found["SHA256SUMS"].decode().splitlines())
    assert sums == {path: hashlib.sha256(content).hexdigest() for path, content in found.items() if path not in SUMS}
    for path, file in listed.items():
        assert hashlib.sha256(found[path]).hexdigest() == file["sha256"]
        if path.startswith("data/"):
            assert found[path].count(b"\n") == file["rows"] + 1
    assert manifest["as_of"] == "2026-11-18T09:40:00+00:00"
    assert manifest["software"].startswith("meantime ")


def test_every_file_has_rows_and_no_cell_is_blank(bundle):
    for file in FILES:
        rows = bundle.rows(file.name)
        assert rows or file.name == "consents", file.name  # those of a study: tests/studies
        assert all(tuple(row) == file.names for row in rows)
        assert not [cell for row in rows for cell in row.values() if not cell or not cell.strip()]


def test_nothing_of_the_demonstration_is_an_undeclared_code(bundle):
    for file in FILES:
        assert "unlisted" not in {cell for row in bundle.rows(file.name) for cell in row.values()}


def test_keys_are_unique_and_point_at_rows_that_are_there(bundle):
    package = bundle.json("datapackage.json")
    values = {}
    for resource in package["resources"]:
        rows = bundle.rows(resource["name"])
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys), resource["name"]
        values[resource["name"]] = rows
    for resource in package["resources"]:
        for key in resource["schema"]["foreignKeys"]:
            target, [column] = key["reference"]["resource"], key["reference"]["fields"]
            known = {row[column] for row in values[target]} | set(MISSING)
            assert {row[key["fields"][0]] for row in values[resource["name"]]} <= known


def test_no_id_of_ours_and_no_date_is_in_any_table(bundle):
    for path, content in bundle.files().items():
        if path.startswith("data/"):
            text = content.decode()
            assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7", text)
            assert not re.search(r"20\d\d-\d\d", text)
            assert not re.search(r"\b\d\d:\d\d\b", text)
            assert "\r" not in text


def test_rows_are_in_no_order_of_arrival(bundle):
    pids = [row["pid"] for row in bundle.rows("participants")]
    assert pids == sorted(pids)


def test_a_zip_is_the_same_bytes_twice_and_holds_the_same_files(demo_app, bundle, tmp_path):
    build(tmp_path / "one", zip=True)
    build(tmp_path / "elsewhere" / "one", zip=True)
    one, two = (tmp_path / "one.zip").read_bytes(), (tmp_path / "elsewhere" / "one.zip").read_bytes()
    assert one == two
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert {name.removeprefix("one/"): packed.read(name) for name in packed.namelist()} == bundle.files()


def test_a_folder_that_is_not_empty_is_refused_with_a_sentence(demo_app, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").write_text("mine")
    with pytest.raises(Refused) as refusal:
        build(tmp_path / "there")
    assert "not empty" in refusal.value.message
    assert (tmp_path / "there" / "notes.txt").read_text() == "mine"
    with pytest.raises(Refused):
        build(tmp_path / "there" / "notes.txt")


def test_an_empty_folder_is_taken(demo_app, tmp_path):
    (tmp_path / "new").mkdir()
    assert build(tmp_path / "new").rows("participants")


def test_a_moment_to_come_is_refused(demo_app, tmp_path):
    with pytest.raises(Refused):
        build(tmp_path / "b", as_of=NOW + timedelta(seconds=1))


@pytest.mark.parametrize("name", ["=1+1", "", "a\nb", "<b>", "x" * 300])
def test_a_project_or_basis_that_is_no_name_is_refused(demo_app, tmp_path, name):
    for wish in ({"project": name}, {"basis": name}):
        with pytest.raises(Refused):
            build(tmp_path / "b", **wish)
    assert list(tmp_path.glob("*b*")) == []


def test_when_it_breaks_off_nothing_is_left_behind(demo_app, tmp_path, monkeypatch):
    def broken(names, work, as_of):
        raise KeyError("Anna Kowalska")
        yield

    monkeypatch.setattr(filling.interval_rows, "intervals", broken)
    with pytest.raises(CannotBuild) as wrong:
        build(tmp_path / "b")
    assert "Anna" not in str(wrong.value)
    assert wrong.value.__suppress_context__
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".b", "b"))] == []


def test_a_bundle_that_was_built_is_in_the_audit(demo_app, bundle):
    with atomic():
        built(manifest=bundle.manifest, by="operator", now=NOW)
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.verb == "export.built"))
    assert event.detail["project"] == "local"
    assert event.detail["clients"] == 31


def test_both_databases_give_the_same_table(both, cast, tmp_path):
    """The engine below does not show: one client, the same rows but for the names."""
    cast.pair()
    cast.agree()
    with atomic():
        choose_research(
            client=db.session.get(Client, cast.anna.id), choice="yes", revision_id=None, by=cast.ben, now=CAST_NOW
        )
    bundle = build(tmp_path / "b", now=CAST_NOW + timedelta(days=8))
    states = [(row["opens_day"], row["due_day"], row["due"], row["state"]) for row in bundle.rows("occurrences")]
    assert states == [("1", "7", "yes", "unknown")] * 3 + [("8", "14", "no", "planned")] * 3
    assert [row["day_zero"] for row in bundle.rows("participants")] == ["episode_start"]


def test_whoever_has_the_public_key_finds_a_bundle_that_was_made_here_and_no_other(bundle, demo_app):
    key = load_pem_public_key(public_key(ring(), BUNDLE).encode())
    sums, signature = ((bundle.folder / name).read_bytes() for name in ("SHA256SUMS", "SHA256SUMS.sig"))
    key.verify(signature, sums)
    with pytest.raises(InvalidSignature):
        key.verify(signature, sums.replace(b"README.md", b"README.me"))
