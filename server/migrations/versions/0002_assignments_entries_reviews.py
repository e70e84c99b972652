"""What is agreed, what is done, and the look at it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Date, Integer
from sqlalchemy import Column as column
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Big, Id, Json, Moment

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_table(
        "client_week",
        column("client_id", Id(), nullable=False),
        column("week", Date(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("open", Integer(), nullable=False),
        column("done", Integer(), nullable=False),
        column("partial", Integer(), nullable=False),
        column("tried", Integer(), nullable=False),
        column("not_done", Integer(), nullable=False),
        column("nothing_happened", Integer(), nullable=False),
        column("exempt", Integer(), nullable=False),
        column("moved", Integer(), nullable=False),
        column("withdrawn", Integer(), nullable=False),
        column("computed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_week_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_client_week_service_id")),
        sa.PrimaryKeyConstraint("client_id", "week", name=op.f("pk_client_week")),
    )
    op.create_index("ix_client_week_service", "client_week", ["service_id", "week"])

    op.create_table(
        "entry",
        column("client_id", Id(), nullable=False),
        column("entry_id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("subject_kind", Text(), nullable=False),
        column("assignment_id", Id(), nullable=True),
        column("slot", Text(), nullable=True),
        column("head_id", Id(), nullable=False),
        column("heads", Integer(), nullable=False),
        column("revisions", Integer(), nullable=False),
        column("deleted", Boolean(), nullable=False),
        column("kept", Boolean(), nullable=False),
        column("outcome", Text(), nullable=True),
        column("happened_at", Moment(), nullable=False),
        column("first_received_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "subject_kind IN ('entry', 'answer', 'plan', 'agenda', 'setting', 'research', 'sharing')",
            name=op.f("ck_entry_subject_kind_known"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_entry_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_entry_service_id")),
        sa.PrimaryKeyConstraint("client_id", "entry_id", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_assignment", "entry", ["assignment_id"])

    op.create_table(
        "quarantined",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("device_id", Id(), nullable=True),
        column("revision_id", Id(), nullable=True),
        column("reason", Text(), nullable=False),
        column("content_hash", Text(), nullable=False),
        column("raw_sealed", Bytes(), nullable=False),
        column("received_at", Moment(), nullable=False),
        column("seen_at", Moment(), nullable=True),
        column("seen_by", Id(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('id-reused', 'unreadable', 'unknown-worksheet', 'unknown-subject')",
            name=op.f("ck_quarantined_reason_known"),
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_quarantined_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_quarantined_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined")),
        sa.UniqueConstraint(
            "client_id", "content_hash", "reason", name=op.f("uq_quarantined_client_id_content_hash_reason")
        ),
    )

    op.create_table(
        "assignment",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        column("set_id", Id(), nullable=True),
        column("worksheet_id", Text(), nullable=True),
        column("worksheet_version", Integer(), nullable=True),
        column("agreed_on", Date(), nullable=False),
        column("agreed_at", Moment(), nullable=False),
        column("agreed_in", Id(), nullable=True),
        column("agreed_by", Id(), nullable=False),
        column("from_assignment", Id(), nullable=True),
        column("state", Text(), nullable=False),
        column("ended_on", Date(), nullable=True),
        column("version", Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'withdrawn', 'ended')", name=op.f("ck_assignment_state_known")),
        sa.ForeignKeyConstraint(["agreed_by"], ["practitioner.id"], name=op.f("fk_assignment_agreed_by")),
        sa.ForeignKeyConstraint(["agreed_in"], ["appointment.id"], name=op.f("fk_assignment_agreed_in")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_assignment_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_assignment_episode_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_assignment_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_client", "assignment", ["client_id"])
    op.create_index("ix_assignment_episode", "assignment", ["episode_id"])

    op.create_table(
        "contact",
        column("id", Big, nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("device_id", Id(), nullable=False),
        column("hour", Moment(), nullable=False),
        column("at", Moment(), nullable=False),
        column("emptied_at", Moment(), nullable=True),
        column("outbox", Integer(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_contact_client_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_contact_device_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_contact_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("device_id", "hour", name=op.f("uq_contact_device_id_hour")),
    )
    op.create_index("ix_contact_client", "contact", ["client_id", "at"])

    op.create_table(
        "assignment_version",
        column("assignment_id", Id(), nullable=False),
        column("number", Integer(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("from_date", Date(), nullable=False),
        column("until_date", Date(), nullable=True),
        column("rhythm", Json, nullable=False),
        column("size", Text(), nullable=False),
        column("done_rule", Json, nullable=True),
        column("specificity", Integer(), nullable=True),
        column("title_sealed", Bytes(), nullable=True),
        column("reason_sealed", Bytes(), nullable=True),
        column("plan_sealed", Bytes(), nullable=True),
        column("made_by", Text(), nullable=False),
        column("made_by_id", Id(), nullable=True),
        column("revision_id", Id(), nullable=True),
        column("recorded_at", Moment(), nullable=False),
        column("feed_seq", Big, nullable=False),
        sa.CheckConstraint("made_by IN ('practitioner', 'client')", name=op.f("ck_assignment_version_made_by_known")),
        sa.CheckConstraint("size IN ('small', 'usual', 'bigger')", name=op.f("ck_assignment_version_size_known")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_version_assignment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_assignment_version_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_assignment_version_service_id")),
        sa.PrimaryKeyConstraint("assignment_id", "number", name=op.f("pk_assignment_version")),
    )
    op.create_index("ix_assignment_version_feed", "assignment_version", ["client_id", "feed_seq"])

    op.create_table(
        "occurrence",
        column("assignment_id", Id(), nullable=False),
        column("slot", Text(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        column("version", Integer(), nullable=False),
        column("opens_on", Date(), nullable=False),
        column("due_on", Date(), nullable=False),
        column("due_at", Moment(), nullable=False),
        column("state", Text(), nullable=False),
        column("size", Text(), nullable=False),
        column("barrier", Text(), nullable=True),
        column("moved_to", Date(), nullable=True),
        column("medium", Text(), nullable=True),
        column("entered_by", Text(), nullable=True),
        column("helped_by", Text(), nullable=True),
        column("done_at", Moment(), nullable=True),
        column("filled_by", Id(), nullable=True),
        column("extra", Integer(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        column("feed_seq", Big, nullable=False),
        sa.CheckConstraint(
            "medium IN ('worksheet', 'said', 'paper', 'phone_call')", name=op.f("ck_occurrence_medium_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'partial', 'tried', 'not_done', 'nothing_happened', 'exempt', 'moved',"
            " 'withdrawn')",
            name=op.f("ck_occurrence_state_known"),
        ),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_occurrence_assignment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_occurrence_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_occurrence_episode_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_occurrence_service_id")),
        sa.PrimaryKeyConstraint("assignment_id", "slot", name=op.f("pk_occurrence")),
    )
    op.create_index(
        "ix_occurrence_client_due",
        "occurrence",
        ["client_id", "due_on"],
        postgresql_include=["state", "barrier"],
    )
    op.create_index("ix_occurrence_feed", "occurrence", ["client_id", "feed_seq"])
    op.create_index(
        "ix_occurrence_service_due",
        "occurrence",
        ["service_id", "due_on"],
        postgresql_include=["state", "client_id"],
    )

    op.create_table(
        "review",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        column("assignment_id", Id(), nullable=False),
        column("appointment_id", Id(), nullable=True),
        column("mark", Text(), nullable=False),
        column("line_sealed", Bytes(), nullable=True),
        column("note_sealed", Bytes(), nullable=True),
        column("recorded_by", Id(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        column("feed_seq", Big, nullable=False),
        sa.CheckConstraint(
            "mark IN ('reviewed', 'carry_over', 'make_smaller', 'stop')", name=op.f("ck_review_mark_known")
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_review_appointment_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_review_assignment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_review_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_review_episode_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_review_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_review_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_assignment", "review", ["assignment_id", "recorded_at"])
    op.create_index("ix_review_feed", "review", ["client_id", "feed_seq"])

    op.create_table(
        "revision",
        column("client_id", Id(), nullable=False),
        column("revision_id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("entry_id", Id(), nullable=False),
        column("device_id", Id(), nullable=True),
        column("practitioner_id", Id(), nullable=True),
        column("subject_kind", Text(), nullable=False),
        column("assignment_id", Id(), nullable=True),
        column("slot", Text(), nullable=True),
        column("parents", Json, nullable=False),
        column("kind", Text(), nullable=False),
        column("form_key", Text(), nullable=True),
        column("form_version", Integer(), nullable=True),
        column("body_sealed", Bytes(), nullable=False),
        column("content_hash", Text(), nullable=False),
        column("happened_at", Moment(), nullable=False),
        column("happened_local", Text(), nullable=False),
        column("happened_zone", Text(), nullable=False),
        column("medium", Text(), nullable=False),
        column("entered_by", Text(), nullable=False),
        column("helped_by", Text(), nullable=False),
        column("device_seq", Integer(), nullable=False),
        column("created_at", Moment(), nullable=False),
        column("received_at", Moment(), nullable=False),
        column("effective_at", Moment(), nullable=False),
        column("late", Boolean(), nullable=False),
        column("outcome", Text(), nullable=True),
        column("answered", Integer(), nullable=True),
        column("asked", Integer(), nullable=True),
        column("kept", Boolean(), nullable=False),
        column("answer", Text(), nullable=True),
        column("answer_outcome", Text(), nullable=True),
        column("barrier", Text(), nullable=True),
        column("moved_to", Text(), nullable=True),
        column("app_version", Text(), nullable=True),
        column("schema_version", Integer(), nullable=False),
        column("feed_seq", Big, nullable=False),
        sa.CheckConstraint("entered_by IN ('client', 'practitioner')", name=op.f("ck_revision_entered_by_known")),
        sa.CheckConstraint(
            "helped_by IN ('none', 'interpreter', 'supporter')", name=op.f("ck_revision_helped_by_known")
        ),
        sa.CheckConstraint("kind IN ('save', 'delete', 'restore')", name=op.f("ck_revision_kind_known")),
        sa.CheckConstraint(
            "medium IN ('worksheet', 'said', 'paper', 'phone_call')", name=op.f("ck_revision_medium_known")
        ),
        sa.CheckConstraint(
            "subject_kind IN ('entry', 'answer', 'plan', 'agenda', 'setting', 'research', 'sharing')",
            name=op.f("ck_revision_subject_kind_known"),
        ),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_revision_assignment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_revision_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_revision_service_id")),
        sa.PrimaryKeyConstraint("client_id", "revision_id", name=op.f("pk_revision")),
    )
    op.create_index("ix_revision_assignment", "revision", ["assignment_id"])
    op.create_index("ix_revision_entry", "revision", ["client_id", "entry_id"])
    op.create_index("ix_revision_feed", "revision", ["client_id", "feed_seq"])
