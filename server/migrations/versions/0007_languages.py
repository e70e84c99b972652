"""Which languages a service offers, and who checked their words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Date
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Id, Moment

revision = "0007"
down_revision = "0006"


def upgrade():
    op.create_table(
        "language_check",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("language", Text(), nullable=False),
        column("state", Text(), nullable=False),
        column("words", Text(), nullable=False),
        column("help_words", Text(), nullable=True),
        column("checked_by_sealed", Bytes(), nullable=True),
        column("checked_on", Date(), nullable=True),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("state IN ('off', 'draft', 'checked')", name=op.f("ck_language_check_state_known")),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_language_check_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_language_check_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language_check")),
    )
    op.create_index("ix_language_check_service", "language_check", ["service_id", "language"])
