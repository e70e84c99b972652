"""A bundle whose builder was killed goes on from the parts that lie finished, and comes out as if nothing had been."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import select, update

from server.caseload.actions import discharge
from server.caseload.queries import open_episode
from server.demo.synthetic import fill_synthetic
from server.extensions import atomic, db
from server.installation import erase
from server.people.models import Client
from server.research import part, parts
from tests.conftest import running
from tests.research.conftest import Bundle, build

UNTIL = datetime(2026, 11, 18, tzinfo=UTC)
NOW = UNTIL + timedelta(hours=9)
ASKED = {"now": NOW, "as_of": NOW, "basis": "test"}


class Killed(BaseException):
    """As a power cut: nothing after it runs."""


@pytest.fixture
def crowd(config, tmp_path, monkeypatch):
    """A service of 30 synthetic people, of whom about seven make a part. Yields how many processes can write."""
    monkeypatch.setattr(parts, "PEOPLE", 7)
    own = tmp_path / "own-key"
    shutil.copy(config.key_file, own)  # whoever is erased is written into it
    for _ in running(replace(config, key_file=own)):
        fill_synthetic(clients=30, seed=5, until=UNTIL)
        yield 1 if config.is_sqlite else 3


@pytest.fixture
def written(monkeypatch):
    """The names of the parts that this process wrote, as they are finished."""
    names, finish = [], part.Kept.finish

    def tells(self, done, source, asked, name, listed):
        names.append(name)
        return finish(self, done, source, asked, name, listed)

    monkeypatch.setattr(part.Kept, "finish", tells)
    return names


def cut_short(tmp_path, processes: int = 1, after: int = 12, **wishes) -> None:
    """A build that is killed once so many people were written."""

    def stops(done: int, of: int) -> None:
        if done >= after:
            raise Killed

    with pytest.raises(Killed):
        build(
            tmp_path / "cut" / "b", **{**ASKED, **wishes}, processes=processes, kept=tmp_path / "parts", progress=stops
        )


def gone_on(tmp_path, processes: int = 1, **wishes) -> Bundle:
    """The same bundle, by whoever comes after it."""
    return build(tmp_path / "on" / "b", **{**ASKED, **wishes}, processes=processes, kept=tmp_path / "parts")


def finished(tmp_path) -> dict[str, int]:
    """When each part that lies there was finished."""
    return {name: (tmp_path / "parts" / name / "finished").stat().st_mtime_ns for name in lying(tmp_path)}


def lying(tmp_path) -> list[str]:
    """The parts that lie finished."""
    return sorted(path.name for path in (tmp_path / "parts").iterdir() if path.name.startswith("part-"))


def test_it_goes_on_from_the_parts_that_lie_finished_to_the_same_bytes(crowd, tmp_path, written):
    whole = build(tmp_path / "whole" / "b", **ASKED)
    cut_short(tmp_path, crowd)
    before = lying(tmp_path)
    assert before
    written.clear()
    said = []
    on = build(
        tmp_path / "on" / "b", **ASKED, processes=crowd, kept=tmp_path / "parts", progress=lambda *far: said.append(far)
    )
    assert on.files() == whole.files()
    assert said[-1][0] == said[-1][1] == on.manifest.clients  # who was not written again is counted all the same
    if crowd == 1:
        assert written and not set(written) & set(before)


def test_parts_of_a_bundle_that_was_never_cut_make_the_same_bytes(crowd, tmp_path):
    whole = build(tmp_path / "whole" / "b", **ASKED)
    assert gone_on(tmp_path, crowd).files() == whole.files()
    assert lying(tmp_path)  # whoever asked for them clears them away: the zip may not be there yet


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_only_the_part_of_somebody_who_said_no_meanwhile_is_written_again(crowd, tmp_path, written):
    gone_on(tmp_path)
    was = finished(tmp_path)
    with atomic():
        one = db.session.scalars(select(Client).where(Client.research != "no").order_by(Client.id)).first()
        one.research = "no"
    written.clear()
    on = build(tmp_path / "on2" / "b", **ASKED, kept=tmp_path / "parts")
    fresh = build(tmp_path / "whole" / "b", **ASKED)
    assert on.files() == fresh.files()
    assert len(written) == 1
    assert {name for name, at in finished(tmp_path).items() if at != was[name]} == set(written)


def test_of_somebody_erased_meanwhile_nothing_is_left_in_any_part(crowd, tmp_path):
    whole = gone_on(tmp_path)
    with atomic():
        one = db.session.scalars(select(Client).where(Client.research != "no").order_by(Client.id)).first()
        if course := open_episode(one.id):
            discharge(episode=course, reason="other", by="operator", now=NOW)
        gone_id = one.id
    erase(gone_id, current_app.config["MEANTIME"].key_file)
    on = build(tmp_path / "on2" / "b", **ASKED, kept=tmp_path / "parts")
    [gone] = {row["pid"] for row in whole.rows("participants")} - {row["pid"] for row in on.rows("participants")}
    held = [path for path in (tmp_path / "parts").rglob("*") if path.is_file() and gone.encode() in path.read_bytes()]
    assert held == []


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_choice_that_is_told_as_of_today_writes_its_part_again(crowd, tmp_path, written):
    gone_on(tmp_path)
    with atomic():
        db.session.execute(update(Client).where(Client.research == "not_asked").values(research="yes"))
    written.clear()
    on = build(tmp_path / "on2" / "b", **ASKED, kept=tmp_path / "parts")
    assert on.files() == build(tmp_path / "whole" / "b", **ASKED).files()


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "other",
    [{"as_of": NOW - timedelta(hours=2)}, {"project": "another"}, {"basis": "another"}],
    ids=["moment", "project", "basis"],
)
def test_no_part_of_another_bundle_is_taken(crowd, tmp_path, written, other):
    gone_on(tmp_path, **other)
    written.clear()
    on = build(tmp_path / "on2" / "b", **ASKED, kept=tmp_path / "parts")
    assert on.files() == build(tmp_path / "whole" / "b", **ASKED).files()
    assert sorted(written) == lying(tmp_path)


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_no_part_of_another_release_of_the_program_is_taken(crowd, tmp_path, written, monkeypatch):
    gone_on(tmp_path)
    monkeypatch.setattr(part, "_program", lambda: "another")
    written.clear()
    build(tmp_path / "on2" / "b", **ASKED, kept=tmp_path / "parts")
    assert sorted(written) == lying(tmp_path)


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
@pytest.mark.parametrize("harm", ["a table cut short", "a mark of somebody else", "no mark"])
def test_a_part_that_is_not_as_it_was_finished_is_written_again(crowd, tmp_path, written, harm):
    whole = gone_on(tmp_path)
    name = lying(tmp_path)[1]
    folder = tmp_path / "parts" / name
    if harm == "a table cut short":  # as a power cut leaves it
        table = folder / "data/participants_data.csv"
        table.write_bytes(table.read_bytes()[:-3])
    elif harm == "no mark":
        (folder / "finished").unlink()
    else:
        mark = folder / "finished"
        mark.write_bytes(b"0" * 64 + mark.read_bytes()[64:])
    written.clear()
    on = build(tmp_path / "on2" / "b", **ASKED, kept=tmp_path / "parts")
    assert on.files() == whole.files()
    assert written == [name]


KILLS = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from server import create_app
from server.config import Config
from server.research import parts
from server.research.export import export

parts.PEOPLE, takes = 2, parts._take
def dies(*wishes):
    takes(*wishes)
    os.kill(os.getpid(), signal.SIGKILL)
parts._take = dies
if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv[3])
    app = create_app(Config.from_env())
    with app.app_context():
        export(Path(sys.argv[1]), now=moment, as_of=moment, basis="test", kept=Path(sys.argv[2]), processes=2)
"""


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
def test_after_a_real_kill_it_goes_on_as_well(crowd, config, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "PEOPLE", 2)
    script = tmp_path / "kills.py"
    script.write_text(KILLS)
    environ = {
        **os.environ,
        "MEANTIME_DATA": str(config.data),
        "MEANTIME_KEY_FILE": str(current_app.config["MEANTIME"].key_file),
        "MEANTIME_DATABASE_URL": config.database_url,
        "PYTHONPATH": os.getcwd(),
    }
    command = [sys.executable, str(script), str(tmp_path / "cut" / "b"), str(tmp_path / "parts"), NOW.isoformat()]
    killed = subprocess.run(command, env=environ, capture_output=True, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    before = finished(tmp_path)
    on = gone_on(tmp_path, 2)
    assert before and before.items() < finished(tmp_path).items()
    assert on.files() == build(tmp_path / "whole" / "b", **ASKED).files()
