"""Who answers for risk in a service, and the flags that answers raised."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Date, Integer
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Id, Json, Moment

revision = "0006"
down_revision = "0005"


def upgrade():
    op.create_table(
        "response_procedure",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("number", Integer(), nullable=False),
        column("state", Text(), nullable=False),
        column("words_sealed", Bytes(), nullable=False),
        column("working_days", Json, nullable=False),
        column("works_from", Text(), nullable=False),
        column("works_until", Text(), nullable=False),
        column("reviewed_on", Date(), nullable=False),
        column("thresholds", Text(), nullable=False),
        column("mail_tried_at", Moment(), nullable=True),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("state IN ('on', 'off')", name=op.f("ck_response_procedure_state_known")),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_response_procedure_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_response_procedure_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_procedure")),
        sa.UniqueConstraint("service_id", "number", name=op.f("uq_response_procedure_service_id_number")),
    )
    op.create_table(
        "risk_flag",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("assignment_id", Id(), nullable=True),
        column("entry_id", Id(), nullable=False),
        column("revision_id", Id(), nullable=False),
        column("worksheet_id", Text(), nullable=False),
        column("worksheet_version", Integer(), nullable=False),
        column("fields", Json, nullable=False),
        column("level", Integer(), nullable=False),
        column("card", Text(), nullable=False),
        column("follow_up", Text(), nullable=True),
        column("created_at", Moment(), nullable=False),
        column("received_at", Moment(), nullable=False),
        column("ack_by", Id(), nullable=True),
        column("ack_at", Moment(), nullable=True),
        column("outcome_sealed", Bytes(), nullable=True),
        column("escalated_at", Moment(), nullable=True),
        column("escalation_tries", Integer(), nullable=False),
        column("escalation_after", Moment(), nullable=True),
        column("escalation_trouble", Text(), nullable=True),
        sa.CheckConstraint("card IN ('support', 'safety')", name=op.f("ck_risk_flag_card_known")),
        sa.CheckConstraint("follow_up IN ('yes', 'not_sure', 'no')", name=op.f("ck_risk_flag_follow_up_known")),
        sa.CheckConstraint(
            "escalation_trouble IN ('not_set', 'unreachable', 'refused')",
            name=op.f("ck_risk_flag_escalation_trouble_known"),
        ),
        sa.ForeignKeyConstraint(["ack_by"], ["practitioner.id"], name=op.f("fk_risk_flag_ack_by")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_risk_flag_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_risk_flag_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_flag")),
        sa.UniqueConstraint("client_id", "revision_id", name=op.f("uq_risk_flag_client_id_revision_id")),
    )
    op.create_index("ix_risk_flag_entry", "risk_flag", ["client_id", "entry_id"])
    op.create_index("ix_risk_flag_waiting", "risk_flag", ["ack_at", "escalated_at"])
