"""When each step last went well, and which message service gave an answer: what an alarm is read from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import String as Text

from server.extensions import Moment

revision = "0028"
down_revision = "0027"


def upgrade():
    op.create_table(
        "beat",
        column("step", Text(), nullable=False),
        column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("step", name=op.f("pk_beat")),
    )
    op.add_column("delivery_event", column("origin", Text(), nullable=True))
