"""A phone that keeps nothing asks where its numbers go on."""

from server.entries.actions import contact
from server.extensions import atomic, db
from server.people.models import Device
from tests.cast import NOW, new_uuid

HEADERS = {"X-Sync-Protocol": "1"}


def test_numbers_go_on_after_the_highest_that_arrived_or_was_told(phone, cast):
    def device() -> dict:
        return phone.get("/api/v1/device", headers=HEADERS).json

    told = device()
    assert told["device_seq"] == 0
    entry = cast.entry(cast.agree().id, device_seq=7)
    batch = {"protocol": 1, "batch_id": new_uuid(), "device_id": told["device_id"], "epoch": told["epoch"]}
    sent = phone.post("/api/v1/sync/push", json={**batch, "revisions": [entry]}, headers=HEADERS)
    assert sent.json["results"][0]["status"] == "stored"
    assert device()["device_seq"] == 7
    with atomic():  # two more were made, and went with the page
        contact(client=cast.anna, device=db.session.get(Device, cast.phone.id), outbox=2, device_seq=9, now=NOW)
    assert device()["device_seq"] == 9
