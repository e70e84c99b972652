"""What staff pages call each role."""

from collections.abc import Iterable

ROLES = {
    "practitioner": "Practitioner",
    "trainee": "Trainee",
    "supervisor": "Supervisor",
    "service_lead": "Service lead",
    "administrator": "Administrator",
    "researcher": "Researcher",
}


def role_words(roles: Iterable[str]) -> str:
    """The roles of an account, as a list in words."""
    return ", ".join(ROLES.get(role, role) for role in roles)
