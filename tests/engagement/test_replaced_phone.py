"""A phone paired later says nothing for the one that was silent: one rule for pages, totals and bundles."""

from collections import Counter
from datetime import timedelta

import pytest

from server import clock
from server.engagement.queries import told_of
from server.entries.actions import contact
from server.extensions import atomic, db
from server.people.actions import choose_research, revoke_device
from server.people.models import Client, Device
from server.totals import queries
from tests.cast import NOW
from tests.research.conftest import build

DAY = timedelta(days=1)
LATER = NOW + 25 * DAY
SILENCES = ("no_answer", "unknown")


def in_contact(cast, device, at):
    with atomic():
        contact(client=cast.anna, device=db.session.merge(device), outbox=0, device_seq=1, now=at)


@pytest.fixture
def phones(cast, monkeypatch):
    """A phone that is silent for 18 days, with work due on each, and another one from then on."""
    old = cast.pair()
    cast.agree(rhythm={"kind": "daily", "times": 1}, now=NOW)
    in_contact(cast, old, NOW)
    with atomic():
        client = db.session.get(Client, cast.anna.id)
        choose_research(client=client, choice="yes", revision_id=None, by=cast.ben, now=NOW)
    monkeypatch.setattr(clock, "now", lambda: LATER)
    new = cast.pair(now=NOW + 18 * DAY)
    in_contact(cast, new, LATER)
    return old, new


def pages(cast):
    told = told_of([cast.anna.id], LATER)[cast.anna.id]
    return Counter(one.state for one in told if one.due_at <= LATER)


def said_everywhere(cast, tmp_path):
    """no answer and not known on the client's page; the totals and a bundle say the same."""
    found = pages(cast)
    told = told_of([cast.anna.id], LATER)[cast.anna.id]
    monday = LATER.date() - timedelta(days=LATER.weekday())  # the totals end with the last whole week
    weeks = queries.count(cast.service, LATER)["weeks"]
    for state in SILENCES:
        assert sum(week[state] for week in weeks) == sum(one.state == state and one.due_on < monday for one in told)
    rows = build(tmp_path / f"{len(list(tmp_path.iterdir()))}", now=LATER).rows("occurrences")
    assert Counter(row["state"] for row in rows if row["state"] in SILENCES) == {
        state: found[state] for state in SILENCES if found[state]
    }
    return found["no_answer"], found["unknown"]


def test_a_new_phone_does_not_turn_not_known_into_no_answer(app, cast, phones, tmp_path):
    assert said_everywhere(cast, tmp_path) == (7, 18)


def test_the_old_phone_itself_does(app, cast, phones, tmp_path):
    in_contact(cast, phones[0], LATER)
    assert said_everywhere(cast, tmp_path) == (25, 0)


def test_what_was_on_a_phone_that_is_gone_stays_not_known(app, cast, phones, tmp_path):
    with atomic():
        revoke_device(device=db.session.get(Device, phones[0].id), by=cast.ben, now=LATER - DAY)
    assert said_everywhere(cast, tmp_path) == (7, 18)
