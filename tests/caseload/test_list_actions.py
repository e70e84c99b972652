"""Lists from another system on both databases: written once however often they are sent."""

import threading
from datetime import timedelta

from server.audit.queries import about_client
from server.caseload import equity_list, list_actions
from server.caseload.queries import meetings_of
from server.extensions import atomic, db
from server.measures import list_actions as score_actions
from server.measures.queries import of_client
from server.people.equity_queries import equity_of
from server.people.models import Practitioner
from tests.cast import NOW
from tests.reminders.ticking import in_threads

DAYS = [NOW + timedelta(days=7 * n) for n in range(-2, 8)]
APPOINTMENTS = "Local number,Date,Time,Status\n" + "".join(
    f"tt-1001,{day:%d/%m/%Y},09:00,{'Attended' if day < NOW else 'Booked'}\n" for day in DAYS
)


def test_every_list_is_written_once(both, cast):
    for _ in range(2):
        with atomic():
            list_actions.take_in(text=APPOINTMENTS, by=cast.ben, now=NOW)
            score_actions.take_in(text="ID,Date,PHQ-9\nTT-1001,17/11/2026,12\n", by=cast.ben, now=NOW)
            equity_list.take_in(text="ID,IMD\nTT-1001,3\n", by=cast.ben, now=NOW)
    states = [one.state for one in meetings_of([cast.episode.id])[cast.episode.id]]
    assert states == ["attended"] * 2 + ["planned"] * 8  # today's 09:00 has passed: nobody said yet whether she came
    assert len(of_client(cast.anna, cast.episode)) == 1
    assert equity_of(cast.service)[cast.anna.id]["imd_decile"] == "3"
    verbs = [one.verb for one in about_client(cast.anna.id)]
    assert (verbs.count("appointment.booked"), verbs.count("measures.entered"), verbs.count("client.equity")) == (
        10,
        1,
        1,
    )


def test_two_presses_at_once_write_once(both, cast):
    ben, together = cast.ben.id, threading.Barrier(2)

    def press():
        with both.app_context():
            together.wait()
            with atomic():
                list_actions.take_in(text=APPOINTMENTS, by=db.session.get(Practitioner, ben), now=NOW)

    in_threads(press, 2)
    db.session.rollback()
    assert len(meetings_of([cast.episode.id])[cast.episode.id]) == len(DAYS)


def test_looking_writes_nothing(both, cast):
    looked = list_actions.look(text=APPOINTMENTS, by=cast.ben, now=NOW)
    assert {one.what for one in looked.outcomes} == {"new"}
    assert meetings_of([cast.episode.id])[cast.episode.id] == []
