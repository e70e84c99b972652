"""The server the sync benchmark measures, in a process of its own: whole, or with the storing left out."""

import logging
import sys

from server import create_app, serving
from server.config import Config
from server.entries import actions as entries
from server.entries.actions import Receipt, Received
from server.sealing import data_key

WITHOUT_STORAGE = "--without-storage"


def main(arguments: list[str]) -> None:
    """Answer on the port of the environment until we are ended. The timetable stays out: it is not the handler."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # more connections than threads: it is the point
    config = Config.from_env()
    if WITHOUT_STORAGE in arguments:
        entries.receive = receive_without_storing
    serving.create_server(create_app(config), config).run()


def receive_without_storing(*, client, revisions, now, device=None, practitioner=None, sent_at=None) -> Received:
    """`entries.receive` with everything but the database: each revision is read, checked, hashed and sealed."""
    items = [entries.look(raw) for raw in revisions]
    key = data_key(client.data_key, f"client|{client.id}")
    for item in items:
        entries.values_of(item, item.read, client, key, {}, False, sent_at, now)
    return Received([Receipt(item.revision_id, item.content_hash, "stored") for item in items])


if __name__ == "__main__":
    main(sys.argv[1:])
