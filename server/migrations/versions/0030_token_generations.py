"""How often a phone's token was changed, and whether somebody else came with one that was out of use."""

from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Integer

from server.extensions import Id, Moment

revision = "0030"
down_revision = "0029"


def upgrade():
    with op.batch_alter_table("device") as changed:
        changed.add_column(column("generation", Integer, nullable=False, server_default="0"))
        changed.add_column(column("generation_at", Moment, nullable=True))
        changed.add_column(column("copied_at", Moment, nullable=True))
        changed.add_column(column("copy_of", Id, nullable=True))
