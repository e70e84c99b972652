"""What else a client says of their own hours, one reminder later today or before an appointment, and past zones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Date, Integer
from sqlalchemy import Column as column
from sqlalchemy import String as Text

from server.extensions import Big, Id, Json, Moment

revision = "0026"
down_revision = "0025"


def upgrade():
    with op.batch_alter_table("reminder_rule") as table:
        table.add_column(column("kind", Text(), nullable=False, server_default="own"))
        table.add_column(column("paused_from", Date(), nullable=True))
        table.add_column(column("shift", Json, nullable=True))
        table.add_column(column("most", Integer(), nullable=True))
        table.add_column(column("steady", Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(op.f("ck_reminder_rule_kind_known"), "kind IN ('own', 'later', 'appointment')")

    op.create_table(
        "client_zone",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("client_id", Id, nullable=False),
        column("zone", Text(), nullable=False),
        column("revision_id", Id, nullable=True),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_zone_client_id_client")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_client_zone_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_zone")),
    )
    op.create_index("ix_client_zone_client", "client_zone", ["client_id", "id"])
