"""How many times a week a service agrees at most, and when a client said that a plan is right."""

from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Integer

from server.extensions import Moment

revision = "0011"
down_revision = "0010"


def upgrade():
    with op.batch_alter_table("service") as table:
        table.add_column(column("weekly_cap", Integer(), nullable=False, server_default="7"))
    with op.batch_alter_table("assignment_version") as table:
        table.add_column(column("confirmed_at", Moment(), nullable=True))
