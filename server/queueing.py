"""Procrastinate on the same PostgreSQL: its tables by its own recorded version, and the jobs that workers take.

A job says only *look now*; what is due is rows, claimed under a lease, so that a job run twice does no harm.
"""

import logging
from dataclasses import dataclass
from importlib import resources
from typing import Any

import procrastinate
from flask import Flask
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status
from sqlalchemy import make_url
from sqlalchemy.engine import Connection, Engine

from server import clock, jobs, scheduler
from server.config import Config
from server.errors import CannotStart
from server.reminders import queries, vitals

VERSIONS = "procrastinate_applied"  # the name keeps it out of Alembic's sight, as the others (migrations/env.py)
ONE_AT_A_TIME = 727_215  # any number that nothing else locks
A_JOB = 500  # reminders due bring one job more
MOST_OF_A_JOB = 10 * A_JOB  # taken by one, on the connections it opened; the others find what is left
MOST_JOBS = 200  # waiting at once; what is left is seen at the next look
STALLED = 60  # seconds without a sign of life of the worker that took a job
EVERY_HOUR, EVERY_NIGHT, EVERY_MINUTE = "0 * * * *", "30 2 * * *", "* * * * *"

log = logging.getLogger(__name__)


def bring_up(engine: Engine) -> str:
    """Make Procrastinate's tables, or bring them to the version of the library. Returns that version."""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {VERSIONS} (version text NOT NULL)")
        found = connection.exec_driver_sql(f"SELECT max(version) FROM {VERSIONS}").scalar()  # noqa: S608
        steps = [(newest_version(), _sql("schema.sql"))] if found is None else _steps_after(found)
        for version, sql in steps:
            _run(connection, sql)
            connection.exec_driver_sql(f"INSERT INTO {VERSIONS} VALUES (%s)", (version,))  # noqa: S608
    return newest_version()


def refuse_old_tables(engine: Engine) -> None:
    """`CannotStart` unless Procrastinate's tables are those of the installed library."""
    with engine.connect() as connection:
        there = connection.exec_driver_sql(f"SELECT to_regclass('{VERSIONS}') IS NOT NULL").scalar()
        found = connection.exec_driver_sql(f"SELECT max(version) FROM {VERSIONS}").scalar() if there else None  # noqa: S608
    if found != newest_version():
        raise CannotStart("The tables of the job queue are not those of this program: run meantime migrate.")


@dataclass(frozen=True)
class State:
    """How the queue stands, for the doctor: counts of workers and of jobs that do not get on."""

    workers: int  # seen in the last minute
    left: int  # taken by a worker that is gone, and by nobody since
    waiting: int  # for five minutes and more
    failed: int


def state_of(connection: Connection) -> State:
    """Look at workers and jobs by the database's own clock. Its tables have to be there (`refuse_old_tables`)."""
    row = connection.exec_driver_sql(
        """
        WITH job AS (
            SELECT j.status, w.last_heartbeat AS seen, coalesce(j.scheduled_at, e.at) AS since
            FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
            LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id) e ON true
        )
        SELECT
            (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'),
            count(*) FILTER (WHERE status = 'doing' AND coalesce(seen, '-infinity') < now() - interval '2 minutes'),
            count(*) FILTER (WHERE status = 'todo' AND since < now() - interval '5 minutes'),
            count(*) FILTER (WHERE status = 'failed')
        FROM job
        """
    ).one()
    return State(*row)


def newest_version() -> str:
    """The name of the newest change to its tables that the installed library knows."""
    return _versions()[-1]


def queue_of(app: Flask) -> procrastinate.App:
    """The queue with its jobs: each step of the timetable, and reminders by 500. To be opened by whoever works."""
    config: Config = app.config["MEANTIME"]
    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_address(config), min_size=1))
    _put_dispatch(queue, app, config)
    steps = [(step, _cron(config.tick_seconds)) for step in scheduler.TICK if step is not jobs.send_due_reminders]
    steps.append((jobs.say_alive, EVERY_MINUTE))
    steps += [(step, EVERY_MINUTE) for step in scheduler.BUNDLES]
    steps += [(step, EVERY_HOUR) for step in scheduler.HOURLY] + [(step, EVERY_NIGHT) for step in scheduler.NIGHTLY]
    for step, cron in steps:
        _put_step(queue, app, step, cron)
    _put_mend(queue)
    return queue


def _put_dispatch(queue: procrastinate.App, app: Flask, config: Config) -> None:
    @queue.task(name="dispatch", priority=5)
    def dispatch() -> None:
        scheduler.take(app, lambda now: jobs.send_due_reminders(now, most=MOST_OF_A_JOB), "dispatch")

    @queue.periodic(cron=_cron(config.tick_seconds))
    @queue.task(name="look", queueing_lock="look", priority=10)
    def look(timestamp: int) -> None:
        """As many jobs as there are five hundreds due, for whichever workers are free."""
        with app.app_context():
            due = queries.due(clock.now())
            if not due:
                jobs.went_well(vitals.DISPATCH, clock.now())
        for number in range(min(-(-due // A_JOB), MOST_JOBS)):
            try:
                dispatch.configure(queueing_lock=f"dispatch {number}").defer()
            except AlreadyEnqueued:
                continue


def _put_step(queue: procrastinate.App, app: Flask, step: scheduler.Step, cron: str) -> None:
    @queue.periodic(cron=cron)
    @queue.task(name=step.__name__, queueing_lock=step.__name__)
    def take(timestamp: int) -> None:
        scheduler.take(app, step, step.__name__)


def _put_mend(queue: procrastinate.App) -> None:
    @queue.periodic(cron=EVERY_MINUTE)
    @queue.task(name="mend", queueing_lock="mend")
    async def mend(timestamp: int) -> None:
        """Jobs whose worker died are given to another."""
        for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            log.warning("The worker of job %s (%s) is gone; another takes it.", job.id, job.task_name)
            try:
                await queue.job_manager.retry_job(job)
            except UniqueViolation:  # one like it waits already, and looks for the same
                await queue.job_manager.finish_job(job, Status.FAILED, delete_job=True)


def _cron(seconds: int) -> str:
    return "* * * * * " + ("0" if seconds >= 60 else f"*/{seconds}")  # croniter's sixth field is the second


def _address(config: Config) -> str:
    return make_url(config.database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _versions() -> list[str]:
    names = [each.name for each in resources.files("procrastinate.sql").joinpath("migrations").iterdir()]
    return sorted(name.removesuffix(".sql") for name in names if name.endswith(".sql"))


def _steps_after(found: str) -> list[tuple[str, str]]:
    return [(version, _sql(f"migrations/{version}.sql")) for version in _versions() if version > found]


def _sql(name: str) -> str:
    return resources.files("procrastinate.sql").joinpath(name).read_text(encoding="utf-8")


def _run(connection: Connection, sql: str) -> None:
    # Straight on the driver, which takes many statements at once only where nothing is filled in.
    driver: Any = connection.connection.driver_connection
    driver.execute(sql)
