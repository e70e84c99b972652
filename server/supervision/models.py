"""Tables of supervision: cases brought, decisions and what became of them, its rhythm, and answers to reasons."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Big, Id, Moment, Row, known
from server.people.models import OfClient
from server.sealing import Sealed
from server.supervision.rules import DOES_IT, STATES

ENDED_HOW = ("discussed", "taken_back")


class Brought(OfClient, Row):
    """A case brought to supervision with a question: until it is discussed, its supervisors read text and plan."""

    __tablename__ = "brought"
    __table_args__ = (Index("ix_brought_episode", "episode_id", "ended_at"), known("ended_how", *ENDED_HOW))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    question_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    brought_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[UUID | None] = mapped_column(Id)
    ended_how: Mapped[str | None]

    question = Sealed()


class Decision(OfClient, Row):
    """What was decided about one case in supervision, who does it, and by when. Appended."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_episode", "episode_id", "recorded_at"),
        Index("ix_decision_supervisee", "supervisee_id", "recorded_at"),
        known("who", *DOES_IT),
    )

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    brought_id: Mapped[UUID | None] = mapped_column(ForeignKey("brought.id"))
    supervisee_id: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    who: Mapped[str]
    by_day: Mapped[date | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    words = Sealed()


class DecisionState(Row):
    """Whether a decision was carried out. Appended; the newest holds, and none means open."""

    __tablename__ = "decision_state"
    __table_args__ = (Index("ix_decision_state_decision", "decision_id", "id"), known("state", *STATES))

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    state: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class SupervisionSetting(Row):
    """After how many days without a word in supervision a case is due again, for one service. The newest holds."""

    __tablename__ = "supervision_setting"
    __table_args__ = (Index("ix_supervision_setting_service", "service_id", "id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    days_between: Mapped[int]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class AttentionAction(OfClient, Row):
    """What somebody did about a reason to look at a client, and until when that answers it. Appended."""

    __tablename__ = "attention_action"
    __table_args__ = (Index("ix_attention_action_episode", "episode_id", "recorded_at"),)

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    reason: Mapped[str]
    what: Mapped[str]
    line_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    until_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    line = Sealed()
