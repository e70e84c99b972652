"""What kind of page each staff address is, by its first part: the guard lets in by it, and tests walk it.

A new first part has to be declared here; a page below one that is there is of its kind.
"""

from flask import g, request

from server.errors import Missing
from server.people.who_sees import may_enter

# For whoever is signed in: about oneself, or about nobody, such as the worksheets of the service.
ANYBODY = "anybody"
KINDS = {
    "": ANYBODY,
    "static": ANYBODY,
    "sign-in": ANYBODY,
    "sign-out": ANYBODY,
    "account": ANYBODY,
    "alerts": ANYBODY,
    "worksheets": ANYBODY,
    "own-tasks": ANYBODY,
    "figures": ANYBODY,
    "<path:rest>": ANYBODY,  # leads nowhere, for everybody alike
    "today": "caseload",
    "caseload": "caseload",
    "clients": "caseload",  # and whose client it is, caseload/queries.py decides by rows of access
    "lists": "caseload",
    "cover": "caseload",
    "urgent": "caseload",
    "supervision": "supervision",
    "service": "service",
    "research": "research",
    "administration": "administration",
}


def kind_of(rule: str) -> str | None:
    """The kind of a route, `/staff/clients/<uuid:client_id>`; None where its first part was never declared."""
    return KINDS.get(rule.removeprefix("/staff").lstrip("/").partition("/")[0].partition(".")[0])


def enter() -> None:
    """`Missing` where a kind of page does not exist for the roles of who is signed in, or was never declared."""
    kind = kind_of(request.url_rule.rule)
    if kind is None or (kind != ANYBODY and not may_enter(g.practitioner.roles, kind)):
        raise Missing
