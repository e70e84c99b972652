"""A number whose revision found its id taken did come: its words are aside, and were saved again under another."""

from datetime import timedelta
from json import dumps

from sqlalchemy import select, update

from server import clock
from server.entries import queries as entries
from server.entries.actions import contact
from server.entries.models import Quarantined
from server.extensions import atomic, db
from server.people.queries import epoch_id
from server.research.facts import clients, facts_of, reading
from tests.cast import NOW, new_uuid
from tests.dashboard.browser import Browser, words

HEADERS = {"X-Sync-Protocol": "1"}


def push(phone, cast, *revisions):
    body = {"protocol": 1, "batch_id": new_uuid(), "device_id": str(cast.phone.id), "epoch": epoch_id()}
    told = phone.post("/api/v1/sync/push", json={**body, "revisions": list(revisions)}, headers=HEADERS).json
    return [(one["status"], one.get("code")) for one in told["results"]]


def taken(phone, cast):
    """Number 2 found its id taken by number 1; the app saved its words again as number 3."""
    agreed = cast.agree()
    first = cast.entry(agreed.id, {"situation": "one"}, device_seq=1)
    second = cast.entry(agreed.id, {"situation": "two"}, device_seq=2, revision_id=first["revision_id"])
    again = cast.entry(agreed.id, {"situation": "two"}, device_seq=3)
    assert push(phone, cast, first, second, again) == [("stored", None), ("quarantined", "id-reused"), ("stored", None)]


def counts(cast):
    db.session.expire_all()
    found = entries.arrived(cast.anna)[cast.phone.id]
    return found.made, found.stored


def test_it_is_no_hole_in_what_arrived_for_staff_or_for_the_phone(phone, cast):
    taken(phone, cast)
    digest = {"count": 0, "sha256": "x"}
    told = phone.post("/api/v1/sync/contact", json={"outbox": 0, "device_seq": 3, "digest": digest}, headers=HEADERS)
    assert (told.json["made"], told.json["stored"]) == counts(cast) == (3, 3)
    ben = Browser(phone.application).sign_in(cast.ben)
    assert "arrived" not in words(ben.page(f"/staff/clients/{cast.anna.id}").find(id="phones").find_next("div"))


def test_what_is_really_missing_beside_it_is_told(phone, cast):
    taken(phone, cast)
    with atomic():
        contact(client=cast.anna, device=cast.phone, outbox=2, device_seq=5, now=NOW + timedelta(hours=1))
    assert counts(cast) == (5, 3)


def test_a_number_that_cannot_be_read_any_more_counts_as_missing_and_breaks_nothing(phone, cast):
    taken(phone, cast)
    with atomic():
        db.session.execute(update(Quarantined).values(raw_sealed=b"changed"))
    assert counts(cast) == (3, 2)


def test_a_number_that_is_none_changes_nothing(phone, cast):
    agreed = cast.agree()
    first = cast.entry(agreed.id, {"situation": "one"}, device_seq=1)
    other = {**cast.entry(agreed.id, {"situation": "two"}), "revision_id": first["revision_id"]}
    odd = [{**other, "device_seq": number} for number in ("2", -1, 2**31, None, True, 2.5)]
    push(phone, cast, first, *odd)
    assert counts(cast) == (1, 1)


def test_what_came_in_no_shape_that_could_be_kept_breaks_nothing(phone, cast):
    taken(phone, cast)
    with atomic():
        [row] = db.session.scalars(select(Quarantined))
        row.raw = dumps("nested too deeply to be kept")  # as reading.canonical keeps such a thing
    assert counts(cast) == (3, 2)
    told = {"outbox": 0, "device_seq": 3, "digest": {"count": 0, "sha256": "x"}}
    assert phone.post("/api/v1/sync/contact", json=told, headers=HEADERS).status_code == 200
    assert Browser(phone.application).sign_in(cast.ben).page(f"/staff/clients/{cast.anna.id}").find(id="phones")
    with reading() as session:
        later = clock.now() + timedelta(days=1)
        [facts] = facts_of(session, list(clients(session, later)), later)
    assert [(one.made, one.stored) for one in facts.arrived] == [(3, 2)]
