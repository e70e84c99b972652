"""Who is covered says that they know of it, where somebody else arranged it."""

from alembic import op
from sqlalchemy import Column as column

from server.extensions import Moment

revision = "0019"
down_revision = "0018"


def upgrade():
    with op.batch_alter_table("cover") as table:
        table.add_column(column("known_at", Moment(), nullable=True))
