"""The command line as an operator meets it: what it prints, its exit codes, and never a traceback."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from server.commands import main
from tests.localhost import free_port

ROOT = Path(__file__).resolve().parents[2]
MEANTIME = [sys.executable, "-c", "from server.commands import main; main()"]


@pytest.fixture
def meantime(tmp_path):
    """Run a command in a process of its own, with its data in an empty folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MEANTIME_")}

    def run(*arguments, **settings):
        environment = {**clean, "MEANTIME_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT), **settings}
        return subprocess.run(
            [*MEANTIME, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
        )

    run.environment = {**clean, "MEANTIME_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    return run


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"MEANTIME_PORT": "eighty"}, "MEANTIME_PORT is 'eighty'"),
        ({"MEANTIME_DATABASE_URL": "mysql://a:b@c/d"}, "MEANTIME_DATABASE_URL begins with 'mysql'"),
        ({"MEANTIME_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/d"}, "cannot be used"),
        ({"MEANTIME_DATA": "/dev/null/data"}, "The data folder /dev/null/data cannot be made"),
        ({"MEANTIME_HOST": "0.0.0.0"}, "The key file"),
        ({}, "The database is empty: run meantime install"),
    ],
)
def test_what_hinders_a_start_is_one_sentence_and_exit_code_2(settings, says, meantime):
    done = meantime("serve", **settings)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_installation_prints_password_and_recovery_sheet_once(meantime, tmp_path):
    done = meantime("install", "--service", "North", "--sign-in-name", "ben")
    assert done.returncode == 0, done.stderr
    keys = (tmp_path / "data" / "keys" / "meantime.keys").read_text()
    assert keys.strip() in done.stdout
    assert "as ben with the password " in done.stdout
    again = meantime("install")
    assert again.returncode == 2
    assert "has a service already" in again.stderr


def test_lost_keys_stop_the_server_and_are_not_replaced(meantime, tmp_path):
    meantime("install")
    keys = tmp_path / "data" / "keys" / "meantime.keys"
    keys.unlink()
    done = meantime("serve")
    assert (done.returncode, keys.exists()) == (2, False)
    assert "key file" in done.stderr


def test_migrate_says_where_the_database_is(meantime):
    assert meantime("migrate").stdout.startswith("The database went from nothing to 0")
    assert meantime("migrate").stdout.startswith("The database is at 0")


def test_the_server_answers_and_stops_when_told(meantime):
    meantime("install")
    port = free_port()
    environment = {**meantime.environment, "MEANTIME_PORT": str(port)}
    server = subprocess.Popen([*MEANTIME, "serve"], env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        _wait_for(port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
        second = meantime("serve", MEANTIME_PORT=str(port))
        assert (second.returncode, second.stderr.startswith(f"Port {port} is in use")) == (2, True)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
    finally:
        server.kill()
        server.communicate()


def test_a_restore_starts_a_new_epoch(meantime):
    meantime("install")
    done = meantime("restored")
    assert done.returncode == 0, done.stderr
    assert "new epoch" in done.stdout


def test_worksheets_are_checked_and_listed(meantime):
    done = meantime("worksheets", "check")
    assert done.returncode == 0, done.stderr
    files = len([file for file in (ROOT / "worksheets").glob("*/*.v*.yaml") if file.parent.name != "measures"])
    assert done.stdout.strip() == f"{files} worksheets, 0 errors, 0 warnings"
    listed = json.loads(meantime("worksheets", "list", "--json").stdout)
    assert "low-intensity-cbt/thought-record" in {row["id"] for row in listed}


def test_a_broken_worksheet_is_named_with_file_and_line(meantime, tmp_path):
    folder = tmp_path / "worksheets"
    (folder / "own").mkdir(parents=True)
    (folder / "schema.json").write_bytes((ROOT / "worksheets" / "schema.json").read_bytes())
    (folder / "own" / "diary.v1.yaml").write_text("id: own/diary\nversion: one\n")
    done = meantime("worksheets", "check", MEANTIME_WORKSHEETS=str(folder))
    assert done.returncode == 1
    assert "own/diary.v1.yaml" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["install"], ["worksheets", "check"], ["worksheets", "list"]])
def test_without_worksheets_there_is_one_sentence(meantime, tmp_path, command):
    done = meantime(*command, MEANTIME_WORKSHEETS=str(tmp_path / "nowhere"), MEANTIME_ALLOW_BROKEN_WORKSHEETS="1")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == f"MEANTIME_WORKSHEETS names {tmp_path / 'nowhere'}, and there is no such folder.\n"


def test_the_demonstration_is_made_once_kept_private_and_exported(meantime, tmp_path):
    made = meantime("demo")
    assert made.returncode == 0, made.stderr
    assert "no real people" in made.stdout
    assert f"kept in {tmp_path}" in made.stdout and "sign-in.txt" in made.stdout
    assert (tmp_path / "data" / "sign-in.txt").stat().st_mode & 0o077 == 0
    again = meantime("demo")
    assert (again.returncode, "not empty" in again.stderr) == (2, True)
    out = tmp_path / "bundle"
    done = meantime("export", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert {"manifest.json", "data", "codebook", "recompute.py"} <= {path.name for path in out.iterdir()}
    # As the manifest has it: a terminal's scrollback goes places too.
    assert "nearest 5: research_no suppressed, research_not_asked suppressed)" in done.stdout
    assert done.stderr == ""
    moment = json.loads((out / "manifest.json").read_text())["as_of"]
    assert meantime("export", "--out", str(tmp_path / "again"), "--as-of", moment, "--zip").returncode == 0
    with zipfile.ZipFile(tmp_path / "again.zip") as packed:
        assert packed.read("again/SHA256SUMS") == (out / "SHA256SUMS").read_bytes()
    assert (tmp_path / "again.zip").stat().st_mode & 0o077 == 0
    over = meantime("export", "--out", str(out))
    assert (over.returncode, "Traceback" in over.stderr) == (2, False)


def test_a_day_for_the_demonstration_of_today_is_refused_and_nothing_is_made(meantime, tmp_path):
    done = meantime("demo", "--day", "2026-10-01")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == ("--day is for --clients: the demonstration without it ends today. Nothing was made.\n")
    assert not (tmp_path / "data").exists()


def test_a_look_by_hand_says_what_came_of_it(meantime):
    meantime("install")
    done = meantime("tick")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Planned 0; sent: none due; ")


def test_every_command_is_in_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in main.commands if f"`meantime {name}`" not in readme] == []


def test_every_command_says_what_it_does():
    assert [name for name, command in main.commands.items() if not command.help] == []


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not come up")
