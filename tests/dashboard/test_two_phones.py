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
