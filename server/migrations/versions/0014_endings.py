"""How courses end, what a service sets for it, and what clients say of their course."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Date, Integer
from sqlalchemy import Column as column
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Big, Id, Moment

revision = "0014"
down_revision = "0013"


def upgrade():
    op.create_table(
        "ending",
        *_whose("ending"),
        column("reason", Text(), nullable=False),
        column("last_day", Date(), nullable=False),
        column("read_until", Date(), nullable=False),
        column("staying_well", Text(), nullable=False),
        column("signposting_sealed", Bytes(), nullable=True),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "staying_well IN ('on_phone', 'on_paper', 'not_wanted', 'not_done')",
            name=op.f("ck_ending_staying_well_known"),
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_ending_recorded_by")),
        sa.UniqueConstraint("episode_id", name=op.f("uq_ending_episode_id")),
    )
    op.create_index("ix_ending_client", "ending", ["client_id"])
    op.create_table(
        "ending_setting",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id(), nullable=False),
        column("reading_days", Integer(), nullable=False),
        column("signposting", Text(), nullable=False),
        column("recorded_by", Id(), nullable=True),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_ending_setting_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ending_setting")),
    )
    op.create_index("ix_ending_setting_service", "ending_setting", ["service_id", "id"])
    op.create_table(
        "feedback",
        *_whose("feedback"),
        column("worksheet_id", Text(), nullable=False),
        column("worksheet_version", Integer(), nullable=False),
        column("answers_sealed", Bytes(), nullable=False),
        column("quote", Boolean(), nullable=False),
        column("medium", Text(), nullable=False),
        column("entered_by", Text(), nullable=False),
        column("revision_id", Id(), nullable=True),
        column("recorded_by", Id(), nullable=True),
        column("effective_at", Moment(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("medium IN ('worksheet', 'paper', 'phone_call')", name=op.f("ck_feedback_medium_known")),
        sa.CheckConstraint("entered_by IN ('client', 'practitioner')", name=op.f("ck_feedback_entered_by_known")),
    )
    op.create_index("ix_feedback_episode", "feedback", ["episode_id", "effective_at"])
    op.create_index("ix_feedback_service", "feedback", ["service_id"])


def _whose(table: str) -> tuple:
    """Whose row it is: service, client and episode, each with its key."""
    return (
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f(f"fk_{table}_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f(f"fk_{table}_episode_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f(f"fk_{table}_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
