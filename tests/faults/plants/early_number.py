"""Planted on purpose: the number of a change is taken apart from the transaction that makes it, as a sequence would."""

import time

from sqlalchemy import update

from server import extensions
from server.people import actions as people
from server.people.models import Client


def _early(client_id, count: int = 1) -> int:
    taking = update(Client).where(Client.id == client_id).values(feed_seq=Client.feed_seq + count)
    with extensions.db.engine.begin() as connection:
        last = connection.execute(taking.returning(Client.feed_seq)).scalar_one()
    time.sleep(0.03)  # the window in which a higher number may be committed first
    return last - count + 1


people.lock = lambda client_id: None
people.next_feed = _early
