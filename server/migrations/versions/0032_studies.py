"""Studies: projects, who works on them, what clients said to them, arms, bundles and who fetched them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column as column
from sqlalchemy import Date, Integer
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import String as Text

from server.extensions import Big, Id, Json, Moment

revision = "0032"
down_revision = "0031"


def upgrade():
    _make_study()
    _make_study_protocol()
    _make_study_site()
    _make_study_member()
    _make_study_text()
    _make_study_invitation()
    _make_study_consent()
    _make_contact_choice()
    _make_study_allocation()
    _make_study_build()
    _make_study_download()


def _make_study():
    op.create_table(
        "study",
        column("id", Id, nullable=False),
        column("service_id", Id, nullable=False),
        column("name", Text(), nullable=False),
        column("basis", Text(), nullable=False),
        column("reference", Text(), nullable=False),
        column("retain_until", Date(), nullable=False),
        column("arms", Json, nullable=False),
        column("blocks", Json, nullable=False),
        column("seed_sealed", Bytes(), nullable=True),
        column("key_sealed", Bytes(), nullable=True),
        column("key_destroyed_at", Moment(), nullable=True),
        column("free_text_asked_by", Id, nullable=True),
        column("free_text_approved_by", Id, nullable=True),
        column("free_text_approved_at", Moment(), nullable=True),
        column("made_by", Id, nullable=False),
        column("created_at", Moment(), nullable=False),
        column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("basis IN ('consent', 'approval', 'anonymised')", name=op.f("ck_study_basis_known")),
        sa.ForeignKeyConstraint(["made_by"], ["practitioner.id"], name=op.f("fk_study_made_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("name", name=op.f("uq_study_name")),
    )
    op.create_index("ix_study_service", "study", ["service_id"])


def _make_study_protocol():
    op.create_table(
        "study_protocol",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("number", Integer(), nullable=False),
        column("label", Text(), nullable=False),
        column("recorded_by", Id, nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_study_protocol_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_protocol_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_protocol_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_protocol")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_study_protocol_study_id_number")),
    )


def _make_study_site():
    op.create_table(
        "study_site",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("joined_by", Id, nullable=False),
        column("joined_at", Moment(), nullable=False),
        column("left_at", Moment(), nullable=True),
        column("left_by", Id, nullable=True),
        sa.ForeignKeyConstraint(["joined_by"], ["practitioner.id"], name=op.f("fk_study_site_joined_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_site_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_site_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_site")),
    )
    op.create_index("ix_study_site_service", "study_site", ["service_id"])
    op.create_index("ix_study_site_study", "study_site", ["study_id"])


def _make_study_member():
    op.create_table(
        "study_member",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("practitioner_id", Id, nullable=False),
        column("given_by", Id, nullable=False),
        column("from_at", Moment(), nullable=False),
        column("until_at", Moment(), nullable=True),
        column("ended_by", Id, nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["practitioner.id"], name=op.f("fk_study_member_given_by")),
        sa.ForeignKeyConstraint(["practitioner_id"], ["practitioner.id"], name=op.f("fk_study_member_practitioner_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_member_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_member_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_member")),
    )
    op.create_index("ix_study_member_practitioner", "study_member", ["practitioner_id"])
    op.create_index("ix_study_member_study", "study_member", ["study_id"])


def _make_study_text():
    op.create_table(
        "study_text",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("number", Integer(), nullable=False),
        column("words", Text(), nullable=False),
        column("recorded_by", Id, nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_study_text_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_text_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_text_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_text")),
        sa.UniqueConstraint("study_id", "number", name=op.f("uq_study_text_study_id_number")),
    )


def _make_study_invitation():
    op.create_table(
        "study_invitation",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("client_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("invited_by", Id, nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_study_invitation_client_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["practitioner.id"], name=op.f("fk_study_invitation_invited_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_invitation_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_invitation_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_invitation")),
        sa.UniqueConstraint("study_id", "client_id", name=op.f("uq_study_invitation_study_id_client_id")),
    )
    op.create_index("ix_study_invitation_client", "study_invitation", ["client_id"])


def _make_study_consent():
    op.create_table(
        "study_consent",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("client_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("number", Integer(), nullable=False),
        column("choice", Text(), nullable=False),
        column("entered_by", Text(), nullable=False),
        column("revision_id", Id, nullable=True),
        column("recorded_by", Id, nullable=True),
        column("effective_at", Moment(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("choice IN ('given', 'withdrawn')", name=op.f("ck_study_consent_choice_known")),
        sa.CheckConstraint("entered_by IN ('client', 'practitioner')", name=op.f("ck_study_consent_entered_by_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_study_consent_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_consent_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_consent_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_consent")),
    )
    op.create_index("ix_study_consent_client", "study_consent", ["client_id", "study_id"])
    op.create_index("ix_study_consent_study", "study_consent", ["study_id", "client_id"])


def _make_contact_choice():
    op.create_table(
        "contact_choice",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("client_id", Id, nullable=False),
        column("choice", Text(), nullable=False),
        column("entered_by", Text(), nullable=False),
        column("revision_id", Id, nullable=True),
        column("recorded_by", Id, nullable=True),
        column("effective_at", Moment(), nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("entered_by IN ('client', 'practitioner')", name=op.f("ck_contact_choice_entered_by_known")),
        sa.CheckConstraint("choice IN ('yes', 'no')", name=op.f("ck_contact_choice_choice_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_contact_choice_client_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_contact_choice_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_choice")),
    )
    op.create_index("ix_contact_choice_client", "contact_choice", ["client_id", "id"])
    op.create_index("ix_contact_choice_service", "contact_choice", ["service_id"])


def _make_study_allocation():
    op.create_table(
        "study_allocation",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("client_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("arm", Text(), nullable=False),
        column("number", Integer(), nullable=True),
        column("how", Text(), nullable=False),
        column("recorded_by", Id, nullable=False),
        column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint("how IN ('imported', 'drawn')", name=op.f("ck_study_allocation_how_known")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_study_allocation_client_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["practitioner.id"], name=op.f("fk_study_allocation_recorded_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_allocation_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_allocation_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_allocation")),
        sa.UniqueConstraint("study_id", "client_id", name=op.f("uq_study_allocation_study_id_client_id")),
    )
    op.create_index("ix_study_allocation_client", "study_allocation", ["client_id"])


def _make_study_build():
    op.create_table(
        "study_build",
        column("id", Id, nullable=False),
        column("service_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("content", Text(), nullable=False),
        column("state", Text(), nullable=False),
        column("as_of", Moment(), nullable=False),
        column("previous_id", Id, nullable=True),
        column("asked_by", Id, nullable=False),
        column("asked_at", Moment(), nullable=False),
        column("lease_token", Text(), nullable=True),
        column("lease_until", Moment(), nullable=True),
        column("tries", Integer(), nullable=False),
        column("done", Integer(), nullable=False),
        column("of", Integer(), nullable=False),
        column("trouble", Text(), nullable=True),
        column("sha256", Text(), nullable=True),
        column("size", Big, nullable=True),
        column("clients", Integer(), nullable=True),
        column("built_at", Moment(), nullable=True),
        column("decided_by", Id, nullable=True),
        column("decided_at", Moment(), nullable=True),
        column("removed_at", Moment(), nullable=True),
        column("file_key_sealed", Bytes(), nullable=True),
        sa.CheckConstraint("content IN ('rows', 'free_text')", name=op.f("ck_study_build_content_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'building', 'built', 'failed', 'released', 'refused')",
            name=op.f("ck_study_build_state_known"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["practitioner.id"], name=op.f("fk_study_build_asked_by")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_build_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_build_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_build")),
    )
    op.create_index("ix_study_build_state", "study_build", ["state"])
    op.create_index("ix_study_build_study", "study_build", ["study_id", "asked_at"])


def _make_study_download():
    op.create_table(
        "study_download",
        column("id", Big, autoincrement=True, nullable=False),
        column("service_id", Id, nullable=False),
        column("study_id", Id, nullable=False),
        column("build_id", Id, nullable=False),
        column("practitioner_id", Id, nullable=False),
        column("sha256", Text(), nullable=False),
        column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["build_id"], ["study_build.id"], name=op.f("fk_study_download_build_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_study_download_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_study_download_service_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_download_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_download")),
    )
    op.create_index("ix_study_download_build", "study_download", ["build_id"])
