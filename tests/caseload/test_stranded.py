"""Two administrators give the same course to two people at the same moment: one of them is told."""

from concurrent.futures import ThreadPoolExecutor

from server.caseload import stranded
from server.errors import Refused
from server.extensions import atomic, db
from server.people import actions as people
from server.people.models import Practitioner
from tests.cast import NOW
from tests.endings.test_ending_at_once import until_it_waits


def test_a_course_that_two_administrators_give_at_once_goes_to_one(both, cast):
    una, eva = cast.add("Una", "administrator"), cast.add("Eva", "practitioner")
    with atomic():
        people.disable_practitioner(practitioner=cast.ben, by=cast.ada, now=NOW)
    ids = cast.episode.id, eva.id, una.id
    with ThreadPoolExecutor(1) as pool:
        with atomic():
            people.lock(cast.anna.id)
            second = pool.submit(give_elsewhere, both, *ids)
            until_it_waits()
            stranded.give(episode_ids=[ids[0]], to=cast.cara, reason="Left", by=cast.ada, now=NOW)
        assert second.result(timeout=20) == "bad-input"


def give_elsewhere(app, episode_id, to_id, by_id) -> str:
    """Give it in a connection of its own; the code of the refusal, or "given"."""
    with app.app_context():
        try:
            with atomic():
                to, by = (db.session.get(Practitioner, one) for one in (to_id, by_id))
                stranded.give(episode_ids=[episode_id], to=to, reason="Left", by=by, now=NOW)
        except Refused as no:
            return no.code
        finally:
            db.session.remove()
    return "given"
