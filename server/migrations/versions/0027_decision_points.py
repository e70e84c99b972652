"""Each moment at which a reminder could be sent: what was known, what was done, and by which chance."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Float, Integer
from sqlalchemy import Column as column
from sqlalchemy import String as Text

from server.extensions import Big, Id, Moment

revision = "0027"
down_revision = "0026"


def upgrade():
    op.create_table(
        "decision_point",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("client_id", Id, nullable=False),
        column("delivery_id", Id, nullable=False),
        column("at", Moment(), nullable=False),
        column("minutes_since_entry", Integer(), nullable=True),
        column("to_do", Boolean(), nullable=False),
        column("paused", Boolean(), nullable=False),
        column("sent_that_day", Integer(), nullable=False),
        column("phones", Integer(), nullable=False),
        column("policy", Text(), nullable=False),
        column("chance", Float(), nullable=False),
        column("sent", Boolean(), nullable=False),
        column("why", Text(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_decision_point_client_id_client")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_decision_point_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_decision_point_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_point")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_decision_point_delivery_id")),
        sa.CheckConstraint("chance >= 0 AND chance <= 1", name=op.f("ck_decision_point_chance_share")),
    )
    op.create_index("ix_decision_point_client", "decision_point", ["client_id", "at"])
    op.create_index("ix_decision_point_service", "decision_point", ["service_id", "at"])
