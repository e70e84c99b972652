"""Switch a language on or off, and write down who checked its words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.languages.built import built
from server.languages.models import LanguageCheck
from server.people.models import Practitioner, Service


def switch_off(*, service: Service, language: str, by: Practitioner, now: datetime) -> LanguageCheck:
    """Phones are offered it no more, and those that speak it speak English again."""
    return _record(service, language, "off", by, now)


def switch_on_draft(*, service: Service, language: str, by: Practitioner, now: datetime) -> LanguageCheck:
    """Offer words that nobody has checked, knowing it. Phones say so on every page."""
    return _record(service, language, "draft", by, now)


def record_check(
    *, service: Service, language: str, checked_by: str, checked_on: date, help_too: bool, by: Practitioner,
    now: datetime,
) -> LanguageCheck:  # fmt: skip
    """Somebody who knows the language checked its words, on this day. `help_too`: those of the help pages as well.

    Refused without who checked them, and for a day that lies ahead.
    """
    if not checked_by.strip():
        raise Refused("bad-input", fields={"checked_by": "Enter who checked the words."})
    if checked_on > now.astimezone(ZoneInfo(service.zone)).date():
        raise Refused("bad-input", fields={"checked_on": "This day lies ahead. Enter the day they were checked."})
    return _record(
        service, language, "checked", by, now, checked_by=checked_by.strip(), checked_on=checked_on, help_too=help_too
    )


def _record(
    service: Service, language: str, state: str, by: Practitioner, now: datetime, *, checked_by: str | None = None,
    checked_on: date | None = None, help_too: bool = False,
) -> LanguageCheck:  # fmt: skip
    known = built().get(language)
    if known is None:
        raise Refused("bad-input", "The app has no words in this language.")
    row = LanguageCheck(
        service_id=service.id, language=language, state=state, words=known.sha256,
        help_words=known.help_sha256 if help_too else None, checked_by=checked_by, checked_on=checked_on,
        recorded_by=by.id, recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    detail = {"language": language, "state": state, "help": help_too}
    audit.record("language.changed", about=row, by=by, service_id=service.id, detail=detail, now=now)
    return row
