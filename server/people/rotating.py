"""Change the keys while the service goes on: wrap every data key anew, and seal anew what the one before sealed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from server.audit import actions as audit
from server.extensions import Row, db
from server.people.actions import lock
from server.people.models import Client, OfClient, OfService, Service
from server.sealing import TURNING, DataKey, Sealed, data_key, ring, service_key_of, wrapped

OWNERS: dict[str, Any] = {"service": Service, "client": Client}
LET_GO = timedelta(hours=1)  # longer than anybody who took up the key before still writes with it


def wrapped_under() -> dict[str, int]:
    """How many data keys are wrapped under which service key."""
    counts: dict[str, int] = {}
    for _, _, key in _all():
        name = service_key_of(key)
        counts[name] = counts.get(name, 0) + 1
    return counts


def behind() -> list[tuple[str, UUID]]:
    """Owners whose data key is not wrapped under the current service key: all after a rotation, some after a crash."""
    return [(kind, owner_id) for kind, owner_id, key in _all() if service_key_of(key) != ring().current]


def wrap_anew(kind: str, owner_id: UUID, now: datetime) -> bool:
    """Give one owner a fresh data key and wrap it, with the one before, under the current service key.

    Written only if nobody changed it meanwhile (an erasure), so that no destroyed key comes back. False: not done.
    """
    table = OWNERS[kind].__table__
    before = db.session.scalar(select(table.c.data_key).where(table.c.id == owner_id))
    if not before or service_key_of(before) == ring().current:
        return False
    keys = data_key(before, f"{kind}|{owner_id}")
    # While rows under the key before the last are still there, that one may not go.
    renewed = keys.followed(now.isoformat()) if len(keys.keys) == 1 else keys
    return _replace(kind, owner_id, before, renewed)


def turning(limit: int) -> list[tuple[str, UUID]]:
    """Owners who still hold the key before their newest besides it."""
    found = []
    for kind, model in OWNERS.items():
        table = model.__table__
        several = func.substr(table.c.data_key, 1, 1) == bytes([TURNING])
        found += [(kind, one) for one in db.session.scalars(select(table.c.id).where(several).limit(limit))]
    return found[:limit]


def seal_anew(kind: str, owner_id: UUID, now: datetime) -> int:
    """Seal what one owner's earlier key sealed under their newest. Returns how many rows.

    The earlier key is let go only by a look that finds nothing under it, an hour after the newest came: until then
    somebody who read the earlier one may still write with it.
    """
    if kind == "client":
        lock(owner_id)
    owner = db.session.get(OWNERS[kind], owner_id, populate_existing=True)
    if not owner.data_key:
        return 0
    changed = sum(_row_anew(row) for row in _rows_of(kind, owner))
    db.session.flush()
    keys = data_key(owner.data_key, f"{kind}|{owner_id}")
    if not changed and len(keys.keys) > 1 and now - datetime.fromisoformat(keys.made) >= LET_GO:
        _replace(kind, owner_id, owner.data_key, keys.alone())
    return changed


def owners() -> list[tuple[str, UUID]]:
    """Everybody who has a key."""
    return [(kind, owner_id) for kind, owner_id, _ in _all()]


def what_does_not_open(kind: str, owner_id: UUID) -> list[str]:
    """Each sealed value of one owner that was changed or came from another row, as table, row and column."""
    owner = db.session.get(OWNERS[kind], owner_id)
    return [
        f"{row.__tablename__} {row.identity()} {field.name}"
        for row in _rows_of(kind, owner)
        for field in _sealed(type(row))
        if not field.opens(row)
    ]


def note_rotation(*, now: datetime) -> None:
    """Write down that the service key was changed."""
    audit.record("keys.rotated", by="operator", detail={"current": ring().current}, now=now)


def _rows_of(kind: str, owner: Any) -> Iterator[Any]:
    mixin, column = (OfClient, "client_id") if kind == "client" else (OfService, "service_id")
    if _sealed(type(owner)):
        yield owner
    for model in sorted((one.class_ for one in Row.registry.mappers), key=lambda one: one.__tablename__):
        if issubclass(model, mixin) and _sealed(model):
            yield from db.session.scalars(select(model).where(getattr(model, column) == owner.id))


def _row_anew(row: Row) -> bool:
    return sum(field.again(row) for field in _sealed(type(row))) > 0  # each of them, not only the first


def _sealed(model: type[Row]) -> list[Sealed]:
    return [one for base in model.__mro__ for one in vars(base).values() if isinstance(one, Sealed)]


def _replace(kind: str, owner_id: UUID, before: bytes, keys: DataKey) -> bool:
    table = OWNERS[kind].__table__
    done = db.session.execute(
        update(table)
        .where(table.c.id == owner_id, table.c.data_key == before)
        .values(data_key=wrapped(keys, f"{kind}|{owner_id}"))
    )
    db.session.expire_all()
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _all() -> Iterator[tuple[str, UUID, bytes]]:
    for kind, model in OWNERS.items():
        table = model.__table__
        for owner_id, key in db.session.execute(select(table.c.id, table.c.data_key)):
            if key:
                yield kind, owner_id, key
