"""Which languages a service offers, and who checked their words."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from server.extensions import db
from server.languages.built import Built, built
from server.languages.models import LanguageCheck
from server.people.models import Service


@dataclass(frozen=True)
class Language:
    """A language with what the service decided about it last."""

    built: Built
    check: LanguageCheck | None

    @property
    def state(self) -> str:
        """off · draft · checked."""
        return self.check.state if self.check else "off"

    @property
    def help_checked(self) -> bool:
        """Whether somebody checked the words of Help now and Who sees this that are there now."""
        return self.state == "checked" and self.check.help_words == self.built.help_sha256

    @property
    def changed_since(self) -> bool:
        """Whether the words are others than those that were checked."""
        return self.state == "checked" and self.check.words != self.built.sha256


def languages_of(service_id: UUID) -> list[Language]:
    """Every language the app has words in, as this service decided about it."""
    known = built()
    rows = select(LanguageCheck).where(LanguageCheck.service_id == service_id).order_by(LanguageCheck.id)
    newest = {row.language: row for row in db.session.scalars(rows)} if known else {}
    return [Language(one, newest.get(code)) for code, one in known.items()]


def checks_of(service_id: UUID, language: str) -> list[LanguageCheck]:
    """Everything the service decided about one language, newest first."""
    rows = select(LanguageCheck).where(LanguageCheck.service_id == service_id, LanguageCheck.language == language)
    return list(db.session.scalars(rows.order_by(LanguageCheck.id.desc())))


def offered(service: Service) -> list[dict]:
    """What the service's phones are offered besides English, as they are told it (docs/protocol.md)."""
    return [
        {"code": one.built.code, "name": one.built.name, "state": one.state, "help_checked": one.help_checked}
        for one in languages_of(service.id)
        if one.state != "off"
    ]
