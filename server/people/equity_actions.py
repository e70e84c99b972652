"""Write down what a client says of themself."""

from collections.abc import Mapping
from datetime import datetime

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.equity import EQUITY
from server.people.equity_queries import newest_equity
from server.people.models import Client, Equity


def record_equity(*, client: Client, fields: Mapping[str, str], source: str, by, now: datetime) -> Equity | None:
    """Append what was said, over what held before; a field that is not given keeps what it had.

    Returns None, and writes nothing, where nothing changes. Refused `bad-input` for a field or code nobody knows.
    The audit has which fields changed, not to what.
    """
    for name, code in fields.items():
        if code not in EQUITY.get(name, ()):
            raise Refused("bad-input", fields={name: "This is not one of the answers."})
    held = newest_equity(client)
    before = {name: getattr(held, name, None) for name in EQUITY}
    after = {**before, **fields}
    if after == before:
        return None
    row = Equity(
        service_id=client.service_id,
        client_id=client.id,
        source=source,
        recorded_by=by.id,
        recorded_at=now,
        **after,
    )
    db.session.add(row)
    db.session.flush()
    changed = sorted(name for name in EQUITY if before[name] != after[name])
    audit.record("client.equity", about=client, by=by, client_id=client.id, detail={"parts": changed}, now=now)
    return row
