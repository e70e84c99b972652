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


def can_be_agreed(language: str) -> list[dict]:
    """By family, what this practitioner may agree with a client who reads this language: `{name, worksheets}`.

    A measure is among them only where the client may fill it in alone: scores that staff enter have pages of their own.
    """
    risk_allowed = has_response_procedure(g.practitioner.service_id)
    mine = [one for one in every_worksheet() if one.may_be_agreed_by(g.practitioner.roles)]
    mine = [one for one in mine if not (one.measure and one.for_staff_only(risk_allowed))]
    return by_family([one for one in mine if offered_in(one, language)])


def together_only(worksheet: Worksheet | None) -> bool:
    """Whether it is filled in with the practitioner and not alone: it asks about risk, and nobody answers for that."""
    return worksheet is not None and worksheet.for_staff_only(has_response_procedure(g.practitioner.service_id))


def partly(worksheet: Worksheet) -> bool:
    """Whether a phone gets it without its questions about risk, since nobody answers for them in this service."""
    allowed = has_response_procedure(g.practitioner.service_id)
    return (
        worksheet.asks_about_risk and not together_only(worksheet) and worksheet.client_part(allowed) is not worksheet
    )


def by_family(worksheets: list) -> list[dict]:
    """`{name, worksheets}` for each family, our own first."""
    families: dict[str, list] = {FAMILY: []}
    for one in worksheets:
        families.setdefault(one.family, []).append(one)
    return [{"name": presenters.family(key), "worksheets": ws} for key, ws in families.items() if ws]
