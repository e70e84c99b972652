"""Scores in the bundle: each scale by itself, corrected entries once, withdrawn ones never, as of any moment."""

import csv
import io
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.caseload.models import Episode
from server.extensions import atomic, db
from server.measures.actions import Entered, correct, enter, withdraw
from server.measures.definition import constants
from server.measures.library import measures
from server.measures.models import MeasureScore
from server.measures.queries import of_client, series
from server.measures.rules import pair_of
from server.people.actions import choose_research
from server.people.models import Client
from tests.cast import NOW
from tests.research.conftest import build, named

DAY = timedelta(days=1)


@pytest.fixture
def anna(both, cast):
    """Anna, who said yes to research; a way to enter scores of hers and to read the bundle's rows."""
    with atomic():
        choose_research(
            client=db.session.get(Client, cast.anna.id), choice="yes", revision_id=None, by=cast.ben, now=NOW
        )
    return cast


def put(cast, measure, now=NOW, **values):
    with atomic():
        [row] = enter(
            client=cast.anna, episode=cast.episode, taken_on=now.date(), by=cast.ben, now=now,
            entered=[Entered(measures().newest(measure), **values)],
        )  # fmt: skip
        return row.id


def rows(tmp_path, now=NOW, **wishes):
    return build(tmp_path / "b", now=now, **wishes).rows("measures")


def test_each_scale_is_a_row_with_what_the_staff_page_says(anna, tmp_path):
    put(anna, "phq-9", items=[1, 1, 1, 1, 1, 1, 1, 2, 1])
    put(anna, "core-10", NOW + DAY, items=[4, 4, 4, 1, 1, 1, 1, 1, None, 1])
    put(anna, "iapt-phobia", NOW + 2 * DAY, totals={"social": 4, "specific": 0})
    put(anna, "wsas", NOW + 3 * DAY, items=["na", 5, 5, 5, 5])
    put(anna, "gad-7", NOW + 4 * DAY, items=[3, 3, 3, 3, 3, 3, None])
    put(anna, "mi", NOW + 5 * DAY, totals={"alone": Decimal("2.31")})
    found = {(row["measure"], row["scale"]): row for row in rows(tmp_path, NOW + 6 * DAY)}
    told = {
        key: (row["value"], row["most"], row["band"], row["case"], row["items_answered"], row["items_filled"])
        for key, row in found.items()
    }
    assert told == {
        ("phq-9", "total"): ("10", "27", "moderate", "yes", "9", "0"),
        ("core-10", "total"): ("11.1", "40", "mild", "yes", "9", "1"),
        ("iapt-phobia", "social"): ("4", "8", "not-applicable", "yes", "not-applicable", "0"),
        ("iapt-phobia", "agoraphobia"): ("not-known", "8", "not-applicable", "not_known", "not-applicable", "0"),
        ("iapt-phobia", "specific"): ("0", "8", "not-applicable", "no", "not-applicable", "0"),
        ("wsas", "total"): ("20", "32", "not-applicable", "not_defined", "4", "0"),
        ("gad-7", "total"): ("not-known", "21", "not-known", "not_known", "6", "0"),
        ("mi", "alone"): ("2.31", "5", "not-applicable", "yes", "not-applicable", "0"),
    }
    assert {row["entered_as"] for row in found.values() if row["measure"] in ("iapt-phobia", "mi")} == {"totals"}
    assert {row["source"] for row in found.values()} == {"practitioner"}


def test_a_corrected_entry_is_one_row_under_the_same_name_and_a_withdrawn_one_is_none(anna, tmp_path):
    first = put(anna, "gad-7", totals={"total": 15})
    gone = put(anna, "phq-9", totals={"total": 9})
    before = rows(tmp_path / "1")
    with atomic():
        correct(
            earlier=db.session.get(MeasureScore, first), client=anna.anna, taken_on=NOW.date(),
            reason="mistyped", note="",
            entered=Entered(measures().newest("gad-7"), totals={"total": 5}), by=anna.ben, now=NOW + DAY,
        )  # fmt: skip
        withdraw(
            earlier=db.session.get(MeasureScore, gone), reason="wrong_client", note="x", by=anna.ben, now=NOW + DAY
        )
    [after] = rows(tmp_path / "2", NOW + 2 * DAY)
    assert (after["value"], after["corrections"], after["measurement"]) == ("5", "1", named("measurement", first))
    assert {row["measure"]: row["value"] for row in before} == {"gad-7": "15", "phq-9": "9"}
    as_then = rows(tmp_path / "3", NOW + 2 * DAY, as_of=NOW)
    assert as_then == before


def test_what_was_taken_back_and_filled_in_again_is_no_correction(anna, tmp_path):
    first = put(anna, "gad-7", totals={"total": 15})
    with atomic():
        row = db.session.get(MeasureScore, first)
        same = {
            name: getattr(row, name)
            for name in ("service_id", "client_id", "episode_id", "measure_id", "measure_version", "taken_on")
        } | {"source": "client", "totals": {"total": 15}}
        for n, what in enumerate(("withdrawn", "entered", "corrected"), 1):
            row = MeasureScore(**same, what=what, supersedes=row.id, recorded_at=NOW + n * DAY)
            db.session.add(row)
            db.session.flush()
    [found] = rows(tmp_path, NOW + 4 * DAY)
    assert (found["corrections"], found["measurement"]) == ("1", named("measurement", first))


def test_the_demonstration_gives_the_changes_of_the_staff_pages(demo_app, bundle):
    found = defaultdict(list)
    for row in bundle.rows("measures"):
        if row["value"] != "not-known":
            found[row["pid"], row["measure"], row["scale"]].append((int(row["taken_day"]), Decimal(row["value"])))
    compared = 0
    for client in db.session.scalars(select(Client).where(Client.research == "yes")):
        episode = db.session.scalar(select(Episode).where(Episode.client_id == client.id))
        for (measure_id, scale_id), dated in series(of_client(client, episode)).items():
            pair = pair_of(measures().newest(measure_id).scale(scale_id), dated)
            told = sorted(found[named("client", client.id), measure_id, scale_id])
            if pair:
                assert (told[0][1], told[-1][1]) == (pair.first.value, pair.last.value)
                compared += 1
            else:
                assert len({day for day, _ in told}) < 2
    assert compared > 60


def test_the_codebook_names_the_source_of_every_constant_and_what_is_to_be_checked(demo_app, bundle):
    table = list(csv.DictReader(io.StringIO(bundle.files()["codebook/measures.csv"].decode())))
    known = {
        (one.id, str(one.version), constant.name): constant
        for one in measures().every_version()
        for constant in constants(one)
    }
    assert {(row["measure"], row["version"], row["constant"]) for row in table} == set(known)
    for row in table:
        to_be_checked = known[row["measure"], row["version"], row["constant"]].to_be_checked
        assert (row["status"] == "to be checked by the service") == to_be_checked == (row["mark"] != "V")
        assert row["source"] and row["value"]
    spin = next(row for row in table if (row["measure"], row["constant"]) == ("spin", "total.caseness"))
    assert (spin["value"], spin["mark"], spin["status"]) == ("19 or more", "K", "to be checked by the service")
