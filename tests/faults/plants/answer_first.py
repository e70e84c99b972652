"""Planted on purpose: answer at once, and store a little later."""

import threading

from flask import current_app

from server.api import sync
from server.entries import actions as entries
from server.entries.actions import Receipt, Received
from server.extensions import atomic, db
from server.people.models import Client, Device

_store = sync.take_in


def _later(client, device, revisions, now, sent_at=None, made_on=None) -> Received:
    app, ids = current_app._get_current_object(), (client.id, device.id)

    def store() -> None:
        with app.app_context(), atomic():
            _store(db.session.get(Client, ids[0]), db.session.get(Device, ids[1]), revisions, now, sent_at, made_on)

    threading.Timer(0.05, store).start()
    looked = [entries.look(raw) for raw in revisions]
    return Received([Receipt(item.revision_id, item.content_hash, "stored") for item in looked])


sync.take_in = _later
