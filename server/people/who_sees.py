"""Who sees what, as data: the guard's decisions, the tests of every route and the phone's page come from these rows."""

from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = ("identity", "entry_text", "plan", "figures", "audit")
ROLES = ("practitioner", "trainee", "supervisor", "service_lead", "administrator", "researcher")


@dataclass(frozen=True)
class Sees:
    """One kind of person: which accounts and rows of access make somebody one, and whose things each column shows.

    Codes: `own` of the clients worked with · `own_less_kept` without what its author keeps for now · `of_supervisees` ·
    `brought` to supervision · `totals` · `accounts_devices` · `bundle` · `none`.
    """

    who: str
    identity: str
    entry_text: str
    plan: str
    figures: str
    audit: str
    roles: tuple[str, ...] = ()
    access: tuple[str, ...] = ()


# design.md 8, "Who sees what", row by row. pwa/src/words/who-sees.json is the same for the phone; a test compares them.
TABLE = (
    Sees("client", "own", "own", "own", "own_plain", "who_looked"),
    Sees("linked", "name_agreed", "shared_by_author", "shared_plan", "none", "none"),
    Sees(
        "practitioner", "own", "own_less_kept", "own", "own", "own",
        roles=("practitioner", "trainee"), access=("own", "cover", "break_glass"),
    ),
    Sees(
        "supervisor", "of_supervisees", "brought", "brought", "of_supervisees", "of_supervisees",
        roles=("supervisor",), access=("supervision",),
    ),
    Sees("service_lead", "none", "none", "none", "totals", "counts", roles=("service_lead",)),
    Sees("administrator", "accounts_devices", "none", "none", "none", "without_content", roles=("administrator",)),
    Sees("researcher", "none", "bundle_if_asked", "bundle", "bundle", "own_builds", roles=("researcher",)),
    Sees("operator", "none", "none", "none", "none", "heads"),
)  # fmt: skip

# What makes each part of the staff pages somebody's: a column of their row, and the codes in it that open the part.
PLACES = {
    "caseload": ("entry_text", {"own_less_kept"}),
    "supervision": ("entry_text", {"brought"}),
    "service": ("figures", {"totals"}),
    "administration": ("identity", {"accounts_devices"}),
    "research": ("entry_text", {"bundle_if_asked"}),
}


def rows_of(roles: Iterable[str]) -> list[Sees]:
    """The rows of the table that an account with these roles is in."""
    held = set(roles)
    return [row for row in TABLE if held & set(row.roles)]


def roles_for(place: str) -> tuple[str, ...]:
    """The roles that a part of the staff pages exists for."""
    column, codes = PLACES[place]
    return tuple(role for row in TABLE if getattr(row, column) in codes for role in row.roles)


def may_enter(roles: Iterable[str], place: str) -> bool:
    """Whether a part of the staff pages exists for an account with these roles."""
    return bool(set(roles) & set(roles_for(place)))


def roads(roles: Iterable[str], column: str, code: str) -> tuple[str, ...]:
    """Which kinds of access show this account this column with this code: `roads(roles, "plan", "own")`.

    A row of access alone opens nothing: an administrator who once was a practitioner meets no client by an old one.
    """
    return tuple(way for row in rows_of(roles) if getattr(row, column) == code for way in row.access)


def working(roles: Iterable[str]) -> tuple[str, ...]:
    """The kinds of access by which an account with these roles works with a client: all but what is kept for now."""
    return roads(roles, "entry_text", "own_less_kept")


def supervising(roles: Iterable[str]) -> tuple[str, ...]:
    """The kinds of access by which these roles supervise: identity and figures, and text if brought."""
    return roads(roles, "entry_text", "brought")


WORKING = working(ROLES)  # whoever works with a client does it by one of these


def as_wire() -> list[dict[str, object]]:
    """The table as the phone has it."""
    told: list[dict[str, object]] = []
    for row in TABLE:
        given = {name: list(getattr(row, name)) for name in ("roles", "access") if getattr(row, name)}
        told.append({"who": row.who, **given, **{column: getattr(row, column) for column in COLUMNS}})
    return told
