"""A client whose key was destroyed: nothing of theirs opens again, here or from an older copy, and pages go on."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from server import create_app, installation
from server.api.sync import take_in
from server.entries.models import Revision
from server.extensions import atomic, db, new_id, using
from server.measures.actions import Entered, enter
from server.measures.library import measures
from server.measures.models import MeasureScore
from server.people.equity_actions import record_equity
from server.people.models import Client, Device, Equity
from server.research import facts
from server.reviews.actions import review
from server.safety.models import RiskFlag
from server.sealing import KeyDestroyed, read_key_file
from tests.cast import NOW
from tests.dashboard.browser import Browser
from tests.faults.conftest import tools  # noqa: F401
from tests.faults.restoring import emptied, leave, run

WORDS = "the heron by the lock at Saltaire"
pytestmark = pytest.mark.usefixtures("tools")


@pytest.fixture
def config(config, key_file, tmp_path):
    """With a key file of this test alone: it is changed."""
    own = tmp_path / "own.keys"
    shutil.copy(key_file, own)
    return replace(config, key_file=own)


def written(cast):
    """Anna wrote, and Ben wrote about her. Returns her id and the key that it was sealed under, wrapped."""
    cast.pair()
    agreed = cast.agree(reason=WORDS)
    with atomic():
        take_in(cast.anna, cast.phone, [cast.entry(agreed.id, {"situation": WORDS}), {"odd": WORDS}], NOW)
        review(assignment=agreed, mark="reviewed", line=WORDS, note=WORDS, by=cast.ben, now=NOW)
    return cast.anna.id, bytes(cast.anna.data_key)


def test_after_an_erasure_nothing_opens_here_or_from_an_older_copy(both, cast, config, tmp_path, request):
    client_id, wrapped = written(cast)
    postgres = None if config.is_sqlite else request.getfixturevalue("postgres")
    if postgres:
        db.session.rollback()
        assert holding(postgres, config, wrapped)
    copy = tmp_path / "copy"
    db.session.rollback()
    made = run(config, "backup", "--out", str(copy))
    assert made.exit_code == 0, made.output
    refused = run(config, "erase", str(client_id), "--yes")
    assert (refused.exit_code, "is open" in refused.output) == (2, True), refused.output
    cast.end()
    leave()
    before = config.key_file.read_bytes()
    asked = run(config, "erase", str(client_id))
    assert asked.exit_code == 1, "nobody said yes"
    assert re.search(r"A client of Northfield .*, there since \d+ \w+ 2026, whose course ended on \d+ ", asked.output)
    assert "Anna" not in asked.output and "TT-1001" not in asked.output
    assert config.key_file.read_bytes() == before
    done = run(config, "erase", str(client_id), "--yes")
    assert done.exit_code == 0, done.output
    nothing_opens(config, client_id, wrapped)
    again = run(config, "erase", str(client_id), "--yes")
    assert (again.exit_code, "erased already" in again.output) == (2, True), again.output
    if config.is_sqlite:
        raw = b"".join(path.read_bytes() for path in config.data.glob("meantime.sqlite3*"))
        assert wrapped not in raw, "its wrapped key still lies in the file"
    else:
        assert not holding(postgres, config, wrapped), "its wrapped key still lies in the database's files"
        emptied()
    done = run(config, "restore", str(copy))
    assert done.exit_code == 0, done.output
    nothing_opens(config, client_id, wrapped)
    assert config.is_sqlite or not holding(postgres, config, wrapped), "put there again by the older copy"


def holding(postgres, config, wrapped) -> list[str]:
    """Files of this PostgreSQL database in which these bytes lie; its log apart, which only time overwrites."""
    postgres.psql("CHECKPOINT;")
    with using(create_app(config)):
        folder = db.session.scalar(text("SHOW data_directory"))
        number = db.session.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return [path.name for path in Path(folder, "base", str(number)).iterdir() if wrapped in path.read_bytes()]


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_no_statistics_are_kept_of_wrapped_keys(both, cast):
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE client")
        kept = connection.scalars(text("SELECT attname FROM pg_stats WHERE tablename = 'client'")).all()
    assert "zone" in kept and "data_key" not in kept


def file_of(table) -> Path:
    """The file of one table of this PostgreSQL database, as it is on the disk now."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        folder = connection.scalar(text("SHOW data_directory"))
        return Path(folder, connection.scalar(text("SELECT pg_relation_filepath(:name)"), {"name": table}))


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_what_an_erasure_takes_out_of_other_tables_lies_in_no_file(both, cast, config):
    said = {
        "equity": b"gay_lesbian",
        "risk_flag": b"thoughts-of-it",
    }
    with atomic():
        phq = Entered(measures().newest("phq-9"), [3, 1, 2, 0, 3, 1, 2, 0, 1])
        whose = {"client": cast.anna, "by": cast.ben, "now": NOW}
        enter(**whose, episode=cast.episode, taken_on=NOW.date(), entered=[phq])
        record_equity(**whose, fields={"sexual_orientation": said["equity"].decode()}, source="csv")
        db.session.add(flag_of(cast, said["risk_flag"].decode()))
    for table, value in said.items():
        assert value in file_of(table).read_bytes(), table
    scores = file_of("measure_score")  # figures in it are no text to look for
    client_id = cast.anna.id
    cast.end()
    db.session.rollback()
    assert installation.erase(client_id, config.key_file) == []
    for table, value in said.items():
        assert value not in file_of(table).read_bytes(), table
    assert file_of("measure_score") != scores, "written anew"


def flag_of(cast, field: str) -> RiskFlag:
    """A flag about risk that one question of Anna's raised."""
    return RiskFlag(
        service_id=cast.service.id, client_id=cast.anna.id, entry_id=new_id(), revision_id=new_id(), worksheet_id="x",
        worksheet_version=1, fields=[field], level=2, card="safety", follow_up="no", created_at=NOW, received_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_an_erasure_while_the_database_is_busy_says_what_is_left_to_do(both, cast, config, monkeypatch):
    monkeypatch.setattr("server.installation.PATIENCE", "10ms")
    client_id, _ = written(cast)
    cast.end()
    leave()
    other = create_engine(config.database_url)
    with other.connect() as dump:
        dump.exec_driver_sql("LOCK TABLE client IN ACCESS SHARE MODE")
        told = [run(config, *said) for said in (("erase", str(client_id), "--yes"), ("restored",))]
    other.dispose()
    for done in told:
        assert (done.exit_code, "VACUUM FULL client" in done.output) == (0, True), done.output


def nothing_opens(config, client_id, wrapped) -> None:
    """Of this client, in the database as it is now."""
    keys = read_key_file(config.key_file)
    with pytest.raises(KeyDestroyed):
        keys.unwrap(wrapped, f"client|{client_id}")
    with using(create_app(config)):
        client = db.session.get(Client, client_id)
        assert (client.data_key, client.local_number_lookup, client.preferred_name) == (b"", None, "(erased)")
        assert client.date_of_birth is None
        assert all(row.body is None for row in db.session.scalars(select(Revision)))
        with pytest.raises(KeyDestroyed):
            client.sealing_key()
        assert all(row.revoked_at for row in db.session.scalars(select(Device)))
        with facts.reading() as session:
            assert client_id not in {who.id for who in facts.clients(session, NOW + timedelta(days=9000))}


def test_the_pages_of_everybody_go_on_without_who_was_erased(app, cast, key_file, tmp_path, monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW)
    client_id, _ = written(cast)
    cast.end()
    db.session.rollback()
    own = tmp_path / "own.keys"
    shutil.copy(key_file, own)
    installation.erase(client_id, own)
    lena = cast.add("Lena Lead", "service_lead", "supervisor", "researcher")
    paths = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and "<" not in rule.rule}
    for who in (cast.ben, cast.ada, lena):
        browser = Browser(app).sign_in(who)
        for path in sorted(path for path in paths if path.startswith("/staff")):
            answer = browser.fetch(path)
            assert answer.status_code < 500, path
            assert b"Anna" not in answer.data, path
        assert browser.fetch(f"/staff/clients/{client_id}").status_code == 404
    web = app.test_client()
    web.set_cookie("phone", cast.token)
    answer = web.get("/api/v1/sync/pull", headers={"X-Sync-Protocol": "1"})
    assert (answer.status_code, answer.json["code"]) == (401, "device-revoked")


def test_what_they_said_of_themself_and_each_answer_goes_and_totals_stay(both, cast, config):
    phq, wsas = measures().newest("phq-9"), measures().newest("wsas")
    missing = [3] * 7 + [None, None]
    entered = [Entered(phq, [3] * 9), Entered(wsas, ["na", 8, 8, 8, 8])], [Entered(phq, missing)]
    with atomic():
        for days, some in enumerate(entered):
            enter(
                client=cast.anna,
                episode=cast.episode,
                taken_on=NOW.date() - timedelta(days=days),
                entered=some,
                by=cast.ben,
                now=NOW,
            )
        record_equity(client=cast.anna, fields={"ethnicity": "mixed"}, source="csv", by=cast.ben, now=NOW)
        db.session.add(flag_of(cast, "thoughts"))
    client_id = cast.anna.id
    cast.end()
    installation.erase(client_id, config.key_file)
    told = {(row.measure_id, row.taken_on): (row.items, row.totals) for row in db.session.scalars(select(MeasureScore))}
    assert told[("phq-9", NOW.date())] == (None, {"total": 27})
    assert told[("wsas", NOW.date())] == (None, {}), "32 of 40 and 32 of 32 are not the same"
    assert told[("phq-9", NOW.date() - timedelta(days=1))] == (None, {})
    assert db.session.scalars(select(Equity)).all() == []
    flag = db.session.scalar(select(RiskFlag))
    assert (flag.fields, flag.follow_up, flag.level) == ([], None, 2)
