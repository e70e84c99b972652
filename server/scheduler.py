"""The timetable inside `meantime serve` on SQLite: it says when to look, never what is due; that is rows."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from server import clock, jobs, steady
from server.config import Config

log = logging.getLogger(__name__)

Step = Callable[[datetime], object]
TICK: tuple[Step, ...] = (jobs.send_due_reminders, jobs.pass_on_what_cannot_go, jobs.chain_audit, jobs.escalate_flags)
HOURLY: tuple[Step, ...] = (jobs.lay_out_ahead, jobs.plan_reminders, jobs.count_services, jobs.seal_anew)
BUNDLES: tuple[Step, ...] = (jobs.build_bundles,)  # beside the others: one may take an hour
NIGHTLY: tuple[Step, ...] = (jobs.tidy,)
LATE = 3  # a timetable is alive while its last look is at most so many intervals old


def start(app: Flask) -> BackgroundScheduler:
    """Begin to look for what is due, every few seconds, hourly and nightly. The caller shuts it down.

    A look that takes long is not doubled, and looks that were missed become one.
    """
    config: Config = app.config["MEANTIME"]
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # else it says each look, three times a minute
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )
    first = clock.now() + timedelta(seconds=1)
    for name, steps, every in timetable(config):
        scheduler.add_job(
            look, "interval", seconds=every.total_seconds(), args=(app, name, steps), id=name, next_run_time=first
        )
    scheduler.start()
    return scheduler


def timetable(config: Config) -> list[tuple[str, tuple[Step, ...], timedelta]]:
    """What is looked at how often: (name, steps, every)."""
    return [
        ("tick", TICK, timedelta(seconds=config.tick_seconds)),
        ("bundles", BUNDLES, timedelta(seconds=config.tick_seconds)),
        ("hourly", HOURLY, timedelta(hours=1)),
        ("nightly", NIGHTLY, timedelta(days=1)),
    ]


def look(app: Flask, name: str, steps: tuple[Step, ...]) -> None:
    """Take each step; one that breaks is logged and stops neither the others nor the next look."""
    went = [take(app, step, step.__name__) for step in steps]
    if all(went):
        _beat(app.config["MEANTIME"], name)
        if steps is TICK:
            take(app, jobs.say_alive, "the signal")


def take(app: Flask, step: Step, name: str) -> bool:
    """Take one step at this moment, unless the clock cannot be believed. Whether it went well; if not, it is logged."""
    with app.app_context():
        try:
            now = clock.now()
            if wrong := _steady(app).trouble(now, steady.passing()) or steady.off_the_database(now):
                log.error("ALARM: this machine's clock %s. Until it can be believed, %s waits.", wrong, name)
                return False
            step(now)
        except Exception:
            log.exception("The step %s broke.", name)
            return False
    return True


def _steady(app: Flask) -> steady.Steady:
    return app.extensions.setdefault("meantime-steady", steady.Steady())


def alive(config: Config, now: datetime) -> bool:
    """Whether the last whole tick is recent, for the self-check."""
    try:
        last = datetime.fromisoformat(_beat_file(config, "tick").read_text("ascii"))
    except (OSError, ValueError):
        return False
    return now - last <= patience(config)


def patience(config: Config) -> timedelta:
    """How long the last whole tick may lie back, and how long the first may take after the start."""
    return LATE * timedelta(seconds=config.tick_seconds) + timedelta(seconds=jobs.LONGEST_LOOK)


def _beat(config: Config, name: str) -> None:
    path = _beat_file(config, name)
    fresh = path.with_suffix(".new")
    fresh.write_text(clock.now().isoformat(), "ascii")
    fresh.replace(path)  # whoever reads it reads the old one or the new one, never half


def _beat_file(config: Config, name: str) -> Path:
    return config.data / f"{name}.beat"
