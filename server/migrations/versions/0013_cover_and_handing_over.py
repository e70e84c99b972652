"""Cover for leave, who knows of a break-glass look, handing over, and the working days of the reading promise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Date, Integer
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Big, Id, Moment

revision = "0013"
down_revision = "0012"


def upgrade():
    with op.batch_alter_table("service") as table:
        table.add_column(column("reading_days", Integer(), nullable=True))
    with op.batch_alter_table("access") as table:
        table.add_column(column("cover_id", Id(), nullable=True))
        table.add_column(column("given_by", Id(), nullable=True))
    _cover()
    _access_seen()
    _handover()


def _cover():
    op.create_table(
        "cover",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("practitioner_id", Id(), nullable=False),
        column("colleague_id", Id(), nullable=False),
        column("scope", Text(), nullable=False),
        column("from_at", Moment(), nullable=False),
        column("until_at", Moment(), nullable=False),
        column("reason_sealed", Bytes(), nullable=True),
        column("given_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        column("ended_at", Moment(), nullable=True),
        column("ended_by", Id(), nullable=True),
        sa.CheckConstraint("scope IN ('all', 'chosen')", name=op.f("ck_cover_scope_known")),
        *_keys("cover", service_id="service", practitioner_id="practitioner", colleague_id="practitioner"),
        *_keys("cover", given_by="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index("ix_cover_practitioner", "cover", ["practitioner_id", "until_at"])
    op.create_index("ix_cover_colleague", "cover", ["colleague_id", "until_at"])


def _access_seen():
    op.create_table(
        "access_seen",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id(), nullable=False),
        column("access_id", Id(), nullable=False),
        column("practitioner_id", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        *_keys("access_seen", service_id="service", access_id="access", practitioner_id="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_seen")),
        sa.UniqueConstraint("access_id", "practitioner_id", name=op.f("uq_access_seen_access_id_practitioner_id")),
    )


def _handover():
    op.create_table(
        "handover",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        column("from_practitioner_id", Id(), nullable=False),
        column("to_practitioner_id", Id(), nullable=False),
        column("from_day", Date(), nullable=False),
        column("from_at", Moment(), nullable=False),
        column("appointments", Text(), nullable=False),
        column("summary_sealed", Bytes(), nullable=True),
        column("given_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        column("feed_seq", Big, nullable=False),
        sa.CheckConstraint("appointments IN ('go', 'stay')", name=op.f("ck_handover_appointments_known")),
        *_keys("handover", service_id="service", client_id="client", episode_id="episode"),
        *_keys("handover", from_practitioner_id="practitioner", to_practitioner_id="practitioner"),
        *_keys("handover", given_by="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_feed", "handover", ["client_id", "feed_seq"])
    op.create_index("ix_handover_to", "handover", ["to_practitioner_id", "from_at"])


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys: column to the table whose `id` it names."""
    return [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}")) for name, to in columns.items()
    ]
