"""`meantime audit` as an operator meets it: a head to keep elsewhere, and what shows against it."""

import sqlite3

from click.testing import CliRunner

from server import clock, create_app
from server.audit import actions as audit
from server.commands import main
from server.extensions import atomic, db
from tests.cast import people_of_two_services


def run(config, *arguments):
    """A command, in this process."""
    settings = {"MEANTIME_DATA": str(config.data), "MEANTIME_KEY_FILE": str(config.key_file)}
    return CliRunner().invoke(main, list(arguments), env=settings)


def test_what_was_cut_off_shows_against_the_head_that_was_kept(sqlite_config, tmp_path):
    with create_app(sqlite_config).app_context():
        cast = people_of_two_services()
        kept = tmp_path / "head.json"
        printed = run(sqlite_config, "audit", "head")
        assert printed.exit_code == 0, printed.output
        kept.write_text(printed.output)
        with atomic():
            audit.record("client.seen", about=cast.anna, by=cast.ben, now=clock.now())
        db.engine.dispose()
    whole = run(sqlite_config, "audit", "verify", "--head", str(kept))
    assert (whole.exit_code, whole.output.count(" holds: ")) == (0, 3), whole.output
    with sqlite3.connect(sqlite_config.data / "meantime.sqlite3") as connection:
        connection.execute("DROP TRIGGER audit_event_never_goes")
        connection.execute("DELETE FROM audit_event WHERE id > (SELECT max(id) - 3 FROM audit_event)")
    connection.close()
    assert run(sqlite_config, "audit", "verify").exit_code == 0
    cut = run(sqlite_config, "audit", "verify", "--head", str(kept))
    assert (cut.exit_code, "was cut: link" in cut.output) == (1, True), cut.output
    kept.write_text(printed.output.replace('"position": ', '"position": 1'))
    assert run(sqlite_config, "audit", "verify", "--head", str(kept)).exit_code == 2
