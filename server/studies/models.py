"""Tables of studies: the study itself, who works on it, where, what clients said to it, arms, bundles, downloads."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Json, Moment, Row, known
from server.people.models import OfService
from server.sealing import Sealed
from server.studies.rules import BASES, CHOICES, CONTENTS, HOW_ALLOCATED, STATES

SAID_BY = ("client", "practitioner")


class Study(OfService, Row):
    """A research project. Its pseudonyms hang on a key of its own; without that key nobody is linked to them again."""

    __tablename__ = "study"
    __table_args__ = (UniqueConstraint("name"), Index("ix_study_service", "service_id"), known("basis", *BASES))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    name: Mapped[str]
    basis: Mapped[str]
    reference: Mapped[str] = mapped_column(default="")  # of the ethics committee, the approval or the agreement
    retain_until: Mapped[date]
    arms: Mapped[list] = mapped_column(Json, default=list)  # codes, in the order they were named
    blocks: Mapped[list] = mapped_column(Json, default=list)  # how often each arm comes in a block: 2 and 3, say
    seed_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_destroyed_at: Mapped[datetime | None] = mapped_column(Moment)
    free_text_asked_by: Mapped[UUID | None] = mapped_column(Id)
    free_text_approved_by: Mapped[UUID | None] = mapped_column(Id)
    free_text_approved_at: Mapped[datetime | None] = mapped_column(Moment)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    seed = Sealed()
    key = Sealed()


class StudyProtocol(Row):
    """A version of a study's protocol, by the name the study gives it. Appended; the newest holds."""

    __tablename__ = "study_protocol"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    label: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class StudySite(Row):
    """A service that takes part, from when until when. Clients of no other service are in the study."""

    __tablename__ = "study_site"
    __table_args__ = (Index("ix_study_site_service", "service_id"), Index("ix_study_site_study", "study_id"))

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    joined_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    joined_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    left_by: Mapped[UUID | None] = mapped_column(Id)


class StudyMember(Row):
    """A researcher of a study, from when until when: who may ask for its bundles and fetch those released."""

    __tablename__ = "study_member"
    __table_args__ = (
        Index("ix_study_member_practitioner", "practitioner_id"),
        Index("ix_study_member_study", "study_id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    given_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    from_at: Mapped[datetime] = mapped_column(Moment)
    until_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[UUID | None] = mapped_column(Id)


class StudyText(Row):
    """What clients are told before they say yes, by version. Appended; the newest is shown."""

    __tablename__ = "study_text"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    words: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class StudyInvitation(Row):
    """A client was asked by their own practitioner: from then on the phone shows the study's text."""

    __tablename__ = "study_invitation"
    __table_args__ = (
        UniqueConstraint("study_id", "client_id"),
        Index("ix_study_invitation_client", "client_id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class StudyConsent(Row):
    """A client's yes to a version of the text, or that it was withdrawn. Appended; what was said last holds."""

    __tablename__ = "study_consent"
    __table_args__ = (
        Index("ix_study_consent_client", "client_id", "study_id"),
        Index("ix_study_consent_study", "study_id", "client_id"),
        known("choice", *CHOICES),
        known("entered_by", *SAID_BY),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]  # of the text
    choice: Mapped[str]
    entered_by: Mapped[str]
    revision_id: Mapped[UUID | None] = mapped_column(Id)
    recorded_by: Mapped[UUID | None] = mapped_column(Id)
    effective_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class ContactChoice(Row):
    """Whether a client may be asked to take part in research: a choice of its own. Appended; the last word holds."""

    __tablename__ = "contact_choice"
    __table_args__ = (
        Index("ix_contact_choice_client", "client_id", "id"),
        Index("ix_contact_choice_service", "service_id"),
        known("choice", "yes", "no"),
        known("entered_by", *SAID_BY),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    choice: Mapped[str]
    entered_by: Mapped[str]
    revision_id: Mapped[UUID | None] = mapped_column(Id)
    recorded_by: Mapped[UUID | None] = mapped_column(Id)
    effective_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class StudyAllocation(Row):
    """Which arm a client is in: read from the study's own list, or drawn here. Never changed."""

    __tablename__ = "study_allocation"
    __table_args__ = (
        UniqueConstraint("study_id", "client_id"),
        Index("ix_study_allocation_client", "client_id"),
        known("how", *HOW_ALLOCATED),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    arm: Mapped[str]
    number: Mapped[int | None]  # the place in the site's drawn sequence, from 1
    how: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class StudyBuild(OfService, Row):
    """A bundle of a study: asked for by one person, built in the background, released or refused by another."""

    __tablename__ = "study_build"
    __table_args__ = (
        Index("ix_study_build_study", "study_id", "asked_at"),
        Index("ix_study_build_state", "state"),
        known("content", *CONTENTS),
        known("state", *STATES),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    content: Mapped[str] = mapped_column(default="rows")
    state: Mapped[str] = mapped_column(default="waiting")
    as_of: Mapped[datetime] = mapped_column(Moment)
    previous_id: Mapped[UUID | None] = mapped_column(Id)  # the bundle released last when this one was built
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    lease_token: Mapped[str | None]  # of whoever builds it; a build whose lease ran out is begun again
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(Big)
    clients: Mapped[int | None]
    built_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[UUID | None] = mapped_column(Id)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    agreement_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # under which it was released
    considered_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # before, or why it was refused
    smallest: Mapped[int | None]  # people in its smallest group with the same description
    stopped_by: Mapped[UUID | None] = mapped_column(Id)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)  # released before, and fetched by nobody from then on
    removed_at: Mapped[datetime | None] = mapped_column(Moment)  # the file is deleted; what is known of it stays
    file_key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # of free text, only until it is built

    agreement = Sealed()
    considered = Sealed()
    file_key = Sealed()


class StudyDownload(Row):
    """Who fetched which bundle, and when: whom to tell when somebody withdraws."""

    __tablename__ = "study_download"
    __table_args__ = (Index("ix_study_download_build", "build_id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id"))
    build_id: Mapped[UUID] = mapped_column(ForeignKey("study_build.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    sha256: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
