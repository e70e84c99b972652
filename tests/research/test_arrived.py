"""F29 in the bundle: how much was saved on phones, and how much of that never arrived, as it was known at a moment."""

from datetime import timedelta

from server.api.sync import take_in
from server.entries.actions import contact
from server.extensions import atomic, db
from server.research import facts
from server.research.fields import FILES
from tests.cast import NOW


def test_f29_the_bundle_counts_what_never_arrived_as_of_its_moment(app, cast):
    phone = cast.pair(NOW - timedelta(hours=1))
    agreed = cast.agree()
    unreadable = cast.entry(agreed.id, medium="smoke signals")
    with atomic():
        take_in(cast.anna, phone, [cast.entry(agreed.id), unreadable, cast.entry(agreed.id)], NOW)
        contact(client=cast.anna, device=phone, outbox=3, device_seq=6, now=NOW + timedelta(hours=2))
    db.session.rollback()
    found = {}
    for hours in (1, 3):
        as_of = NOW + timedelta(hours=hours)
        with facts.reading() as session:
            who = [one for one in facts.clients(session, as_of) if one.id == cast.anna.id]
            [known] = facts.facts_of(session, who, as_of)
        found[hours] = [(one.made, one.missing) for one in known.arrived]
    assert found == {1: [(3, 0)], 3: [(6, 3)]}
    columns = {column.name for file in FILES if file.name == "participants" for column in file.columns}
    assert {"saved_on_phones", "never_arrived"} <= columns
