"""When a phone said that it showed a reminder, and which push services are left alone until when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Integer
from sqlalchemy import String as Text

from server.extensions import Moment

revision = "0024"
down_revision = "0023"


def upgrade():
    with op.batch_alter_table("delivery") as table:
        table.add_column(column("shown_at", Moment(), nullable=True))

    op.create_table(
        "push_origin",
        column("origin", Text(), nullable=False),
        column("stalls", Integer(), nullable=False),
        column("rest_until", Moment(), nullable=True),
        column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_push_origin")),
    )
