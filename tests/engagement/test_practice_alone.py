"""What asks about the practice is none: a check-in beside three walks, worked by hand through every count of it."""

from datetime import timedelta
from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text, update

from server import clock, jobs
from server.api.sync import take_in
from server.assignments.models import STORED, Assignment, ClientWeek, Occurrence
from server.assignments.queries import intervals_of, occurrences_of
from server.dashboard import fifteen_seconds, figures
from server.engagement.attention import nothing_tried
from server.engagement.queries import told_of
from server.engagement.rules import Figures, Share, weeks, weeks_of
from server.extensions import atomic, db
from server.measures.imported import FAMILY
from server.people.actions import choose_research
from server.people.models import Client
from server.totals import queries as totals
from server.worksheets.library import library
from server.worksheets.practice import is_practice
from tests.cast import NOW, THOUGHT_RECORD
from tests.dashboard.browser import Browser, words
from tests.engagement.occurrences import many, of_interval, told
from tests.research import recount
from tests.research.conftest import build

DAY = timedelta(days=1)
LATER = NOW + 13 * DAY
CHECK_IN = "check-ins/practice-check-in"


@pytest.fixture
def week(cast):
    """Three walks, of which one was done, and two check-ins: one ticked, one that nobody answered."""
    cast.pair()
    walk = cast.agree(None, title="Walk", rhythm={"kind": "daily", "times": 1}, until_date=(NOW + 2 * DAY).date())
    asked = [
        cast.agree(CHECK_IN, rhythm={"kind": "daily", "times": 1}, until_date=NOW.date()),
        cast.agree(CHECK_IN, rhythm={"kind": "daily", "times": 1}, until_date=NOW.date()),
    ]
    ticks = [cast.answer(one.id, occurrences_of(cast.anna.id, one.id)[0].slot, "done") for one in (walk, asked[0])]
    with atomic():
        take_in(cast.anna, cast.phone, ticks, NOW)
    return asked


def now_of(cast) -> Figures:
    [interval] = intervals_of([cast.episode], LATER)[cast.episode.id]
    return of_interval(cast.anna, interval, LATER)


def test_families_that_ask_about_practice_are_data_and_the_rest_is_practice(app):
    assert {one.id for one in library().all() if not is_practice(one.id)} == {"check-ins/end-of-course", CHECK_IN}
    assert not is_practice(f"{FAMILY}/phq-9")
    assert is_practice(None) and is_practice(THOUGHT_RECORD) and is_practice("own/check-ins")


def test_a_check_in_is_in_no_figure_and_stands_beside_it(cast, week):
    held = now_of(cast)
    assert len(held.told) == 5
    assert (held.done, held.tried, held.not_known) == (Share(1, 3), Share(1, 3), 2)
    assert held.beside == Share(1, 2)
    assert figures.headline(held) == "1 of 3 done"
    assert figures.rest(held).endswith("Check-ins and measures: 1 of 2 filled in.")
    assert figures.short(held) == "1 of 3 tried, 1 done, 2 not known, check-in open"
    assert fifteen_seconds.rest(held) == "Rest: 2 not known. Check-in open."


def test_who_was_asked_for_a_check_in_alone_has_done_no_practice():
    alone = Figures((told("done", practice=False, medium="said"),))
    assert (figures.headline(alone), figures.of_task(alone)) == ("No practice was due", "1 of 1 filled in")
    assert (alone.done, alone.only_said, alone.barriers) == (Share(0, 0), 0, [])


def test_a_check_in_hides_no_silence():
    missed = Figures((*many(not_done=3), told("done", 9, practice=False)))
    assert nothing_tried(missed, 3)
    assert not nothing_tried(Figures((*many(not_done=2), told("not_done", 9, practice=False))), 3)


def test_only_a_check_in_agreed_is_nothing_agreed(app, cast, week, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    reasons = f"/staff/clients/{cast.anna.id}/reasons"
    web = Browser(app).sign_in(cast.ben)
    assert "Nothing is agreed" not in words(web.page(reasons))
    db.session.execute(update(Assignment).where(Assignment.worksheet_id.is_(None)).values(worksheet_id=CHECK_IN))
    db.session.commit()
    assert "Nothing is agreed" in words(web.page(reasons))


def test_its_rows_say_that_it_is_in_no_count(app, cast, week, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)
    page = Browser(app).sign_in(cast.ben).page(f"/staff/clients/{cast.anna.id}/occurrences?interval=1")
    said = words(page)
    assert said.count("It asks about the practice, so it is in no count.") == 2
    assert "2 about the practice: check-ins and measures" in said
    assert "Check-ins and measures ask about the practice: they are shown, and in no count." in said


def test_the_weekly_cache_the_totals_and_the_rows_hold_practice_alone(both, cast, week):
    rows = told_of([cast.anna.id], LATER)[cast.anna.id]
    assert (len(rows), sum(sum(one.counts.values()) for one in weeks_of(rows))) == (5, 3)
    assert weeks_of(rows) == cached()
    body = totals.count(cast.service, LATER)
    assert [sum(one[name] for one in body["weeks"]) for name in ("agreed", "due", "tried")] == [1, 3, 1]
    sheets = {one["worksheet"]: (one["agreed"], one["due"], one["tried"]) for one in body["worksheets"]}
    assert sheets == {"free": (1, 3, 1), CHECK_IN: (2, 2, 1)}


def test_who_only_filled_in_a_check_in_is_not_among_who_tried(app, cast, week):
    walk = select(Assignment.id).where(Assignment.worksheet_id.is_(None))
    db.session.execute(update(Occurrence).where(Occurrence.assignment_id.in_(walk)).values(state="not_done"))
    people = totals.count(cast.service, LATER)["clients"]
    assert (people["due"], people["tried"]) == (1, 0)


def test_after_the_upgrade_what_was_counted_before_is_counted_again(both, cast, week):
    right, migration = cached(), import_module("server.migrations.versions.0020_practice_alone")
    jobs.count_services(LATER)
    asks = select(Assignment.id).where(Assignment.worksheet_id == CHECK_IN)
    for row in db.session.scalars(select(Occurrence).where(Occurrence.assignment_id.in_(asks))):
        monday = row.due_on - timedelta(days=row.due_on.weekday())
        here = db.session.scalars(select(ClientWeek).where(ClientWeek.week == monday)).one()
        setattr(here, row.state, getattr(here, row.state) + 1)
    db.session.commit()
    assert cached() != right
    db.session.rollback()
    with (
        db.engine.execution_options(writes=True).begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        migration.upgrade()
    db.session.expire_all()
    assert cached() == right
    assert set(totals.services_to_count(LATER - jobs.COUNT_AGAIN)) == {cast.service.id, cast.other_service.id}
    held = db.session.execute(text("SELECT body FROM service_total")).scalars().all()
    assert not any("people_counted_at" in str(body) for body in held)


def cached():
    return weeks(
        (row.week, {state: getattr(row, state) for state in STORED}) for row in db.session.scalars(select(ClientWeek))
    )


def test_the_bundle_says_it_of_each_time_and_counts_it_apart(app, cast, week, tmp_path):
    with atomic():
        client = db.session.get(Client, cast.anna.id)
        choose_research(client=client, choice="yes", revision_id=None, by=cast.ben, now=NOW)
    bundle = build(tmp_path / "bundle", now=LATER)
    assert sorted(row["practice"] for row in bundle.rows("occurrences")) == ["no"] * 2 + ["yes"] * 3
    [row] = bundle.rows("intervals")
    names = ("agreed", "eligible", "done", "asked_about_it", "asked_and_filled_in", "tasks", "m7_active_days")
    assert [row[name] for name in names] == ["3", "3", "1", "2", "1", "1", "1"]
    [found] = recount.figures(bundle.folder).values()
    assert (found["eligible"], found["attempted"], found["tasks"]) == (3, 1, 1)
