"""What a practitioner may pick from: the library, and the own tasks of their service."""

from flask import g

from server.dashboard import presenters
from server.errors import Missing
from server.safety.queries import has_response_procedure
from server.worksheets.definition import Worksheet
from server.worksheets.in_language import offered_in
from server.worksheets.library import library
from server.worksheets.own_queries import FAMILY, is_own, own_newest, shelf_of

BUILDERS = {"practitioner", "trainee", "supervisor"}


def every_worksheet() -> list[Worksheet]:
    """The newest version of each, own tasks first for those who work with clients."""
    return [*(shelf_of(g.practitioner) if may_build() else ()), *library().all()]


def may_build() -> bool:
    """Whether own tasks are this person's business: they are words about clients, and administrators have none."""
    return bool(BUILDERS & set(g.practitioner.roles))


def picked(worksheet_id: str) -> Worksheet:
    """The newest version of this one. `Missing` where there is none, and for another service's own task."""
    if is_own(worksheet_id):
        found = may_build() and own_newest(g.practitioner.service_id, worksheet_id)
    else:
        found = library().newest(worksheet_id)
    if not found:
        raise Missing
    return found


def risk_allowed() -> bool:
    """Whether somebody answers for risk in this service. Looked up each time, so a page asks once."""
    return has_response_procedure(g.practitioner.service_id)


def can_be_agreed(language: str, allowed: bool) -> list[dict]:
    """By family, what this practitioner may agree with a client who reads this language: `{name, worksheets}`.

    A measure is among them only where the client may fill it in alone: scores that staff enter have pages of their own.
    """
    mine = [one for one in every_worksheet() if one.may_be_agreed_by(g.practitioner.roles)]
    mine = [one for one in mine if one.is_a_task and not (one.measure and one.for_staff_only(allowed))]
    return by_family([one for one in mine if offered_in(one, language)])


def together_why(worksheet: Worksheet | None, allowed: bool) -> str:
    """Why it is filled in with the practitioner and not alone, in words; "" where a client may fill it in alone."""
    if worksheet is None or not worksheet.for_staff_only(allowed):
        return ""
    if worksheet.staff_entry:
        return "nobody has said yet which questions ask about risk"
    return "it asks about risk, and your service has no response procedure"


def partly(worksheet: Worksheet, allowed: bool) -> bool:
    """Whether a phone gets it without its questions about risk, since nobody answers for them in this service."""
    return worksheet.asks_about_risk and not allowed and not worksheet.for_staff_only(allowed)


def by_family(worksheets: list) -> list[dict]:
    """`{name, worksheets}` for each family, our own first."""
    families: dict[str, list] = {FAMILY: []}
    for one in worksheets:
        families.setdefault(one.family, []).append(one)
    return [{"name": presenters.family(key), "worksheets": ws} for key, ws in families.items() if ws]
