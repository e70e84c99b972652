"""An entry that two phones went on with: what was changed is shown, and a removal is no second state."""

from datetime import timedelta

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
    page = ben.page(f"{anna.home}/entries/{entry_id}")
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
