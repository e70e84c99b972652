"""The moment an assignment ended: what had fallen due earlier that day stays."""

from alembic import op
from sqlalchemy import Column as column

from server.extensions import Moment

revision = "0004"
down_revision = "0003"


def upgrade():
    with op.batch_alter_table("assignment") as table:
        table.add_column(column("ended_at", Moment(), nullable=True))
