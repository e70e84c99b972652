"""`meantime worker`: takes jobs from the queue on PostgreSQL. Start as many as needed, on any machine."""

import asyncio
import gc
import logging
import os
import signal
import socket

from flask import Flask
from procrastinate.jobs import DeleteJobCondition

from server import jobs, queueing

AT_ONCE = 2  # so that a long count does not hold up reminders; more would only share one processor
GARBAGE = 10_000  # objects more than before, until somebody looks which of them nobody needs
AGAIN = 5  # seconds until a worker that lost its database tries again
LAST_WORDS = 40  # seconds to finish what is on its way when told to stop; a push service is waited for 30

log = logging.getLogger(__name__)


def work(app: Flask) -> None:
    """Take jobs until told to stop; what is on its way then is finished, and nothing more is begun."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)  # else it says its word at each job
    logging.getLogger("alembic").setLevel(logging.WARNING)
    quieten()
    try:
        asyncio.run(_work(app))
    finally:
        jobs.stopping.clear()


def quieten() -> None:
    """Look for garbage seldom, and never through what is loaded by now: a tenth of a message's time goes there else."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


async def _work(app: Flask) -> None:
    queue = queueing.queue_of(app)
    async with queue.open_async():
        loop = asyncio.get_running_loop()
        while not jobs.stopping.is_set():
            working = asyncio.create_task(
                queue.run_worker_async(
                    name=f"{socket.gethostname()}-{os.getpid()}",
                    concurrency=AT_ONCE,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    shutdown_graceful_timeout=LAST_WORDS,
                    install_signal_handlers=False,
                )
            )
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, _stop, working)
            await _until_it_ends(working)


async def _until_it_ends(working: asyncio.Task[None]) -> None:
    try:
        await working
    except asyncio.CancelledError:
        log.info("Told to stop; what was on its way is finished.")
        return
    except Exception:
        log.exception("The worker stopped by itself, and starts again.")
    if not jobs.stopping.is_set():
        await asyncio.sleep(AGAIN)  # the database may be starting


def _stop(working: asyncio.Task[None]) -> None:
    jobs.stopping.set()
    working.cancel()  # the worker's own way to a graceful end
