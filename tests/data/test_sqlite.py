"""The embedded database keeps what was answered for when the power goes."""

from server.extensions import db


def test_f41_what_was_committed_is_on_the_disk_before_anybody_is_told(app):
    with db.engine.connect() as connection:
        held = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")}
    assert held == {"synchronous": 2, "journal_mode": "wal"}  # 2: FULL
