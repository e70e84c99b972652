"""How often a page asks the database."""

from collections.abc import Callable

from sqlalchemy import event

from server.extensions import db


def queries_of(open_page: Callable[[], object]) -> int:
    """How many statements opening a page sends, looks and settings of its transactions among them.

    Needs the context of an application.
    """
    sent = 0

    def note(*about) -> None:
        nonlocal sent
        sent += 1

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        open_page()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return sent
