"""Two presses at once write once: each waits for the other, then looks afresh. A list lays out what it changes."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from server.assignments.queries import occurrences_of
from server.audit.queries import about_client
from server.caseload import equity_list
from server.caseload.queries import meetings_of
from server.dashboard import same_time
from server.extensions import atomic, db
from server.measures import list_actions as score_list
from server.people.models import Practitioner
from tests.cast import NOW
from tests.dashboard.browser import Browser
from tests.reminders.ticking import in_threads

on_postgresql = pytest.mark.parametrize("config", ["postgresql"], indirect=True)  # SQLite has one writer at a time


@pytest.fixture
def meet_after(monkeypatch):
    """Whoever calls this function of a module then waits for the other press, or a second: a lock lets only one in."""

    def patch(module, name: str) -> None:
        read, both_in = getattr(module, name), threading.Barrier(2)

        def reading(*args, **kwargs):
            found = read(*args, **kwargs)
            with suppress(threading.BrokenBarrierError):
                both_in.wait(1)
            return found

        monkeypatch.setattr(module, name, reading)

    return patch


@on_postgresql
@pytest.mark.parametrize(
    ("module", "reads", "text", "verb"),
    [
        (score_list, "of_client", "ID,Date,PHQ-9\nTT-1001,17/11/2026,12\n", "measures.entered"),
        (equity_list, "newest_of", "ID,IMD\nTT-1001,3\n", "client.equity"),
    ],
    ids=["scores", "equity"],
)
def test_a_list_of_scores_or_equity_fields_is_written_once(both, cast, meet_after, module, reads, text, verb):
    ben, client_id = cast.ben.id, cast.anna.id
    meet_after(module, reads)

    def press():
        with both.app_context(), atomic():
            module.take_in(text=text, by=db.session.get(Practitioner, ben), now=NOW)

    in_threads(press, 2)
    assert [one.verb for one in about_client(client_id)].count(verb) == 1


@on_postgresql
def test_the_same_time_next_week_is_booked_once(both, cast, anna, meet_after):
    webs = [Browser(both).sign_in(cast.ben) for _ in range(2)]
    place = f"{anna.home}/appointments/{anna.today}"
    starts = webs[0].page(place).find("input", {"name": "starts"})["value"]
    asked = [(web, {**web.tokens(), "starts": starts}) for web in webs]
    planned = _planned(cast)
    meet_after(same_time, "same_time")

    def press():
        web, data = asked.pop()
        assert web.fetch(f"{place}/again", "POST", data=data).status_code == 303

    in_threads(press, 2)
    assert _planned(cast) == planned + 1


def test_a_clinic_list_lays_out_what_is_due_afresh(open_as, cast, anna, time):
    agreed = cast.agree(None, title="Sleep diary", now=NOW, rhythm={"kind": "per_appointment"})
    before = {one.slot for one in occurrences_of(cast.anna.id, agreed.id)}
    time.now = NOW + timedelta(hours=3)
    ben = open_as(cast.ben)
    text = "Patient ID,Date,Time,Attended\nTT-1001,18/11/2026,11:30,Yes\n"
    answer = ben.fetch("/staff/lists/appointments", "POST", data={**ben.tokens(), "text": text, "confirmed": "yes"})
    assert answer.status_code == 303
    after = {one.slot for one in occurrences_of(cast.anna.id, agreed.id)}
    assert before < after, "she came: the next interval asks for it again"


def _planned(cast) -> int:
    return [one.state for one in meetings_of([cast.episode.id])[cast.episode.id]].count("planned")
