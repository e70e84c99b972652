"""Serves the application: waitress on one port, the timetable beside it, both stopped together and in order."""

import gc
import logging
import signal
import sys
from collections.abc import Callable

import waitress
from flask import Flask

from server import jobs, scheduler, startup
from server.config import Config

# Whoever holds SQLite's write lock lets go of the interpreter with each statement, and waits so long for a thread
# that computes. Python's own 5 ms made 30 pushes/s of what are 113 with 1 ms (tests/benchmarks/sync.py).
TURN = 0.001
BODY_LIMIT = 5 * 1024 * 1024  # a little over what the application itself refuses with a sentence


def listen(app: Flask, config: Config, ready: Callable[[], None]) -> None:
    """Answer until we are told to stop, then finish what is under way. `ready` is called once the port is ours."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # else it says its word at each /readyz
    try:
        server = create_server(app, config)
    except OSError as wrong:
        raise startup.refused_address(config, wrong) from wrong
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # On PostgreSQL too: several that look do no harm, and until there are workers nobody else does.
    timetable = scheduler.start(app)
    try:
        ready()
        server.run()
    finally:
        jobs.stopping.set()  # what is on its way is finished, and nothing more is begun
        timetable.shutdown()
        jobs.stopping.clear()


def create_server(app: Flask, config: Config):
    """The web server, listening. OSError when the address cannot be had."""
    sys.setswitchinterval(TURN)
    settle()
    return waitress.create_server(app, **_options(config))


def settle() -> None:
    """Take what is loaded by now out of the rounds of the garbage collector: it stays for as long as we serve.

    Else every few pages one of them waits, 50 to 150 ms long, until all of it was looked through once more.
    """
    gc.collect()
    gc.freeze()


def _options(config: Config) -> dict[str, object]:
    options: dict[str, object] = {
        "host": config.host,
        "port": config.port,
        "threads": config.threads,
        "ident": None,
        "max_request_body_size": BODY_LIMIT,
    }
    if config.is_behind_proxy:
        # Only then is the caller's own address in these headers, and nobody else can have written them.
        options |= {
            "trusted_proxy": "127.0.0.1",
            "trusted_proxy_count": 1,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
            "clear_untrusted_proxy_headers": True,
        }
    return options
