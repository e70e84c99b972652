"""The last count of each service's totals, and how many people are too few to show."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column

from server.extensions import Big, Id, Json, Moment

revision = "0015"
down_revision = "0014"


def upgrade():
    op.create_table(
        "service_total",
        column("service_id", Id(), nullable=False),
        column("counted_at", Moment(), nullable=False),
        column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_service_total_service_id")),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_service_total")),
    )
    op.create_table(
        "total_setting",
        column("id", Big, nullable=False, autoincrement=True),
        column("service_id", Id(), nullable=False),
        column("hide_up_to", sa.Integer(), nullable=False),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_total_setting_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_total_setting_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_total_setting")),
    )
    op.create_index("ix_total_setting_service", "total_setting", ["service_id", "id"])
