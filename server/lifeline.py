"""The signal that leaves the machine while all is well: when it stops, whoever listens raises the alarm."""

import logging
import socket
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock, Thread, Timer
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

PATIENCE = 5  # seconds for each step of it
LONGEST = 10  # seconds for all of it: an answer that comes in drops is none
_asking = Lock()


def signal_beside(address: str) -> bool:
    """`signal` in a thread of its own, so that nothing waits for it. False while the one before is still waiting."""
    if not _asking.acquire(blocking=False):
        log.warning("The signal before this one was not answered yet.")
        return False
    Thread(target=_signal_and_free, args=(address,), daemon=True, name="signal").start()
    return True


def _signal_and_free(address: str) -> None:
    try:
        signal(address)
    finally:
        _asking.release()


def signal(address: str) -> bool:
    """Ask for this address once, and follow no redirect. Whether it was answered with 2xx; if not, that is logged.

    The address is the operator's own setting and nobody else's, and it may hold a secret: only its host is logged.
    """
    parts = urlsplit(address)
    where = parts.hostname or ""
    if parts.scheme == "https":
        connection: HTTPConnection = HTTPSConnection(
            where, parts.port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        connection = HTTPConnection(where, parts.port, timeout=PATIENCE)
    over = Timer(LONGEST, _cut, (connection,))
    over.daemon = True
    over.start()
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        status = connection.getresponse().status
    except (OSError, HTTPException) as wrong:
        log.warning("The signal to %s did not get through: %s.", where, type(wrong).__name__)
        return False
    finally:
        over.cancel()
        connection.close()
    if not 200 <= status < 300:
        log.warning("The signal to %s was answered %s.", where, status)
    return 200 <= status < 300


def _cut(connection: HTTPConnection) -> None:
    # Whoever reads from it finds its end.
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
