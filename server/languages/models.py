"""The table of languages: what a service decided about each, and who checked its words. Only ever added to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from server.extensions import Id, Moment, Row, known
from server.people.models import OfService
from server.sealing import Sealed

STATES = ("off", "draft", "checked")


class LanguageCheck(OfService, Row):
    """One decision about one language. The newest holds.

    `words` and `help_words` are the hashes of the words that were there: others later were not seen by who checked.
    """

    __tablename__ = "language_check"
    __table_args__ = (Index("ix_language_check_service", "service_id", "language"), known("state", *STATES))

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    language: Mapped[str]
    state: Mapped[str]
    words: Mapped[str]
    help_words: Mapped[str | None]  # where Help now and Who sees this were checked as well
    checked_by_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    checked_on: Mapped[date | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("practitioner.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    checked_by = Sealed()
