"""Two people end the same course at the same moment: one of them is told that it has ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import text, update

from server.caseload.models import Episode
from server.endings import actions as endings
from server.errors import Refused
from server.extensions import atomic, db
from server.people import actions as people
from server.people.models import Client, Practitioner
from tests.cast import NOW

ENDING = {"reason": "completed", "last_day": NOW.date(), "staying_well": "on_paper", "signposting": "", "now": NOW}


def end(cast):
    endings.end_course(client=cast.anna, episode=cast.episode, by=cast.ben, **ENDING)


def test_a_course_that_somebody_else_ended_since_it_was_read_is_not_ended_again(both, cast):
    assert cast.episode.closed_on is None
    with atomic():
        closing = update(Episode).where(Episode.id == cast.episode.id).values(closed_on=NOW.date() - timedelta(days=1))
        db.session.execute(closing.execution_options(synchronize_session=False))
        assert cast.episode.closed_on is None, "what was read before does not know it"
        with pytest.raises(Refused, match="client-closed"):
            end(cast)


def test_whoever_ends_it_second_waits_for_the_first_and_is_told(both, cast):
    ids = cast.anna.id, cast.episode.id, cast.ben.id
    with ThreadPoolExecutor(1) as pool:
        with atomic():
            people.lock(cast.anna.id)
            second = pool.submit(end_elsewhere, both, *ids)
            until_it_waits()
            end(cast)
        assert second.result(timeout=20) == "client-closed"


def end_elsewhere(app, client_id, episode_id, practitioner_id) -> str:
    """End it in a connection of its own; the code of the refusal, or "ended"."""
    with app.app_context():
        try:
            with atomic():
                client, episode = db.session.get(Client, client_id), db.session.get(Episode, episode_id)
                by = db.session.get(Practitioner, practitioner_id)
                endings.end_course(client=client, episode=episode, by=by, **ENDING)
        except Refused as no:
            return no.code
        finally:
            db.session.remove()
    return "ended"


def until_it_waits() -> None:
    """Until the other connection waits for this one. SQLite lets one writer in at a time, and shows no queue."""
    for _ in range(100):
        sleep(0.05)
        if db.engine.dialect.name == "sqlite":
            return
        if db.session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            return
    raise AssertionError("the second never came to wait")
