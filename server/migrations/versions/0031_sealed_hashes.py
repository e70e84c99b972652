"""The hash of what a phone sent is sealed: in the open it told closed answers to whoever hashed all there can be."""

import sqlalchemy as sa
from alembic import op

from server.extensions import Id
from server.sealing import CannotOpen, data_key, seal

revision = "0031"
down_revision = "0030"

CLIENT = sa.table("client", sa.column("id", Id()), sa.column("data_key", sa.LargeBinary()))
NAMED = (("revision", "revision_id"), ("quarantined", "id"))  # the ids that sealed fields are bound to


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete=ON")  # the table as it was is not left lying in the file
    else:  # else samples of wrapped keys, of who was erased too, lie among the planner's statistics
        op.execute("ALTER TABLE client ALTER COLUMN data_key SET STATISTICS 0")
    for name, _ in NAMED:
        op.add_column(name, sa.Column("content_hash_sealed", sa.LargeBinary(), nullable=True))
    for client in op.get_bind().execute(sa.select(CLIENT)).all():
        _seal(client)
    with op.batch_alter_table("revision") as changed:
        changed.drop_column("content_hash")
    with op.batch_alter_table("quarantined") as changed:
        changed.drop_constraint(op.f("uq_quarantined_client_id_content_hash_reason"), type_="unique")
        changed.drop_column("content_hash")
        changed.create_index("ix_quarantined_client", ["client_id", "reason"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete=FAST")


def _seal(client):
    """Of who was erased, or whose key does not open, none is kept: nothing else of theirs opens either."""
    try:
        key = data_key(client.data_key, f"client|{client.id}")
    except (CannotOpen, IndexError, UnicodeError):
        key = None
    for name, id_name in NAMED:
        table = sa.table(
            name, sa.column("client_id", Id()), sa.column(id_name, Id()), sa.column("content_hash", sa.Text()),
            sa.column("content_hash_sealed", sa.LargeBinary()),
        )  # fmt: skip
        mine, which = table.c.client_id == client.id, table.c[id_name]
        rows = op.get_bind().execute(sa.select(which, table.c.content_hash).where(mine)).all() if key else []
        filled = [
            {"of": row[0], "sealed": seal(key, row.content_hash.encode(), _bound(name, client.id, row[0]))}
            for row in rows
        ]
        if filled:
            of = which == sa.bindparam("of", type_=Id())
            fresh = {"content_hash_sealed": sa.bindparam("sealed"), "content_hash": ""}
            op.get_bind().execute(table.update().where(mine, of).values(fresh), filled)


def _bound(name, client_id, row_id):
    return f"{name}|{client_id}/{row_id}|content_hash|1" if name == "revision" else f"{name}|{row_id}|content_hash|1"
