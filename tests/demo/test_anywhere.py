"""The demonstration fills whatever database, at whatever hour it is started."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from server import demo
from server.caseload.queries import day_of
from server.entries.models import Revision
from server.extensions import db
from server.people.models import Practitioner
from server.research.export import export
from tests.conftest import Demonstration


@pytest.mark.parametrize("started", ["2026-03-29T00:30", "2026-10-25T01:10"])
def test_an_odd_hour_is_as_good_as_any(app, started):
    """The clock goes forward that night; 01:10 happens twice."""
    now = datetime.fromisoformat(started).replace(tzinfo=UTC)
    demo.fill(now=now)
    today = datetime.fromisoformat(started).date()
    staff = [one for one in db.session.scalars(select(Practitioner)) if "practitioner" in one.roles]
    assert all(len(day_of(one, today, now)) >= 5 for one in staff)
    assert db.session.scalar(select(func.max(Revision.received_at))) <= now


def test_both_databases_take_it_and_give_a_bundle(both, tmp_path):
    demo.fill(now=Demonstration.now)
    manifest = export(tmp_path / "bundle", now=Demonstration.now)
    rows = {file.path: file.rows for file in manifest.files}
    assert manifest.clients == rows["data/participants_data.csv"] == 31
    # The same seed tells the same story on either.
    assert (rows["data/appointments_data.csv"], rows["data/deliveries_data.csv"]) == (264, 591)
    assert rows["data/occurrences_data.csv"] > 1000
