"""Reminders and what became of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Date, Integer
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Big, Id, Json, Moment

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table(
        "push_subscription",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("device_id", Id(), nullable=False),
        column("endpoint_lookup", Text(), nullable=False),
        column("origin", Text(), nullable=False),
        column("keys_sealed", Bytes(), nullable=False),
        column("created_at", Moment(), nullable=False),
        column("confirmed_at", Moment(), nullable=False),
        column("accepted_at", Moment(), nullable=True),
        column("ended_at", Moment(), nullable=True),
        column("ended_why", Text(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_push_subscription_client_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_push_subscription_device_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_push_subscription_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint_lookup", name=op.f("uq_push_subscription_endpoint_lookup")),
    )
    op.create_index("ix_push_subscription_client", "push_subscription", ["client_id"])

    op.create_table(
        "reminder_rule",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("assignment_id", Id(), nullable=True),
        column("at", Text(), nullable=False),
        column("weekdays", Json, nullable=False),
        column("zone", Text(), nullable=False),
        column("level", Integer(), nullable=False),
        column("channel", Text(), nullable=False),
        column("quiet", Json, nullable=True),
        column("from_date", Date(), nullable=True),
        column("until_date", Date(), nullable=True),
        column("paused_until", Date(), nullable=True),
        column("revision_id", Id(), nullable=True),
        column("created_at", Moment(), nullable=False),
        column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("channel IN ('push', 'email', 'sms')", name=op.f("ck_reminder_rule_channel_known")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_reminder_rule_assignment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_reminder_rule_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_reminder_rule_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
    )
    op.create_index("ix_reminder_rule_active", "reminder_rule", ["ended_at"])
    op.create_index("ix_reminder_rule_client", "reminder_rule", ["client_id"])

    op.create_table(
        "delivery",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("rule_id", Id(), nullable=False),
        column("assignment_id", Id(), nullable=True),
        column("occurrence_slot", Text(), nullable=True),
        column("local_date", Date(), nullable=False),
        column("slot", Text(), nullable=False),
        column("channel", Text(), nullable=False),
        column("due_at", Moment(), nullable=False),
        column("expires_at", Moment(), nullable=False),
        column("state", Text(), nullable=False),
        column("why", Text(), nullable=True),
        column("code", Text(), nullable=False),
        column("lease_token", Text(), nullable=True),
        column("lease_until", Moment(), nullable=True),
        column("attempts", Integer(), nullable=False),
        column("try_after", Moment(), nullable=True),
        column("accepted_at", Moment(), nullable=True),
        column("opened_at", Moment(), nullable=True),
        column("feed_seq", Big, nullable=False),
        sa.CheckConstraint("channel IN ('push', 'email', 'sms')", name=op.f("ck_delivery_channel_known")),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'accepted', 'failed', 'expired', 'cancelled')",
            name=op.f("ck_delivery_state_known"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_delivery_client_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["reminder_rule.id"], name=op.f("fk_delivery_rule_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_delivery_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("code", name=op.f("uq_delivery_code")),
        sa.UniqueConstraint(
            "rule_id",
            "local_date",
            "slot",
            "channel",
            name=op.f("uq_delivery_rule_id_local_date_slot_channel"),
        ),
    )
    op.create_index("ix_delivery_client", "delivery", ["client_id", "due_at"])
    op.create_index("ix_delivery_due", "delivery", ["state", "due_at"])
    op.create_index("ix_delivery_feed", "delivery", ["client_id", "feed_seq"])

    op.create_table(
        "delivery_event",
        column("id", Big, nullable=False),
        column("service_id", Id(), nullable=False),
        column("delivery_id", Id(), nullable=False),
        column("what", Text(), nullable=False),
        column("status", Integer(), nullable=True),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_event_delivery_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_delivery_event_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_event")),
    )
    op.create_index("ix_delivery_event_delivery", "delivery_event", ["delivery_id"])
