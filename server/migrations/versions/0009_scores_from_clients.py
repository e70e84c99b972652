"""Which entry a client's score was made of."""

from alembic import op
from sqlalchemy import Column as column

from server.extensions import Id

revision = "0009"
down_revision = "0008"


def upgrade():
    with op.batch_alter_table("measure_score") as table:
        table.add_column(column("entry_id", Id(), nullable=True))
        table.add_column(column("revision_id", Id(), nullable=True))
