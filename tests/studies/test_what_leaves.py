"""A study's bundle says one moment throughout, and what it hides or makes coarse is in no other column."""

import csv
import io
import json
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from uuid import UUID

import pytest

from server import jobs
from server.caseload import actions as caseload
from server.engagement.rules import Followed
from server.extensions import atomic, db
from server.people import actions as people
from server.research.interval_rows import days_followed
from server.research.names import Names
from server.studies import actions
from server.studies.models import StudyAllocation
from tests.cast import NOW
from tests.studies.conftest import asked
from tests.studies.test_bundles import consent, inside, pids

LATER = NOW + timedelta(minutes=1)


def rows(build, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(inside(build, f"data/{name}_data.csv"))))


def built(made):
    build = asked(made).id
    assert jobs.build_bundles(LATER) == "built"
    return build


def test_a_yes_after_the_moment_of_a_bundle_is_for_the_next_one(cast, made):
    consent(made, cast.anna, at=NOW + timedelta(seconds=30))
    build = built(made)
    assert (pids(build), rows(build, "consents")) == ([], [])


def test_a_no_after_the_moment_of_a_bundle_still_holds(cast, made):
    consent(made, cast.anna)
    consent(made, cast.anna, "withdrawn", NOW + timedelta(seconds=30))
    assert pids(built(made)) == []


def test_the_consent_in_fhir_is_the_one_to_the_study(cast, made):
    consent(made, cast.anna, "withdrawn", NOW - timedelta(days=2))
    consent(made, cast.anna, at=NOW - timedelta(days=1))
    build = built(made)
    [one] = [json.loads(line) for line in inside(build, "fhir/Consent.ndjson").splitlines()]
    [pid] = pids(build)
    assert (one["id"], one["status"], one["provision"]["type"]) == (f"study-{pid}", "active", "permit")
    assert "version 1" in one["policyRule"]["text"]
    [row] = rows(build, "participants")
    assert row["research"] == "not_asked", "they said nothing about research in general: that is not this choice"


@pytest.fixture
def hidden(cast, made) -> UUID:
    """A bundle of two services with 8 and 3 people in each of two arms: in one arm the service is hidden."""
    with atomic():
        made.study.basis, made.study.arms = "approval", ["a", "b"]
        actions.take_part(study=made.study, service=cast.other_service, by=cast.dev, now=NOW)
    at = (cast.service, cast.ben), (cast.other_service, cast.dev)
    for (service, by), (arm, many) in product(at, (("a", 8), ("b", 3))):
        for _ in range(many):
            with atomic():
                client = people.add_client(
                    service=service, preferred_name="Kim", date_of_birth=date(1990, 5, 5), by=by, now=NOW
                )
                caseload.take_on(client=client, practitioner=by, by=by, now=NOW)
                row = StudyAllocation(
                    service_id=service.id, client_id=client.id, study_id=made.study.id, arm=arm, number=None,
                    how="imported", recorded_by=cast.ada.id, recorded_at=NOW,
                )  # fmt: skip
                db.session.add(row)
    return built(made)


def test_a_hidden_service_is_not_told_by_the_practitioner(hidden):
    service = {row["pid"]: row["service"] for row in rows(hidden, "participants")}
    assert 6 <= Counter(service.values())["suppressed"] < len(service) - 8
    told = [(service[row["pid"]], row["practitioner"]) for row in rows(hidden, "episodes")]
    assert {by for where, by in told if where == "suppressed"} == {"suppressed"}
    shown = {by for where, by in told if where != "suppressed"}
    assert len(shown) == 2 and "suppressed" not in shown
    page = inside(hidden, "privacy/identifiability.md")
    assert "so is the practitioner" in " ".join(page.split())


def names(hidden: bool, client: int = 1) -> Names:
    who = SimpleNamespace(id=UUID(int=client), zone="Europe/London")
    return Names(b"k" * 32, SimpleNamespace(who=who), hidden=hidden)  # type: ignore[arg-type]


def test_an_appointment_of_two_does_not_tell_the_service_that_is_hidden_of_one():
    together = {names(hidden, client).name("appointment", "x") for hidden, client in ((False, 1), (False, 2))}
    assert len(together) == 1, "who came together has one appointment"
    assert names(True, 1).name("appointment", "x") not in together
    assert names(True, 1).name("appointment", "x") != names(True, 2).name("appointment", "x")
    assert names(True).name("practitioner", "x") == "suppressed" != names(False).name("practitioner", "x")


def test_two_bundles_of_two_projects_tell_nobody_apart_who_began_on_one_day():
    """The join tried: the moment of a bundle less `m11_days` of who is still followed."""
    agreed = [datetime.fromisoformat(f"2026-10-05T{at}+00:00") for at in ("08:12:31", "12:00:00", "21:40:07")]
    moments = [NOW, NOW + timedelta(days=3, hours=5, minutes=7), NOW + timedelta(days=9, hours=11)]
    for moment in moments:
        found = {days_followed(names(False), at, _still(at, moment)) for at in agreed}
        assert len(found) == 1 and {type(one) for one in found} == {int}


def test_days_followed_are_days_of_the_calendar_where_they_live():
    at = datetime.fromisoformat("2026-10-24T22:30:00+00:00")  # 23:30 in London, the night before the clocks go back
    assert days_followed(names(False), at, Followed(1 / 24, None)) == 1
    assert days_followed(names(False), at, Followed(0.0, None)) == 0
    assert days_followed(names(False), at, None) is None


def _still(agreed: datetime, moment: datetime) -> Followed:
    return Followed((moment - agreed).total_seconds() / 86400, None)
