"""The phone of the benchmarks is one phone: a number given twice would be another's, and soon refused."""

from sqlalchemy import func, select

from server.entries.models import Revision
from server.extensions import db
from server.people.models import Device
from tests.benchmarks.sync_world import ANSWERS, ENTRIES, populate


def test_a_benchmark_pushes_again_and_again_from_one_phone(app):
    [phone] = populate(1)
    client = app.test_client(use_cookies=False)
    headers = {"X-Sync-Protocol": "1", "Cookie": f"phone={phone.token}", "Content-Type": "application/json"}
    answers = [client.post("/api/v1/sync/push", data=phone.push(), headers=headers) for _ in range(8)]
    assert [one.status_code for one in answers] == [200] * 8
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Device)) == 1
    assert db.session.scalar(select(func.count()).select_from(Revision)) == ENTRIES + ANSWERS + 8 * 5
