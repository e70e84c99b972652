"""People, their phones, the caseload and the audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Date, Integer
from sqlalchemy import Column as column
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Big, Id, Json, Moment

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "attempt",
        column("id", Big, nullable=False),
        column("service_id", Id(), nullable=True),
        column("bucket", Text(), nullable=False),
        column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_bucket", "attempt", ["bucket", "at"])

    op.create_table(
        "audit_event",
        column("id", Big, nullable=False),
        column("service_id", Id(), nullable=True),
        column("at", Moment(), nullable=False),
        column("verb", Text(), nullable=False),
        column("actor_kind", Text(), nullable=False),
        column("actor_id", Text(), nullable=True),
        column("about_kind", Text(), nullable=True),
        column("about_id", Text(), nullable=True),
        column("client_id", Id(), nullable=True),
        column("detail", Json, nullable=False),
        column("position", Big, nullable=True),
        column("previous_hash", Text(), nullable=True),
        column("hash", Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_client", "audit_event", ["client_id", "id"])
    op.create_index("ix_audit_event_unchained", "audit_event", ["service_id", "id"])

    op.create_table(
        "epoch",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=True),
        column("started_at", Moment(), nullable=False),
        column("why", Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epoch")),
    )

    op.create_table(
        "service",
        column("id", Id(), nullable=False),
        column("name", Text(), nullable=False),
        column("nation", Text(), nullable=False),
        column("zone", Text(), nullable=False),
        column("crisis_name", Text(), nullable=False),
        column("crisis_number", Text(), nullable=False),
        column("crisis_hours", Text(), nullable=False),
        column("reading_promise", Text(), nullable=False),
        column("demo", Boolean(), nullable=False),
        column("data_key", Bytes(), nullable=False),
        column("created_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "nation IN ('england', 'wales', 'scotland', 'northern-ireland')",
            name=op.f("ck_service_nation_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )

    op.create_table(
        "client",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("data_key", Bytes(), nullable=False),
        column("feed_seq", Big, nullable=False),
        column("preferred_name_sealed", Bytes(), nullable=True),
        column("date_of_birth_sealed", Bytes(), nullable=True),
        column("local_number_sealed", Bytes(), nullable=True),
        column("local_number_lookup", Text(), nullable=True),
        column("language", Text(), nullable=False),
        column("zone", Text(), nullable=False),
        column("research", Text(), nullable=False),
        column("safe_contact", Json, nullable=False),
        column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("research IN ('not_asked', 'yes', 'no')", name=op.f("ck_client_research_known")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_client_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("service_id", "local_number_lookup", name=op.f("uq_client_service_id_local_number_lookup")),
    )

    op.create_table(
        "practitioner",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("roles", Json, nullable=False),
        column("name_sealed", Bytes(), nullable=True),
        column("sign_in_name_sealed", Bytes(), nullable=True),
        column("sign_in_lookup", Text(), nullable=False),
        column("password_hash", Text(), nullable=False),
        column("must_change_password", Boolean(), nullable=False),
        column("disabled_at", Moment(), nullable=True),
        column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_practitioner_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("sign_in_lookup", name=op.f("uq_practitioner_sign_in_lookup")),
    )
    op.create_index("ix_practitioner_service", "practitioner", ["service_id"])

    op.create_table(
        "appointment",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("practitioner_id", Id(), nullable=False),
        column("starts_at", Moment(), nullable=False),
        column("zone", Text(), nullable=False),
        column("local_date", Date(), nullable=False),
        column("minutes", Integer(), nullable=False),
        column("kind", Text(), nullable=False),
        column("mode", Text(), nullable=False),
        column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("mode IN ('telephone', 'video', 'in_person')", name=op.f("ck_appointment_mode_known")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_appointment_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_appointment_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_practitioner", "appointment", ["practitioner_id", "local_date"])

    op.create_table(
        "device",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("token_hash", Text(), nullable=False),
        column("platform", Text(), nullable=False),
        column("display", Text(), nullable=False),
        column("shared_phone", Boolean(), nullable=False),
        column("app_version", Text(), nullable=True),
        column("paired_at", Moment(), nullable=False),
        column("last_contact_at", Moment(), nullable=True),
        column("last_outbox", Integer(), nullable=True),
        column("highest_seq", Integer(), nullable=False),
        column("revoked_at", Moment(), nullable=True),
        column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_device_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_device_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash")),
    )
    op.create_index("ix_device_client", "device", ["client_id"])

    op.create_table(
        "episode",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("opened_on", Date(), nullable=False),
        column("closed_on", Date(), nullable=True),
        column("close_reason", Text(), nullable=True),
        column("problem", Text(), nullable=True),
        column("group_id", Id(), nullable=True),
        column("link_id", Id(), nullable=True),
        column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_episode_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_episode_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    op.create_index("ix_episode_client", "episode", ["client_id"])

    op.create_table(
        "invitation",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("purpose", Text(), nullable=False),
        column("selector", Text(), nullable=False),
        column("secret_hash", Text(), nullable=False),
        column("tries_left", Integer(), nullable=False),
        column("expires_at", Moment(), nullable=False),
        column("used_at", Moment(), nullable=True),
        column("ended_at", Moment(), nullable=True),
        column("device_id", Id(), nullable=True),
        column("created_by", Id(), nullable=True),
        column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("purpose IN ('pair', 'install')", name=op.f("ck_invitation_purpose_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_invitation_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_invitation_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("selector", name=op.f("uq_invitation_selector")),
    )

    op.create_table(
        "research_choice",
        column("id", Big, nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("choice", Text(), nullable=False),
        column("revision_id", Id(), nullable=True),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("choice IN ('yes', 'no')", name=op.f("ck_research_choice_choice_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_research_choice_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_research_choice_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_choice")),
    )
    op.create_index("ix_research_choice_client", "research_choice", ["client_id", "id"])

    op.create_table(
        "staff_session",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("practitioner_id", Id(), nullable=False),
        column("token_hash", Text(), nullable=False),
        column("created_at", Moment(), nullable=False),
        column("last_seen_at", Moment(), nullable=False),
        column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_staff_session_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_staff_session_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    op.create_index("ix_staff_session_practitioner", "staff_session", ["practitioner_id"])

    op.create_table(
        "access",
        column("id", Id(), nullable=False),
        column("service_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        column("practitioner_id", Id(), nullable=False),
        column("role", Text(), nullable=False),
        column("from_at", Moment(), nullable=False),
        column("until_at", Moment(), nullable=True),
        column("reason_sealed", Bytes(), nullable=True),
        sa.CheckConstraint("role IN ('own', 'cover', 'supervision', 'break_glass')", name=op.f("ck_access_role_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_access_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_access_episode_id")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_access_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_access_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    op.create_index("ix_access_episode", "access", ["episode_id"])
    op.create_index("ix_access_practitioner", "access", ["practitioner_id", "until_at"])

    op.create_table(
        "appointment_change",
        column("id", Big, nullable=False),
        column("service_id", Id(), nullable=False),
        column("appointment_id", Id(), nullable=False),
        column("what", Text(), nullable=False),
        column("starts_at", Moment(), nullable=False),
        column("zone", Text(), nullable=False),
        column("mode", Text(), nullable=False),
        column("recorded_by", Id(), nullable=True),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("what IN ('booked', 'moved', 'cancelled')", name=op.f("ck_appointment_change_what_known")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_change_appointment_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_appointment_change_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_change")),
    )
    op.create_index("ix_appointment_change_appointment", "appointment_change", ["appointment_id"])

    op.create_table(
        "attendance",
        column("id", Big, nullable=False),
        column("service_id", Id(), nullable=False),
        column("appointment_id", Id(), nullable=False),
        column("episode_id", Id(), nullable=False),
        column("client_id", Id(), nullable=False),
        column("state", Text(), nullable=False),
        column("recorded_by", Id(), nullable=True),
        column("recorded_at", Moment(), nullable=False),
        column("feed_seq", Big, nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'attended', 'missed', 'cancelled_by_client', 'cancelled_by_service')",
            name=op.f("ck_attendance_state_known"),
        ),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_attendance_appointment_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_attendance_client_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_attendance_episode_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_attendance_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_appointment", "attendance", ["appointment_id", "episode_id", "id"])
    op.create_index("ix_attendance_episode", "attendance", ["episode_id", "appointment_id", "id"])
    op.create_index("ix_attendance_feed", "attendance", ["client_id", "feed_seq"])

    _nobody_changes_the_audit()


# The chain may fill the three empty columns of an event once; nothing else of it may ever change or go.
CONTENT = ["service_id", "at", "verb", "actor_kind", "actor_id", "about_kind", "about_id", "client_id", "detail"]


def _nobody_changes_the_audit():
    if op.get_bind().dialect.name == "sqlite":
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in ["id", *CONTENT])
        op.execute(
            "CREATE TRIGGER audit_event_never_changes BEFORE UPDATE ON audit_event "
            f"WHEN OLD.hash IS NOT NULL OR {changed} BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
        op.execute(
            "CREATE TRIGGER audit_event_never_goes BEFORE DELETE ON audit_event "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
        return
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in ["id", *CONTENT])
    op.execute(
        "CREATE FUNCTION audit_event_append_only() RETURNS trigger AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' OR OLD.hash IS NOT NULL OR {changed} THEN "
        "RAISE EXCEPTION 'the audit is append-only'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_append_only()"
    )
