"""Own tasks: worksheets that practitioners of a service build."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Integer
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Id, Moment

revision = "0008"
down_revision = "0007"


def upgrade():
    op.create_table(
        "own_task",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("worksheet_id", Text(), nullable=False),
        column("version", Integer(), nullable=False),
        column("definition_sealed", Bytes(), nullable=True),
        column("sha256", Text(), nullable=False),
        column("risk_said_by", Id(), nullable=True),
        column("made_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        column("retired_at", Moment(), nullable=True),
        column("retired_by", Id(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["practitioner.id"], name=op.f("fk_own_task_made_by")),
        sa.ForeignKeyConstraint(["risk_said_by"], ["practitioner.id"], name=op.f("fk_own_task_risk_said_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_own_task_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_task")),
        sa.UniqueConstraint("worksheet_id", "version", name=op.f("uq_own_task_worksheet_id_version")),
    )
    op.create_index("ix_own_task_service", "own_task", ["service_id"])
