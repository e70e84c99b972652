"""The signal that leaves the machine while all is well: when it stops, whoever listens raises the alarm."""

import logging
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

log = logging.getLogger(__name__)

PATIENCE = 5  # seconds: a monitor that hangs holds up no reminder for longer


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
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        status = connection.getresponse().status
    except (OSError, HTTPException) as wrong:
        log.warning("The signal to %s did not get through: %s.", where, type(wrong).__name__)
        return False
    finally:
        connection.close()
    if not 200 <= status < 300:
        log.warning("The signal to %s was answered %s.", where, status)
    return 200 <= status < 300
