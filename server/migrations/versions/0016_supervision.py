"""Who supervises whom, what is brought and decided there, and what was done about a reason to look at a client."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Date, Integer
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Big, Id, Moment

revision = "0016"
down_revision = "0015"

ABOUT = {"service_id": "service", "client_id": "client", "episode_id": "episode"}


def upgrade():
    with op.batch_alter_table("access") as table:
        table.add_column(column("supervision_id", Id(), nullable=True))
    _supervision()
    _brought()
    _decision()
    _decision_state()
    _supervision_setting()
    _attention_action()


def _supervision():
    op.create_table(
        "supervision",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("supervisor_id", Id(), nullable=False),
        column("supervisee_id", Id(), nullable=False),
        column("from_at", Moment(), nullable=False),
        column("until_at", Moment(), nullable=True),
        column("given_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        column("ended_at", Moment(), nullable=True),
        column("ended_by", Id(), nullable=True),
        *_keys("supervision", service_id="service", supervisor_id="practitioner", supervisee_id="practitioner"),
        *_keys("supervision", given_by="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
    )
    op.create_index("ix_supervision_supervisor", "supervision", ["supervisor_id", "until_at"])
    op.create_index("ix_supervision_supervisee", "supervision", ["supervisee_id", "until_at"])


def _brought():
    op.create_table(
        "brought",
        column("id", Id(), nullable=False),
        *(column(name, Id(), nullable=False) for name in ABOUT),
        column("question_sealed", Bytes(), nullable=True),
        column("brought_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        column("ended_at", Moment(), nullable=True),
        column("ended_by", Id(), nullable=True),
        column("ended_how", Text(), nullable=True),
        sa.CheckConstraint("ended_how IN ('discussed', 'taken_back')", name=op.f("ck_brought_ended_how_known")),
        *_keys("brought", **ABOUT, brought_by="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brought")),
    )
    op.create_index("ix_brought_episode", "brought", ["episode_id", "ended_at"])


def _decision():
    op.create_table(
        "decision",
        column("id", Id(), nullable=False),
        *(column(name, Id(), nullable=False) for name in ABOUT),
        column("brought_id", Id(), nullable=True),
        column("supervisee_id", Id(), nullable=False),
        column("words_sealed", Bytes(), nullable=True),
        column("who", Text(), nullable=False),
        column("by_day", Date(), nullable=True),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("who IN ('supervisee', 'supervisor', 'nobody')", name=op.f("ck_decision_who_known")),
        *_keys("decision", **ABOUT, brought_id="brought", supervisee_id="practitioner", recorded_by="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_episode", "decision", ["episode_id", "recorded_at"])
    op.create_index("ix_decision_supervisee", "decision", ["supervisee_id", "recorded_at"])


def _decision_state():
    op.create_table(
        "decision_state",
        column("id", Big, nullable=False, autoincrement=True),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("decision_id", Id(), nullable=False),
        column("state", Text(), nullable=False),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'not_done')", name=op.f("ck_decision_state_state_known")),
        *_keys("decision_state", service_id="service", client_id="client", decision_id="decision"),
        *_keys("decision_state", recorded_by="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_state")),
    )
    op.create_index("ix_decision_state_decision", "decision_state", ["decision_id", "id"])


def _supervision_setting():
    op.create_table(
        "supervision_setting",
        column("id", Big, nullable=False, autoincrement=True),
        column("service_id", Id(), nullable=False),
        column("days_between", Integer(), nullable=False),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        *_keys("supervision_setting", service_id="service", recorded_by="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_setting")),
    )
    op.create_index("ix_supervision_setting_service", "supervision_setting", ["service_id", "id"])


def _attention_action():
    op.create_table(
        "attention_action",
        column("id", Id(), nullable=False),
        *(column(name, Id(), nullable=False) for name in ABOUT),
        column("reason", Text(), nullable=False),
        column("what", Text(), nullable=False),
        column("line_sealed", Bytes(), nullable=True),
        column("until_at", Moment(), nullable=False),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        *_keys("attention_action", **ABOUT, recorded_by="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention_action")),
    )
    op.create_index("ix_attention_action_episode", "attention_action", ["episode_id", "recorded_at"])


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys: column to the table whose `id` it names."""
    return [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}")) for name, to in columns.items()
    ]
