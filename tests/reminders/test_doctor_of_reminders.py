"""What the doctor says of reminders: who looks, what does not go out, who refused us, and how the queue stands."""

import asyncio

import pytest

from server import clock, doctor, jobs, queueing
from server.extensions import db
from server.reminders import vitals
from server.reminders.senders import ALARM, Outcome
from tests.reminders.ticking import DUE, tick


@pytest.fixture(autouse=True)
def here_and_now(monkeypatch):
    """No network; and it is six minutes after the reminders were due."""
    monkeypatch.setattr(doctor, "_reachable", lambda host: True)
    monkeypatch.setattr(clock, "now", lambda: DUE.replace(minute=36))


def said_of(story, check):
    db.session.rollback()
    return [(one.state, one.sentence) for one in doctor.examine(story.app.config["MEANTIME"]) if one.check == check]


def test_nobody_looks_and_then_somebody_does(story):
    assert [state for state, _ in said_of(story, "timetable")] == ["note", "note"]
    for step in vitals.WITHIN:
        jobs.went_well(step, clock.now())
    [(state, sentence)] = said_of(story, "timetable")
    assert state == "fine" and "nothing keeps them from going out" in sentence


def test_keys_that_are_refused_are_said_with_who_refused_them(story):
    story.others(2)
    tick(DUE, *[Outcome(ALARM, 401)] * 2)
    for step in vitals.WITHIN:
        jobs.went_well(step, clock.now())
    out, refused = said_of(story, "timetable")
    assert out == ("refused", "Reminders by notification do not go out: our keys are refused.")
    assert refused[0] == "note"
    assert refused[1].startswith(f"{story.push.host} refused our keys, 2 times in the last week (answer 401).")


def test_on_sqlite_nothing_is_said_of_a_queue(story):
    if db.engine.dialect.name == "sqlite":
        assert said_of(story, "queue") == []
    else:
        [(state, sentence)] = said_of(story, "queue")  # this database was made without `meantime migrate`
        assert state == "refused" and "meantime migrate" in sentence


def test_the_queue_s_tables_workers_and_stuck_jobs_are_looked_at(on_postgres):
    version = ("fine", f"The tables of the job queue are at {queueing.newest_version()}, as this program needs.")
    nobody = ("note", "No worker was seen in the last minute; meantime serve alone looks for what is due.")
    assert said_of(on_postgres, "queue") == [version, nobody]
    queue = queueing.queue_of(on_postgres.app)

    async def one_at_work_and_one_that_waits():
        async with queue.open_async():
            await queue.tasks["dispatch"].configure().defer_async()
            worker = await queue.job_manager.register_worker()
            await queue.job_manager.fetch_job(queues=None, worker_id=worker)
            await queue.tasks["dispatch"].configure().defer_async()

    asyncio.run(one_at_work_and_one_that_waits())
    assert said_of(on_postgres, "queue") == [version, ("fine", "Workers seen in the last minute: 1.")]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '3 minutes'")
        connection.exec_driver_sql("UPDATE procrastinate_events SET at = now() - interval '6 minutes'")
    told = said_of(on_postgres, "queue")
    assert told[:2] == [version, nobody]
    assert [state for state, _ in told[2:]] == ["refused", "refused"]
    assert "held by a worker that is gone: 1." in told[2][1] and "more than five minutes: 1." in told[3][1]
