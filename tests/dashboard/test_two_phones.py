"""An entry that two phones went on with: what was changed is shown, and a removal is no second state."""

from datetime import timedelta

from server.entries import actions as entries
from server.extensions import atomic
from server.people import pairing
from tests.cast import NOW, new_uuid
from tests.dashboard.browser import words
from tests.dashboard.conftest import send


def test_where_one_phone_removed_what_another_changed_the_change_alone_is_shown(ben, cast, anna):
    first = cast.entry(anna.agreed, {"situation": "On the bus"}, happened=NOW - timedelta(hours=5))
    send(cast, [first], NOW - timedelta(hours=4))
    after = {"entry_id": first["entry_id"], "parents": [first["revision_id"]]}
    about = {"kind": "entry", "assignment_id": str(anna.agreed)}
    removed = cast.revision(about, {}, NOW - timedelta(hours=3), kind="delete", **after)
    changed = cast.entry(anna.agreed, {"situation": "On the train"}, happened=NOW - timedelta(hours=2), **after)
    send(cast, [removed, {**changed, "revision_id": new_uuid()}], NOW - timedelta(hours=1))
    page = ben.page(f"{anna.home}/entries/{first['entry_id']}")
    shown = page.find_all("article", class_="staff-entry")
    assert len(shown) == 1 and "On the train" in words(shown[0])
    assert "removed on another device, and kept here since it was changed" in words(shown[0])
    assert "Nothing is filled in" not in words(page)


def two_states(cast, anna, kind_of_the_later="save"):
    """One entry, changed on one phone and, later and without knowing of it, changed or removed on another."""
    first = cast.entry(anna.agreed, {"situation": "On the bus"}, happened=NOW - timedelta(hours=6))
    send(cast, [first], NOW - timedelta(hours=5))
    after = {"entry_id": first["entry_id"], "parents": [first["revision_id"]]}
    changed = cast.entry(anna.agreed, {"situation": "On the train"}, happened=NOW - timedelta(hours=4), **after)
    later = cast.entry(anna.agreed, {"situation": "On foot"}, happened=NOW - timedelta(hours=3), **after)
    if kind_of_the_later == "delete":
        about = {"kind": "entry", "assignment_id": str(anna.agreed)}
        later = cast.revision(about, {}, NOW - timedelta(hours=3), kind="delete", **after)
    send(cast, [changed, later], NOW - timedelta(hours=2))
    return first["entry_id"], [changed["revision_id"], later["revision_id"]]


def test_f18_a_later_removal_that_did_not_know_of_the_change_does_not_hide_it(ben, cast, anna):
    entry_id, _ = two_states(cast, anna, "delete")
    shown = ben.page(f"{anna.home}/entries/{entry_id}").find_all("article", class_="staff-entry")
    assert len(shown) == 1 and "On the train" in words(shown[0])
    assert "removed on another device, and kept here since it was changed" in words(shown[0])


def test_f17_one_revision_that_follows_both_makes_one_of_two(ben, cast, anna):
    entry_id, both = two_states(cast, anna)
    both_shown = ben.page(f"{anna.home}/entries").find("a", string="see both")
    assert both_shown["href"] == f"{anna.home}/entries/{entry_id}"
    page = ben.page(f"{anna.home}/entries/{entry_id}")
    assert page.find("a", string="see both") is None
    assert "They differ in: What was happening?" in words(page)
    assert "saved on two devices" in words(page) and len(page.find_all("article", class_="staff-entry")) == 2
    merged = cast.entry(anna.agreed, {"situation": "On the train and on foot"}, entry_id=entry_id, parents=both)
    send(cast, [merged], NOW - timedelta(hours=1))
    page = ben.page(f"{anna.home}/entries/{entry_id}")
    assert "two devices" not in words(page) and "On the train and on foot" in words(page)


def test_f18_a_removal_that_knew_of_both_removes_both(ben, cast, anna):
    entry_id, both = two_states(cast, anna, "delete")
    about = {"kind": "entry", "assignment_id": str(anna.agreed)}
    send(cast, [cast.revision(about, {}, NOW, kind="delete", entry_id=entry_id, parents=both)], NOW)
    ben.page(f"{anna.home}/entries/{entry_id}", 404)


def test_f29_what_a_lost_phone_never_sent_is_counted_for_practitioner_and_client(ben, cast, anna):
    """Its numbers have no gaps: three are missing of eight it told of. What could not be read did arrive."""
    with atomic():
        entries.contact(client=cast.anna, device=cast.phone, outbox=3, device_seq=cast.seq + 3, now=NOW)
    assert f"At least 3 of {cast.seq + 3} things saved on it have not arrived" in words(ben.page(anna.home))
    with atomic():
        _, code = pairing.invite(client=cast.anna, by=cast.ben, now=NOW)
        fresh = pairing.pair(code=code, details={"platform": "ios"}, now=NOW)
    ben.http.set_cookie("phone", fresh.token)
    told = {"outbox": 0, "device_seq": 0, "digest": {"count": 0, "sha256": ""}}
    answer = ben.fetch("/api/v1/sync/contact", "POST", json=told, headers={"X-Sync-Protocol": "1"})
    assert {name: answer.json[name] for name in ("made", "stored", "elsewhere")} == {
        "made": 0,
        "stored": 0,
        "elsewhere": 3,
    }
