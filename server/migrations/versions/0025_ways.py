"""By which ways a client is reminded and in which order, and private calendars of reminders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import LargeBinary
from sqlalchemy import String as Text

from server.extensions import Big, Id, Json, Moment

revision = "0025"
down_revision = "0024"


def upgrade():
    op.create_table(
        "way",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("client_id", Id, nullable=False),
        column("channels", Json, nullable=False),
        column("addresses_sealed", LargeBinary(), nullable=True),
        column("why", Text(), nullable=False),
        column("recorded_by", Id, nullable=True),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_way_client_id_client")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_way_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_way")),
        sa.CheckConstraint("why IN ('said', 'unsubscribed', 'unreachable')", name=op.f("ck_way_why_known")),
    )
    op.create_index("ix_way_client", "way", ["client_id", "id"])

    op.create_table(
        "calendar_feed",
        column("id", Id, nullable=False),
        column("service_id", Id, nullable=False),
        column("client_id", Id, nullable=False),
        column("secret_hash", Text(), nullable=False),
        column("created_by", Id, nullable=True),
        column("created_at", Moment(), nullable=False),
        column("read_at", Moment(), nullable=True),
        column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_calendar_feed_client_id_client")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_calendar_feed_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feed_secret_hash")),
    )
    op.create_index("ix_calendar_feed_client", "calendar_feed", ["client_id"])
