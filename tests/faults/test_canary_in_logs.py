"""Nothing that anybody wrote is in a log or in what a crash leaves: the service breaks on purpose, and says so."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from server.extensions import db
from tests.faults.phones import exchange
from tests.faults.serving import Server

CANARY = "the kingfisher under the bridge at Hebden"
CRASH = """
import errno, os, sys
from server import quiet
quiet.start()
try:
    try:
        {}[sys.argv[1]]
    except KeyError as wrong:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), sys.argv[1]) from wrong
except OSError:
    int(sys.argv[1])
"""
TELLS_WORDS = "tests.faults.plants.tells_words"


def test_what_breaks_is_logged_by_its_kind_and_place_and_never_by_its_words(world, tmp_path):
    log, person, phone = tmp_path / "log", world.anna, world.anna.phones[0]
    with Server(world.config, TELLS_WORDS, str(log)) as server:
        for word in ("kept", "alone", "broken"):
            batch = phone.batch(phone.save(person.entry(answers={"situation": f"{CANARY} {word}"})))
            status, _, body = exchange(server.port, phone.token, batch)
            assert (status, CANARY.encode() in body) == (500 if word == "broken" else 200, False)
        status, _, _ = exchange(server.port, phone.token, {**batch, "revisions": [{"odd": CANARY}]})
        assert status == 200
        limits = Path(f"/proc/{server.pid}/limits").read_text()
        assert limits.split("Max core file size")[1].split()[0] == "0", "a core file holds all that was in memory"
    said = log.read_text()
    for kind in ("Reference", "KeyError", "ValueError", "tells_words.py", "Nothing caught this"):
        assert kind in said, f"{kind} helps to mend it: {said}"
    for planted in (CANARY, "kingfisher", "Anna", phone.token, "situation"):
        assert planted not in said, planted
    if not world.config.is_sqlite:
        folder = Path(db.session.scalar(text("SHOW data_directory")))
        theirs = [path for path in (*folder.glob("log*"), *folder.glob("log/*")) if path.is_file()]
        assert theirs and not any(CANARY.encode() in path.read_bytes() for path in theirs)


def test_what_nothing_catches_ends_without_its_words():
    ended = subprocess.run(
        [sys.executable, "-c", CRASH, CANARY],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == 1
    assert CANARY not in ended.stderr + ended.stdout
    for kind in ("ValueError", "KeyError", "No space left on device", 'File "<string>", line', "Nothing caught this"):
        assert kind in ended.stderr, kind


def test_an_address_that_lets_somebody_in_is_not_logged(app, caplog, monkeypatch):
    def fail(*_, **__):
        raise KeyError(CANARY)

    app.testing = False
    [rule] = [one for one in app.url_map.iter_rules() if one.rule.startswith("/api/stop/") and "GET" in one.methods]
    monkeypatch.setitem(app.view_functions, rule.endpoint, fail)
    address = rule.build(dict.fromkeys(rule.arguments, "a-secret-code"))[1]
    assert app.test_client().get(address).status_code == 500
    assert rule.endpoint in caplog.text and "a-secret-code" not in caplog.text
