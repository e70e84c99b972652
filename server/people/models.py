"""Tables of people: service, practitioner, client, invitation, device, staff session, and the epoch."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Json, Moment, Row, db, known
from server.people.equity import EQUITY
from server.people.equity import SOURCES as EQUITY_SOURCES
from server.sealing import DataKey, Sealed, data_key


class Service(Row):
    """The organisation. Holds the key under which its practitioners' names are sealed."""

    __tablename__ = "service"
    __table_args__ = (known("nation", "england", "wales", "scotland", "northern-ireland"),)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    nation: Mapped[str] = mapped_column(default="england")
    zone: Mapped[str] = mapped_column(default="Europe/London")
    crisis_name: Mapped[str] = mapped_column(default="")
    crisis_number: Mapped[str] = mapped_column(default="")
    crisis_hours: Mapped[str] = mapped_column(default="")
    reading_promise: Mapped[str] = mapped_column(default="")
    reading_days: Mapped[int | None]  # the working days that the promise gives; empty: it names no number
    closed_days: Mapped[list] = mapped_column(Json, default=list)  # days on which nobody reads, as ISO dates
    weekly_cap: Mapped[int] = mapped_column(default=7)  # times a week agreed with one client; above it staff are told
    demo: Mapped[bool] = mapped_column(default=False)
    data_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment)


class OfService:
    """Sealed under the key of the service in `service_id`."""

    def sealing_key(self) -> DataKey:
        service = db.session.get(Service, self.service_id)
        return data_key(service.data_key, f"service|{self.service_id}")


class OfClient:
    """Sealed under the key of the client in `client_id`."""

    def sealing_key(self) -> DataKey:
        client = db.session.get(Client, self.client_id)
        return data_key(client.data_key, f"client|{self.client_id}")


class Practitioner(OfService, Row):
    """Who agrees the work, and others who sign in to staff pages. `roles` says what for."""

    __tablename__ = "practitioner"
    __table_args__ = (UniqueConstraint("sign_in_lookup"), Index("ix_practitioner_service", "service_id"))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    # practitioner, trainee, supervisor, service_lead, administrator, researcher
    roles: Mapped[list] = mapped_column(Json, default=list)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_in_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    sign_in_lookup: Mapped[str]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    settles_at: Mapped[datetime | None] = mapped_column(Moment)  # empty: no administrator made or renewed it
    changed_by: Mapped[list] = mapped_column(Json, default=list)  # ids, as text: all until somebody else knew it
    created_at: Mapped[datetime] = mapped_column(Moment)

    name = Sealed()
    sign_in_name = Sealed()


class Client(Row):
    """Who does the work between appointments. Everything that names them is sealed under their own key."""

    __tablename__ = "client"
    __table_args__ = (
        UniqueConstraint("service_id", "local_number_lookup"),
        known("research", "not_asked", "yes", "no"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    data_key: Mapped[bytes] = mapped_column(LargeBinary)
    feed_seq: Mapped[int] = mapped_column(Big, default=0)  # the pull's counter, taken under this row's lock
    preferred_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    date_of_birth_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    local_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    local_number_lookup: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str] = mapped_column(default="Europe/London")
    research: Mapped[str] = mapped_column(default="not_asked")
    safe_contact: Mapped[dict] = mapped_column(Json, default=dict)  # channels, hours, never_sms
    created_at: Mapped[datetime] = mapped_column(Moment)

    preferred_name = Sealed(gone="(erased)")
    date_of_birth = Sealed()
    local_number = Sealed()

    def sealing_key(self) -> DataKey:
        return data_key(self.data_key, f"client|{self.id}")


class ResearchChoice(Row):
    """A client's yes or no to research, as it was given. Appended; the newest holds."""

    __tablename__ = "research_choice"
    __table_args__ = (Index("ix_research_choice_client", "client_id", "id"), known("choice", "yes", "no"))

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    choice: Mapped[str]
    revision_id: Mapped[UUID | None] = mapped_column(Id)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Invitation(Row):
    """A way in for one phone: 12 characters, of which the first four find this row and the rest are the secret."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("selector"),
        Index("ix_invitation_client", "client_id"),
        known("purpose", "pair", "install"),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    purpose: Mapped[str] = mapped_column(default="pair")
    selector: Mapped[str]
    secret_hash: Mapped[str]
    tries_left: Mapped[int] = mapped_column(default=5)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # burned, or replaced by a newer one
    device_id: Mapped[UUID | None] = mapped_column(Id)
    created_by: Mapped[UUID | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Device(OfClient, Row):
    """One paired phone (or one browser on it). The token itself is never kept, only its hash."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_device_client", "client_id"))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    token_hash: Mapped[str]
    platform: Mapped[str] = mapped_column(default="other")
    display: Mapped[str] = mapped_column(default="browser")
    shared_phone: Mapped[bool] = mapped_column(default=False)
    app_version: Mapped[str | None]
    paired_at: Mapped[datetime] = mapped_column(Moment)
    last_contact_at: Mapped[datetime | None] = mapped_column(Moment)  # a completed sync, not a beacon
    last_outbox: Mapped[int | None]
    highest_seq: Mapped[int] = mapped_column(default=0)
    phone_key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # opens what lies sealed on it
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # removed by the client, or found to be copied
    generation: Mapped[int] = mapped_column(default=0, server_default="0")  # of its token: those before are out of use
    generation_at: Mapped[datetime | None] = mapped_column(Moment)  # since when
    copied_at: Mapped[datetime | None] = mapped_column(Moment)  # a token out of use came, of it or of one with it
    copy_of: Mapped[UUID | None] = mapped_column(Id)  # the phone from whose backup it was set up

    phone_key = Sealed()


class StaffSession(Row):
    """One signed-in browser of a practitioner: 15 minutes idle, 12 hours in all."""

    __tablename__ = "staff_session"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_staff_session_practitioner", "practitioner_id"))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    token_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Attempt(Row):
    """A try at signing in or pairing, counted per name or address (kept as an HMAC), to slow guessing."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_bucket", "bucket", "at"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID | None] = mapped_column(Id)
    bucket: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


class Epoch(Row):
    """One life of the database. A restore from a copy starts a new one, and phones send again what they hold."""

    __tablename__ = "epoch"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID | None] = mapped_column(Id)  # empty: the whole installation
    started_at: Mapped[datetime] = mapped_column(Moment)
    why: Mapped[str]


class Equity(Row):
    """What a client says of themself, by the fields a service reports by. Appended; the newest row holds, whole.

    An empty column was never recorded; `not_stated` was asked and is an answer.
    """

    __tablename__ = "equity"
    __table_args__ = (
        Index("ix_equity_client", "client_id", "id"),
        Index("ix_equity_service", "service_id", "client_id", "id"),
        *(known(field, *codes) for field, codes in EQUITY.items()),
        known("source", *EQUITY_SOURCES),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    ethnicity: Mapped[str | None]
    gender: Mapped[str | None]
    disability: Mapped[str | None]
    sexual_orientation: Mapped[str | None]
    imd_decile: Mapped[str | None]  # 1 is the most deprived tenth of areas in England, 10 the least
    age_band: Mapped[str | None]
    source: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
