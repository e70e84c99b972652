"""Tables of safety: a service's response procedure, version by version, and the flags that answers raised."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Id, Json, Moment, Row, known
from server.people.models import OfClient, OfService
from server.sealing import Sealed

STATES = ("on", "off")
CARDS = ("support", "safety")
FOLLOW_UPS = ("yes", "not_sure", "no")
TROUBLES = ("not_set", "unreachable", "refused")


class ResponseProcedure(OfService, Row):
    """What a service does about an answer about risk, and who answers for it. Appended; the highest number holds."""

    __tablename__ = "response_procedure"
    __table_args__ = (UniqueConstraint("service_id", "number"), known("state", *STATES))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    number: Mapped[int]
    state: Mapped[str]
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # person, role, procedure, inbox, confirmed_by
    working_days: Mapped[list] = mapped_column(Json)  # 0 is Monday
    works_from: Mapped[str]  # 09:00, by the clock of the service's zone
    works_until: Mapped[str]
    reviewed_on: Mapped[date]
    thresholds: Mapped[str]  # hash of the levels that were confirmed: another one later means that some are new
    mail_tried_at: Mapped[datetime | None] = mapped_column(Moment)  # when a message to the inbox was accepted
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    words = Sealed(as_json=True)


class RiskFlag(OfClient, Row):
    """What one entry's answers raised, at its worst, until somebody acknowledged it.

    At most one of an entry waits: more of the same entry is folded in; what comes later and is worse makes another.
    """

    __tablename__ = "risk_flag"
    __table_args__ = (
        UniqueConstraint("client_id", "revision_id"),
        Index("ix_risk_flag_entry", "client_id", "entry_id"),
        Index("ix_risk_flag_waiting", "ack_at", "escalated_at"),
        known("card", *CARDS),
        known("follow_up", *FOLLOW_UPS),
        known("escalation_trouble", *TROUBLES),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    assignment_id: Mapped[UUID | None] = mapped_column(Id)
    entry_id: Mapped[UUID] = mapped_column(Id)
    revision_id: Mapped[UUID] = mapped_column(Id)  # the one that raised it first
    worksheet_id: Mapped[str]
    worksheet_version: Mapped[int]
    fields: Mapped[list] = mapped_column(Json)  # ids of questions
    level: Mapped[int]
    card: Mapped[str]
    follow_up: Mapped[str | None]  # "Do you feel able to keep yourself safe right now?"; empty: not answered
    created_at: Mapped[datetime] = mapped_column(Moment)  # saved on the phone, by the server's clock
    received_at: Mapped[datetime] = mapped_column(Moment)
    ack_by: Mapped[UUID | None] = mapped_column(ForeignKey("practitioner.id"))
    ack_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # what they did, in a line
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)  # the message to the inbox was accepted
    escalation_tries: Mapped[int] = mapped_column(default=0)
    escalation_after: Mapped[datetime | None] = mapped_column(Moment)  # not tried again before
    escalation_trouble: Mapped[str | None]

    outcome = Sealed()
