"""Worksheets for *when it happens* are left out by the script as by the staff pages: nothing need have happened."""

import runpy
from datetime import timedelta
from pathlib import Path

from server.assignments.queries import intervals_of
from server.entries.actions import contact
from server.extensions import atomic, db
from server.people.actions import choose_research
from server.people.models import Client
from tests.cast import NOW
from tests.engagement.occurrences import of_interval
from tests.research.conftest import build, named

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "recompute.py"


def test_a_worksheet_for_when_it_happens_that_nobody_answered_is_in_neither_count(app, cast, tmp_path):
    cast.pair()
    cast.agree(rhythm={"kind": "event"})
    cast.agree(None, title="Walk", rhythm={"kind": "per_week", "times": 1})
    now = NOW + timedelta(days=8)
    with atomic():
        client = db.session.get(Client, cast.anna.id)
        choose_research(client=client, choice="yes", revision_id=None, by=cast.ben, now=NOW)
    for at, silence in ((NOW, "unknown"), (now, "no_answer")):
        with atomic():
            contact(client=cast.anna, device=cast.phone, outbox=0, device_seq=0, now=at)
        bundle = build(tmp_path / silence, now=now)
        silent = {(row["rhythm"], row["state"]) for row in bundle.rows("occurrences") if row["due"] == "yes"}
        assert silent == {("event", silence), ("per_week", silence)}
        [interval] = intervals_of([cast.episode], now)[cast.episode.id]
        figures = of_interval(cast.anna, interval, now)
        n = runpy.run_path(str(SCRIPT))["counts"](bundle.folder)[
            named("client", cast.anna.id), named("episode", cast.episode.id), interval.number
        ]
        assert (n["eligible"], n["unknown"]) == (figures.done.of, figures.not_known) == (1, int(silence == "unknown"))
