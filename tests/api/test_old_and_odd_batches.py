"""Batches out of order, with one bad among many, and from an app that is releases behind."""

from tests.api.test_sync import Phone, phone  # noqa: F401
from tests.cast import new_uuid


def edit_of(entry: dict, other: dict) -> dict:
    return {**other, "entry_id": entry["entry_id"], "parents": [entry["revision_id"]]}


def test_f11_an_edit_that_arrives_before_what_it_edits_is_the_one_shown(phone: Phone):  # noqa: F811
    agreed = phone.cast.made["agreed"].id
    entry = phone.cast.entry(agreed, slot="w1#1")
    edit = edit_of(entry, phone.cast.entry(agreed, answers={}, slot="w1#1"))
    assert phone.statuses(edit) == ["stored"]
    assert phone.statuses(entry) == ["stored"]
    assert phone.states()["w1#1"] == "open"  # the edit took every answer back


def test_f12_one_bad_revision_among_fifty_is_put_aside_and_holds_up_nothing(phone: Phone):  # noqa: F811
    agreed = phone.cast.made["agreed"].id
    batch = [phone.cast.entry(agreed) for _ in range(50)]
    batch[24] = {**batch[24], "revision_id": new_uuid(), "payload": "none"}
    assert phone.statuses(*batch) == [*["stored"] * 24, "quarantined", *["stored"] * 25]


def test_f35_an_app_releases_behind_still_pushes_and_pulls(phone: Phone):  # noqa: F811
    """It names no device when it pulls, does not say what its clock shows, and is of a version nobody remembers."""
    entry = {**phone.cast.entry(phone.cast.made["agreed"].id), "app_version": "0.0.1"}
    assert phone.statuses(entry) == ["stored"]
    changes = phone.pull().json["changes"]
    assert entry["revision_id"] in {change["id"] for change in changes}
