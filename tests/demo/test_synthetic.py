"""Synthetic services follow the published figures they were made by, and nobody can take them for real ones."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from server.assignments.actions import falls_due_at
from server.assignments.models import Assignment, Occurrence
from server.commands import main
from server.demo.synthetic import fill_synthetic, filling, published
from server.demo.synthetic.course import ZONE, place_of
from server.demo.synthetic.doing import Deeds
from server.engagement.rules import attempts
from server.engagement.rules.told import Told, state_now
from server.entries.models import Contact, Entry, Quarantined, Revision
from server.entries.rules import emptied_for
from server.errors import Refused
from server.extensions import db, new_id
from server.measures.library import measures
from server.measures.models import MeasureScore
from server.measures.rules.outcomes import Pair, at_caseness, reliable, reliable_recovery
from server.measures.rules.scoring import score
from server.people.models import Client, Practitioner, Service
from server.people.sign_in import start
from tests.conftest import running, settings
from tests.faults.checks import entries_follow, occurrences_follow, weeks_follow

UNTIL = datetime(2026, 11, 18, tzinfo=UTC)
CLIENTS, SEED = 2000, 7
DOCUMENT = Path(__file__).parents[2] / "docs" / "synthetic.md"


@pytest.fixture(scope="module")
def deeds(module_app) -> list[Deeds]:
    """What two thousand people did, in memory."""
    ids = new_id(), new_id()
    return [filling.person(place_of(n, CLIENTS), SEED, UNTIL, *ids)[0] for n in range(CLIENTS)]


@pytest.fixture(scope="module")
def module_app(tmp_path_factory, migrated_file, key_file):
    """An application whose worksheets and measures are read once."""
    folder = tmp_path_factory.mktemp("synthetic")
    shutil.copy(migrated_file, folder / "meantime.sqlite3")
    yield from running(settings(folder, MEANTIME_KEY_FILE=str(key_file)))


def over(deeds: list[Deeds]) -> list[Deeds]:
    """Those taken on so long ago that every course has come to its end."""
    return [one for one in deeds if one.life.added_at < UNTIL - timedelta(weeks=26)]


def told_of(one: Deeds) -> list[Told]:
    """Each time that fell due as the program's figures read it."""
    found = []
    for agreed in one.agreed:
        laid, filled = one.laid[agreed.id]
        for slot in laid:
            due_at = falls_due_at(slot, filled[slot.key], ZONE)
            state = state_now(filled[slot.key].state, due_at, emptied_for(one.phones, due_at), UNTIL)
            found.append(Told(str(agreed.id), slot.key, state, slot.due_on, due_at))
    return found


def pair_of(measure, totals: list[int]) -> Pair:
    """First and last total of one measure, scored by the program."""
    first, last = (score(measure, totals={"total": one}).of("total") for one in (totals[0], totals[-1]))
    return Pair(measure.main, first, last)


def share(found, wanted) -> float:
    """How many of these it holds of."""
    found = list(found)
    return sum(map(wanted, found)) / len(found)


def test_the_attempt_rate_is_the_published_one(deeds):
    """M2 by the program's own rule, what is not known counted as not done."""
    rate = attempts([told for one in deeds for told in told_of(one)]).rate
    assert rate == pytest.approx(published.RETURNED, abs=0.03)


def test_as_many_never_start_and_stop_after_each_appointment_as_published(deeds):
    came = [len(one.life.attended) for one in over(deeds)]
    started = [count for count in came if count]
    assert share(came, lambda count: count == 0) == pytest.approx(published.NEVER_START, abs=0.05)
    assert share(started, lambda count: count <= 3) == pytest.approx(0.54, abs=0.06)
    for number in (1, 2, 3):
        still = [count for count in started if count >= number]
        assert share(still, lambda count, n=number: count == n) == pytest.approx(published.STOP_EARLY, abs=0.07)
    assert all(one.life.closed_at for one in over(deeds))


def test_about_one_appointment_in_eight_is_missed(deeds):
    states = [visit.state for one in deeds for visit in one.life.visits if visit.state != "planned"]
    assert share(states, "missed".__eq__) == pytest.approx(0.12, abs=0.02)


def test_outcomes_are_the_published_ones(deeds):
    finished = [one.life for one in deeds if one.life.closed_at and len(one.life.scores) >= 2]
    phq, gad = (measures().newest(name) for name in ("phq-9", "gad-7"))
    pairs = [(pair_of(phq, [s.phq for s in one.scores]), pair_of(gad, [s.gad for s in one.scores])) for one in finished]
    cases = [pair for pair in pairs if at_caseness(pair[0].first, pair[1].first)]
    assert len(cases) / len(pairs) == pytest.approx(published.AT_CASENESS, abs=0.03)
    assert share(cases, lambda pair: bool(reliable_recovery(*pair))) == pytest.approx(
        published.RELIABLE_RECOVERY, abs=0.06
    )
    improved = share(pairs, lambda pair: reliable(*pair) == "improvement")
    assert improved == pytest.approx(published.RELIABLE_IMPROVEMENT, abs=0.06)


def test_forgetting_is_what_gets_in_the_way_most_often(deeds):
    said = [one.payload.get("barrier") for each in deeds for one in each.said if one.payload.get("barrier")]
    assert max(set(said), key=said.count) == "forgot"
    assert set(said) <= set(published.BARRIERS)


def test_two_people_of_one_practitioner_never_meet_them_at_once(deeds):
    taken: set = set()
    for one in deeds:
        place = one.life.place
        for visit in one.life.visits:
            key = place.service, place.practitioner, visit.starts_at
            assert key not in taken
            taken.add(key)


@pytest.fixture
def filled(config, monkeypatch):
    """A database of 60 synthetic people in two services."""
    monkeypatch.setattr(published, "PER_SERVICE", 40)
    monkeypatch.setattr(published, "PER_PRACTITIONER", 25)
    for _ in running(config):
        yield fill_synthetic(clients=60, seed=SEED, until=UNTIL)


def test_what_is_stored_is_what_the_programs_own_rules_make_of_the_facts(filled):
    for client in db.session.scalars(select(Client)).all():
        rows = db.session.scalars(select(Revision).where(Revision.client_id == client.id)).all()
        entries_follow(client.id, rows)
        occurrences_follow(client.id, UNTIL)
        weeks_follow(client.id)
        for row in rows:
            assert row.body["revision_id"] == str(row.revision_id)
    assert db.session.scalar(select(func.count()).select_from(Quarantined)) == 0
    assert db.session.scalar(select(func.count()).select_from(Occurrence)) > 300


def test_every_service_says_that_it_is_synthetic_and_lets_its_people_in(filled):
    services = db.session.scalars(select(Service).order_by(Service.name)).all()
    assert [one.demo for one in services] == [True, True]
    assert all("SYNTHETIC" in one.name and "no real people" in one.name for one in services)
    assert all(client.preferred_name.startswith("Synthetic") for client in db.session.scalars(select(Client)))
    for one in filled:
        start(sign_in_name=one.sign_in_name, password=one.password, address="127.0.0.1", now=UNTIL)
    assert len({row.service_id for row in db.session.scalars(select(Practitioner))}) == 2


def test_a_database_with_a_service_in_it_is_refused(filled):
    with pytest.raises(Refused, match="not empty"):
        fill_synthetic(clients=5, seed=SEED, until=UNTIL)


def test_the_same_seed_makes_the_same_data(tmp_path, migrated_file, key_file):
    found = []
    for name, seed in (("one", SEED), ("again", SEED), ("other", SEED + 1)):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(migrated_file, folder / "meantime.sqlite3")
        for _ in running(settings(folder, MEANTIME_KEY_FILE=str(key_file))):
            fill_synthetic(clients=15, seed=seed, until=UNTIL)
            found.append(everything())
    assert found[0] == found[1]
    assert found[0] != found[2]


def everything() -> list:
    """Every row, but for what is sealed under keys that are random in earnest."""
    tables = Client, Assignment, Occurrence, Entry, Contact, Revision, MeasureScore, Practitioner
    rows = [row for table in tables for row in db.session.execute(select(*table.__table__.c)).mappings()]
    fresh = "data_key", "password_hash"
    return [{k: v for k, v in row.items() if not k.endswith("_sealed") and k not in fresh} for row in rows]


def test_the_page_has_every_number_with_its_source():
    page = DOCUMENT.read_text("utf-8")
    for name, one in published.parameters().items():
        row = re.search(rf"^\| `{name}` \| ([-0-9.]+) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
        assert row, name
        assert (float(row[1]), row[2], row[3]) == (pytest.approx(one, abs=5e-4), one.says, one.source)


def test_the_command_makes_them_and_a_bundle_of_them_says_so(tmp_path, migrated_file, key_file):
    shutil.copy(migrated_file, tmp_path / "meantime.sqlite3")
    told = {"MEANTIME_DATA": str(tmp_path), "MEANTIME_KEY_FILE": str(key_file), "MEANTIME_DATABASE_URL": ""}
    asked = ["demo", "--clients", "12", "--seed", "3", "--day", "2026-10-01"]
    ran = CliRunner().invoke(main, asked, env=told)
    assert ran.exit_code == 0, ran.output
    assert "12 SYNTHETIC people up to 2026-10-01, seed 3" in ran.output
    assert CliRunner().invoke(main, asked, env=told).exit_code == 2
    out = tmp_path / "bundle"
    ran = CliRunner().invoke(main, ["export", "--out", str(out), "--basis", "teaching"], env=told)
    assert ran.exit_code == 0, ran.output
    assert json.loads((out / "manifest.json").read_text())["synthetic"] == "all"
    for name in ("README.md", "dataset_description.json"):
        assert "SYNTHETIC" in (out / name).read_text("utf-8"), name
