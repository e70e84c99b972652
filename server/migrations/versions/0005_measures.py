"""Scores of measures, and who looked up their constants."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Date, Integer
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Id, Json, Moment

revision = "0005"
down_revision = "0004"


def upgrade():
    op.create_table(
        "measure_score",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        column("appointment_id", Id(), nullable=True),
        column("measure_id", Text(), nullable=False),
        column("measure_version", Integer(), nullable=False),
        column("taken_on", Date(), nullable=False),
        column("items", Json, nullable=True),
        column("totals", Json, nullable=True),
        column("source", Text(), nullable=False),
        column("entered_by", Id(), nullable=True),
        column("what", Text(), nullable=False),
        column("supersedes", Id(), nullable=True),
        column("reason", Text(), nullable=True),
        column("note_sealed", Bytes(), nullable=True),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("what IN ('entered', 'corrected', 'withdrawn')", name=op.f("ck_measure_score_what_known")),
        sa.CheckConstraint("source IN ('practitioner', 'client')", name=op.f("ck_measure_score_source_known")),
        sa.CheckConstraint(
            "reason IN ('mistyped', 'wrong_day', 'wrong_measure', 'wrong_client', 'other')",
            name=op.f("ck_measure_score_reason_known"),
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_measure_score_appointment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_measure_score_client_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["practitioner.id"], name=op.f("fk_measure_score_entered_by")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_measure_score_episode_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_measure_score_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_score")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_measure_score_supersedes")),
    )
    op.create_index("ix_measure_score_client", "measure_score", ["client_id", "taken_on"])

    op.create_table(
        "measure_check",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("measure_id", Text(), nullable=False),
        column("measure_version", Integer(), nullable=False),
        column("constant", Text(), nullable=False),
        column("found", Text(), nullable=False),
        column("against", Text(), nullable=False),
        column("checked_by_sealed", Bytes(), nullable=True),
        column("checked_on", Date(), nullable=False),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("found IN ('agrees', 'differs')", name=op.f("ck_measure_check_found_known")),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_measure_check_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_measure_check_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_check")),
    )
    op.create_index("ix_measure_check_service", "measure_check", ["service_id", "measure_id"])
