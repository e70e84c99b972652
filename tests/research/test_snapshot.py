"""A bundle shows one moment, while clients change their minds and phones send."""

import threading
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from server.demo.synthetic import fill_synthetic
from server.extensions import atomic, db
from server.people.models import Client
from server.research import filling as building
from tests.research.conftest import build

UNTIL = datetime(2026, 11, 18, tzinfo=UTC)
NOW = UNTIL + timedelta(hours=9)


def everybody_says_no(app) -> None:
    with app.app_context(), atomic():
        db.session.execute(update(Client).values(research="no", language="cy"))


def test_who_says_no_while_it_is_built_is_in_it_still_and_in_the_next_no_more(both, tmp_path, monkeypatch):
    monkeypatch.setattr(building, "AT_ONCE", 8)
    fill_synthetic(clients=30, seed=5, until=UNTIL)
    app, said = current_app._get_current_object(), []

    def after_the_first(done: int, of: int) -> None:
        if of and not said:
            said.append(done)
            writer = threading.Thread(target=everybody_says_no, args=(app,))
            writer.start()
            writer.join(timeout=30)
            assert not writer.is_alive(), "whoever writes has to wait for the bundle"

    before = build(tmp_path / "before", now=NOW)
    during = build(tmp_path / "during", now=NOW, progress=after_the_first)
    db.session.rollback()  # what we read of before this
    assert set(db.session.scalars(select(Client.research))) == {"no"}
    assert said == [8]
    assert len(before.rows("participants")) > 8
    assert during.rows("participants") == before.rows("participants")
    assert during.rows("occurrences") == before.rows("occurrences")
    assert build(tmp_path / "after", now=NOW).manifest.clients == 0
