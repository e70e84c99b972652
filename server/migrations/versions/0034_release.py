"""On what grounds a bundle was released or refused, how small its smallest group is, and who stopped it afterwards."""

import sqlalchemy as sa
from alembic import op

from server.extensions import Id, Moment

revision = "0034"
down_revision = "0033"


def upgrade():
    for column in (
        sa.Column("agreement_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("considered_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("smallest", sa.Integer(), nullable=True),
        sa.Column("stopped_by", Id, nullable=True),
        sa.Column("stopped_at", Moment(), nullable=True),
    ):
        op.add_column("study_build", column)
