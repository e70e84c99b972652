"""Every staff route is of a declared kind, and exists only for the roles that its kind is for."""

from uuid import UUID

import pytest

from server.dashboard.kinds import ANYBODY, KINDS, kind_of
from server.people.who_sees import PLACES, ROLES, may_enter
from tests.dashboard.test_scoping import rules


def address(app, rule) -> str:
    """Where it is, of things that are not there."""
    values = {name: UUID(int=1) if "uuid:" + name in rule.rule else "nothing" for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def test_every_route_is_of_a_declared_kind(app):
    assert [rule.rule for _, _, rule in rules(app) if kind_of(rule.rule) is None] == []
    assert set(KINDS.values()) == {ANYBODY, *PLACES}


def test_what_is_about_a_client_is_for_those_who_work_with_or_supervise_clients(app):
    kinds = {kind_of(rule.rule) for _, _, rule in rules(app) if "client_id" in rule.arguments}
    assert kinds <= {"caseload", "supervision"}


@pytest.mark.parametrize("role", ROLES)
def test_a_page_exists_only_for_the_roles_its_kind_is_for(app, open_as, cast, role):
    """Every route by itself: another role meets 404; of those that take no id, the right role meets no 404."""
    web = open_as(cast.add("Eva", role))
    tokens = web.tokens()
    for endpoint, method, rule in rules(app):
        kind = kind_of(rule.rule)
        if kind == ANYBODY:
            continue
        there = may_enter([role], kind)
        if not there or not rule.arguments:
            answer = web.fetch(address(app, rule), method, data=tokens if method == "POST" else None)
            assert (answer.status_code != 404) == there, (endpoint, method, answer.status)


@pytest.mark.parametrize(
    ("roles", "first", "places"),
    [
        (["practitioner"], "/staff/today", ["Today", "Caseload", "Worksheets", "Your account"]),
        (["administrator"], "/staff/administration", ["Worksheets", "Administration", "Your account"]),
        (["researcher"], "/staff/research", ["Research", "Worksheets", "Your account"]),
        (
            ["trainee", "administrator"],
            "/staff/today",
            ["Today", "Caseload", "Worksheets", "Administration", "Your account"],
        ),
    ],
)
def test_the_navigation_leads_to_what_is_there_for_ones_roles(open_as, cast, roles, first, places):
    web = open_as(cast.add("Eva", *roles))
    assert web.fetch("/staff/").headers["Location"] == first
    shown = web.page(first).find("nav", {"aria-label": "Main"})
    assert [link.text for link in shown.find_all("a")] == places
