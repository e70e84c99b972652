"""Whatever is kept ready gives what the rows give, for everybody in the demonstration."""

from collections import defaultdict

from sqlalchemy import select

from server.assignments.models import STORED, ClientWeek
from server.assignments.queries import intervals_of
from server.caseload.models import Episode
from server.engagement.queries import told_of
from server.engagement.rules import Figures, Week, attempts, weeks, weeks_of, within
from server.extensions import db
from server.people.models import Client
from tests.conftest import Demonstration

NOW = Demonstration.now


def test_recomputing_every_week_from_the_rows_gives_the_cache(demo_app):
    cached = defaultdict(list)
    for row in db.session.scalars(select(ClientWeek)):
        cached[row.client_id].append((row.week, {state: getattr(row, state) for state in STORED}))
    told = told_of(db.session.scalars(select(Client.id)).all(), NOW)
    assert len(cached) > 30
    for client_id, rows in told.items():
        assert weeks_of(rows) == weeks(cached[client_id]), client_id
    everybody: list[Week] = weeks(row for rows in cached.values() for row in rows)
    assert everybody == weeks_of(one for rows in told.values() for one in rows)


def test_every_time_of_a_course_counts_in_exactly_one_of_its_intervals(demo_app):
    episodes = db.session.scalars(select(Episode)).all()
    told = told_of({one.client_id for one in episodes}, NOW)
    found = intervals_of(episodes, NOW)
    for episode in episodes:
        mine = [one for one in told[episode.client_id] if one.episode_id == str(episode.id)]
        parts = [within(mine, i.opens_at, i.closes_at) for i in found[episode.id]]
        held = [one for part in parts for one in part]
        assert len(held) == len({(one.assignment_id, one.slot) for one in held})
        for part in parts:
            figures = Figures(tuple(part))
            stated = figures.count("done", "partial", "tried", "not_done") + figures.no_answer + figures.not_known
            assert stated == attempts(part).of
