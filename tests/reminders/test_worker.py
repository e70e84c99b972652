"""`meantime worker` on PostgreSQL: real processes that take jobs from one queue, and its tables by their version."""

import asyncio
import signal
import time
from collections import Counter

import pytest

from server import queueing
from server.commands import main
from server.errors import CannotStart
from server.extensions import db
from tests.reminders.processes import until
from tests.reminders.ticking import DUE, SECOND, first


def test_the_queue_has_tables_of_one_version_however_often_it_is_brought_up(on_postgres):
    assert queueing.bring_up(db.engine) == queueing.newest_version()
    queueing.refuse_old_tables(db.engine)
    with db.engine.begin() as connection:
        assert connection.exec_driver_sql(f"SELECT count(*) FROM {queueing.VERSIONS}").scalar() == 1
        connection.exec_driver_sql(f"UPDATE {queueing.VERSIONS} SET version = '01'")
    with pytest.raises(CannotStart, match="meantime migrate"):
        queueing.refuse_old_tables(db.engine)


def test_two_workers_beside_a_server_send_what_is_due_once_and_end_in_order(on_postgres, nursery, tmp_path):
    story = on_postgres
    story.subscribe()
    story.set_rule()
    story.lend(nursery, DUE + SECOND)
    pids = [nursery.start(role, tmp_path / "log") for role in ("worker", "worker", "serve")]  # its timetable looks too
    until(lambda: db.session.rollback() or first().state == "accepted")
    began = time.monotonic()
    assert [nursery.end(pid, signal.SIGTERM) for pid in pids] == [0, 0, 0]
    assert time.monotonic() - began < 30
    assert len(story.push.taken) == 1
    assert "ERROR" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(("others", "after"), [(0, {"todo": 1}), (1, {"todo": 1})])
def test_a_job_whose_worker_died_is_given_to_another_unless_one_like_it_waits(on_postgres, others, after):
    queue = queueing.queue_of(on_postgres.app)
    of_a_kind = queue.tasks["dispatch"].configure(queueing_lock="dispatch 0")

    async def die_and_mend():
        async with queue.open_async():
            await of_a_kind.defer_async()
            worker = await queue.job_manager.register_worker()
            await queue.job_manager.fetch_job(queues=None, worker_id=worker)
            for _ in range(others):
                await of_a_kind.defer_async()
            await queue.tasks["mend"].func(timestamp=0)
            alive = statuses()
            with db.engine.begin() as connection:
                connection.exec_driver_sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 day'")
            await queue.tasks["mend"].func(timestamp=60)
            return alive, statuses()

    assert asyncio.run(die_and_mend()) == (Counter({"doing": 1, "todo": others}) + Counter(), after)


def statuses() -> Counter:
    with db.engine.connect() as connection:
        return Counter(row[0] for row in connection.exec_driver_sql("SELECT status::text FROM procrastinate_jobs"))


def test_on_sqlite_there_is_nothing_for_a_worker_to_do(sqlite_config, monkeypatch, capsys):
    monkeypatch.setenv("MEANTIME_DATA", str(sqlite_config.data))
    monkeypatch.setenv("MEANTIME_KEY_FILE", str(sqlite_config.key_file))
    with pytest.raises(SystemExit) as end:
        main(["worker"])
    assert end.value.code == 2
    assert "PostgreSQL" in capsys.readouterr().err
