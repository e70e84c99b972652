"""Everybody who made or changed an account since it was last known, not only the last; and what administrators gave."""

from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import column as plain
from sqlalchemy import select, table, text

from server.extensions import Id, Json

revision = "0023"
down_revision = "0022"

GIVEN_ON = text("verb = 'episode.given_on'")
practitioner = table("practitioner", plain("id", Id()), plain("unsettled_by", Id()), plain("changed_by", Json))


def upgrade():
    with op.batch_alter_table("practitioner") as changed:
        changed.add_column(column("changed_by", Json, nullable=False, server_default="[]"))
    rows = op.get_bind().execute(
        select(practitioner.c.id, practitioner.c.unsettled_by).where(practitioner.c.unsettled_by.is_not(None))
    )
    for account, by in rows.all():
        op.execute(practitioner.update().where(practitioner.c.id == account).values(changed_by=[str(by)]))
    with op.batch_alter_table("practitioner") as changed:
        changed.drop_column("unsettled_by")
    op.create_index(
        "ix_audit_event_given_on", "audit_event", ["service_id", "at"],
        postgresql_where=GIVEN_ON, sqlite_where=GIVEN_ON,
    )  # fmt: skip
