"""Equity fields of clients, and what was done about each thing that got in the way."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import String as Text

from server.extensions import Big, Id, Moment

revision = "0010"
down_revision = "0009"

EQUITY = {
    "ethnicity": ("asian", "black", "mixed", "white", "other", "not_stated"),
    "gender": ("woman", "man", "non_binary", "another", "not_stated"),
    "disability": ("yes", "no", "not_stated"),
    "sexual_orientation": ("heterosexual", "gay_lesbian", "bisexual", "other", "not_stated"),
    "imd_decile": ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "not_stated"),
    "age_band": ("16-17", "18-25", "26-64", "65+", "not_stated"),
    "source": ("csv", "practitioner"),
}
RESPONSES = ("smaller", "moved", "swapped", "talked", "nothing_needed")


def upgrade():
    op.create_table(
        "equity",
        column("id", Big, nullable=False, autoincrement=True),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("ethnicity", Text(), nullable=True),
        column("gender", Text(), nullable=True),
        column("disability", Text(), nullable=True),
        column("sexual_orientation", Text(), nullable=True),
        column("imd_decile", Text(), nullable=True),
        column("age_band", Text(), nullable=True),
        column("source", Text(), nullable=False),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        *(_known("equity", name, codes) for name, codes in EQUITY.items()),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_equity_client_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_equity_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_equity_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equity")),
    )
    op.create_index("ix_equity_client", "equity", ["client_id", "id"])
    op.create_index("ix_equity_service", "equity", ["service_id", "client_id", "id"])
    op.create_table(
        "barrier_response",
        column("id", Big, nullable=False, autoincrement=True),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        column("assignment_id", Id(), nullable=False),
        column("slot", Text(), nullable=False),
        column("barrier", Text(), nullable=True),
        column("what", Text(), nullable=False),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        _known("barrier_response", "what", RESPONSES),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_barrier_response_assignment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_barrier_response_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_barrier_response_episode_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_barrier_response_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_barrier_response_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier_response")),
    )
    op.create_index("ix_barrier_response_client", "barrier_response", ["client_id", "recorded_at"])
    op.create_index("ix_barrier_response_slot", "barrier_response", ["assignment_id", "slot", "id"])


def _known(table: str, name: str, codes) -> sa.CheckConstraint:
    listed = ", ".join(f"'{code}'" for code in codes)
    return sa.CheckConstraint(f"{name} IN ({listed})", name=op.f(f"ck_{table}_{name}_known"))
