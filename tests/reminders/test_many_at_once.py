"""Ten thousand reminders due in one minute (trust.md C3, R28): how late the last of them are, by real workers."""

import pytest
from sqlalchemy import select

from server.extensions import db
from server.reminders.models import Delivery
from tests.reminders.processes import until
from tests.reminders.test_chaos import Storm, receiver, replace_host
from tests.reminders.ticking import DUE

__all__ = ["receiver"]


@pytest.mark.long
def test_r28_ten_thousand_at_nine_are_on_their_way_within_half_a_minute(on_postgres, nursery, receiver, capsys):
    storm = Storm(on_postgres, nursery, receiver, 10_000)
    on_postgres.push = replace_host(on_postgres, receiver)
    storm.fill()
    on_postgres.lend(nursery, DUE)
    for _ in range(4):
        nursery.start("worker")
    until(lambda: not storm.left(), 300)
    late = sorted((moment - DUE).total_seconds() for moment in db.session.scalars(select(Delivery.accepted_at)))
    p95, p99 = late[int(len(late) * 0.95)], late[int(len(late) * 0.99)]
    with capsys.disabled():
        print(f"\n  10,000 due at once, 4 workers: p95 {p95:.1f} s, p99 {p99:.1f} s, their start included")
    assert len(late) == 10_000 and receiver.repeats() == 0
    assert p95 <= 30 and p99 <= 120
