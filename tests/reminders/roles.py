"""What a process of a test can be: the real server, the real worker, one that only looks, and some that are killed."""

import os
import signal
import time

from apscheduler.schedulers.background import BackgroundScheduler

from server import clock, create_app, jobs, scheduler
from server.commands import main
from server.config import Config
from server.reminders import sending


def serve() -> None:
    """`meantime serve`. Its timetable runs by the machine's clock: only what the program reads is moved."""
    scheduler.BackgroundScheduler = _Unmoved
    main(["serve"])


class _Unmoved(BackgroundScheduler):
    def add_job(self, *args, next_run_time=None, **more):
        return super().add_job(*args, **more)


def worker() -> None:
    """`meantime worker`."""
    main(["worker"])


def looker() -> None:
    """Looks for what is due without a pause, as every driver does, until it is killed."""
    app = create_app(Config.from_env())
    while True:
        scheduler.look(app, "tick", (jobs.send_due_reminders,))
        time.sleep(0.05)


def dies_claimed() -> None:
    """One look that ends by SIGKILL right after its claim was committed."""
    sending.check = _die
    _look_once()


def dies_accepted() -> None:
    """One look that ends by SIGKILL after the push service took the message, before that is written down."""
    sending.record_all = _die
    _look_once()


def _die(**_) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _look_once() -> None:
    with create_app(Config.from_env()).app_context():
        jobs.send_due_reminders(clock.now())
