"""Planted on purpose: look whether it is there, then insert, and nothing keeps a second one from doing the same."""

import time
from contextlib import contextmanager, nullcontext

from server import extensions
from server.entries import actions as entries
from server.entries import quick_sql
from server.people import actions as people


class _Slow:
    """The window between the look and the insert, wide enough to be hit every time."""

    def rows(self, *arguments, **values):
        found = quick_sql.KNOWN.rows(*arguments, **values)
        time.sleep(0.1)
        return found


@contextmanager
def _deferred():
    """`atomic()` as one writes it first."""
    session = extensions.db.session
    session.rollback()
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


people.lock = lambda client_id: nullcontext()
entries.KNOWN = _Slow()
extensions.atomic = _deferred
