"""F29 in the bundle: how much was saved on phones, and how much of that never arrived, as it was known at a moment."""

from datetime import timedelta

from server.api.sync import take_in
from server.entries.actions import contact
from server.extensions import atomic, db
from server.research import facts
from server.research.fields import FILES
from tests.cast import NOW


def arrived_by(cast, as_of):
    """(made, missing) of each of Anna's phones, as it was known at a moment."""
    with facts.reading() as session:
        who = [one for one in facts.clients(session, as_of) if one.id == cast.anna.id]
        [known] = facts.facts_of(session, who, as_of)
        return [(one.made, one.missing) for one in known.arrived]


def test_f29_the_bundle_counts_what_never_arrived_as_of_its_moment(app, cast):
    phone = cast.pair(NOW - timedelta(hours=1))
    agreed = cast.agree()
    unreadable = cast.entry(agreed.id, medium="smoke signals")
    with atomic():
        take_in(cast.anna, phone, [cast.entry(agreed.id), unreadable, cast.entry(agreed.id)], NOW)
        contact(client=cast.anna, device=phone, outbox=3, device_seq=6, now=NOW + timedelta(hours=2))
    db.session.rollback()
    assert arrived_by(cast, NOW + timedelta(hours=1)) == [(3, 0)]
    assert arrived_by(cast, NOW + timedelta(hours=3)) == [(6, 3)]


def test_the_bundle_counts_no_number_as_missing_whose_words_came_again_under_another(app, cast):
    phone = cast.pair(NOW - timedelta(hours=1))
    agreed = cast.agree()
    first = cast.entry(agreed.id, device_seq=1)
    taken = cast.entry(agreed.id, device_seq=2, revision_id=first["revision_id"])
    with atomic():
        take_in(cast.anna, phone, [first, taken, cast.entry(agreed.id, device_seq=3)], NOW)
        contact(client=cast.anna, device=phone, outbox=0, device_seq=3, now=NOW)
    db.session.rollback()
    assert arrived_by(cast, NOW) == [(3, 0)]


def test_the_bundle_has_a_column_for_each():
    columns = {column.name for file in FILES if file.name == "participants" for column in file.columns}
    assert {"saved_on_phones", "never_arrived"} <= columns
