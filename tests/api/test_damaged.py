"""Revisions whose bytes were damaged in the database: told as such, the rest goes on, and a phone gives them back."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server import clock
from server.entries import agenda
from server.entries.models import Entry, Revision
from server.entries.reading import canonical
from server.extensions import atomic, db
from server.people.queries import epoch_id
from tests.cast import NOW, new_uuid
from tests.dashboard.browser import Browser

HEADERS = {"X-Sync-Protocol": "1"}


@pytest.fixture
def phone(both, cast, monkeypatch):
    """Anna's phone, with three entries, a question and what it says of the second entry, all stored."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    return Phone(both, cast)


class Phone:
    def __init__(self, app, cast):
        self.app, self.cast, self.staff = app, cast, None
        cast.pair()
        agreed = cast.agree()
        self.entries = [cast.entry(agreed.id, {"situation": f"heron {n}"}) for n in range(3)]
        self.question = cast.revision({"kind": "agenda"}, {"text": "about the heron"})
        keep = {"entry_id": self.entries[1]["entry_id"], "shared": False}
        self.sharing = cast.revision({"kind": "sharing"}, keep)
        self.all = [*self.entries, self.question, self.sharing]
        self.web = app.test_client()
        self.web.set_cookie("phone", cast.token)
        assert self.push(*self.all) == ["stored"] * 5

    def push(self, *revisions):
        body = {"protocol": 1, "batch_id": new_uuid(), "device_id": str(self.cast.phone.id), "epoch": epoch_id()}
        answer = self.web.post("/api/v1/sync/push", json={**body, "revisions": list(revisions)}, headers=HEADERS)
        assert answer.status_code == 200, answer.data
        return [one["status"] for one in answer.json["results"]]

    def pull(self, cursor=""):
        db.session.rollback()
        answer = self.web.get(f"/api/v1/sync/pull?cursor={cursor}", headers=HEADERS)
        assert answer.status_code == 200, answer.data
        return answer.json

    def told(self, kind):
        return {one["id"]: one["body"] for one in self.pull()["changes"] if one["kind"] == kind}

    def staff_page(self, path):
        self.staff = self.staff or Browser(self.app).sign_in(self.cast.ben)
        return self.staff.fetch(f"/staff/clients/{self.cast.anna.id}{path}")


def damage(*revisions, swap=False):
    """One byte of each is changed, or the bytes of two are swapped."""
    ids = [Revision.revision_id == UUID(one["revision_id"]) for one in revisions]
    with atomic():
        sealed = [db.session.scalar(select(Revision.body_sealed).where(one)) for one in ids]
        fresh = sealed[::-1] if swap else [one[:40] + bytes([one[40] ^ 1]) + one[41:] for one in sealed]
        for one, value in zip(ids, fresh, strict=True):
            db.session.execute(update(Revision).where(one).values(body_sealed=value))
    db.session.expire_all()


@pytest.mark.parametrize("swap", [False, True], ids=["one byte", "two rows swapped"])
def test_a_pull_goes_on_and_tells_what_is_damaged(phone, swap, caplog):
    hurt = [phone.entries[0], phone.question]
    damage(*hurt, swap=swap)
    with caplog.at_level(logging.ERROR):
        damaged = phone.told("damaged")
    assert set(damaged) == {one["revision_id"] for one in hurt}
    assert len(phone.told("revision")) == 3
    for one in hurt:
        assert f"{phone.cast.anna.id}/{one['revision_id']}" in caplog.text
    assert "heron" not in caplog.text


def test_a_phone_that_holds_it_gives_it_back_and_others_are_told(phone):
    damage(phone.entries[0])
    cursor = phone.pull()["cursor"]
    assert phone.push(phone.entries[0]) == ["duplicate"]
    again = {one["id"]: one for one in phone.pull(cursor)["changes"] if one["kind"] == "revision"}
    assert again[phone.entries[0]["revision_id"]]["body"]["revision"] == phone.entries[0]
    assert phone.told("damaged") == {}
    assert len(phone.told("revision")) == 5
    cursor = phone.pull()["cursor"]
    assert phone.push(phone.entries[0]) == ["duplicate"]
    assert phone.pull(cursor)["cursor"] == cursor, "what is whole is left as it is"


def test_other_words_under_the_same_id_mend_nothing(phone):
    damage(phone.entries[0])
    forged = {**phone.entries[0], "payload": {"answers": {"situation": "forged"}, "kept": False}}
    assert phone.push(forged) == ["quarantined"]
    assert set(phone.told("damaged")) == {phone.entries[0]["revision_id"]}


def test_staff_pages_say_so_of_the_one_and_show_the_others(phone):
    damage(phone.entries[0], phone.question)
    for path in (
        "",
        "/entries",
        f"/entries/{phone.entries[0]['entry_id']}",
        f"/entries/{phone.entries[0]['entry_id']}/print",
    ):
        page = phone.staff_page(path)
        assert page.status_code == 200, path
        assert agenda.CANNOT_BE_READ in page.text, path
    page = phone.staff_page("/entries")
    assert "heron 2" in page.text
    assert "heron 0" not in page.text
    assert phone.staff_page(f"/entries/{phone.entries[0]['entry_id']}/fhir").status_code == 404
    assert [one.text for one in agenda.agenda_of(phone.cast.anna)] == [agenda.CANNOT_BE_READ]


def test_a_damaged_choice_shows_nothing_that_was_kept(phone):
    entry_id = phone.entries[1]["entry_id"]
    kept = select(Entry.kept).where(Entry.entry_id == UUID(entry_id))
    assert db.session.scalar(kept)
    damage(phone.sharing)
    later = {
        **phone.entries[1],
        "revision_id": new_uuid(),
        "parents": [phone.entries[1]["revision_id"]],
        "device_seq": 6,
    }
    assert phone.push(later) == ["stored"]
    db.session.rollback()
    assert db.session.scalar(kept)


def test_a_choice_to_share_counts_again_once_it_is_mended(phone):
    """While it could not be read, a later state of the entry was stored, and kept as the choice before it says."""
    entry = phone.entries[1]
    kept = select(Entry.kept).where(Entry.entry_id == UUID(entry["entry_id"]))
    share = phone.cast.revision({"kind": "sharing"}, {"entry_id": entry["entry_id"], "shared": True})
    share["created_at"] = later_than(phone.sharing)
    assert phone.push(share) == ["stored"]
    assert not db.session.scalar(kept)
    damage(share)
    later = {"revision_id": new_uuid(), "parents": [entry["revision_id"]], "device_seq": 31}
    assert phone.push({**entry, **later}) == ["stored"]
    db.session.rollback()
    assert db.session.scalar(kept)
    assert phone.push(share) == ["duplicate"]
    db.session.rollback()
    assert not db.session.scalar(kept)


def later_than(revision):
    """A minute after it was saved."""
    return (datetime.fromisoformat(revision["created_at"]) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def test_a_hash_that_was_damaged_is_told_and_compared_by_the_words_themselves(phone):
    one = phone.entries[0]
    with atomic():
        this = Revision.revision_id == UUID(one["revision_id"])
        db.session.execute(update(Revision).where(this).values(content_hash_sealed=b"\x01damaged"))
    assert phone.told("revision")[one["revision_id"]]["content_hash"] == canonical(one)[1]
    assert phone.push(one) == ["duplicate"]
    assert phone.push({**one, "payload": {"answers": {"situation": "another"}}}) == ["quarantined"]


def test_what_lost_its_hash_too_is_taken_from_a_phone_where_it_agrees_with_what_stands_in_the_open(phone):
    one = phone.entries[0]
    damage(one)
    with atomic():
        this = Revision.revision_id == UUID(one["revision_id"])
        db.session.execute(update(Revision).where(this).values(content_hash_sealed=b"\x01damaged"))
    assert phone.told("damaged") == {one["revision_id"]: {"content_hash": ""}}
    for other in ({"entry_id": new_uuid()}, {"device_seq": 99}, {"payload": {**one["payload"], "kept": True}}):
        assert phone.push({**one, **other}) == ["quarantined"], other
    assert phone.push(one) == ["duplicate"]
    assert phone.told("revision")[one["revision_id"]]["content_hash"] == canonical(one)[1]
    assert phone.push({**one, "payload": {"answers": {"situation": "another"}, "kept": False}}) == ["quarantined"]


def test_what_is_mended_keeps_its_place_so_a_choice_to_keep_it_stays_the_last_word(phone):
    # The phone's clock was put back after both: each counts as saved when it arrived, and only their order tells.
    ahead = (NOW + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S.")
    agreed = UUID(phone.entries[0]["subject"]["assignment_id"])
    entry = phone.cast.entry(agreed, {"situation": "an otter"}, created_at=f"{ahead}000Z")
    wish = {"entry_id": entry["entry_id"], "shared": False}
    choice = phone.cast.revision({"kind": "sharing"}, wish, created_at=f"{ahead}900Z")
    assert phone.push(entry, choice) == ["stored"] * 2
    place = phone.told("revision")[entry["revision_id"]]["order"]
    damage(entry)
    assert phone.push(entry) == ["duplicate"]
    assert phone.told("revision")[entry["revision_id"]]["order"] == place
    same = {"parents": [entry["revision_id"]], "device_seq": 30, "created_at": f"{ahead}950Z"}
    assert phone.push({**entry, "revision_id": new_uuid(), **same}) == ["stored"]
    db.session.rollback()
    assert db.session.scalar(select(Entry.kept).where(Entry.entry_id == UUID(entry["entry_id"])))
    assert "an otter" not in phone.staff_page(f"/entries/{entry['entry_id']}").text
