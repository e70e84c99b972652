"""Days on which a service is closed; and from when an account that an administrator made or renewed is a known one."""

from alembic import op
from sqlalchemy import Column as column

from server.extensions import Id, Json, Moment

revision = "0021"
down_revision = "0020"


def upgrade():
    with op.batch_alter_table("service") as table:
        table.add_column(column("closed_days", Json, nullable=False, server_default="[]"))
    with op.batch_alter_table("practitioner") as table:
        table.add_column(column("settles_at", Moment(), nullable=True))
        table.add_column(column("unsettled_by", Id, nullable=True))
