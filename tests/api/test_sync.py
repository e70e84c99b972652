"""Push, pull and the end of a cycle, as a phone sees them, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from server import clock
from server.api import sync
from server.entries.models import Entry, Revision
from server.entries.reading import canonical
from server.extensions import db
from server.people.models import Device
from server.people.queries import epoch_id
from tests.cast import NOW, new_uuid

HEADERS = {"X-Sync-Protocol": "1"}


@pytest.fixture
def phone(both, cast, monkeypatch):
    """Anna's phone, paired, with a thought record agreed three times a week, an hour ago."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    cast.pair()
    cast.made["agreed"] = cast.agree()
    web = both.test_client()
    web.set_cookie("phone", cast.token)
    return Phone(web, cast)


class Phone:
    def __init__(self, web, cast):
        self.web, self.cast = web, cast

    def push(self, *revisions, **envelope):
        body = {
            "protocol": 1,
            "batch_id": str(uuid4()),
            "device_id": str(self.cast.phone.id),
            "epoch": epoch_id(),
            "revisions": list(revisions),
            **envelope,
        }
        return self.web.post("/api/v1/sync/push", json=body, headers=HEADERS)

    def pull(self, cursor="", **headers):
        db.session.rollback()  # each request of a real phone has a look of its own
        return self.web.get(f"/api/v1/sync/pull?cursor={cursor}", headers={**HEADERS, **headers})

    def statuses(self, *revisions):
        return [result["status"] for result in self.push(*revisions).json["results"]]

    def states(self):
        changes = self.pull().json["changes"]
        return {c["body"]["slot"]: c["body"]["state"] for c in changes if c["kind"] == "occurrence"}


def test_an_entry_is_stored_once_and_fills_its_slot(phone):
    entry = phone.cast.entry(phone.cast.made["agreed"].id, slot="w1#1")
    answer = phone.push(entry)
    assert answer.status_code == 200
    assert answer.headers["X-Sync-Protocol"] == "1"
    assert answer.json["results"] == [
        {"revision_id": entry["revision_id"], "content_hash": canonical(entry)[1], "status": "stored"}
    ]
    assert phone.statuses(entry) == ["duplicate"]
    assert phone.states()["w1#1"] == "done"


def test_a_batch_with_one_unreadable_stores_the_others(phone):
    good = phone.cast.entry(phone.cast.made["agreed"].id)
    bad = {**phone.cast.entry(phone.cast.made["agreed"].id), "kind": "explode"}
    assert phone.statuses(good, bad, "nonsense", None, 7, ["a"]) == ["stored", *["quarantined"] * 5]


def test_f10_the_same_id_with_other_content_is_kept_aside(phone):
    entry = phone.cast.entry(phone.cast.made["agreed"].id)
    other = {**entry, "payload": {"answers": {"situation": "another"}, "kept": False}}
    assert phone.statuses(entry) == ["stored"]
    assert phone.statuses(other) == ["quarantined"]
    assert phone.statuses(entry) == ["duplicate"]


def test_somebody_elses_assignment_gets_the_same_answer_as_none(phone):
    nobodys = phone.cast.entry(uuid4())
    first = phone.push(nobodys).json["results"][0]
    assert (first["status"], first["code"]) == ("quarantined", "unknown-subject")


def test_an_unknown_worksheet_version_is_kept_aside(phone):
    entry = {**phone.cast.entry(phone.cast.made["agreed"].id), "form_version": 99}
    result = phone.push(entry).json["results"][0]
    assert (result["status"], result["code"]) == ("quarantined", "unknown-worksheet")


def test_an_answer_says_what_became_of_a_slot_and_the_last_one_holds(phone):
    agreed = phone.cast.made["agreed"].id
    not_today = phone.cast.answer(agreed, "w1#1", "not_today", outcome="keep", barrier="no_time")
    assert phone.statuses(not_today) == ["stored"]
    assert phone.states()["w1#1"] == "not_done"
    later = phone.cast.answer(agreed, "w1#1", "tried", happened=NOW + timedelta(minutes=5))
    assert phone.statuses({**later, "parents": [not_today["revision_id"]], "entry_id": not_today["entry_id"]}) == [
        "stored"
    ]
    assert phone.states()["w1#1"] == "tried"


def test_nothing_is_pulled_for_a_device_that_is_not_signed_in(phone):
    mine, other = (phone.pull(f"&device={one}") for one in (phone.cast.phone.id, uuid4()))
    assert (mine.status_code, other.status_code, other.json["code"]) == (200, 409, "epoch-changed")


def test_two_heads_are_both_kept_and_said(phone):
    first = phone.cast.entry(phone.cast.made["agreed"].id)
    edit = {**phone.cast.entry(phone.cast.made["agreed"].id), "entry_id": first["entry_id"]}
    assert phone.statuses(first) == ["stored"]
    assert phone.statuses({**edit, "parents": [first["revision_id"]]}) == ["stored"]
    other = {**phone.cast.entry(phone.cast.made["agreed"].id), "entry_id": first["entry_id"]}
    assert phone.statuses({**other, "parents": [first["revision_id"]]}) == ["stored_conflict"]


def test_every_phone_is_told_by_which_clock_the_shown_state_is_the_newer(phone):
    first = phone.cast.entry(phone.cast.made["agreed"].id)
    of = {"entry_id": first["entry_id"], "parents": [first["revision_id"]]}
    slow, quick = ({**phone.cast.entry(phone.cast.made["agreed"].id), **of} for _ in range(2))
    phone.push(first)
    clocks = {slow["revision_id"]: "2026-11-18T09:30:00Z", quick["revision_id"]: "2026-11-18T11:30:00Z"}
    for one in (slow, quick):  # both say half past nine; one phone's clock is an hour behind, the other's an hour ahead
        phone.push(one, sent_at=clocks[one["revision_id"]])
    changes = {c["id"]: c for c in phone.pull().json["changes"] if c["kind"] == "revision"}
    latest = max((slow, quick), key=lambda one: _shown_by(changes[one["revision_id"]]))
    entry = db.session.scalar(select(Entry).where(Entry.entry_id == UUID(first["entry_id"])))
    assert str(entry.head_id) == latest["revision_id"] == slow["revision_id"]


def _shown_by(change):
    return change["body"]["saved_at"], change["seq"]


def test_a_deleted_entry_fills_nothing(phone):
    entry = phone.cast.entry(phone.cast.made["agreed"].id, slot="w1#2")
    phone.push(entry)
    tombstone = {
        **phone.cast.entry(phone.cast.made["agreed"].id, slot="w1#2"),
        "entry_id": entry["entry_id"],
        "parents": [entry["revision_id"]],
        "kind": "delete",
        "payload": {},
    }
    assert phone.statuses(tombstone) == ["stored"]
    assert phone.states()["w1#2"] == "open"


def test_another_epoch_asks_for_everything_again(phone):
    answer = phone.push(epoch=str(uuid4()))
    assert (answer.status_code, answer.json["code"], answer.json["epoch"]) == (409, "epoch-changed", epoch_id())
    assert phone.pull(cursor=f"{uuid4()}.3").status_code == 409


def test_a_pull_goes_on_where_the_last_one_ended_and_is_conditional(phone):
    first = phone.pull()
    kinds = {change["kind"] for change in first.json["changes"]}
    assert {"assignment", "occurrence", "service"} <= kinds
    again = phone.pull(first.json["cursor"])
    assert [c["kind"] for c in again.json["changes"]] == ["service"]
    unchanged = phone.pull(first.json["cursor"], **{"If-None-Match": again.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    phone.push(phone.cast.entry(phone.cast.made["agreed"].id, slot="w1#1"))
    fresh = phone.pull(first.json["cursor"], **{"If-None-Match": again.headers["ETag"]})
    assert fresh.status_code == 200
    assert {c["kind"] for c in fresh.json["changes"]} >= {"revision", "occurrence"}


def test_small_pages_bring_everything_once(phone):
    phone.push(*[phone.cast.entry(phone.cast.made["agreed"].id) for _ in range(5)])
    whole = {(c["kind"], c["id"]) for c in phone.pull().json["changes"]}
    seen, cursor, more = set(), "", True
    while more:
        page = phone.web.get(f"/api/v1/sync/pull?cursor={cursor}&limit=3", headers=HEADERS).json
        seen |= {(c["kind"], c["id"]) for c in page["changes"]}
        cursor, more = page["cursor"], page["more"]
    assert seen == whole


def test_the_end_of_a_cycle_compares_both_sides(phone):
    import hashlib

    phone.push(phone.cast.entry(phone.cast.made["agreed"].id))
    ids = sorted(c["id"] for c in phone.pull().json["changes"] if c["kind"] == "revision")
    digest = {"count": len(ids), "sha256": hashlib.sha256("\n".join(ids).encode()).hexdigest()}
    body = {"outbox": 0, "device_seq": 1, "digest": digest}
    assert phone.web.post("/api/v1/sync/contact", json=body, headers=HEADERS).json == {
        **{"same": True, "count": 1, "made": 1, "stored": 1, "elsewhere": 0}
    }
    extra = new_uuid()
    body = {"outbox": 1, "device_seq": 2, "digest": {"count": 1, "sha256": "x"}, "ids": [extra]}
    compared = phone.web.post("/api/v1/sync/contact", json=body, headers=HEADERS).json
    assert (compared["same"], compared["missing_here"], compared["missing_there"]) == (False, ids, [extra])


def test_a_phone_whose_clock_is_years_out_is_put_right_by_what_it_shows_when_it_sends(phone, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    wrong = NOW + timedelta(days=-3650)
    entry = phone.cast.entry(phone.cast.made["agreed"].id, created_at=(wrong - timedelta(minutes=5)).isoformat())
    answer = phone.push(entry, sent_at=wrong.isoformat())
    assert answer.json["results"][0]["status"] == "stored"
    [saved] = db.session.scalars(select(Revision.effective_at))
    assert saved == NOW - timedelta(minutes=5)
    assert phone.push(sent_at="half past nine").status_code == 422


def test_without_a_phone_cookie_or_our_header_nothing_is_told(phone, both):
    stranger = both.test_client()
    assert stranger.get("/api/v1/sync/pull").json["code"] == "not-signed-in"
    assert phone.web.post("/api/v1/sync/push", json={}).status_code == 422
    revoked = phone.cast.phone
    from server.extensions import atomic
    from server.people.actions import revoke_device

    with atomic():
        revoke_device(device=revoked, by=phone.cast.ben, now=NOW)
    answer = phone.pull()
    assert (answer.status_code, answer.json["code"], answer.json["device_id"]) == (
        401,
        "device-revoked",
        str(revoked.id),
    )


def test_a_page_that_is_just_full_knows_that_there_is_more(phone):
    phone.push(*[phone.cast.entry(phone.cast.made["agreed"].id) for _ in range(4)])
    end = phone.pull().json["cursor"]
    for limit in (1, 2, 3, 5):
        cursor, more = "", True
        while more:
            page = phone.web.get(f"/api/v1/sync/pull?cursor={cursor}&limit={limit}", headers=HEADERS).json
            cursor, more = page["cursor"], page["more"]
        assert cursor == end


def test_something_nested_beyond_reason_does_not_block_the_batch(phone):
    deep = "x"
    for _ in range(600):
        deep = [deep]
    good = phone.cast.entry(phone.cast.made["agreed"].id)
    assert phone.statuses({**phone.cast.entry(phone.cast.made["agreed"].id), "payload": deep}, good) == [
        "quarantined",
        "stored",
    ]


def test_what_is_committed_while_a_pull_looks_is_not_skipped(phone, both, monkeypatch):
    agreed = phone.cast.made["agreed"].id
    entries = [phone.cast.entry(agreed, slot="w1#1"), phone.cast.entry(agreed, slot="w1#3")]
    looking = sync.entry_queries.feed_of
    other_phone = both.test_client()
    other_phone.set_cookie("phone", phone.cast.token)

    envelope = {"batch_id": str(uuid4()), "device_id": str(phone.cast.phone.id), "epoch": epoch_id()}

    def send(entry):
        body = {"protocol": 1, "revisions": [entry], **envelope}
        return other_phone.post("/api/v1/sync/push", json=body, headers=HEADERS).json["results"][0]["status"]

    def meanwhile(client_id, after, limit):
        """Two batches arrive after occurrences were looked at and before revisions are."""
        monkeypatch.setattr(sync.entry_queries, "feed_of", looking)
        with ThreadPoolExecutor(1) as other:
            assert [other.submit(send, entry).result() for entry in entries] == ["stored", "stored"]
        return looking(client_id, after, limit)

    before = phone.pull().json["cursor"]
    monkeypatch.setattr(sync.entry_queries, "feed_of", meanwhile)
    phone.push(phone.cast.answer(agreed, "w1#2", "done"))
    first = phone.pull(before).json
    second = phone.pull(first["cursor"]).json
    seen = {(c["kind"], c["id"], c["body"].get("state")) for c in [*first["changes"], *second["changes"]]}
    assert {("revision", entry["revision_id"], None) for entry in entries} <= seen
    assert {("occurrence", f"{agreed}/{slot}", "done") for slot in ("w1#1", "w1#2", "w1#3")} <= seen


def test_the_end_of_a_cycle_of_another_phone_is_noted_of_none(phone):
    """The cookie is one phone's and the app believes to be another: what it counts is not told of the wrong one."""
    cast, digest = phone.cast, {"count": 0, "sha256": "x"}
    own, strange = str(cast.phone.id), new_uuid()
    cast.pair()
    for other in (str(cast.phone.id), strange):
        body = {"outbox": 7, "device_seq": 40, "digest": digest, "device_id": other}
        answer = phone.web.post("/api/v1/sync/contact", json=body, headers=HEADERS)
        assert (answer.status_code, answer.json["code"], answer.json["epoch"]) == (409, "epoch-changed", epoch_id())
    db.session.expire_all()
    assert [(one.last_outbox, one.highest_seq) for one in db.session.scalars(select(Device))] == [(None, 0)] * 2
    body = {"outbox": 0, "device_seq": 0, "digest": digest}
    for said in ({"device_id": own}, {}):
        assert phone.web.post("/api/v1/sync/contact", json=body | said, headers=HEADERS).status_code == 200
