"""What clients say of themselves and take away, questions that were talked about, and the practitioner's rating."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Integer
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Id, Moment

revision = "0012"
down_revision = "0011"


def upgrade():
    op.create_table(
        "about_me",
        *_whose("about_me"),
        column("revision_id", Id(), nullable=False),
        column("words_sealed", Bytes(), nullable=True),
        column("interpreter", Text(), nullable=True),
        column("entered_by", Text(), nullable=False),
        column("effective_at", Moment(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("entered_by IN ('client', 'practitioner')", name=op.f("ck_about_me_entered_by_known")),
        sa.CheckConstraint("interpreter IN ('yes', 'no')", name=op.f("ck_about_me_interpreter_known")),
        sa.UniqueConstraint("client_id", "revision_id", name=op.f("uq_about_me_client_id_revision_id")),
    )
    op.create_index("ix_about_me_client", "about_me", ["client_id", "effective_at"])
    op.create_table(
        "takeaway",
        *_whose("takeaway"),
        column("appointment_id", Id(), nullable=False),
        column("revision_id", Id(), nullable=False),
        column("words_sealed", Bytes(), nullable=True),
        column("entered_by", Text(), nullable=False),
        column("effective_at", Moment(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("entered_by IN ('client', 'practitioner')", name=op.f("ck_takeaway_entered_by_known")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_takeaway_appointment_id")),
        sa.UniqueConstraint("client_id", "revision_id", name=op.f("uq_takeaway_client_id_revision_id")),
    )
    op.create_index("ix_takeaway_client", "takeaway", ["client_id", "effective_at"])
    op.create_table(
        "talked_about",
        *_whose("talked_about"),
        column("entry_id", Id(), nullable=False),
        column("state", Text(), nullable=False),
        *_by("talked_about"),
        sa.CheckConstraint("state IN ('talked_about', 'open')", name=op.f("ck_talked_about_state_known")),
    )
    op.create_index("ix_talked_about_client", "talked_about", ["client_id", "recorded_at"])
    op.create_table(
        "practice_rating",
        *_whose("practice_rating"),
        column("episode_id", Id(), nullable=False),
        column("appointment_id", Id(), nullable=False),
        column("amount", Integer(), nullable=True),
        column("quality", Integer(), nullable=True),
        *_by("practice_rating"),
        sa.CheckConstraint("amount BETWEEN 0 AND 4", name=op.f("ck_practice_rating_amount_range")),
        sa.CheckConstraint("quality BETWEEN 0 AND 4", name=op.f("ck_practice_rating_quality_range")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_practice_rating_appointment_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_practice_rating_episode_id")),
    )
    op.create_index("ix_practice_rating_client", "practice_rating", ["client_id", "recorded_at"])


def _whose(table: str) -> tuple:
    """What each of these tables begins with."""
    return (
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f(f"fk_{table}_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f(f"fk_{table}_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _by(table: str) -> tuple:
    """Who wrote it down, and when."""
    return (
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f(f"fk_{table}_recorded_by")),
    )
